package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"lightcone/models/dist"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed series-parallel/scenario.yaml
var seriesParallelScenario []byte

// seriesParallel asks how available parts are together that are each up for 95 or 99 % of the time: in series, in
// parallel, two of three, mixed, and when they fail together. Each is evaluated exactly, by renewals, and in a world.
//
// Not modelled: how a failure is noticed and how long switching over takes (a part that is up serves), repair crews that
// are fewer than the parts, load that moves to the parts that are left.
type seriesParallel struct{}

func (seriesParallel) Name() string { return "series-parallel" }
func (seriesParallel) About() string {
	return "parts in series, in parallel and mixed, independent and not: exactly, by renewals and in a world"
}
func (seriesParallel) Scenario() []byte { return seriesParallelScenario }

// course are the systems, with the availability that a course's formula gives, where there is one.
var course = []struct {
	name, text string
	formula    float64
}{
	{"4 in series", "series(4 * 0.99)", math.Pow(.99, 4)},
	{"5 in series", "series(5 * 0.99)", math.Pow(.99, 5)},
	{"2 in parallel", "parallel(2 * 0.95)", 1 - .05*.05},
	{"3 in parallel", "parallel(3 * 0.95)", 1 - .05*.05*.05},
	{"2 of 3", "kofn(2, 3 * 0.99)", .99*.99*.99 + 3*.99*.99*.01},
	{"mixed", "series(parallel(3 * 0.95), parallel(2 * 0.99), kofn(2, 3 * 0.9))", (1 - .05*.05*.05) * (1 - .01*.01) * (.9*.9*.9 + 3*.9*.9*.1)},
	{"shared front", "series(front=0.99, parallel(2 * 0.95))", .99 * (1 - .05*.05)},
	{dependent, "parallel(common(beta=0.1, 3 * 0.95))", (1 - .1*.05) * (1 - math.Pow(.9*.05, 3))},
}

const (
	dependent       = "3 dependent"
	courseOutages   = 10_000
	retries         = 2
	retryAfter      = time.Minute
	retryMTTF, mttr = 99., 1. // hours, of the part that is asked again
)

func (s seriesParallel) Analyse(p *Plan) (*Analysis, error) {
	if a := p.Scenario.Availability; p.Scenario.Protocol != "idle" || a == nil || a.Works == "" {
		return nil, fmt.Errorf("protocol is %q, with availability.works or not, want idle with availability.works: a diagram of nodes that are merely up or down", p.Scenario.Protocol)
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p) }}, nil
}

func (seriesParallel) report(p *Plan) (*Report, error) {
	all := make([]*diagramWays, len(course))
	if err := sideBySide(len(course), func(i int) (err error) {
		all[i], err = evaluate(course[i].name, course[i].text, p.Seed, p.times(courseOutages), nil)
		return err
	}); err != nil {
		return nil, err
	}
	again, err := asked(p)
	if err != nil {
		return nil, err
	}
	r := &Report{Verdicts: append(waysAgree(all), courseVerdicts(all)...), Files: []File{{"systems.csv", diagramTable(all)}}}
	for _, w := range all {
		r.Measures = append(r.Measures, w.measure())
	}
	once := mttr / (retryMTTF + mttr)
	naive := math.Pow(once, retries+1)
	r.Measures = append(r.Measures, again, plainMeasure(fmt.Sprintf("%d tries, if they were independent", retries+1), "of requests", naive, 1))
	r.Verdicts = append(r.Verdicts, verdict("retries inside an outage are worthless", again.Value > .9*once,
		"%.3g of requests fail with %d tries a minute apart, %.3g with one, %.1g if tries were independent", again.Value, retries+1, once, naive))
	steps, err1 := ladder(all, p.times(courseOutages))
	narrowing, err2 := convergence(p.Seed)
	r.Files = append(append(r.Files, steps...), narrowing...)
	var err3 error
	r.Picture, err3 = firstOutage(p)
	return r, errors.Join(err1, err2, err3)
}

// courseVerdicts says whether the exact values are those of the formulas, and what dependence costs.
func courseVerdicts(all []*diagramWays) []Verdict {
	same := 0
	var independent, common float64
	for i, w := range all {
		if math.Abs(w.Exact.Availability-course[i].formula) < 1e-12 {
			same++
		}
		switch w.Name {
		case "3 in parallel":
			independent = w.Exact.Unavailability
		case dependent:
			common = w.Exact.Unavailability
		}
	}
	return []Verdict{
		verdict("the exact values are the formulas'", same == len(all), "%d of %d to 1e-12", same, len(all)),
		verdict("independence is the assumption that matters", common > 10*independent,
			"three replicas of 95 %%: %.4g down if a tenth of their failures are common, %.4g if none are", common, independent),
	}
}

// asked is the share of requests to one part that fail though they are tried again after a while: those whose tries all
// fall into outages. Expected: down at first, and down again after each wait, which it is with probability
// q + (1-q) e^-(l+m)t for rates l and m of failure and repair.
func asked(p *Plan) (Measure, error) {
	s := renewal.System{Parts: []renewal.Part{{Up: dist.Exponential{Mean: retryMTTF}, Down: dist.Exponential{Mean: mttr}}}, Works: func(up []bool) bool { return up[0] }}
	found, err := s.Run(renewal.Run{Seed: p.Seed, Outages: p.times(courseOutages), Keep: true})
	if err != nil {
		return Measure{}, err
	}
	var cycles reliability.CycleTally
	from := found.From
	for _, o := range found.Outages {
		lost := math.Max(0, o.To-o.From-retries*retryAfter.Hours())
		cycles.Add(o.To-from-lost, lost)
		from = o.To
	}
	e := cycles.Unavailability(fourErrors)
	q := mttr / (retryMTTF + mttr)
	again := q + (1-q)*math.Exp(-(1/retryMTTF+1/mttr)*retryAfter.Hours())
	return Measure{Name: fmt.Sprintf("%d tries, a minute apart", retries+1), Unit: "of requests", Value: e.Value, Low: e.Low, High: e.High, N: e.N,
		Expected: q * math.Pow(again, retries)}, nil
}

// firstOutage is the part of a run of idle nodes around the first outage.
func firstOutage(p *Plan) (trace.Options, error) {
	const around = sim.Time(6 * time.Hour)
	nodes := p.Scenario.NodeCount()
	d, err := p.Scenario.Availability.diagram(nodes, always)
	if err != nil {
		return trace.Options{}, err
	}
	parts := d.Parts()
	up := make([]bool, len(parts))
	outages := p.Faults.Intervals(nodes, p.Config.Until).Outages(nodes, p.Config.Until, func(nodesUp []bool) bool {
		for i, part := range parts {
			id, _ := strconv.Atoi(part.Name[1:])
			up[i] = nodesUp[id]
		}
		return d.Works(up)
	})
	if len(outages) == 0 {
		return trace.Options{To: min(2*around, p.Config.Until)}, nil
	}
	return trace.Options{From: max(0, outages[0].From-around), To: min(outages[0].To+around, p.Config.Until)}, nil
}

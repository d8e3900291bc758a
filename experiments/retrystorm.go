package experiments

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"time"

	"lightcone/experiments/figure"
	"lightcone/protocols"
	"lightcone/protocols/overload"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed retry-storm/scenario.yaml
var retryStormScenario []byte

// retryStorm asks how long the overload outlives an outage, by how clients ask again and how the server queues.
type retryStorm struct{}

func (retryStorm) Name() string { return "retry-storm" }

func (retryStorm) About() string {
	return "how long an overload outlives the outage that caused it: retries with and without a budget, back-off and jitter, and what the server can do"
}

func (retryStorm) Scenario() []byte { return retryStormScenario }

// Analyse draws the load and the goodput of a run.
func (retryStorm) Analyse(p *Plan) (*Analysis, error) {
	params, ok := p.Scenario.Params.(*protocols.OverloadParams)
	if !ok {
		return nil, fmt.Errorf("protocol is %q, want overload, whose load the study draws", p.Scenario.Protocol)
	}
	watch := overload.NewWatch(params.Good)
	finish := func(v sim.View, _ *Outcome) (*Report, error) {
		l := &loadCurve{capacity: capacityOf(params)}
		l.add(watch, v.Now())
		f := &figure.Figure{Title: "Load and goodput", Caption: "one run, second by second", Panels: []figure.Panel{l.panel()}}
		files, err := figureFiles(f, "run")
		return &Report{Files: files, Picture: l.picture()}, err
	}
	return &Analysis{Observers: []sim.Observer{watch}, Finish: finish}, nil
}

// Expect has how long an overload that ends outlives the outage, where the fluid says so.
func (retryStorm) Expect(s *Sweep, p Point) ([]Expectation, error) {
	at, err := s.At(p)
	if err != nil {
		return nil, err
	}
	f, ok := at.overloadFluid()
	if !ok || f.arriving() >= f.served {
		return nil, nil
	}
	t := f.recovery()
	return []Expectation{{Measure: "time to recover", Expected: t, Within: math.Ceil(50/t) / 100, Source: "a fluid, to half a second"}}, nil
}

// Figures draws the load and the goodput of each point: a panel for each level of the last factor, a figure for each
// combination of the others.
func (retryStorm) Figures(r *Swept) (figures []SweptFigure, err error) {
	last := len(r.Table.Factors) - 1
	each := 1
	if last >= 0 {
		each = len(r.Table.Factors[last].Levels)
	}
	if each > stormPanels || len(r.Table.Points)/each > stormFigures {
		return nil, nil
	}
	for first := 0; first < len(r.Table.Points); first += each {
		f, err := r.loadFigure(first, each)
		if err != nil {
			return nil, err
		}
		name := "load"
		for i, l := range r.Table.Points[first] {
			if i < last {
				level := r.Table.Factors[i].Levels[l].Label
				name, f.Title = plainName(name+" "+level), f.Title+", "+level
			}
		}
		figures = append(figures, SweptFigure{name, f})
	}
	return figures, nil
}

// loadFigure has a panel for each of so many points.
func (r *Swept) loadFigure(first, points int) (*figure.Figure, error) {
	f := &figure.Figure{Title: "Load and goodput", Columns: 2, Shared: true}
	for i := range points {
		l, err := r.loadCurve(first + i)
		if err != nil {
			return nil, err
		}
		f.Caption = fmt.Sprintf("means of %d runs, second by second", l.runs)
		f.Panels = append(f.Panels, l.panel())
	}
	return f, nil
}

const (
	stormPanels  = 8 // of a figure, at most
	stormFigures = 4
	stormRuns    = 5 // of each point
)

// loadCurve is the mean load and goodput of runs with the same outage.
type loadCurve struct {
	title    string
	capacity float64 // requests that can be served in a second
	runs     int
	from, to sim.Time // the outage
	load     []float64
	goodput  []float64
}

// picture shows the beginning of the outage, and the first retries.
func (l *loadCurve) picture() trace.Options {
	return trace.Options{From: max(0, l.from-sim.Time(100*time.Millisecond)), To: l.from + sim.Time(600*time.Millisecond)}
}

// add adds a run.
func (l *loadCurve) add(w *overload.Watch, end sim.Time) {
	r := w.Report(end)
	l.from, l.to = r.From, r.To
	for i := range int(end / sim.Time(time.Second)) {
		if len(l.load) <= i {
			l.load, l.goodput = append(l.load, 0), append(l.goodput, 0)
		}
		if i < len(w.Seconds) {
			l.load[i] += float64(w.Seconds[i].Attempts)
			l.goodput[i] += float64(w.Seconds[i].Answered)
		}
	}
	l.runs++
}

// panel draws the curve from one second on.
func (l *loadCurve) panel() figure.Panel {
	steps := func(sums []float64) (xy []figure.XY) {
		for i, sum := range sums {
			xy = append(xy, figure.XY{X: float64(i), Y: sum / float64(l.runs)})
		}
		return xy
	}
	p := figure.Panel{Title: l.title, X: figure.Axis{Label: "time (s)"}, Y: figure.Axis{Label: "per second"}}
	if l.to > l.from {
		p.Layers = append(p.Layers, figure.Bands{Name: "outage", Spans: []figure.Band{{From: time.Duration(l.from).Seconds(), To: time.Duration(l.to).Seconds()}}})
	}
	p.Layers = append(p.Layers, figure.Rule{Form: "capacity", At: l.capacity},
		figure.Steps{Name: "goodput", Data: steps(l.goodput)}, figure.Steps{Name: "requests", Data: steps(l.load)})
	return p
}

// loadCurve runs a point again, with its first seeds.
func (r *Swept) loadCurve(point int) (*loadCurve, error) {
	p := r.Sweep.Point(point)
	at, err := r.Sweep.At(p)
	if err != nil {
		return nil, err
	}
	params := at.Params.(*protocols.OverloadParams)
	l := &loadCurve{capacity: capacityOf(params)}
	if last := len(r.Table.Factors) - 1; last >= 0 {
		l.title = r.Table.Factors[last].Levels[p.Levels[last]].Label
	}
	rows := r.Table.At(point)
	for _, row := range rows[:min(stormRuns, len(rows))] {
		plan, err := at.Plan(row.Seed)
		if err != nil {
			return nil, err
		}
		watch := overload.NewWatch(params.Good)
		cfg := plan.Config
		cfg.Observers = append(slices.Clone(cfg.Observers), watch)
		w, err := sim.New(cfg)
		if err != nil {
			return nil, err
		}
		l.add(watch, w.Run().Now)
	}
	return l, nil
}

// capacityOf is how many requests the server can serve in a second.
func capacityOf(p *protocols.OverloadParams) float64 { return float64(p.Workers) / p.Service.Seconds() }

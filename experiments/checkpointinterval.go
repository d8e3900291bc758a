package experiments

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat"

	"lightcone/experiments/figure"
	"lightcone/models/dist"
	"lightcone/models/reliability"
	"lightcone/protocols"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed checkpoint-interval/scenario.yaml
var checkpointScenario []byte

// checkpointInterval asks how much work should lie between two checkpoints of a long job on machines that crash.
//
// The jobs of the scenario are run with intervals around Young's rule, each in the same worlds: the same crashes, until
// the jobs part ways. The mean completion time stands beside the closed form for crashes at a constant rate, and the
// interval at which it is least beside Young's and Daly's rules and the exact optimum.
//
// Not modelled: saving beside the work, machines that fail together, times to failure that are not exponential (the
// closed form knows only these; --set faults=... with another law is refused).
type checkpointInterval struct{}

func (checkpointInterval) Name() string { return "checkpoint-interval" }
func (checkpointInterval) About() string {
	return "completion time of long jobs against the interval between checkpoints, beside Young, Daly and the exact optimum"
}
func (checkpointInterval) Scenario() []byte { return checkpointScenario }

func (s checkpointInterval) Analyse(p *Plan) (*Analysis, error) {
	model, err := fitsCheckpoint(p.Scenario)
	if err != nil {
		return nil, err
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p, model) }}, nil
}

// fitsCheckpoint returns the model of a scenario's jobs, in hours, or what of the scenario it does not cover.
func fitsCheckpoint(s *Scenario) (reliability.Checkpoint, error) {
	params, ok := s.Params.(*protocols.CheckpointParams)
	if !ok {
		return reliability.Checkpoint{}, fmt.Errorf("protocol is %q, want checkpoint", s.Protocol)
	}
	errs := refuse("the model has machines that crash, and whose clocks and disks are perfect", []part{
		{"clocks.drift", s.Clocks.Drift != nil}, {"clocks.walk", s.Clocks.Walk != nil}, {"disk.latency", s.Disk.Latency != nil}, {"clients", s.Clients != nil},
	})
	mttf, ok := crashes(s)
	if !ok {
		errs = append(errs, errors.New("faults are others than crashes of all nodes with an exponential time up, which is what the model knows"))
	}
	m := reliability.Checkpoint{Cost: params.Cost.Hours(), Restart: params.Restart.Hours(), MTTF: mttf}
	return m, errors.Join(errs...)
}

// crashes returns the mean time up of a scenario whose only faults are crashes of all nodes, in hours.
func crashes(s *Scenario) (mttf float64, ok bool) {
	if len(s.Faults) != 1 || s.Faults[0].Kind != "crash" || s.Faults[0].Up == nil {
		return 0, false
	}
	up, ok := s.Faults[0].Up.Dist.(dist.Exponential)
	return up.Mean / float64(time.Hour), ok
}

// checkpointPoint is what one interval came to.
type checkpointPoint struct {
	every time.Duration
	times []float64 // completion of each job, hours; the same job of the same world at the same place for all intervals
	mean  Measure
}

const (
	checkpointWorlds = 150
	drawCheckpoint   = 0x636865636b // "check"
)

// checkpointParts are the intervals that are run, in parts of Young's.
var checkpointParts = []float64{.2, .35, .5, .7, .85, 1, 1.15, 1.4, 2, 3, 4.5}

func (s checkpointInterval) report(p *Plan, model reliability.Checkpoint) (*Report, error) {
	points := make([]checkpointPoint, len(checkpointParts))
	if err := sideBySide(len(points), func(i int) (err error) {
		every := time.Duration(checkpointParts[i] * model.Young() * float64(time.Hour)).Round(time.Second)
		points[i], err = s.point(p, model, every)
		return err
	}); err != nil {
		return nil, err
	}
	r := &Report{Files: []File{{"intervals.csv", checkpointTable(points)}}, Picture: trace.Options{To: sim.Time(12 * time.Hour)}}
	r.Measures, r.Verdicts = checkpointFindings(points, model)
	figures, err := checkpointFigure(points, model, p.Scenario.Params.(*protocols.CheckpointParams).Work.Hours())
	r.Files = append(r.Files, figures...)
	return r, err
}

// point runs the jobs with one interval.
func (checkpointInterval) point(p *Plan, model reliability.Checkpoint, every time.Duration) (checkpointPoint, error) {
	scenario, err := p.Scenario.With(fmt.Sprintf("params.every=%v", every))
	if err != nil {
		return checkpointPoint{}, err
	}
	pt := checkpointPoint{every: every}
	seeds := sim.NewRand(p.Seed, sim.ForStudy, drawCheckpoint)
	for range p.times(checkpointWorlds) {
		times, err := jobsDone(scenario, seeds.Uint64())
		if err != nil {
			return pt, err
		}
		pt.times = append(pt.times, times...)
	}
	pt.mean = sampleMean("", "h", pt.times)
	pt.mean.Expected = model.Completion(scenario.Params.(*protocols.CheckpointParams).Work.Hours(), every.Hours())
	return pt, nil
}

// jobsDone runs a world and returns when each node's job was done, in hours.
func jobsDone(s *Scenario, seed uint64) ([]float64, error) {
	p, err := s.Plan(seed)
	if err != nil {
		return nil, err
	}
	times, left := make([]float64, s.NodeCount()), s.NodeCount()
	done := protocols.JobTimes{}
	cfg := p.Config
	cfg.Properties = nil
	cfg.Observers = append(cfg.Observers, sim.ObserverFunc(func(e *sim.Event) {
		before := len(done.Done)
		done.Observe(e)
		if len(done.Done) > before {
			times[e.Node] = time.Duration(e.Time).Hours()
			left--
		}
	}))
	w, err := sim.New(cfg)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	for left > 0 && w.Step() {
	}
	switch {
	case w.Err() != nil:
		return nil, w.Err()
	case left > 0:
		return nil, fmt.Errorf("%d of %d jobs are not done at %v with seed %d, want a longer duration", left, len(times), w.Now(), seed)
	}
	return times, nil
}

// sampleMean is the mean of independent numbers, by four standard errors either way.
func sampleMean(name, unit string, xs []float64) Measure {
	m := plainMeasure(name, unit, 0, len(xs))
	var sd float64
	m.Value, sd = stat.MeanStdDev(xs, nil)
	se := sd / math.Sqrt(float64(len(xs)))
	m.Low, m.High = m.Value-4*se, m.Value+4*se
	return m
}

// checkpointFindings is what of the points is printed, and whether they agree.
func checkpointFindings(points []checkpointPoint, model reliability.Checkpoint) (measures []Measure, verdicts []Verdict) {
	best, agreeing := 0, 0
	for i, pt := range points {
		if Agree(pt.mean) == Agrees {
			agreeing++
		}
		if pt.mean.Value < points[best].mean.Value {
			best = i
		}
	}
	optimum := plainMeasure("best interval", "h", points[best].every.Hours(), len(points[best].times))
	low, high := best, best
	for low > 0 && !worse(points[low-1], points[best]) {
		low--
	}
	for high < len(points)-1 && !worse(points[high+1], points[best]) {
		high++
	}
	// The interval ends at the first points on either side that are worse for certain.
	optimum.Low, optimum.High = points[max(low-1, 0)].every.Hours(), points[min(high+1, len(points)-1)].every.Hours()
	optimum.Expected = model.Optimum()
	measures = append(measures, optimum)
	for _, pt := range points {
		m := pt.mean
		m.Name = fmt.Sprintf("completion, %s between checkpoints", brief(pt.every))
		measures = append(measures, m)
	}
	for _, rule := range []struct {
		name     string
		interval float64
	}{{"Young's", model.Young()}, {"Daly's", model.Daly()}, {"exact", model.Optimum()}} {
		m := plainMeasure("interval, "+rule.name, "h", rule.interval, 1)
		measures = append(measures, m)
	}
	return measures, []Verdict{
		verdict("completion as in the closed form", agreeing == len(points), "%d of %d intervals (intervals.csv)", agreeing, len(points)),
		verdict("the best interval is the exact optimum", Agree(optimum) == Agrees, "least at %.3g h, certainly between %.3g and %.3g h; exact %.3f, Daly %.3f, Young %.3f h",
			optimum.Value, optimum.Low, optimum.High, model.Optimum(), model.Daly(), model.Young()),
		verdict("Young's rule costs next to nothing", model.Slowdown(model.Young()) < 1.001*model.Slowdown(model.Optimum()),
			"%.5f times the least completion time", model.Slowdown(model.Young())/model.Slowdown(model.Optimum())),
	}
}

// worse reports whether one interval is worse than another beyond four standard errors of the difference, job by job.
func worse(a, b checkpointPoint) bool {
	d := make([]float64, len(a.times))
	for i := range d {
		d[i] = a.times[i] - b.times[i]
	}
	return sampleMean("", "h", d).Low > 0
}

// checkpointTable is the points as CSV.
func checkpointTable(points []checkpointPoint) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"interval_h", "n", "completion_h", "low", "high", "expected", "agrees"})
	for _, pt := range points {
		m := pt.mean
		w.Write([]string{decimals(pt.every.Hours()), fmt.Sprint(m.N), decimals(m.Value), decimals(m.Low), decimals(m.High), decimals(m.Expected), fmt.Sprint(Agree(m) == Agrees)})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// checkpointFigure draws completion over work against the interval.
func checkpointFigure(points []checkpointPoint, model reliability.Checkpoint, work float64) ([]File, error) {
	var measured []figure.Estimate
	for _, pt := range points {
		measured = append(measured, figure.Estimate{X: pt.every.Hours(), Y: pt.mean.Value / work, Low: pt.mean.Low / work, High: pt.mean.High / work})
	}
	var curve []figure.XY
	from, to := points[0].every.Hours()*.9, points[len(points)-1].every.Hours()*1.05
	for i := range 201 {
		x := from + (to-from)*float64(i)/200
		curve = append(curve, figure.XY{X: x, Y: model.Slowdown(x)})
	}
	return figureFiles(&figure.Figure{
		Title: "Completion time of a long job against the interval between checkpoints",
		Caption: fmt.Sprintf("checkpoint %.3g min, restart %.3g min, MTTF %.3g h; %d jobs of %g h a point; bars: ±4 standard errors",
			model.Cost*60, model.Restart*60, model.MTTF, points[0].mean.N, work),
		X: figure.Axis{Label: "work between checkpoints (h)"},
		Y: figure.Axis{Label: "completion time / work"},
		Layers: []figure.Layer{
			figure.Curve{Form: "closed form", Data: curve},
			figure.Points{Name: "simulated", Data: measured},
			figure.Rule{Form: fmt.Sprintf("Young, %.3f h", model.Young()), At: model.Young(), Vertical: true},
			figure.Rule{Form: fmt.Sprintf("exact optimum, %.3f h; Daly, %.3f h", model.Optimum(), model.Daly()), At: model.Optimum(), Vertical: true},
		},
	}, "completion")
}

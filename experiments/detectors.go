package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/detector"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed detectors/scenario.yaml
var detectorsScenario []byte

// detectorsStudy asks what each failure detector gives for what it takes: how soon a crash is noticed, against how often
// a live node is suspected, as the one parameter of each goes from hasty to patient. Beside NFD-S and NFD-E stands the
// closed form of Chen, Toueg and Aguilera. The table of timing models says what is true in each of them.
//
// Not modelled: delays that depend on each other or on load, losses in bursts, clocks that drift, and processes that are
// paused and come back.
type detectorsStudy struct{}

func (detectorsStudy) Name() string { return "detectors" }
func (detectorsStudy) About() string {
	return "failure detectors: detection time against mistakes, beside the closed form of NFD-S; and the three timing models"
}
func (detectorsStudy) Scenario() []byte { return detectorsScenario }

// How much is run for a point, and what a point needs to be compared with a closed form.
const (
	detectorBeats   = 80_000 // heartbeats, which are lost and late as it comes
	detectorCrashes = 1000
	detectorCycles  = 50 // mistakes, for their spread to be known
	drawDetectors   = 0x6465746563746f72
)

func (s detectorsStudy) Analyse(p *Plan) (*Analysis, error) {
	b, err := fitsDetectors(p.Scenario)
	if err != nil {
		return nil, err
	}
	b.beats, b.crashes = p.times(b.beats), p.times(b.crashes)
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p, b) }}, nil
}

// detectorBench is what the detectors are tried on.
type detectorBench struct {
	params  *protocols.DetectorParams
	delay   dist.Dist
	link    detector.Link
	network sim.Network
	text    string // the link in words

	beats, crashes int // of a point
}

// fitsDetectors returns the bench of a scenario, or what of the scenario the closed form does not cover.
func fitsDetectors(s *Scenario) (*detectorBench, error) {
	params, ok := s.Params.(*protocols.DetectorParams)
	if !ok {
		return nil, fmt.Errorf("protocol is %q, want detector", s.Protocol)
	}
	n := &s.Network
	errs := refuse("the closed form knows only independent losses and delays, and clocks that agree", []part{
		{"network.timing", n.Timing != nil}, {"network.matrix", n.Matrix != ""}, {"network.bursts", n.Bursts != nil}, {"network.duplicate", n.Duplicate != nil},
		{"network.reorder", n.Reorder != nil}, {"network.corrupt", n.Corrupt != nil}, {"network.fifo", n.FIFO}, {"network.bandwidth", n.Bandwidth != nil},
		{"clocks.drift", s.Clocks.Drift != nil}, {"clocks.walk", s.Clocks.Walk != nil}, {"clocks.sync", s.Clocks.Sync != nil}, {"clocks.offset", s.Clocks.Offset != nil},
	})
	if n.Latency == nil {
		return nil, errors.Join(append(errs, errors.New("network.latency is not set, want a law, which the closed form reckons with"))...)
	}
	if s.loss() >= 1 {
		errs = append(errs, errors.New("network.loss is 1, want less: nobody would hear of anybody"))
	}
	delay := n.Latency.Dist
	return &detectorBench{
		beats:   detectorBeats,
		crashes: detectorCrashes,
		params:  params,
		delay:   delay,
		link: detector.Link{Loss: s.loss(), Late: func(d time.Duration) float64 {
			if d < 0 {
				return 1
			}
			return 1 - delay.CDF(float64(d))
		}},
		text: fmt.Sprintf("a heartbeat every %v, loss %s, delay %s", params.Interval, decimals(s.loss()), n.Latency.Text),
	}, errors.Join(errs...)
}

// detectorSweep is an algorithm and the values that its parameter takes.
type detectorSweep struct {
	algorithm detector.Algorithm
	parameter string
	values    []float64 // times the interval; of phi: as they are
	set       func(c *detector.Config, value float64)
}

// sweeps are the algorithms that are compared, from hasty to patient. The freshness points of NFD-S and NFD-E are the
// same, with delta or with mean + alpha.
func (b *detectorBench) sweeps() []detectorSweep {
	eta := float64(b.params.Interval)
	mean, _ := b.delay.Moments()
	points := []float64{0.1, 0.25, 0.5, 0.8, 1.1, 1.5, 1.8, 2.1}
	later := make([]float64, len(points))
	for i, x := range points {
		later[i] = 1 + x
	}
	return []detectorSweep{
		{detector.NFDS, "delta", points, func(c *detector.Config, v float64) { c.Delta = time.Duration(v * eta) }},
		{detector.NFDE, "alpha", points, func(c *detector.Config, v float64) { c.Alpha = time.Duration(v*eta - mean) }},
		{detector.Timeout, "timeout", later, func(c *detector.Config, v float64) { c.Timeout = time.Duration(v * eta) }},
		{detector.Phi, "threshold", []float64{0.5, 0.8, 1.2, 2, 3, 5, 8, 12}, func(c *detector.Config, v float64) { c.Threshold = v }},
		{detector.PhiExponential, "threshold", []float64{0.48, 0.55, 0.65, 0.8, 0.92, 1.1, 1.25, 1.4}, func(c *detector.Config, v float64) { c.Threshold = v }},
	}
}

// detectorPoint is what an algorithm came to with one parameter.
type detectorPoint struct {
	algorithm                                detector.Algorithm
	parameter                                string
	value                                    float64
	config                                   detector.Config
	rate                                     Measure // mistakes an hour
	detection, recurrence, mistake, accurate Measure
}

func (s detectorsStudy) report(p *Plan, b *detectorBench) (*Report, error) {
	quiet, err := p.Scenario.With("faults=[]")
	if err != nil {
		return nil, err
	}
	plan, err := quiet.Plan(p.Seed)
	if err != nil {
		return nil, err
	}
	b.network = plan.Config.Network
	var points []detectorPoint
	for i, sweep := range b.sweeps() {
		for k, value := range sweep.values {
			seeds := sim.NewRand(p.Seed, sim.ForStudy, drawDetectors, uint64(i), uint64(k))
			pt, err := b.point(sweep, value, &seeds)
			if err != nil {
				return nil, err
			}
			points = append(points, pt)
		}
	}
	models, err := timingModels(p.Seed)
	if err != nil {
		return nil, err
	}
	r := &Report{
		Picture: trace.Options{From: sim.Time(8800 * time.Millisecond), To: sim.Time(14700 * time.Millisecond)},
		Files:   []File{{"points.csv", detectorTable(points)}, {"timing.csv", timingTable(models)}},
	}
	r.Measures, r.Verdicts = detectorFindings(points)
	r.Verdicts = append(r.Verdicts, timingVerdicts(models)...)
	figures, err := detectorFigures(b, points, models)
	r.Files = append(r.Files, figures...)
	return r, err
}

// point runs an algorithm with one parameter: for its mistakes without crashes, and for its detection time with nothing
// else.
func (b *detectorBench) point(sweep detectorSweep, value float64, seeds *sim.Rand) (detectorPoint, error) {
	c := detector.Config{
		Algorithm: sweep.algorithm, Pairs: detector.Star, Interval: b.params.Interval, Window: b.params.Window, MinSD: b.params.MinSD,
	}
	sweep.set(&c, value)
	pt := detectorPoint{algorithm: sweep.algorithm, parameter: sweep.parameter, value: value, config: c}
	if err := c.Validate(); err != nil {
		return pt, err
	}
	alive, err := observeDetector(c, sim.Config{Seed: seeds.Uint64(), Network: b.network, Until: sim.Time(b.beats) * sim.Time(c.Interval)})
	if err != nil {
		return pt, err
	}
	schedule, end := crashesAtRandom(b.crashes, c.Interval, seeds)
	crashing, err := observeDetector(c, sim.Config{Seed: seeds.Uint64(), Network: b.network, Until: end, Faults: []sim.Fault{schedule}})
	if err != nil {
		return pt, err
	}
	pt.detection, pt.recurrence = byErrors("s", crashing.Detection()), byErrors("s", alive.Recurrence())
	pt.mistake, pt.accurate = byErrors("s", alive.Mistake()), byErrors("of time", alive.Accuracy())
	pt.rate = perHour(pt.recurrence)
	delta, known := c.Delta, sweep.algorithm == detector.NFDS
	if sweep.algorithm == detector.NFDE {
		mean, _ := b.delay.Moments()
		delta, known = c.Alpha+time.Duration(mean), true
	}
	if known {
		q := b.link.NFDS(c.Interval, delta)
		pt.detection.Expected, pt.recurrence.Expected = q.Detection, q.Recurrence
		pt.mistake.Expected, pt.accurate.Expected, pt.rate.Expected = q.Mistake, q.Accuracy, 3600/q.Recurrence
	}
	return pt, nil
}

// observeDetector runs a detector of which node 0 monitors node 1.
func observeDetector(c detector.Config, cfg sim.Config) (detector.Report, error) {
	w := detector.NewWatch(c, 2)
	cfg.Nodes, cfg.New = 2, func(sim.NodeID) sim.Process { return detector.New(c) }
	cfg.Observers = append(cfg.Observers, w)
	world, err := sim.New(cfg)
	if err != nil {
		return detector.Report{}, err
	}
	if r := world.Run(); r.Err != nil {
		return detector.Report{}, r.Err
	}
	return w.Report(), nil
}

// crashesAtRandom takes node 1 down again and again, each time at a random phase of its heartbeats, and long enough to be
// noticed; and it says when that is over.
func crashesAtRandom(n int, interval time.Duration, r *sim.Rand) (sim.Schedule, sim.Time) {
	var s sim.Schedule
	at := sim.Time(0)
	for range n {
		at = at.Add(10*interval + r.Duration(0, interval))
		s = append(s, sim.At{Time: at, Action: sim.Crash{Node: 1}})
		at = at.Add(10 * interval)
		s = append(s, sim.At{Time: at, Action: sim.Recover{Node: 1}})
	}
	return s, at
}

// byErrors is a mean by 4 standard errors either way.
func byErrors(unit string, m detector.Mean) Measure {
	b := plainMeasure("", unit, m.Value, m.N)
	b.Low, b.High = m.Value-4*m.SE, m.Value+4*m.SE
	return b
}

// perHour is the rate of what recurs.
func perHour(recurrence Measure) Measure {
	m := plainMeasure("", "per hour", 3600/recurrence.Value, recurrence.N)
	m.Low, m.High = 3600/recurrence.High, 3600/recurrence.Low
	if recurrence.Low <= 0 {
		m.High = math.NaN()
	}
	return m
}

// detectorFindings is what of the points is printed, which is NFD-S, and whether they agree with the closed form.
func detectorFindings(points []detectorPoint) (measures []Measure, verdicts []Verdict) {
	for _, a := range []detector.Algorithm{detector.NFDS, detector.NFDE} {
		agreeing, all := 0, 0
		for _, pt := range points {
			if pt.algorithm != a {
				continue
			}
			for _, m := range []Measure{pt.detection, pt.recurrence, pt.mistake, pt.accurate} {
				if m.N < detectorCycles {
					continue
				}
				all++
				if Agree(m) == Agrees {
					agreeing++
				}
			}
		}
		verdicts = append(verdicts, verdict(string(a)+" as in the closed form", agreeing == all, "%d of %d means (points.csv)", agreeing, all))
	}
	for _, pt := range points {
		if pt.algorithm == detector.NFDS && pt.recurrence.N >= detectorCycles {
			for _, m := range []struct {
				name string
				Measure
			}{{"detection time", pt.detection}, {"mistakes", pt.rate}} {
				m.Measure.Name = fmt.Sprintf("%s, %s with %s %s", m.name, pt.algorithm, pt.parameter, pt.setting())
				measures = append(measures, m.Measure)
			}
		}
	}
	return measures, verdicts
}

// setting is the value of the point's parameter, with its unit.
func (pt detectorPoint) setting() string {
	switch pt.algorithm {
	case detector.NFDS:
		return pt.config.Delta.String()
	case detector.NFDE:
		return pt.config.Alpha.String()
	case detector.Timeout:
		return pt.config.Timeout.String()
	}
	return decimals(pt.value)
}

// loss returns the probability of losing a message.
func (s *Scenario) loss() float64 {
	if s.Network.Loss == nil {
		return 0
	}
	return float64(*s.Network.Loss)
}

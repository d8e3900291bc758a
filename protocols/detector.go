package protocols

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/protocols/detector"
	"lightcone/sim"
)

// DetectorParams are the parameters of "detector".
type DetectorParams struct {
	Algorithm string        `yaml:"algorithm" jsonschema:"enum=timeout,enum=growing,enum=ping,enum=nfd-s,enum=nfd-e,enum=phi,enum=phi-exponential,enum=swim,description=how a node decides whom it suspects"`
	Pairs     string        `yaml:"pairs" jsonschema:"enum=all,enum=ring,enum=star,description=who monitors whom: every node all others; or node i the next one; or node 0 all others"`
	Interval  time.Duration `yaml:"interval" jsonschema:"description=eta: between two heartbeats of a node; swim: the period"`
	Timeout   time.Duration `yaml:"timeout" jsonschema:"description=timeout and growing: how long after a heartbeat a node is trusted (growing: at first); ping: how long after a question; swim: how long after it helpers are asked"`
	Step      time.Duration `yaml:"step" jsonschema:"description=growing: what a mistake adds to the timeout"`
	Delta     time.Duration `yaml:"delta" jsonschema:"description=nfd-s: from the sending of a heartbeat to its freshness point"`
	Alpha     time.Duration `yaml:"alpha" jsonschema:"description=nfd-e: from the expected arrival of a heartbeat to its freshness point"`
	Threshold float64       `yaml:"threshold" jsonschema:"description=phi and phi-exponential: the level of suspicion at which a node is suspected"`
	Window    int           `yaml:"window" jsonschema:"minimum=1,description=nfd-e and phi and phi-exponential: how many heartbeats are remembered"`
	MinSD     time.Duration `yaml:"min-sd" jsonschema:"description=phi: the least standard deviation that is reckoned with"`
	Helpers   int           `yaml:"helpers" jsonschema:"minimum=0,description=swim: how many others ask a node that has not answered"`
	InTurn    bool          `yaml:"in-turn" jsonschema:"description=swim: whether a node asks the others in turn and not at random"`

	DelayBound time.Duration `yaml:"delay-bound" jsonschema:"description=timeout and growing: the bound on delays that the timing model promises. With it the run is judged by the accuracy and completeness that follow; 0s is without"`
	DriftBound int           `yaml:"drift-bound" jsonschema:"minimum=0,maximum=999999,description=how far the rate of any clock is from true time at most in parts per million"`
	StableFrom time.Duration `yaml:"stable-from" jsonschema:"description=growing: from when on the bound on delays holds; 0s is from the start"`
}

func (p DetectorParams) config() detector.Config {
	return detector.Config{
		Algorithm: detector.Algorithm(p.Algorithm), Pairs: detector.Pairs(p.Pairs), Interval: p.Interval, Timeout: p.Timeout, Step: p.Step,
		Delta: p.Delta, Alpha: p.Alpha, Threshold: p.Threshold, Window: p.Window, MinSD: p.MinSD,
	}
}

func (p DetectorParams) swim() detector.SwimConfig {
	return detector.SwimConfig{Period: p.Interval, Timeout: p.Timeout, Helpers: p.Helpers, RoundRobin: p.InTurn}
}

func (p DetectorParams) validate() error {
	var errs []error
	if p.Algorithm == swimName {
		errs = append(errs, p.swim().Validate())
	} else {
		errs = append(errs, p.config().Validate())
	}
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("protocols: detector "+format, args...))
	}
	timed := p.Algorithm == string(detector.Timeout) || p.Algorithm == string(detector.Growing)
	const longest = 365 * 24 * time.Hour
	switch {
	case p.DelayBound < 0 || p.DelayBound > longest:
		bad("delay-bound is %v, want 0s to %v", p.DelayBound, longest)
	case p.DelayBound > 0 && !timed:
		bad("delay-bound is %v with algorithm %q, want timeout or growing, of which the bounds are known", p.DelayBound, p.Algorithm)
	}
	if p.Algorithm == swimName && p.Pairs != string(detector.All) {
		bad("pairs is %q with algorithm swim, want all", p.Pairs)
	}
	if p.DriftBound < 0 || p.DriftBound > 999_999 {
		bad("drift-bound is %d, want 0 to 999999", p.DriftBound)
	}
	switch {
	case p.StableFrom < 0 || p.StableFrom > longest:
		bad("stable-from is %v, want 0s to %v", p.StableFrom, longest)
	case p.StableFrom > 0 && (p.Algorithm != string(detector.Growing) || p.DelayBound == 0):
		bad("stable-from is %v, want algorithm growing and a delay-bound with it", p.StableFrom)
	}
	return errors.Join(errs...)
}

// claims are what the bound on delays promises: that nobody is suspected who is up, from the start or but for so many
// mistakes, and that who is down is suspected in time.
func (p DetectorParams) claims() []sim.Property {
	if p.DelayBound == 0 {
		return nil
	}
	drift := int64(p.DriftBound) * 1000
	least := detector.LeastTimeout(p.Interval, p.DelayBound, drift)
	if p.Algorithm == string(detector.Growing) {
		mistakes := max(0, (least-p.Timeout+p.Step-1)/p.Step)
		return []sim.Property{detector.EventualAccuracy(sim.Time(p.StableFrom+least), int(mistakes), least)}
	}
	return []sim.Property{
		detector.StrongAccuracy(0, least),
		detector.StrongCompleteness(detector.DetectionBound(p.Timeout, p.DelayBound, drift)),
	}
}

// swimName is the algorithm that has a process of its own.
const swimName = "swim"

func detectorEntry() Entry {
	return Entry{
		Name:  "detector",
		About: "Failure detectors: heartbeats with a timeout, NFD-S and NFD-E (Chen, Toueg and Aguilera, 2002), phi-accrual (Hayashibara et al., 2004), SWIM without gossip",
		Params: func() any {
			return &DetectorParams{Algorithm: "timeout", Pairs: "all", Interval: 100 * time.Millisecond, Timeout: 300 * time.Millisecond,
				Step: 50 * time.Millisecond, Delta: 200 * time.Millisecond, Alpha: 200 * time.Millisecond, Threshold: 3, Window: detector.DefaultWindow,
				MinSD: 10 * time.Millisecond, Helpers: 1}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[DetectorParams]("detector", params)
			if err != nil {
				return Instance{}, err
			}
			if err := errors.Join(atLeast("detector", 2, nodes), p.validate()); err != nil {
				return Instance{}, err
			}
			c := p.config()
			if p.Algorithm == swimName {
				return swimInstance(p.swim(), nodes), nil
			}
			return Instance{
				New:        func(sim.NodeID) sim.Process { return detector.New(c) },
				Properties: append(c.Properties(), p.claims()...),
				Measures:   detectorMeasures,
				Watch:      func() Watcher { return &detectorWatch{detector.NewWatch(c, nodes)} },
			}, nil
		},
	}
}

func swimInstance(c detector.SwimConfig, nodes int) Instance {
	return Instance{
		New:        func(sim.NodeID) sim.Process { return detector.NewSwim(c) },
		Properties: c.Properties(),
		Measures: func(v sim.View) []Measure {
			var n detector.SwimCounts
			for id := range sim.NodeID(v.Nodes()) {
				if p, ok := v.Process(id).(*detector.Swim); ok {
					own := p.Counts()
					n.Periods, n.Unanswered = n.Periods+own.Periods, n.Unanswered+own.Unanswered
				}
			}
			return []Measure{count("questions", "questions", n.Periods), count("questions not answered", "questions", n.Unanswered)}
		},
		Watch: func() Watcher { return &detectorWatch{detector.NewWatch(detector.Config{Pairs: detector.All}, nodes)} },
	}
}

// detectorMeasures reads what the nodes have counted since they last started.
func detectorMeasures(v sim.View) []Measure {
	var c detector.Counts
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*detector.Process); ok {
			own := p.Counts()
			c.Sent, c.Received = c.Sent+own.Sent, c.Received+own.Received
		}
	}
	return []Measure{count("heartbeats sent", "messages", c.Sent), count("heartbeats received", "messages", c.Received)}
}

// detectorWatch measures the quality of service.
type detectorWatch struct{ *detector.Watch }

func (w *detectorWatch) Measures(sim.View) []Measure {
	r := w.Report()
	return []Measure{
		meanMeasure("detection time", "s", r.Detection()),
		count("crashes not detected", "pairs", r.Undetected),
		count("mistakes", "mistakes", r.Mistakes),
		meanMeasure("mistake recurrence", "s", r.Recurrence()),
		meanMeasure("mistake duration", "s", r.Mistake()),
		meanMeasure("good period", "s", r.Good()),
		meanMeasure("query accuracy", "of time", r.Accuracy()),
	}
}

// meanMeasure is a mean by 4 standard errors either way.
func meanMeasure(name, unit string, m detector.Mean) Measure {
	return Measure{Name: name, Unit: unit, Value: m.Value, N: m.N, Low: m.Value - float64(4*m.SE), High: m.Value + float64(4*m.SE), Expected: math.NaN()}
}

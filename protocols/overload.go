package protocols

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/overload"
	"lightcone/sim"
)

// OverloadParams are the parameters of "overload".
type OverloadParams struct {
	Service    time.Duration `yaml:"service" jsonschema:"description=how long serving a request takes on average"`
	Law        string        `yaml:"law" jsonschema:"enum=exponential,enum=constant,description=how service times are distributed"`
	Workers    int           `yaml:"workers" jsonschema:"minimum=1,description=how many requests are served at once"`
	Queue      int           `yaml:"queue" jsonschema:"minimum=0,description=how many requests may wait; others are refused; 0 is any number"`
	Discipline string        `yaml:"discipline" jsonschema:"enum=fifo,enum=lifo,description=whose turn it is: who came first or who came last"`
	Patience   time.Duration `yaml:"patience" jsonschema:"description=a request that has waited longer is thrown away; 0s is never"`
	Good       time.Duration `yaml:"good" jsonschema:"description=an operation counts as served if it is answered within this"`
	Bug        overload.Bug  `yaml:"bug" jsonschema:"description=a fault of implementation; empty is none"`
}

func (p OverloadParams) config() overload.Config {
	return overload.Config{Service: p.Service, Law: overload.Law(p.Law), Workers: p.Workers, Queue: p.Queue,
		Discipline: overload.Discipline(p.Discipline), Patience: p.Patience, Bug: p.Bug}
}

func (p OverloadParams) validate() error {
	var errs []error
	if p.Good <= 0 {
		errs = append(errs, fmt.Errorf("protocols: overload good is %v, want more than 0s", p.Good))
	}
	return errors.Join(append(errs, p.config().Validate())...)
}

func overloadEntry() Entry {
	return Entry{
		Name:  "overload",
		About: "A key-value server of finite capacity, with a queue; other nodes refer to it",
		Params: func() any {
			return &OverloadParams{Service: 10 * time.Millisecond, Law: string(overload.Exponential), Workers: 1,
				Discipline: string(overload.FIFO), Good: 2 * time.Second}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[OverloadParams]("overload", params)
			if err != nil {
				return Instance{}, err
			}
			cfg, store := p.config(), kv.ServerConfig{Expiry: time.Hour, Snapshot: 1000}
			return Instance{
				New: func(id sim.NodeID) sim.Process {
					if id == 0 {
						return overload.New(cfg, store)
					}
					return kv.Referrer{To: 0}
				},
				Properties: cfg.Properties(),
				Measures:   overloadMeasures,
				Watch:      func() Watcher { return overloadWatch{overload.NewWatch(p.Good)} },
				Serving:    func(v sim.View) bool { return v.Works(0) },
				Promises:   []string{"linearizable", "sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads", "effects-once"},
			}, errors.Join(p.validate(), atLeast("overload", 1, nodes))
		},
		Serves: true,
		Lies:   true,
		Bugs: []Bug{
			{string(overload.NoBound), "requests wait that find a full queue", "the queue keeps its bound", "retry-storm", []string{"params.queue=30"}},
			{string(overload.LostWorker), "a worker that throws a request away takes no other until another comes",
				"no worker idles while a request waits", "retry-storm", []string{"clients.propagate=true"}},
			{string(overload.LostRequest), "a request that is too old takes the one behind it along", "every request is accounted for",
				"retry-storm", []string{"clients.propagate=true"}},
		},
	}
}

// overloadMeasures reads off the server what queueing theory asks of it, since it last started.
func overloadMeasures(v sim.View) []Measure {
	var c overload.Counts
	workers := 1
	if s, ok := v.Process(0).(*overload.Server); ok {
		c, workers = s.Counts, s.Workers()
	}
	lived := float64(v.Local(0) - c.Since)
	vain := math.NaN()
	if v.Incarnation(0) == 0 { // else clients have had answers from a life that has forgotten them
		vain = 1 - float64(kv.CountsOf(v).OK)/float64(c.Served)
	}
	of := func(name, unit string, value float64, n int) Measure {
		m := count(name, unit, 0)
		m.Value, m.N = value, max(n, 1)
		return m
	}
	return []Measure{
		count("requests", "requests", c.Came),
		count("requests refused", "requests", c.Refused),
		count("requests thrown away", "requests", c.Expired),
		of("utilisation", "of time", float64(c.Worked)/lived/float64(workers), c.Served),
		of("queue length", "requests", float64(c.Area)/lived, c.Came),
		of("wait for service", "ms", c.Waited.Seconds()*1000/float64(c.Began), c.Began),
		of("work in vain", "of requests served", vain, c.Served),
	}
}

// overloadWatch measures what an outage does.
type overloadWatch struct{ *overload.Watch }

// Measures reads them off at the end of the run. Without an outage there are none.
func (w overloadWatch) Measures(end sim.View) []Measure {
	r := w.Report(end.Now())
	if !r.Outage {
		return nil
	}
	of := func(name, unit string, value float64) Measure {
		m := count(name, unit, 0)
		m.Value = value
		return m
	}
	recovered, after := 0.0, math.NaN()
	if r.Recovered {
		recovered, after = 1, r.After.Seconds()
	}
	return []Measure{
		of("recovered", "of runs", recovered),
		of("time to recover", "s", after),
		of("served before the outage", "of operations", r.Served[0]),
		of("served during the outage", "of operations", r.Served[1]),
		of("served after the outage", "of operations", r.Served[2]),
		of("peak load", "times that before", r.Peak),
		of("attempts per operation after the outage", "attempts", r.Amplified),
	}
}

package protocols

import (
	"errors"
	"math"
	"time"

	"lightcone/protocols/contention"
	"lightcone/sim"
)

// ContentionParams are the parameters of "contention".
type ContentionParams struct {
	Policy string         `yaml:"policy" jsonschema:"enum=none,enum=fixed,enum=exponential,enum=equal-jitter,enum=full-jitter,enum=decorrelated,description=how long a client that was refused waits before it begins again"`
	Base   time.Duration  `yaml:"base" jsonschema:"description=the unit of the wait"`
	Cap    time.Duration  `yaml:"cap" jsonschema:"description=the longest wait"`
	Bug    contention.Bug `yaml:"bug" jsonschema:"description=a fault of implementation; empty is none"`
}

func contentionEntry() Entry {
	return Entry{
		Name:  "contention",
		About: "Clients that all want to write one row, under optimistic concurrency control with back-off; node 0 is the row",
		Params: func() any {
			return &ContentionParams{Policy: string(contention.FullJitter), Base: 5 * time.Millisecond, Cap: 2 * time.Second}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[ContentionParams]("contention", params)
			if err != nil {
				return Instance{}, err
			}
			cfg := contention.Config{Policy: contention.Policy(p.Policy), Base: p.Base, Cap: p.Cap, Bug: p.Bug}
			return Instance{
				New:        contention.New(cfg),
				Properties: contention.Properties(),
				Measures:   contentionMeasures,
			}, errors.Join(cfg.Validate(), atLeast("contention", 2, nodes))
		},
		Bugs: []Bug{
			{string(contention.NoCheck), "every write is accepted, whatever version it was made from: a lost update",
				"no update is lost", "backoff-contention", nil},
			{string(contention.CheckThenAct), "the version is compared when a write arrives and set a millisecond later: two writes pass",
				"the version increases by one", "backoff-contention", nil},
			{string(contention.StaleRetry), "a client that was refused writes again without a new read: it is refused for ever",
				"every client has written", "backoff-contention", []string{"duration=20s"}},
			{string(contention.Impatient), "a client begins again before it knows that its write was accepted, and writes twice",
				"each client writes once", "backoff-contention", nil},
		},
	}
}

// contentionMeasures has the blog's two, time and calls, once every client has written.
func contentionMeasures(v sim.View) []Measure {
	clients := v.Nodes() - 1
	t := contention.Sum(v)
	done := count("completion time", "ms", 0)
	done.Value = math.NaN()
	calls, each, wasted := count("calls", "calls", t.Calls), count("calls per client", "calls", 0), count("calls in vain", "of calls", 0)
	each.Value, each.N = float64(t.Calls)/float64(clients), clients
	wasted.Value, wasted.N = math.NaN(), max(t.Calls, 1)
	if t.Done == clients {
		done.Value = float64(time.Duration(t.Ended).Seconds() * 1000)
		wasted.Value = float64(t.Calls-clients) / float64(t.Calls)
	}
	return []Measure{done, calls, each, wasted}
}

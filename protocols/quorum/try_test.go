package quorum_test

import (
	"testing"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func TestTryDynamo(t *testing.T) {
	for name, c := range map[string]quorum.Config{
		"wall":   {Servers: 5, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Repair: true, HandOff: 40 * ms, HintEvery: 100 * ms, SyncEvery: 100 * ms, Timeout: 200 * ms},
		"hybrid": {Servers: 5, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Versions: quorum.Hybrid, Repair: true, Sloppy: true, HandOff: 40 * ms, HintEvery: 100 * ms, SyncEvery: 100 * ms, Timeout: 200 * ms},
		"vector": {Servers: 5, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Versions: quorum.Vector, Repair: true, HandOff: 40 * ms, HintEvery: 100 * ms, SyncEvery: 100 * ms, Timeout: 200 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			n, p := dynamo(c)
			p = append(p, quorum.ConvergedAfter(sim.Time(3*time.Second)))
			simtest.Run(t, world(5, 4, n, p, kv.ClientConfig{Workload: kv.Plain{Ops: 120, Keys: 4, Think: 10 * ms, Gets: 5, Puts: 5, Deletes: 1}}), simtest.Options{
				Vary: func(seed uint64, cfg *sim.Config) { cfg.Faults = []sim.Fault{trouble(seed, 5, 9, 2500*ms)} },
				Check: func(v sim.View, r *sim.Result) error {
					t.Log(kv.CountsOf(v), r.Events, r.Now)
					return quorum.Converged(v)
				},
			})
		})
	}
}

func TestTryABD(t *testing.T) {
	for name, c := range map[string]quorum.ABDConfig{
		"multi":   {Servers: 5, WriteBack: true, Resend: 50 * ms, Timeout: 200 * ms},
		"single":  {Servers: 5, WriteBack: true, SingleWriter: true, Resend: 50 * ms, Timeout: 200 * ms},
		"home":    {Servers: 5, WriteBack: true, Home: true, Resend: 50 * ms, Timeout: 200 * ms},
		"weights": {Servers: 5, WriteBack: true, Quorums: quorum.Weighted{Votes: []int{3, 1, 1, 1, 1}, R: 4, W: 4}, Resend: 50 * ms, Timeout: 200 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			n, p := abd(c)
			simtest.Run(t, world(5, 4, n, p, kv.ClientConfig{}), simtest.Options{
				Vary:  func(seed uint64, cfg *sim.Config) { cfg.Faults = []sim.Fault{trouble(seed, 5, 9, 2500*ms)} },
				Check: func(v sim.View, r *sim.Result) error { t.Log(kv.CountsOf(v), r.Events, r.Now); return nil },
			})
		})
	}
}

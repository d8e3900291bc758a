package experiments

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
	"lightcone/sim/check"
)

// Whatever the seed, each store gives what it must.
func TestCapOverSeeds(t *testing.T) {
	s, err := Read("cap", capScenario)
	require.NoError(t, err)
	undone := 0
	for seed := uint64(1); seed <= 3; seed++ {
		p, err := s.Plan(seed)
		require.NoError(t, err)
		o, err := p.Execute(Execution{Study: capStudy{}})
		require.NoError(t, err)
		for _, v := range o.Verdicts {
			require.LessOrEqual(t, v.Verdict, sim.Unseen, "seed %d: %s: %s", seed, v.Name, v.Detail)
			if v.Name == "available: acknowledged writes are undone" && v.Verdict == sim.Pass {
				undone++
			}
		}
	}
	require.Positive(t, undone)
}

// A leader that answers reads from its own state after it was cut off is found out.
func TestCapFindsAnInconsistentStore(t *testing.T) {
	s, err := Read("cap", capScenario)
	require.NoError(t, err)
	s, err = s.With("params.bug=local-reads", "params.check-quorum=false", "params.pre-vote=false", "faults[0].nodes=[0, 1, 5, 6, 7]", "regions=[west, west, east, east, east]", "clients.regions=[west, west, west, east, east, east]")
	require.NoError(t, err)
	fell := 0
	for seed := uint64(1); seed <= 10 && fell == 0; seed++ {
		p, err := s.Plan(seed)
		require.NoError(t, err)
		o, err := p.Execute(Execution{Study: capStudy{}})
		require.NoError(t, err)
		for _, v := range o.Verdicts {
			if v.Name == "consistent: linearizable" && v.Verdict == sim.Violation {
				fell++
			}
		}
	}
	require.Positive(t, fell)
}

func TestReplicatedLatencyOfAConstantDelay(t *testing.T) {
	require.InDelta(t, 20, replicatedLatency(dist.Constant{Value: 5e6}, 5, 1), 1e-9, "four hops")
}

func TestRewound(t *testing.T) {
	ms := func(n int) sim.Time { return sim.Time(n) * sim.Time(time.Millisecond) }
	d := division{from: ms(100), to: ms(200), minority: map[sim.NodeID]bool{1: true}}
	op := func(client int, kind check.Kind, value string, at int) check.Operation {
		return check.Operation{Client: client, Op: check.Op{Kind: kind, Key: "x", Value: value}, Outcome: check.OK, Result: check.Result{Value: value, Found: true}, Invoke: ms(at), Return: ms(at + 1)}
	}
	h := check.History{op(0, check.Put, "a", 110), op(1, check.Put, "b", 120), op(0, check.Get, "a", 210)}
	rewound, split := d.rewound(h)
	require.Equal(t, []int{0, 1}, []int{rewound, split}, "side 0 still has what it wrote")
	h[2] = op(0, check.Get, "b", 210)
	rewound, _ = d.rewound(h)
	require.Equal(t, 1, rewound)
}

package rare_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/models/rare"
	"lightcone/protocols/idle"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// randomCrashes draws crashes and recoveries of n nodes, some at the same instant, with long and short gaps.
func randomCrashes(r *sim.Rand, n int, until sim.Time) fault.Plan {
	var plan fault.Plan
	for t := sim.Time(r.IntN(5)) * sec; t < until+10*sec; {
		id := sim.NodeID(r.IntN(n))
		plan = append(plan, sim.At{Time: t, Action: []sim.Action{sim.Crash{Node: id}, sim.Recover{Node: id}}[r.IntN(2)]})
		switch r.IntN(4) {
		case 0:
			t += sim.Time(r.Duration(1, 3*time.Second))
		case 1:
			t += sim.Time(r.Duration(time.Second, 5000*time.Second))
		case 2:
			t += sec
		}
	}
	return plan
}

// For a service that is as its nodes are, without memory, what a compressed run measures is exactly what the whole one
// does, whatever the plan.
func TestCompressedRunsMeasureTheSame(t *testing.T) {
	for seed := range uint64(60) {
		r := sim.NewRand(seed, sim.ForStudy)
		until := sim.Time(2000+r.IntN(20000)) * sec
		plan := randomCrashes(&r, 3, until)
		short, m, err := rare.Compress(plan, until, 3*time.Second)
		require.NoError(t, err)
		whole, cut := measured(t, plan, until), measured(t, short, m.End())
		back := m.Report(cut)
		require.Equal(t, whole.Span, back.Span, "seed %d", seed)
		require.Equal(t, whole.Nodes, back.Nodes, "seed %d", seed)
		require.Equal(t, whole.Down(), back.Down(), "seed %d", seed)
		require.Len(t, back.Outages, len(whole.Outages))
		require.Equal(t, down(plan, until), whole.Down(), "seed %d: by hand", seed)
	}
}

func measured(t *testing.T, plan fault.Plan, until sim.Time) *measure.Report {
	track := measure.Serving(majority)
	cfg := sim.Config{Nodes: 3, New: idle.New, Until: until, Faults: []sim.Fault{sim.Schedule(plan)}}
	track.Attach(&cfg)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return track.Report(until)
}

// down is for how long fewer than two of three nodes are up under a plan of crashes and recoveries.
func down(plan fault.Plan, until sim.Time) (sum time.Duration) {
	var dead []sim.NodeID
	at := sim.Time(0)
	for _, e := range append(slices.Clone(plan), sim.At{Time: until}) {
		if to := min(e.Time, until); len(dead) >= 2 {
			sum += to.Sub(at)
		}
		at = min(e.Time, until)
		switch a := e.Action.(type) {
		case sim.Crash:
			if !slices.Contains(dead, a.Node) {
				dead = append(dead, a.Node)
			}
		case sim.Recover:
			dead = slices.DeleteFunc(dead, func(id sim.NodeID) bool { return id == a.Node })
		}
	}
	return sum
}

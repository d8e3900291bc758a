package gossip_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/gossip"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// The survey says when half of an odd number of nodes know, that is the greater half, and when all do: by sorting when
// each of them heard.
func TestSurvey(t *testing.T) {
	for name, c := range map[string]gossip.Config{
		"aligned": {Mode: gossip.PushPull, Round: round},
		"poisson": {Mode: gossip.Push, Timing: gossip.Poisson, Round: round},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(20) {
				cfg := config(c, 9)
				cfg.Seed = seed
				w, err := sim.New(cfg)
				require.NoError(t, err)
				require.NoError(t, w.Run().Err)
				var heard []float64
				told, hops := 0, 0
				for id := range sim.NodeID(9) {
					p := w.View().Process(id).(*gossip.Process)
					at := p.Heard()
					if c.Timing != gossip.Poisson {
						at = float64(p.Round())
					}
					heard, told, hops = append(heard, at), told+p.Told(), hops+p.Hops()
				}
				slices.Sort(heard)
				s := gossip.Survey(w.View())
				require.Equal(t, 9, s.Know)
				require.Equal(t, heard[4], s.Until(0.5))
				require.Equal(t, heard[8], s.Until(1))
				require.InDelta(t, float64(told)/9, s.Told(), 1e-12)
				require.InDelta(t, float64(hops)/9, s.Hops(), 1e-12)
			}
		})
	}
}

// Of a run in which a node has crashed it is not known when it heard first, and how often it told.
func TestSurveyAfterACrash(t *testing.T) {
	cfg := config(gossip.Config{Mode: gossip.Push, Round: round, Durable: true}, 5)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	defer w.Close()
	require.NoError(t, w.RunUntil(cfg.Until/2))
	require.False(t, math.IsNaN(gossip.Survey(w.View()).Until(1)))
	require.NoError(t, w.Act(sim.Crash{Node: 3}))
	down := gossip.Survey(w.View())
	require.Equal(t, 4, down.Know)
	require.True(t, math.IsNaN(down.Until(0.5)))
	require.NoError(t, w.Act(sim.Recover{Node: 3}))
	up := gossip.Survey(w.View())
	require.Equal(t, 5, up.Know, "it is durable")
	require.True(t, math.IsNaN(up.Until(1)))
	require.True(t, math.IsNaN(up.Told()))
}

// In a round a node calls as many different others as the fanout says.
func TestFanout(t *testing.T) {
	p := gossip.New(gossip.Config{Mode: gossip.Push, Round: round, Fanout: 3})(0).(*gossip.Process)
	r := simtest.Record(t, p, 0, 4)
	did := r.Init()
	for n := 1; n <= 20; n++ {
		var to []sim.NodeID
		for _, s := range did.Sends {
			require.Equal(t, gossip.Rumour(0), s.Message)
			to = append(to, s.To)
		}
		slices.Sort(to)
		require.Equal(t, []sim.NodeID{1, 2, 3}, to)
		require.Equal(t, 3*n, p.Told())
		r.Sleep(round)
		did = r.Timeout(nil)
	}
}

// A round is in vain if all whom the node told in it knew already, not if some did.
func TestARoundInVain(t *testing.T) {
	p := gossip.New(gossip.Config{Mode: gossip.Push, Round: round, Fanout: 2, Stop: gossip.FeedbackCounter})(0).(*gossip.Process)
	r := simtest.Record(t, p, 0, 4)
	r.Init()
	next := func(knew int) []simtest.Sent {
		for range knew {
			r.Receive(1, gossip.Knew(0))
		}
		r.Sleep(round)
		return r.Timeout(nil).Sends
	}
	require.Len(t, next(0), 2)
	require.Len(t, next(1), 2)
	require.Len(t, next(1), 2, "one and one are not two")
	require.Empty(t, next(2))
	require.False(t, p.Interested())
}

// Staggered rounds begin anywhere in the first: uniformly, so that their mean is half of it and sd sqrt(1/12).
func TestStaggeredRoundsBeginAnywhere(t *testing.T) {
	const nodes = 2000
	c := gossip.Config{Mode: gossip.Pull, Timing: gossip.Staggered, Round: round}
	var s sample
	early, late := 0, 0
	for id := range sim.NodeID(nodes) {
		did := simtest.Record(t, gossip.New(c)(id+1), id+1, nodes+1).Init()
		require.Empty(t, did.Sends)
		x := float64(did.Timers[0].After) / float64(round)
		s.add(x)
		if x < 0.1 {
			early++
		}
		if x >= 0.9 {
			late++
		}
	}
	require.InDelta(t, 0.5, s.mean(), 4*math.Sqrt(1./12/nodes))
	for _, n := range []int{early, late} {
		require.InDelta(t, nodes/10, n, 4*math.Sqrt(nodes*0.1*0.9))
	}
}

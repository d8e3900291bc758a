package sim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// FuzzWorld turns bytes into a random program of actions on a small world in strict mode: run a while, inject, crash,
// recover, pause, cut, fork, change queues. Whatever it does, the engine does not panic, loses track of no message,
// does not go back in time, and a fork goes on as its original does.
func FuzzWorld(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{3, 0, 40, 1, 1, 7, 30, 6, 1, 2, 3, 0, 60, 5, 8, 0, 99})
	f.Add([]byte{4, 7, 0, 5, 1, 0, 0, 20, 1, 2, 0, 90, 3, 4, 0, 70, 8, 0, 80})
	f.Add([]byte{2, 0, 30, 6, 0, 5, 0, 10, 8, 2, 0, 9, 3, 0, 5, 7, 0, 200})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 100 { // a longer program is as good as two
			data = data[:100]
		}
		next := func() byte {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return b
		}
		setup := next()
		trial := newTrial(uint64(setup))
		var rec recording
		cfg := trial.config(&rec)
		cfg.Strict, cfg.Shuffle = true, setup&64 != 0
		w := newWorld(t, cfg)
		for len(data) > 0 {
			w = fuzzStep(t, w, &rec, next)
			s := w.View().Stats()
			require.Equal(t, s.Sent+s.Duplicated, s.Delivered+s.Lost()+s.InFlight)
			require.Less(t, s.InFlight, uint64(1e6), "delivered or lost more than were sent")
		}
		fork, err := w.Fork()
		require.NoError(t, err)
		want, got := w.RunUntil(at(400)), fork.RunUntil(at(400))
		require.NoError(t, want)
		require.NoError(t, got)
		require.Equal(t, w.Result(), fork.Result())
		for i := 1; i < len(rec.events); i++ {
			require.GreaterOrEqual(t, rec.events[i].Time, rec.events[i-1].Time)
			require.Equal(t, rec.events[i-1].ID+1, rec.events[i].ID)
		}
	})
}

// fuzzStep does what the next bytes say and returns the world to go on with.
func fuzzStep(t *testing.T, w *sim.World, o sim.Observer, next func() byte) *sim.World {
	n := w.View().Nodes()
	node := func() sim.NodeID { return sim.NodeID(int(next()) % n) }
	var err error
	switch next() % 12 {
	case 0:
		w.Steps(uint64(next() % 64))
	case 1:
		err = w.RunUntil(w.Now().Add(unit / 2 * time.Duration(next()%32)))
	case 2:
		err = w.Inject(node(), node(), int(next()))
	case 3:
		err = w.Act(sim.Crash{Node: node()})
	case 4:
		err = w.Act(sim.Recover{Node: node()})
	case 5:
		err = w.Act(sim.Pause{Node: node()})
	case 6:
		err = w.Act(sim.Resume{Node: node()})
	case 7:
		err = w.Act(sim.CrashDuring{Node: node(), After: int(next() % 8)})
	case 8:
		err = w.Act(sim.Cut{Name: "cut", From: []sim.NodeID{node()}, To: []sim.NodeID{node()}, OneWay: next()&1 != 0})
	case 9:
		err = w.Act(sim.Heal{})
	case 10:
		sim.UseRadix(w)
	case 11:
		var f *sim.World
		f, err = w.Fork(o)
		require.NoError(t, err)
		w.Steps(0)
		w = f
	}
	require.NoError(t, err)
	require.NoError(t, w.Err())
	require.GreaterOrEqual(t, w.NextTime(), w.Now())
	return w
}

package sim_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// stepping is a clock with state, whose wall time is an hour ahead: it counts how often it was asked.
type stepping struct {
	sim.PerfectClock
	asked int
}

func (c *stepping) Wall(t sim.Time) sim.Local {
	c.asked++
	return sim.Local(t) + sim.Local(time.Hour)
}
func (c *stepping) CloneClock() sim.Clock { d := *c; return &d }

func TestWallClocksStepAndMonotonicOnesDoNot(t *testing.T) {
	const hour = sim.Local(time.Hour)
	clocks := map[string]struct {
		clock   sim.Clock
		now     sim.Local // after 10 units
		wall    sim.Local
		timeout sim.Time // of 4 units set then
	}{
		"none":          {nil, 10 * sim.Local(unit), 10 * sim.Local(unit), at(14)},
		"perfect":       {sim.PerfectClock{}, 10 * sim.Local(unit), 10 * sim.Local(unit), at(14)},
		"twice as fast": {fast{}, 20 * sim.Local(unit), 20 * sim.Local(unit), at(12)},
		"a waller":      {&stepping{}, 10 * sim.Local(unit), 10*sim.Local(unit) + hour, at(14)},
	}
	for name, c := range clocks {
		t.Run(name, func(t *testing.T) {
			var rec recording
			p := acts{receive: func(env *sim.Env, _ sim.NodeID, _ sim.Message) {
				env.Note([2]sim.Local{env.Now(), env.Wall()})
				env.StepWall(-3 * time.Hour)
				env.Note([2]sim.Local{env.Now(), env.Wall()})
				env.After(4*unit, nil)
			}}
			w := newWorld(t, sim.Config{Nodes: 1, New: each(p), Observers: []sim.Observer{&rec}, Clock: func(sim.NodeID, *sim.Rand) sim.Clock { return c.clock }})
			require.NoError(t, w.RunUntil(at(10)))
			require.NoError(t, w.Act(sim.StepWall{By: time.Hour}))
			require.NoError(t, w.Inject(0, 0, "look"))
			w.Run()
			notes := rec.of(sim.Note)
			require.Equal(t, [2]sim.Local{c.now, c.wall + hour}, notes[0].Value)
			require.Equal(t, [2]sim.Local{c.now, c.wall - 2*hour}, notes[1].Value)
			require.Equal(t, []sim.Local{c.now, c.wall - 2*hour}, []sim.Local{notes[1].Local, notes[1].Wall}, "records show the same")
			require.Equal(t, []sim.Time{c.timeout}, times(rec.of(sim.Timeout)), "timers do not notice")
		})
	}
}

func TestClocksAreDrawnByNodeAndForkedWithTheirState(t *testing.T) {
	var drawn []uint64
	clocks := map[sim.NodeID]*stepping{}
	cfg := sim.Config{Seed: 3, Nodes: 4, New: func(sim.NodeID) sim.Process { return &ticker{} }, Clock: func(id sim.NodeID, r *sim.Rand) sim.Clock {
		drawn = append(drawn, r.Uint64())
		clocks[id] = &stepping{}
		return clocks[id]
	}}
	w := newWorld(t, cfg)
	first := drawn
	require.Len(t, unique(first), 4)
	cfg.Nodes, drawn = 5, nil
	newWorld(t, cfg)
	require.Equal(t, first, drawn[:4], "whoever else there is")

	require.NoError(t, w.RunUntil(0))
	f, err := w.Fork()
	require.NoError(t, err)
	clocks[0].asked = 0
	f.View().Wall(0)
	require.Equal(t, sim.Local(time.Hour), f.View().Wall(0))
	require.Zero(t, clocks[0].asked, "the fork asks its own")
}

func TestTimeSaturates(t *testing.T) {
	require.Equal(t, sim.Never, sim.Time(5).Add(math.MaxInt64))
	require.Equal(t, sim.Never, sim.Never.Add(1))
	require.Equal(t, sim.Time(3), sim.Time(5).Add(-2))
	require.Equal(t, -2*time.Nanosecond, sim.Time(3).Sub(5))
	require.Equal(t, "1.5s", sim.Time(1500*time.Millisecond).String())
	require.Equal(t, "n3->n4#7", sim.MessageName{From: 3, To: 4, K: 7}.String())

	// What is due beyond all time is never delivered, and stays on its way.
	w := newWorld(t, sim.Config{Nodes: 2, New: cast(), Network: sim.ConstantDelay(math.MaxInt64)})
	require.NoError(t, w.RunUntil(at(1)))
	require.NoError(t, w.Inject(0, 1, "m"))
	r := w.Run()
	require.Equal(t, sim.Pass, r.Verdict)
	require.Equal(t, at(1), r.Now)
	require.Equal(t, uint64(1), r.Stats.InFlight)
}

// coarse shows whole units only.
type coarse struct{}

func (coarse) Read(t sim.Time) sim.Local { return sim.Local(t) / sim.Local(unit) * sim.Local(unit) }
func (coarse) When(l sim.Local) sim.Time {
	return (sim.Time(l) + sim.Time(unit) - 1) / sim.Time(unit) * sim.Time(unit)
}

// On a clock that stands still for a while, a timer of no time is due at once, not when the clock first showed its
// time; and one beyond the end of the clock is due at the end of time.
func TestTimersOnACoarseClock(t *testing.T) {
	var rec recording
	p := acts{receive: func(env *sim.Env, _ sim.NodeID, _ sim.Message) {
		env.After(0, "at once")
		env.After(unit, "in a unit")
		env.After(math.MaxInt64, "at the end")
	}}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(p), Observers: []sim.Observer{&rec}, Clock: func(sim.NodeID, *sim.Rand) sim.Clock { return coarse{} }})
	require.NoError(t, w.RunUntil(at(2)+7))
	require.NoError(t, w.Inject(0, 0, "m"))
	require.NoError(t, w.RunUntil(sim.Never))
	require.Equal(t, []sim.Time{at(2) + 7, at(3), sim.Never - 1}, times(rec.of(sim.Timeout)))
}

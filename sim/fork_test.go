package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// forkable is a world with all that a fork must copy: processes, timers, messages and writes on the way, a paused
// node, a cut, an armed crash, faults under way, clocks, properties.
func forkable(seed uint64) trial { return newTrial(seed) }

// Equal continuation is part of TestReference; this is that nothing done to one touches the other.
func TestForksAreIndependent(t *testing.T) {
	for seed := range uint64(25) {
		trial := forkable(seed)
		end := func(w *sim.World) string {
			r := w.Run()
			require.NoError(t, r.Err)
			return fmt.Sprintf("%x %x %v %v", r.Digest, r.Content, r.Records, r.Stats)
		}
		start := func() *sim.World {
			cfg := trial.config(sim.ObserverFunc(func(*sim.Event) {}))
			cfg.Strict, cfg.Until = true, at(200)
			w := newWorld(t, cfg)
			require.NoError(t, w.RunUntil(at(20)))
			return w
		}
		want := end(start())

		w := start()
		f, err := w.Fork()
		require.NoError(t, err)
		g, err := f.Fork()
		require.NoError(t, err)
		require.NoError(t, f.Act(sim.Crash{Node: 0}))
		require.NoError(t, f.Inject(1, 0, "more"))
		require.NotEqual(t, want, end(f), "seed %d: the fork that was interfered with", seed)
		require.Equal(t, want, end(g), "seed %d: the fork of the fork", seed)
		require.Equal(t, want, end(w), "seed %d: the original", seed)
	}
}

// What a paused node holds back at the fork is each one's own, and so is what comes to it.
func TestForksHoldBackApart(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 2, New: func(sim.NodeID) sim.Process { return &ticker{} }, Network: sim.ConstantDelay(0), Until: at(1)})
	require.NoError(t, w.RunUntil(0))
	require.NoError(t, w.Act(sim.Pause{}))
	inject := func(w *sim.World, m string) {
		require.NoError(t, w.Inject(1, 0, m))
		require.NoError(t, w.RunUntil(w.Now()))
	}
	for _, m := range []string{"a", "b", "c"} {
		inject(w, m)
	}
	var first, second recording
	f, err := w.Fork(&first)
	require.NoError(t, err)
	g, err := w.Fork(&second)
	require.NoError(t, err)
	require.NoError(t, f.Inject(1, 1, "takes the place that the next would have"))
	inject(f, "f")
	inject(g, "g")
	for _, w := range []*sim.World{f, g} {
		require.NoError(t, w.Act(sim.Resume{}))
		require.NoError(t, w.RunUntil(0))
	}
	require.Equal(t, "deliver n1 takes the place that the next would have; deliver n0 a; deliver n0 b; deliver n0 c; deliver n0 f", story(first.of(sim.Deliver)))
	require.Equal(t, "deliver n0 a; deliver n0 b; deliver n0 c; deliver n0 g", story(second.of(sim.Deliver)))
}

func TestForksCutApart(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 6, New: func(sim.NodeID) sim.Process { return &ticker{} }})
	cut := func(w *sim.World, to sim.NodeID) {
		require.NoError(t, w.Act(sim.Cut{Name: to.String(), From: []sim.NodeID{0}, To: []sim.NodeID{to}}))
	}
	for to := range sim.NodeID(3) {
		cut(w, to+1)
	}
	f, err := w.Fork()
	require.NoError(t, err)
	cut(f, 4)
	cut(w, 5)
	require.Equal(t, []bool{false, false, true}, []bool{f.View().Connected(0, 1), f.View().Connected(0, 4), f.View().Connected(0, 5)})
	require.Equal(t, []bool{false, true, false}, []bool{w.View().Connected(0, 1), w.View().Connected(0, 4), w.View().Connected(0, 5)})
}

// In a world of many nodes, where messages are numbered in a map.
func TestForksNumberMessagesApart(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 1025, New: func(sim.NodeID) sim.Process { return &ticker{} }})
	f, err := w.Fork()
	require.NoError(t, err)
	for _, w := range []*sim.World{w, f} {
		var rec recording
		w.Observe(&rec)
		require.NoError(t, w.Inject(0, 1, "m"))
		require.Equal(t, uint64(1), rec.of(sim.Send)[0].K)
	}
}

func TestForksFulfilPropertiesApart(t *testing.T) {
	down := sim.Property{Name: "down", Mode: sim.Eventually, Check: func(v sim.View) error {
		if v.Events() > 0 && !v.Up(0) {
			return nil
		}
		return errPlanted
	}}
	w := newWorld(t, sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return &ticker{} }, Properties: []sim.Property{down}, Until: at(5)})
	require.NoError(t, w.RunUntil(at(1)))
	f, err := w.Fork()
	require.NoError(t, err)
	require.NoError(t, f.Act(sim.Crash{}))
	require.Equal(t, sim.Pass, f.Run().Verdict)
	require.Equal(t, sim.Liveness, w.Run().Verdict)
}

func TestForkNamesTheProcessesWithoutClone(t *testing.T) {
	cfg := sim.Config{Nodes: 3, New: cast(&program{nodes: 3}, acts{}, sim.Script(func(*sim.Line) {}))}
	w := newWorld(t, cfg)
	_, err := w.Fork()
	require.NoError(t, err, "before the start there is nothing to clone")
	require.NoError(t, w.RunUntil(0))
	_, err = w.Fork()
	require.EqualError(t, err, "sim: Fork: the process of n1 (sim_test.acts) has no Clone method\nsim: Fork: the process of n2 (*sim.script) has no Clone method")
	require.NoError(t, w.Act(sim.Crash{Node: 1}))
	require.NoError(t, w.Act(sim.Crash{Node: 2}))
	_, err = w.Fork()
	require.NoError(t, err, "what is down needs no clone")
	w.Close()
	_, err = w.Fork()
	require.ErrorContains(t, err, "sim: Fork of an ended world: sim: the world is closed")

	w = newWorld(t, sim.Config{Nodes: 1, New: each(badClone{})})
	require.NoError(t, w.RunUntil(0))
	_, err = w.Fork()
	require.ErrorContains(t, err, "Clone of the process of n0 returned nil")
}

type badClone struct{ acts }

func (badClone) Clone() sim.Process { return nil }

func TestForkCarriesPropertiesAndLeavesObservers(t *testing.T) {
	seen := 0
	count := sim.ObserverFunc(func(*sim.Event) { seen++ })
	once := sim.Property{Name: "at 2 ms", Mode: sim.Eventually, Check: func(v sim.View) error {
		if v.Now() == at(2) {
			return nil
		}
		return errPlanted
	}}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(&ticker{}), Properties: []sim.Property{once}, Observers: []sim.Observer{count}, Until: at(10)})
	early, err := w.Fork()
	require.NoError(t, err)
	require.NoError(t, w.RunUntil(at(5)))
	late, err := w.Fork()
	require.NoError(t, err)

	before := seen
	require.Equal(t, sim.Pass, late.Run().Verdict, "it held before the fork")
	require.Equal(t, at(2), late.Result().Properties[0].Time)
	require.Equal(t, before, seen, "observers are not copied")
	require.NoError(t, early.Act(sim.Crash{}), "which does nothing before the start")
	require.Equal(t, sim.Pass, early.Run().Verdict)

	var rec recording
	again, err := w.Fork(&rec)
	require.NoError(t, err)
	want := w.Run()
	got := again.Run()
	require.Equal(t, want, got)
	require.Equal(t, got.Records, rec.events[len(rec.events)-1].ID)
}

// ticker has a timer a unit.
type ticker struct{ ticks int }

func (p *ticker) Init(env *sim.Env)                               { env.After(unit, nil) }
func (p *ticker) Receive(_ *sim.Env, _ sim.NodeID, _ sim.Message) {}
func (p *ticker) Timeout(env *sim.Env, _ any)                     { p.ticks++; env.After(unit, nil) }
func (p *ticker) Clone() sim.Process                              { c := *p; return &c }
func (p *ticker) Badge() (string, string)                         { return "ticker", fmt.Sprint(p.ticks / 2) }

// counting is a network and a clock with state of their own.
type counting struct{ n *int }

func (c counting) Route(dst []sim.Copy, _ *sim.Packet, _ *sim.Rand) []sim.Copy {
	*c.n++
	return append(dst, sim.Copy{Delay: unit * 2, Altered: *c.n})
}
func (c counting) CloneNetwork() sim.Network { n := *c.n; return counting{&n} }

func TestModelsWithStateAreClonedAtNewAndAtFork(t *testing.T) {
	zero := 0
	cfg := sim.Config{Nodes: 2, New: cast(), Network: counting{&zero}}
	received := func(w *sim.World) string {
		var rec recording
		w.Observe(&rec)
		require.NoError(t, w.Inject(0, 1, "m"))
		require.NoError(t, w.RunUntil(w.Now().Add(2*unit)))
		return story(rec.of(sim.Deliver))
	}
	w := newWorld(t, cfg)
	w.Run()
	for range 2 {
		w := newWorld(t, sim.Config{Nodes: 2, New: func(sim.NodeID) sim.Process { return &ticker{} }, Network: cfg.Network})
		require.Equal(t, "deliver n1 1", received(w))
		f, err := w.Fork()
		require.NoError(t, err)
		require.Equal(t, "deliver n1 2", received(w))
		require.Equal(t, "deliver n1 2", received(f))
	}
	require.Zero(t, zero, "the Config's own is never used")
}

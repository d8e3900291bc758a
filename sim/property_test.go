package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// ticks is a property that looks at the ticks of a ticker.
func ticks(mode sim.Mode, holds func(n int) bool) sim.Property {
	return sim.Property{Name: "ticks", Mode: mode, Check: func(v sim.View) error {
		p, ok := v.Process(0).(*ticker)
		if !ok {
			return fmt.Errorf("down")
		}
		if !holds(p.ticks) {
			return fmt.Errorf("%d ticks", p.ticks)
		}
		return nil
	}}
}

func TestProperties(t *testing.T) {
	tests := []struct {
		name    string
		p       sim.Property
		verdict sim.Verdict // of the run
		result  sim.PropertyResult
		now     sim.Time
	}{
		{"always, and it does", ticks(sim.Always, func(n int) bool { return n <= 10 }), sim.Pass, sim.PropertyResult{Verdict: sim.Pass}, at(10)},
		{"always, and it falls", ticks(sim.Always, func(n int) bool { return n < 4 }), sim.Violation,
			sim.PropertyResult{Verdict: sim.Violation, Detail: "4 ticks", Event: 10, Time: at(4)}, at(4)}, // Init, TimerSet, and four times Timeout, TimerSet
		{"always, and it falls at the start", ticks(sim.Always, func(n int) bool { return n > 0 }), sim.Violation,
			sim.PropertyResult{Verdict: sim.Violation, Detail: "0 ticks", Event: 2}, 0},
		{"sometimes, and it did", ticks(sim.Sometimes, func(n int) bool { return n == 3 }), sim.Pass, sim.PropertyResult{Verdict: sim.Pass, Event: 8, Time: at(3)}, at(10)},
		{"sometimes, and it did not", ticks(sim.Sometimes, func(n int) bool { return n == 11 }), sim.Unseen, sim.PropertyResult{Verdict: sim.Unseen, Detail: "10 ticks"}, at(10)},
		{"eventually, and it did", ticks(sim.Eventually, func(n int) bool { return n == 3 }), sim.Pass, sim.PropertyResult{Verdict: sim.Pass, Event: 8, Time: at(3)}, at(10)},
		{"eventually, and it did not", ticks(sim.Eventually, func(n int) bool { return n == 11 }), sim.Liveness, sim.PropertyResult{Verdict: sim.Liveness, Detail: "10 ticks"}, at(10)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return &ticker{} }, Until: at(10), Properties: []sim.Property{tt.p}})
			tt.result.Name, tt.result.Mode = "ticks", tt.p.Mode
			require.Equal(t, tt.verdict, r.Verdict)
			require.Equal(t, tt.verdict > sim.Unseen, r.Failed())
			require.Equal(t, []sim.PropertyResult{tt.result}, r.Properties)
			require.Equal(t, tt.now, r.Now)
			if !r.Failed() {
				require.NoError(t, r.Err)
				return
			}
			var err *sim.Error
			require.ErrorAs(t, r.Err, &err)
			require.Equal(t, tt.verdict, err.Verdict)
			require.Equal(t, sim.Nobody, err.Node)
			require.Contains(t, err.What, `"ticks"`)
			require.Contains(t, err.What, tt.result.Detail)
		})
	}
}

// The first property to fall ends the run there and then: no node starts after it, no other property takes its place.
func TestTheFirstViolationIsTheRuns(t *testing.T) {
	started := 0
	p := acts{init: func(*sim.Env) { started++ }}
	fall := func(name string, from int) sim.Property {
		return sim.Property{Name: name, Check: func(sim.View) error {
			if started >= from {
				return errPlanted
			}
			return nil
		}}
	}
	r := run(t, sim.Config{Nodes: 3, New: each(p), Properties: []sim.Property{fall("b", 3), fall("first", 2), fall("c", 2)}})
	require.Equal(t, 2, started)
	require.ErrorContains(t, r.Err, `property "first" fell: planted`)
	require.ErrorIs(t, r.Err, errPlanted)

	// A recovery by a fault checks twice: after Init, and after the fault.
	started = 0
	plan := sim.Schedule{{Time: 1, Action: sim.Crash{}}, {Time: 2, Action: sim.Recover{}}}
	r = run(t, sim.Config{Nodes: 1, New: each(p), Faults: []sim.Fault{plan}, Properties: []sim.Property{fall("b", 3), fall("first", 2), fall("c", 2)}})
	require.ErrorContains(t, r.Err, `property "first" fell: planted`)
}

func TestPropertiesAreCheckedAfterFaultsToo(t *testing.T) {
	plan := sim.Schedule{{Time: at(3), Action: sim.Crash{}}}
	r := run(t, sim.Config{Nodes: 1, New: each(acts{}), Faults: []sim.Fault{plan}, Properties: []sim.Property{{Name: "up", Check: func(v sim.View) error {
		if v.Now() > 0 && !v.Up(0) {
			return errPlanted
		}
		return nil
	}}}})
	require.Equal(t, sim.Violation, r.Verdict)
	require.Equal(t, at(3), r.Now)
}

// A claim that remembers starts afresh in every world, and in every fork.
func TestFreshChecks(t *testing.T) {
	grows := func() func(sim.View) error {
		last := -1
		return func(v sim.View) error {
			n := v.Process(0).(*ticker).ticks
			if n < last {
				return fmt.Errorf("%d ticks after %d", n, last)
			}
			last = n
			return nil
		}
	}
	cfg := sim.Config{Nodes: 1, Until: at(10), New: func(sim.NodeID) sim.Process { return &ticker{} },
		Properties: []sim.Property{{Name: "grows", Mode: sim.Always, Fresh: grows}}}
	for range 2 {
		w := newWorld(t, cfg)
		require.NoError(t, w.RunUntil(at(4)))
		f, err := w.Fork()
		require.NoError(t, err)
		require.Equal(t, sim.Pass, w.Run().Verdict)
		require.Equal(t, sim.Pass, f.Run().Verdict, "the fork is behind the world that it came from")
	}
	cfg.Properties[0].Check = func(sim.View) error { return nil }
	_, err := sim.New(cfg)
	require.ErrorContains(t, err, "has both Check and Fresh")
}

// A Check that looks only at Touched sees every change: what the other nodes are is what they were at the step before.
func TestTouchedNamesTheOnlyNodeThatChanged(t *testing.T) {
	type state struct {
		up    bool
		ticks int
	}
	look := func(v sim.View, id sim.NodeID) state {
		p, _ := v.Process(id).(*ticker)
		if p == nil {
			return state{}
		}
		return state{true, p.ticks}
	}
	var last [3]state
	seen := map[sim.NodeID]int{}
	claim := sim.Property{Name: "touched", Check: func(v sim.View) error {
		seen[v.Touched()]++
		for id := range sim.NodeID(3) {
			now := look(v, id)
			if now != last[id] && v.Touched() != id && v.Touched() != sim.Nobody {
				return fmt.Errorf("%v changed, but %v was touched", id, v.Touched())
			}
			last[id] = now
		}
		return nil
	}}
	r := run(t, sim.Config{Nodes: 3, New: func(sim.NodeID) sim.Process { return &ticker{} }, Until: at(10), Properties: []sim.Property{claim},
		Faults: []sim.Fault{sim.Schedule{{Time: at(3), Action: sim.Crash{Node: 1}}, {Time: at(5), Action: sim.Recover{Node: 1}}}}})
	require.NoError(t, r.Err)
	require.Equal(t, 2, seen[sim.Nobody], "after each fault")
	for id := range sim.NodeID(3) {
		require.Greater(t, seen[id], 5)
	}
}

// evenTicks is a process whose version is the number of even ticks.
type evenTicks struct{ ticks int }

func (c *evenTicks) Init(env *sim.Env)                         { env.After(at(1).Sub(0), nil) }
func (c *evenTicks) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (c *evenTicks) Timeout(env *sim.Env, _ any)               { c.ticks++; c.Init(env) }
func (c *evenTicks) Version() uint64                           { return uint64(c.ticks / 2) }
func (c *evenTicks) Clone() sim.Process                        { k := *c; return &k }

// A claim that is checked OnChange sees every change of a version, every start and crash, and nothing else. A fork's sees
// the present state first.
func TestOnChange(t *testing.T) {
	var seen []int
	look := func(v sim.View) error {
		n := -1
		if p, ok := v.Process(0).(*evenTicks); ok {
			n = p.ticks
		}
		seen = append(seen, n)
		return nil
	}
	cfg := sim.Config{Nodes: 2, Until: at(12), Properties: []sim.Property{{Name: "looks", Check: look, OnChange: true}},
		New: func(id sim.NodeID) sim.Process {
			if id == 0 {
				return &evenTicks{}
			}
			return &ticker{}
		},
		Faults: []sim.Fault{sim.Schedule{{Time: at(7), Action: sim.Crash{Node: 0}}, {Time: at(8), Action: sim.Recover{Node: 0}}}}}
	w := newWorld(t, cfg)
	require.NoError(t, w.RunUntil(at(5)))
	require.Equal(t, []int{0, 2, 4}, seen)
	f, err := w.Fork()
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.Equal(t, []int{0, 2, 4, 6, -1, 0, 0, 2, 4}, seen, "the crash, the recovery as a fault and the start, the new life")
	seen = nil
	require.NoError(t, f.RunUntil(at(6)))
	require.Equal(t, []int{6}, seen[:1])
}

// A claim that Ends the run ends it where it first holds, without blame for what would have come later; claims that fall at
// the same step still count.
func TestEnds(t *testing.T) {
	third, never := ticks(sim.Sometimes, func(n int) bool { return n == 3 }), ticks(sim.Eventually, func(n int) bool { return n == 11 })
	third.Name, third.Ends, never.Name = "third", true, "eleventh"
	cfg := sim.Config{Nodes: 2, New: func(sim.NodeID) sim.Process { return &ticker{} }, Until: at(20), Properties: []sim.Property{third, never}}
	r := run(t, cfg)
	require.NoError(t, r.Err)
	require.Equal(t, at(3), r.Now)
	require.Equal(t, sim.Unseen, r.Verdict)
	require.Equal(t, []sim.Verdict{sim.Pass, sim.Unseen}, []sim.Verdict{r.Properties[0].Verdict, r.Properties[1].Verdict})

	w := newWorld(t, cfg)
	require.NoError(t, w.RunUntil(at(20)))
	require.Equal(t, at(3), w.Now(), "time stands still, too")
	require.False(t, w.Step())
	require.ErrorContains(t, w.Act(sim.Crash{}), "the world has ended")
	_, err := w.Fork()
	require.ErrorContains(t, err, "ended world")

	falls := ticks(sim.Always, func(n int) bool { return n < 3 })
	falls.Name = "falls"
	cfg.Properties = []sim.Property{third, falls}
	require.Equal(t, sim.Violation, run(t, cfg).Verdict)

	falls.Ends = true
	cfg.Properties = []sim.Property{falls}
	_, err = sim.New(cfg)
	require.ErrorContains(t, err, `("falls") is always and Ends the run, want sometimes or eventually`)
}

package sim_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

var errPlanted = errors.New("planted")

// A panic in a handler ends the run as its error, with all that it takes to see it again.
func TestAPanicIsTheRunsError(t *testing.T) {
	boom := func(*sim.Env, any) { panic(errPlanted) }
	tests := []struct {
		name string
		node sim.Process
	}{
		{"in Timeout", acts{init: func(env *sim.Env) { env.After(3*unit, nil) }, timeout: boom}},
		{"in Receive", acts{
			init:    func(env *sim.Env) { env.After(3*unit, nil) },
			timeout: func(env *sim.Env, _ any) { env.Send(env.ID(), "m") },
			receive: func(env *sim.Env, _ sim.NodeID, _ sim.Message) { boom(env, nil) },
		}},
		{"in a script", sim.Script(func(l *sim.Line) { l.Sleep(3 * unit); boom(nil, nil) })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, sim.Config{Seed: 7, Nodes: 3, New: cast(acts{}, tt.node), Replay: "lightcone replay x.repro"})
			r := w.Run()
			require.Equal(t, sim.Panicked, r.Verdict)
			require.True(t, r.Failed())
			var err *sim.Error
			require.ErrorAs(t, r.Err, &err)
			require.ErrorIs(t, r.Err, errPlanted)
			require.Equal(t, sim.Error{Verdict: sim.Panicked, Seed: 7, Digest: r.Digest, Event: r.Records, Time: at(3), Node: 1,
				What: "panic: planted", Cause: errPlanted, Replay: "lightcone replay x.repro", Stack: err.Stack}, *err)
			require.Contains(t, err.Stack, "sim_test.", "the handler is in the stack")
			require.NotContains(t, err.Stack, "sim.(*World)", "the engine is not")
			require.Equal(t, fmt.Sprintf("sim: panic: planted on n1 at 3ms (event %d, seed 7, digest %016x)\nreplay: lightcone replay x.repro", r.Records, r.Digest), err.Error())

			require.False(t, w.Step(), "it is over")
			require.Equal(t, r.Err, w.Err())
			require.Equal(t, r.Err, w.RunUntil(at(10)))
			require.Equal(t, r.Err, w.Inject(0, 1, "m"))
			require.Equal(t, r.Err, w.Act(sim.Crash{}))
			_, forkErr := w.Fork()
			require.ErrorIs(t, forkErr, errPlanted)
		})
	}
}

// What fails outside a handler is laid at nobody's door, or at that of the node that it is about.
func TestErrorsNameTheNodeThatTheyAreAbout(t *testing.T) {
	badAction := sim.Schedule{{Time: at(3), Action: sim.Crash{Node: 9}}}
	tests := []struct {
		name string
		cfg  sim.Config
		node sim.NodeID
		what string
	}{
		{"an action on no node", sim.Config{Faults: []sim.Fault{badAction}}, sim.Nobody, "an action names n9, want n0 to n2"},
		{"a record of no node", sim.Config{Faults: []sim.Fault{sim.Schedule{{Time: at(3), Action: say{node: 9}}}}}, sim.Nobody, "an action names n9"},
		{"a fault that goes back in time", sim.Config{Faults: []sim.Fault{sim.Schedule{{Time: at(3), Action: sim.Crash{}}, {Time: at(2), Action: sim.Crash{}}}}},
			sim.Nobody, "wants action crash n0 at 2ms, want an action at 3ms or later"},
		{"a panic in a property", sim.Config{Properties: []sim.Property{{Name: "p", Check: func(v sim.View) error {
			if v.Now() == at(2) {
				panic("oops")
			}
			return nil
		}}}}, sim.Nobody, "panic: oops"},
		{"a negative delay", sim.Config{Network: sim.ConstantDelay(-1)}, 2, "gave copy 0 of n2->n0#1 a delay of -1ns"},
		{"too many copies", sim.Config{Network: routed(func(*sim.Packet) []sim.Copy { return make([]sim.Copy, 257) })}, 2, "at most 256 copies"},
		{"a negative latency", sim.Config{Disk: testDisk{latency: -1}}, 2, "gave a write of n2 a latency of -1ns"},
		{"a factory that makes nothing", sim.Config{New: func(id sim.NodeID) sim.Process {
			if id == 1 {
				return nil
			}
			return acts{}
		}}, 1, "Config.New(n1) returned nil"},
		{"a factory that panics", sim.Config{New: func(id sim.NodeID) sim.Process {
			if id == 1 {
				panic("oops")
			}
			return acts{}
		}}, 1, "panic: oops"},
	}
	ticking := acts{
		init: func(env *sim.Env) { env.After(2*unit, nil) },
		timeout: func(env *sim.Env, _ any) {
			if env.ID() == 2 {
				env.Persist("k", 1)
				env.Send(0, "m")
			}
		},
	}
	for _, tt := range tests {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, strict=%v", tt.name, strict), func(t *testing.T) {
				tt.cfg.Nodes, tt.cfg.Strict = 3, strict
				if tt.cfg.New == nil {
					tt.cfg.New = each(ticking)
				}
				r := run(t, tt.cfg)
				var err *sim.Error
				require.ErrorAs(t, r.Err, &err)
				require.Contains(t, err.What, tt.what)
				require.Equal(t, tt.node, err.Node)
			})
		}
	}
}

// say is an action of a model outside the engine.
type say struct {
	node sim.NodeID
	text string
}

func (a say) Apply(c *sim.Control) { c.Record(a.node, a.text) }
func (a say) String() string       { return "say " + a.text }

func TestInterferenceReportsItsErrors(t *testing.T) {
	mk := func() *sim.World { return newWorld(t, sim.Config{Nodes: 2, New: cast()}) }
	w := mk()
	require.ErrorContains(t, w.Inject(0, 2, "m"), "sim: Inject of m from n0 to n2, want a message between n0 and n1")
	require.ErrorContains(t, w.Inject(-1, 0, "m"), "sim: Inject of m from n-1 to n0")
	require.ErrorContains(t, w.Inject(0, 1, nil), "sim: Inject of <nil>")
	require.NoError(t, w.Err(), "a refused message is no failure of the run")
	require.NoError(t, w.RunUntil(0))
	require.ErrorContains(t, w.Act(sim.Crash{Node: 2}), "an action names n2, want n0 to n1")
	var err *sim.Error
	require.ErrorAs(t, w.Err(), &err)
	require.Equal(t, sim.Nobody, err.Node, "not the node that acted last")

	w = mk()
	require.ErrorContains(t, w.Act(nil), "nil pointer")

	w = newWorld(t, sim.Config{Nodes: 1, New: cast(), Properties: []sim.Property{{Name: "up", Check: func(v sim.View) error {
		if !v.Up(0) {
			return errPlanted
		}
		return nil
	}}}})
	require.NoError(t, w.RunUntil(0))
	require.ErrorIs(t, w.Act(sim.Crash{}), errPlanted, "a property that falls by it")

	w = mk()
	w.Close()
	w.Close()
	require.ErrorContains(t, w.Inject(0, 1, "m"), "the world is closed")
	require.ErrorContains(t, w.Act(sim.Crash{}), "the world is closed")
	require.Zero(t, w.Steps(5))
}

func TestLimitsAreReportedAsSuch(t *testing.T) {
	ticking := acts{init: func(env *sim.Env) { env.After(unit, nil) }, timeout: func(env *sim.Env, _ any) { env.After(unit, nil) }}
	spinning := acts{init: func(env *sim.Env) { env.After(0, nil) }, timeout: func(env *sim.Env, _ any) { env.After(0, nil) }}
	hoarding := acts{init: func(env *sim.Env) { env.After(unit, nil) }, timeout: func(env *sim.Env, _ any) { env.After(unit, nil); env.After(time.Hour, nil) }}
	tests := []struct {
		name   string
		p      sim.Process
		limits sim.Limits
		what   string
		check  func(t *testing.T, r *sim.Result)
	}{
		{"events", ticking, sim.Limits{Events: 100}, "limit reached: 100 events", func(t *testing.T, r *sim.Result) {
			require.Equal(t, uint64(100), r.Events)
		}},
		{"an instant", spinning, sim.Limits{Instant: 50}, "limit reached: 50 events without time moving", func(t *testing.T, r *sim.Result) {
			require.Zero(t, r.Now)
			require.Equal(t, uint64(50), r.Stats.Timeouts)
		}},
		{"pending", hoarding, sim.Limits{Pending: 20}, "limit reached: 20 events pending", func(t *testing.T, r *sim.Result) {
			require.Equal(t, at(20), r.Now, "at the k-th ms k are pending, and one is being set")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, sim.Config{Nodes: 1, New: each(tt.p), Limits: tt.limits, Properties: []sim.Property{
				{Name: "never", Mode: sim.Eventually, Check: func(sim.View) error { return errPlanted }},
			}})
			require.Equal(t, sim.LimitReached, r.Verdict)
			require.True(t, r.Failed())
			require.ErrorContains(t, r.Err, tt.what)
			require.Equal(t, sim.Undecided, r.Properties[0].Verdict, "it had no chance to come true")
			tt.check(t, r)
		})
	}
}

// A limit that is just not reached is no error.
func TestLimitsAreInclusive(t *testing.T) {
	p := acts{init: func(env *sim.Env) {
		for range 10 {
			env.After(unit, nil)
		}
	}}
	r := run(t, sim.Config{Nodes: 1, New: each(p), Limits: sim.Limits{Events: 11, Pending: 10, Instant: 9}})
	require.NoError(t, r.Err)
	require.Equal(t, uint64(11), r.Events)
}

// A world is not driven from inside one of its own handlers.
func TestReEntrancyIsRefused(t *testing.T) {
	var w *sim.World
	calls := map[string]func(){
		"Run":      func() { w.Run() },
		"RunUntil": func() { _ = w.RunUntil(at(1)) },
		"Step":     func() { w.Step() },
		"Act":      func() { _ = w.Act(sim.Crash{}) },
		"Inject":   func() { _ = w.Inject(0, 0, "m") },
		"Close":    func() { w.Close() },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			p := acts{receive: func(*sim.Env, sim.NodeID, sim.Message) { call() }}
			w = newWorld(t, sim.Config{Nodes: 1, New: each(p)})
			require.NoError(t, w.Inject(0, 0, "m"))
			require.ErrorContains(t, w.RunUntil(at(1)), "from inside one of its own handlers")
		})
	}
	t.Run("Fork", func(t *testing.T) {
		var err error
		p := acts{receive: func(*sim.Env, sim.NodeID, sim.Message) { _, err = w.Fork() }}
		w = newWorld(t, sim.Config{Nodes: 1, New: each(p)})
		require.NoError(t, w.Inject(0, 0, "m"))
		require.NoError(t, w.RunUntil(at(1)))
		require.ErrorContains(t, err, "Fork inside a handler")
	})
	t.Run("another world", func(t *testing.T) {
		p := acts{init: func(*sim.Env) { run(t, sim.Config{Nodes: 1, New: cast()}) }}
		require.NoError(t, run(t, sim.Config{Nodes: 1, New: each(p)}).Err, "is another matter")
	})
}

func TestNewReportsAllThatIsWrong(t *testing.T) {
	_, err := sim.New(sim.Config{
		Nodes: -1, Until: -1, Limits: sim.Limits{Pending: 1 << 24}, Naming: 7,
		Properties: []sim.Property{{Name: "p"}, {Check: func(sim.View) error { return nil }}, {Name: "q", Mode: 9, Check: func(sim.View) error { return nil }}},
		Faults:     []sim.Fault{nil}, Observers: []sim.Observer{nil},
	})
	for _, want := range []string{"Nodes is -1, want 1 to", "New is nil", "Until is -1ns", "Limits.Pending is 16777216", "Naming is 7", `Properties[0] ("p") has no Check`,
		"Properties[1] has no Name", `Properties[2] ("q") has mode 9`, "Faults[0] is nil", "Observers[0] is nil"} {
		require.ErrorContains(t, err, "sim: Config."+want)
	}
	_, err = sim.New(sim.Config{Nodes: 1, New: cast(), Faults: []sim.Fault{sim.Schedule{{Time: -1, Action: sim.Crash{}}}}})
	require.ErrorContains(t, err, "sim: Config.Faults[0] (*sim.scheduleRun) wants action crash n0 at -1ns, want an action at 0s or later")
	_, err = sim.New(sim.Config{Nodes: 1, New: cast(), Faults: []sim.Fault{sim.Schedule{{}}}})
	require.Error(t, err)
}

func TestRunUntilMovesTime(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 1, New: each(acts{init: func(env *sim.Env) { env.After(5*unit, nil) }})})
	require.Zero(t, w.NextTime(), "the start is pending")
	require.NoError(t, w.RunUntil(at(3)))
	require.Equal(t, at(3), w.Now())
	require.Equal(t, at(5), w.NextTime())
	require.NoError(t, w.RunUntil(at(1)))
	require.NoError(t, w.RunUntil(-1))
	require.Equal(t, at(3), w.Now(), "never back")
	require.Zero(t, w.View().Stats().Timeouts)
	require.NoError(t, w.RunUntil(at(5)))
	require.Equal(t, uint64(1), w.View().Stats().Timeouts, "up to and including")
	require.Equal(t, sim.Never, w.NextTime())
	require.NoError(t, w.RunUntil(sim.Never))
	require.Equal(t, at(5), w.Now())
	require.False(t, w.Step())
}

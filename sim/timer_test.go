package sim_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// inBothQueues runs a test on a world with the tournament and on one with the radix heap.
func inBothQueues(t *testing.T, cfg sim.Config, test func(t *testing.T, w *sim.World)) {
	t.Helper()
	t.Run("tournament", func(t *testing.T) { test(t, newWorld(t, cfg)) })
	t.Run("radix heap", func(t *testing.T) {
		w := newWorld(t, cfg)
		sim.UseRadix(w)
		test(t, w)
	})
}

func TestTimersFireInOrder(t *testing.T) {
	var fired []any
	p := acts{
		init: func(env *sim.Env) {
			env.After(3*unit, "c")
			env.After(unit, "a")
			env.After(3*unit, "d") // a tie: in the order of arming
			env.After(2*unit, "b")
			env.After(-unit, "at once")
			env.After(math.MaxInt64, "in 292 years")
		},
		timeout: func(env *sim.Env, tag any) { fired = append(fired, fmt.Sprintf("%v %v", env.Now(), tag)) },
	}
	inBothQueues(t, sim.Config{Nodes: 1, New: each(p)}, func(t *testing.T, w *sim.World) {
		fired = nil
		require.Equal(t, sim.Pass, w.Run().Verdict)
		require.Equal(t, []any{"0s at once", "1ms a", "2ms b", "3ms c", "3ms d", "2562047h47m16.854775806s in 292 years"}, fired)
	})
}

func TestTimersRunOnTheNodesOwnClock(t *testing.T) {
	var rec recording
	p := acts{init: func(env *sim.Env) { env.After(10*unit, nil) }}
	run(t, sim.Config{Nodes: 2, New: each(p), Observers: []sim.Observer{&rec},
		Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			if id == 1 {
				return fast{}
			}
			return nil
		}})
	fired := rec.of(sim.Timeout)
	require.Len(t, fired, 2)
	require.Equal(t, []any{sim.NodeID(1), at(5), sim.Local(10 * unit)}, []any{fired[0].Node, fired[0].Time, fired[0].Local}, "twice as fast")
	require.Equal(t, []any{sim.NodeID(0), at(10), sim.Local(10 * unit)}, []any{fired[1].Node, fired[1].Time, fired[1].Local})
}

func TestStaleTimersAreNoTimers(t *testing.T) {
	var fired, cancelled, zero, others sim.Timer
	var checks []bool
	p := acts{
		init: func(env *sim.Env) {
			if env.ID() == 1 {
				others = env.After(50*unit, "other")
				return
			}
			fired = env.After(unit, "fires")
			cancelled = env.After(2*unit, "cancelled")
			checks = append(checks, env.Cancel(cancelled))
			for range 3 { // whose slots are used again
				env.After(10*unit, "later")
			}
			env.After(5*unit, "check")
		},
		timeout: func(env *sim.Env, tag any) {
			if tag == "check" {
				for _, x := range []sim.Timer{fired, cancelled, zero, others, 1 << 60} {
					checks = append(checks, env.Cancel(x), env.Reset(x, unit))
				}
			}
		},
	}
	inBothQueues(t, sim.Config{Nodes: 2, New: each(p)}, func(t *testing.T, w *sim.World) {
		checks = nil
		r := w.Run()
		require.Equal(t, append([]bool{true}, make([]bool, 10)...), checks)
		require.Equal(t, uint64(6), r.Stats.Timeouts, "fires, check, three later, other")
	})
}

func TestACrashEndsTimersAndTheirNames(t *testing.T) {
	var old sim.Timer
	var fired []any
	p := acts{
		init: func(env *sim.Env) {
			if env.Incarnation() == 0 {
				old = env.After(10*unit, "old")
				return
			}
			fired = append(fired, env.Cancel(old), env.Reset(old, unit))
			env.After(10*unit, "new")
		},
		timeout: func(env *sim.Env, tag any) { fired = append(fired, tag) },
	}
	plan := sim.Schedule{{Time: at(2), Action: sim.Crash{}}, {Time: at(4), Action: sim.Recover{}}}
	inBothQueues(t, sim.Config{Nodes: 1, New: each(p), Faults: []sim.Fault{plan}}, func(t *testing.T, w *sim.World) {
		fired = nil
		require.Equal(t, at(14), w.Run().Now)
		require.Equal(t, []any{false, false, "new"}, fired)
	})
}

// rearming is a process with a timeout that each message puts off: by Reset, or by Cancel and After.
type rearming struct {
	reset bool
	timer sim.Timer
}

func (p *rearming) Init(env *sim.Env) {
	p.timer = env.After(5*unit, "timeout")
	env.Send((env.ID()+1)%sim.NodeID(env.Nodes()), 0)
}

func (p *rearming) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	d := unit * time.Duration(env.Rand().IntN(9))
	if p.reset && env.Reset(p.timer, d) {
	} else {
		env.Cancel(p.timer)
		p.timer = env.After(d, "timeout")
	}
	env.Send((env.ID()+1)%sim.NodeID(env.Nodes()), m.(int)+1)
}

func (p *rearming) Timeout(env *sim.Env, tag any) { env.Note(env.Now()) }

// A timer put off by Reset acts as one cancelled and set anew: the same timeouts at the same times in the same order.
func TestResetEqualsCancelAndAfter(t *testing.T) {
	trace := func(t *testing.T, reset, radix bool) []string {
		var rec recording
		w := newWorld(t, sim.Config{Seed: 3, Nodes: 6, Network: lossy{max: 6}, Until: at(300), Observers: []sim.Observer{&rec},
			New: func(sim.NodeID) sim.Process { return &rearming{reset: reset} }})
		if radix {
			sim.UseRadix(w)
		}
		w.Run()
		var lines []string
		for _, e := range rec.of(sim.Timeout, sim.Deliver, sim.Note) {
			e.ID, e.Link = 0, 0 // Cancel is a record of its own
			lines = append(lines, line(&e))
		}
		return lines
	}
	want := trace(t, false, false)
	require.Greater(t, len(want), 100)
	for _, radix := range []bool{false, true} {
		for _, reset := range []bool{false, true} {
			requireSame(t, 3, want, trace(t, reset, radix))
		}
	}
}

// A cancelled timer's place is used again, with whatever of it is still queued: here its earlier key is gone when it
// is, and only a later one is left.
func TestTimerInTheTracksOfACancelledOne(t *testing.T) {
	var fired []sim.Local
	p := acts{
		init: func(env *sim.Env) {
			env.After(55*unit, "set")
			env.After(80*unit, "another")
			x := env.After(100*unit, "late")
			env.Reset(x, 50*unit)
			env.Cancel(x)
		},
		timeout: func(env *sim.Env, tag any) {
			if tag == "set" {
				env.After(5*unit, "due")
				return
			}
			fired = append(fired, env.Now())
		},
	}
	inBothQueues(t, sim.Config{Nodes: 1, New: each(p)}, func(t *testing.T, w *sim.World) {
		fired = nil
		w.Run()
		require.Equal(t, []sim.Local{sim.Local(60 * unit), sim.Local(80 * unit)}, fired)
	})
}

// A timer that fell due on a paused node and is lost in a crash leaves nothing behind in the queue that another event
// could be taken for.
func TestHeldTimerLostInACrashLeavesNothing(t *testing.T) {
	var rec recording
	p := acts{
		init: func(env *sim.Env) {
			if env.ID() == 0 {
				env.Reset(env.After(100*unit, "late"), 10*unit)
				return
			}
			env.After(30*unit, "send")
		},
		timeout: func(env *sim.Env, tag any) {
			for i := range 5 {
				env.Send(2, i) // one of them takes the place of the timer
			}
		},
	}
	plan := sim.Schedule{{Time: at(5), Action: sim.Pause{}}, {Time: at(20), Action: sim.Crash{}}}
	cfg := sim.Config{Nodes: 3, New: cast(p, p), Network: sim.ConstantDelay(200 * unit), Faults: []sim.Fault{plan}, Observers: []sim.Observer{&rec}}
	inBothQueues(t, cfg, func(t *testing.T, w *sim.World) {
		rec.events = nil
		w.Run()
		require.Equal(t, "timeout n1 send; deliver n2 0; deliver n2 1; deliver n2 2; deliver n2 3; deliver n2 4", story(rec.of(sim.Timeout, sim.Deliver)))
		for _, e := range rec.of(sim.Deliver) {
			require.Equal(t, at(230), e.Time)
		}
	})
}

func TestTimerReArmedEverEarlierIsALimitNotABug(t *testing.T) {
	p := acts{init: func(env *sim.Env) {
		x := env.After(time.Hour, nil)
		for i := range 70_000 {
			env.Reset(x, time.Hour-time.Duration(i))
		}
	}}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(p)})
	require.Equal(t, sim.Pass, w.Run().Verdict, "a tournament moves the key")

	w = newWorld(t, sim.Config{Nodes: 1, New: each(p)})
	sim.UseRadix(w)
	require.Equal(t, sim.LimitReached, w.Run().Verdict)
	require.ErrorContains(t, w.Err(), "re-armed to ever earlier times")
}

// The queue changes over from the tournament to the radix heap in the middle of a handler, with more timers than the
// former takes.
func TestChangeoverInsideAHandler(t *testing.T) {
	const n = 70_000
	var fired []int
	p := acts{
		init: func(env *sim.Env) { env.After(unit, -1) },
		timeout: func(env *sim.Env, tag any) {
			if i := tag.(int); i >= 0 {
				fired = append(fired, i)
				return
			}
			for i := range n {
				env.After(time.Duration((i*7919)%n), i) // 7919 is prime to n: each delay once
			}
		},
	}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(p)})
	require.False(t, sim.InRadix(w))
	require.Equal(t, sim.Pass, w.Run().Verdict)
	require.True(t, sim.InRadix(w))
	require.Len(t, fired, n)
	for d, i := range fired {
		require.Equal(t, d, (i*7919)%n)
	}
}

package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// echo answers a number after as many units, and nothing else.
var echo = acts{
	receive: func(env *sim.Env, from sim.NodeID, m sim.Message) {
		if n, ok := m.(int); ok {
			env.After(sim.Local(at(n)).Sub(0), [2]int{int(from), n})
		}
	},
	timeout: func(env *sim.Env, tag any) {
		t := tag.([2]int)
		env.Send(sim.NodeID(t[0]), t[1])
	},
}

// scripted runs a script on node 0 beside an echo on node 1, in both loose and strict mode, and returns its notes.
func scripted(t *testing.T, plan sim.Schedule, body func(*sim.Line)) string {
	t.Helper()
	var notes [2]string
	for i, strict := range []bool{false, true} {
		var rec recording
		r := run(t, sim.Config{Nodes: 2, Strict: strict, Network: sim.ConstantDelay(0), Observers: []sim.Observer{&rec}, Faults: []sim.Fault{plan}, Until: at(100),
			New: func(id sim.NodeID) sim.Process {
				if id == 1 {
					return echo
				}
				return sim.Script(body)
			}})
		require.NoError(t, r.Err)
		for _, e := range rec.of(sim.Note) {
			notes[i] += fmt.Sprintf("%v %v; ", e.Time, e.Value)
		}
	}
	require.Equal(t, notes[0], notes[1])
	return notes[0]
}

func TestScriptWaits(t *testing.T) {
	require.Equal(t, "0s begin; 3ms got 3 from n1; 5ms slept; 5ms got 4 from n1; 9ms nothing came; 12ms got 12 from n1; 12ms end; ", scripted(t, nil, func(l *sim.Line) {
		l.Note("begin")
		l.Send(1, 3)
		l.Send(1, 4) // answered while it sleeps: kept
		from, m := l.Receive()
		l.Notef("got %v from %v", m, from)
		l.Sleep(2 * unit)
		l.Note("slept")
		if from, m, ok := l.ReceiveWithin(9 * unit); ok {
			l.Notef("got %v from %v", m, from)
		}
		l.Send(1, 7) // too late for the first wait, in time for the second
		if _, _, ok := l.ReceiveWithin(4 * unit); !ok {
			l.Note("nothing came")
		}
		if from, m, ok := l.ReceiveWithin(4 * unit); ok {
			l.Notef("got %v from %v", m.(int)+5, from)
		}
		l.Note("end")
		l.Send(1, 1) // whose answer nobody awaits
	}))
}

// Timers that the body sets itself do not end its waiting.
func TestScriptsOwnTimersAreApart(t *testing.T) {
	require.Equal(t, "5ms slept; 9ms nothing came; ", scripted(t, nil, func(l *sim.Line) {
		l.After(2*unit, "its own")
		l.Sleep(5 * unit)
		l.Note("slept")
		l.After(unit, "its own")
		if _, _, ok := l.ReceiveWithin(4 * unit); !ok {
			l.Note("nothing came")
		}
	}))
}

// A crash unwinds the body, whose deferred functions run but have no effects; a recovery starts it anew.
func TestScriptCrashesAndStartsAnew(t *testing.T) {
	plan := sim.Schedule{{Time: at(5), Action: sim.Crash{}}, {Time: at(7), Action: sim.Recover{}}, {Time: at(9), Action: sim.CrashDuring{After: 1}}, {Time: at(11), Action: sim.Recover{}}}
	unwound := 0
	notes := scripted(t, plan, func(l *sim.Line) {
		l.Notef("start %d", l.Incarnation())
		defer func() {
			unwound++
			l.Note("from the grave")
			l.Send(1, 1)
		}()
		l.Sleep(3 * unit)
		l.Note("slept")
		l.Note("well")
		l.Sleep(3 * unit)
		if l.Incarnation() == 2 {
			l.Note("awake")
			l.Receive() // to the end of the run
		}
	})
	require.Equal(t, "0s start 0; 3ms slept; 3ms well; 7ms start 1; 10ms slept; 11ms start 2; 14ms slept; 14ms well; 17ms awake; ", notes)
	require.Equal(t, 2*3, unwound, "by two crashes and the end, in two modes")
}

func TestScriptThatEndsIsIdle(t *testing.T) {
	require.Equal(t, "0s done; ", scripted(t, nil, func(l *sim.Line) {
		l.Send(1, 1)
		l.Sleep(0)
		l.Note("done")
	}))
}

func TestPanicsInCleanupAreNotSwallowed(t *testing.T) {
	plan := sim.Schedule{{Time: at(2), Action: sim.Crash{}}}
	r := run(t, sim.Config{Nodes: 1, Faults: []sim.Fault{plan}, New: func(sim.NodeID) sim.Process {
		return sim.Script(func(l *sim.Line) {
			defer func() { panic(errPlanted) }()
			l.Receive()
		})
	}})
	require.ErrorIs(t, r.Err, errPlanted)
}

// Close lets go of scripts that still wait, whatever became of the run.
func TestCloseUnwindsScripts(t *testing.T) {
	unwound := 0
	w := newWorld(t, sim.Config{Nodes: 3, New: func(sim.NodeID) sim.Process {
		return sim.Script(func(l *sim.Line) {
			defer func() { unwound++; l.Note("not heard") }()
			l.Receive()
			panic(errPlanted)
		})
	}})
	require.NoError(t, w.RunUntil(at(1)))
	require.NoError(t, w.Inject(0, 1, "m"))
	require.ErrorIs(t, w.RunUntil(at(9)), errPlanted)
	require.Equal(t, 1, unwound, "by its own panic")
	w.Close()
	require.Equal(t, 3, unwound)
}

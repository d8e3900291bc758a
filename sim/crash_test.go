package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

func TestCrashLosesVolatileStateAndRecoverStartsAnew(t *testing.T) {
	var rec recording
	made := 0
	fresh := func(id sim.NodeID) sim.Process {
		made++
		count := 0 // volatile
		return acts{
			init: func(env *sim.Env) { env.Notef("start %d", env.Incarnation()) },
			receive: func(env *sim.Env, from sim.NodeID, m sim.Message) {
				count++
				env.Notef("%v is message %d", m, count)
			},
		}
	}
	w := newWorld(t, sim.Config{Nodes: 1, New: fresh, Observers: []sim.Observer{&rec}})
	send := func(m string) {
		require.NoError(t, w.Inject(0, 0, m))
		require.NoError(t, w.RunUntil(w.Now().Add(unit)))
	}
	send("a")
	send("b")
	require.NoError(t, w.Act(sim.Crash{}))
	require.NoError(t, w.Act(sim.Crash{}), "crashing twice is crashing once")
	require.Nil(t, w.View().Process(0))
	require.False(t, w.View().Up(0))
	send("c")
	require.NoError(t, w.Act(sim.Recover{}))
	require.NoError(t, w.Act(sim.Recover{}), "recovering twice is recovering once")
	require.Equal(t, 1, w.View().Incarnation(0))
	send("d")
	require.Equal(t, 2, made)
	require.Equal(t, "note n0 start 0; note n0 a is message 1; note n0 b is message 2; crash n0; drop n-1 c; recover n0; note n0 start 1; note n0 d is message 1",
		story(rec.of(sim.Note, sim.Crashed, sim.Recovered, sim.Drop)))
	require.Equal(t, sim.Dead, rec.of(sim.Drop)[0].Cause)
	require.Equal(t, uint64(1), w.View().Stats().Crashes)
}

// busy has five effects in one handler, and a timer that is none.
var busy = acts{receive: func(env *sim.Env, _ sim.NodeID, m sim.Message) {
	if m != "go" {
		return
	}
	env.Send(1, "one")
	env.Persist("key", "two")
	env.Note("three")
	env.After(unit, "not an effect that outlives a crash")
	env.SendWords(1, sim.Words{A: 4})
	env.StepWall(5)
}}

func TestCrashAfterTheKthEffect(t *testing.T) {
	effects := []string{"send n0 one", "persist n0 two", "note n0 three", "send n0 {4 0 0}", "wall-step n0"}
	for k := range len(effects) + 2 {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprintf("k=%d strict=%v", k, strict), func(t *testing.T) {
				var rec recording
				w := newWorld(t, sim.Config{Nodes: 2, New: cast(busy), Observers: []sim.Observer{&rec}, Strict: strict})
				require.NoError(t, w.RunUntil(0))
				require.NoError(t, w.Act(sim.CrashDuring{Node: 0, After: k}))
				require.NoError(t, w.Inject(0, 0, "an effect must come first"))
				require.NoError(t, w.RunUntil(at(1)))
				require.True(t, w.View().Up(0), "a handler without effects does not crash")
				rec.events = nil
				require.NoError(t, w.Inject(0, 0, "go"))
				require.NoError(t, w.RunUntil(at(9)))

				want := "send n0 go; deliver n0 go"
				for _, e := range effects[:min(k, len(effects))] {
					want += "; " + e
				}
				require.Equal(t, want+"; crash n0", story(lane0(rec.of(sim.Send, sim.Deliver, sim.Persist, sim.Note, sim.WallStepped, sim.Crashed, sim.Timeout))))
				require.False(t, w.View().Up(0))
			})
		}
	}
}

// lane0 leaves out what node 1 receives.
func lane0(events []sim.Event) []sim.Event {
	var list []sim.Event
	for _, e := range events {
		if e.Kind != sim.Deliver || e.Node == 0 {
			list = append(list, e)
		}
	}
	return list
}

func TestCrashDuringInit(t *testing.T) {
	var rec recording
	p := acts{init: func(env *sim.Env) {
		if env.Incarnation() == 0 {
			return
		}
		env.Note("first")
		env.Note("second")
	}}
	plan := sim.Schedule{{Time: 1, Action: sim.Crash{}}, {Time: 2, Action: sim.CrashDuring{After: 1}}, {Time: 3, Action: sim.Recover{}}}
	run(t, sim.Config{Nodes: 1, New: each(p), Faults: []sim.Fault{plan}, Observers: []sim.Observer{&rec}})
	require.Equal(t, "crash n0; recover n0; note n0 first; note n0 second", story(rec.of(sim.Note, sim.Crashed, sim.Recovered)),
		"a node that is down cannot be armed")
}

func TestRecoverBeforeTheStartDoesNothing(t *testing.T) {
	starts := 0
	w := newWorld(t, sim.Config{Nodes: 2, New: each(acts{init: func(*sim.Env) { starts++ }})})
	require.NoError(t, w.Act(sim.Recover{Node: 1}))
	w.Run()
	require.Equal(t, 2, starts)
	require.Equal(t, 0, w.View().Incarnation(1))
}

func TestPausedNodeKeepsWhatComesForIt(t *testing.T) {
	var rec recording
	p := acts{
		init: func(env *sim.Env) {
			if env.ID() == 0 {
				env.After(2*unit, "timer")
			}
		},
		receive: func(env *sim.Env, _ sim.NodeID, m sim.Message) { env.Note(m) },
	}
	w := newWorld(t, sim.Config{Nodes: 2, New: each(p), Network: sim.ConstantDelay(unit), Observers: []sim.Observer{&rec}})
	require.NoError(t, w.RunUntil(0))
	require.NoError(t, w.Act(sim.Pause{}))
	require.NoError(t, w.Act(sim.Pause{}), "pausing twice is pausing once")
	require.NoError(t, w.Inject(1, 0, "message"))
	require.NoError(t, w.RunUntil(at(5)))
	require.Empty(t, rec.of(sim.Deliver, sim.Timeout))
	require.Equal(t, uint64(1), w.View().Stats().InFlight)
	require.True(t, w.View().Paused(0) && w.View().Up(0))

	// A cut that begins after the message has arrived does not touch it.
	require.NoError(t, w.Act(sim.Cut{Name: "late", From: []sim.NodeID{0}, To: []sim.NodeID{1}}))
	require.NoError(t, w.Act(sim.Resume{}))
	require.NoError(t, w.RunUntil(at(6)))
	require.Equal(t, "deliver n0 message; timeout n0 timer", story(rec.of(sim.Deliver, sim.Timeout)))
	require.Equal(t, at(5), rec.of(sim.Deliver)[0].Time)
}

func TestCutsLoseMessagesOnSendingAndOnArrival(t *testing.T) {
	tests := []struct {
		name     string
		cut      sim.Cut
		from, to sim.NodeID
		lost     bool
	}{
		{"across", sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}, 0, 2, true},
		{"across, the other way", sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}, 2, 0, true},
		{"one-way, along it", sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1}, OneWay: true}, 0, 1, true},
		{"one-way, against it", sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1}, OneWay: true}, 1, 0, false},
		{"within a side", sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}, 1, 2, false},
		{"to oneself, on both sides", sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{0, 1, 2}}, 0, 0, false},
	}
	for _, tt := range tests {
		tt.cut.Name = "x"
		for _, begins := range []string{"before sending", "on the way", "and ends on the way"} {
			t.Run(tt.name+", "+begins, func(t *testing.T) {
				var rec recording
				w := newWorld(t, sim.Config{Nodes: 3, New: cast(), Network: sim.ConstantDelay(2 * unit), Observers: []sim.Observer{&rec}})
				if begins == "before sending" {
					require.NoError(t, w.Act(tt.cut))
				}
				require.NoError(t, w.Inject(tt.from, tt.to, "m"))
				require.NoError(t, w.RunUntil(at(1)))
				require.NoError(t, w.Act(tt.cut))
				if begins == "and ends on the way" {
					require.NoError(t, w.Act(sim.Heal{Name: "another"}))
					require.False(t, w.View().Connected(0, 1))
					require.NoError(t, w.Act(sim.Heal{Name: "x"}))
					require.True(t, w.View().Connected(0, 1))
				}
				require.NoError(t, w.RunUntil(at(3)))
				lost := rec.of(sim.Drop)
				if !tt.lost || begins == "and ends on the way" {
					require.Empty(t, lost)
					require.Len(t, rec.of(sim.Deliver), 1)
					return
				}
				require.Len(t, lost, 1)
				require.Equal(t, sim.Partition, lost[0].Cause)
				want := at(2)
				if begins == "before sending" {
					want = 0
				}
				require.Equal(t, want, lost[0].At)
			})
		}
	}
}

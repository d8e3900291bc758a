package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// testDisk has the same latency for all writes, and one fate.
type testDisk struct {
	latency time.Duration
	fate    sim.WriteFate
}

func (d testDisk) Latency(sim.Time, sim.NodeID, string, any, *sim.Rand) time.Duration {
	return d.latency
}
func (d testDisk) Fate(sim.NodeID, string, any, *sim.Rand) sim.WriteFate { return d.fate }

func TestPersistIsRecalledAtOnceAndDurableLater(t *testing.T) {
	var rec recording
	recall := func(env *sim.Env) {
		v, ok := env.Recall("k")
		env.Notef("%v %v", v, ok)
	}
	p := acts{
		init: func(env *sim.Env) {
			recall(env)
			env.Persist("k", "v")
			recall(env)
			env.After(3*unit, "overwrite")
		},
		timeout: func(env *sim.Env, tag any) {
			env.Persist("k", "w")
			env.Persist("k", nil)
			recall(env)
		},
	}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(p), Disk: testDisk{latency: 2 * unit}, Observers: []sim.Observer{&rec}})
	durable := func(until sim.Time) string {
		require.NoError(t, w.RunUntil(until))
		v, ok := w.View().Durable(0, "k")
		return fmt.Sprintf("%v %v", v, ok)
	}
	require.Equal(t, "<nil> false", durable(at(1)))
	require.Equal(t, "v true", durable(at(2)))
	require.Equal(t, "v true", durable(at(4)))
	require.Equal(t, "<nil> false", durable(at(5)), "a nil value removes")
	require.Equal(t, "note n0 <nil> false; persist n0 v; note n0 v true; durable n0 v; persist n0 w; persist n0; note n0 <nil> false; durable n0 w; durable n0",
		story(rec.of(sim.Persist, sim.Durable, sim.Note)))
}

func TestWhatACrashMakesOfWritesInFlight(t *testing.T) {
	for _, tt := range []struct {
		fate sim.WriteFate
		old  any // durable before
		new  any // in flight
		want func(v any, ok bool) bool
	}{
		{sim.WriteGone, "old", "new", func(v any, ok bool) bool { return v == "old" && ok }},
		{sim.WriteGone, nil, "new", func(v any, ok bool) bool { return !ok }},
		{sim.WriteKept, "old", "new", func(v any, ok bool) bool { return v == "new" && ok }},
		{sim.WriteKept, "old", nil, func(v any, ok bool) bool { return !ok }},
		{sim.WriteTorn, "old", "new", func(v any, ok bool) bool {
			have := v.(sim.Torn).Have.(string)
			return ok && have == "new"[:len(have)]
		}},
		{sim.WriteTorn, "old", []byte("new"), func(v any, ok bool) bool {
			have := v.(sim.Torn).Have.([]byte)
			return ok && string(have) == "new"[:len(have)] && cap(have) == len(have)
		}},
		{sim.WriteTorn, "old", 7, func(v any, ok bool) bool { return ok && v == sim.Torn{} }},
		{sim.WriteTorn, "old", nil, func(v any, ok bool) bool { return ok && v == sim.Torn{} }},
	} {
		t.Run(fmt.Sprint(tt.fate, " ", tt.old, " ", tt.new), func(t *testing.T) {
			var recalled any
			var ok bool
			p := acts{
				init: func(env *sim.Env) {
					if env.Incarnation() > 0 {
						recalled, ok = env.Recall("k")
						return
					}
					env.Persist("k", tt.old)
					env.After(5*unit, nil)
				},
				timeout: func(env *sim.Env, _ any) { env.Persist("k", tt.new) },
			}
			plan := sim.Schedule{{Time: at(6), Action: sim.Crash{}}, {Time: at(20), Action: sim.Recover{}}}
			run(t, sim.Config{Nodes: 1, New: each(p), Disk: testDisk{2 * unit, tt.fate}, Faults: []sim.Fault{plan}})
			require.True(t, tt.want(recalled, ok), "%#v %v", recalled, ok)
		})
	}
}

func TestTornStringsHaveEveryLength(t *testing.T) {
	lengths := map[int]bool{}
	for seed := range uint64(60) {
		p := acts{init: func(env *sim.Env) {
			if env.Incarnation() == 0 {
				env.Persist("k", "abc")
				return
			}
			v, _ := env.Recall("k")
			lengths[len(v.(sim.Torn).Have.(string))] = true
		}}
		plan := sim.Schedule{{Time: 1, Action: sim.Crash{}}, {Time: 2, Action: sim.Recover{}}}
		run(t, sim.Config{Seed: seed, Nodes: 1, New: each(p), Disk: testDisk{unit, sim.WriteTorn}, Faults: []sim.Fault{plan}})
	}
	require.Len(t, lengths, 4, "0 to 3 bytes")
}

func TestMessagesWaitForTheWriteBeforeThem(t *testing.T) {
	p := acts{init: func(env *sim.Env) {
		env.Send(1, "before")
		env.Persist("k", 1)
		env.Send(1, "after one")
		env.SendWords(1, sim.Words{A: 1})
		env.Persist("k", 2)
		env.Send(1, "after two")
	}}
	for _, strict := range []bool{false, true} {
		var rec recording
		run(t, sim.Config{Nodes: 2, New: cast(p), Disk: testDisk{latency: 3 * unit}, Network: sim.ConstantDelay(unit), Strict: strict, Observers: []sim.Observer{&rec}})
		require.Equal(t, "send n0 before; persist n0 1; persist n0 2; durable n0 1; send n0 after one; send n0 {1 0 0}; durable n0 2; send n0 after two",
			story(rec.of(sim.Send, sim.Persist, sim.Durable)), "in the order of the calls")
		require.Equal(t, []sim.Time{0, at(3), at(3), at(3)}, times(rec.of(sim.Send)))
		require.Equal(t, []sim.Time{at(1), at(4), at(4), at(4)}, times(rec.of(sim.Deliver)))
	}
}

func times(events []sim.Event) (list []sim.Time) {
	for _, e := range events {
		list = append(list, e.Time)
	}
	return list
}

func TestMessagesWaitingForAWriteDieWithTheirSender(t *testing.T) {
	for _, recovers := range []bool{false, true} {
		var rec recording
		p := acts{init: func(env *sim.Env) {
			if env.Incarnation() == 0 {
				env.Persist("k", 1)
				env.Send(1, "promise")
			}
		}}
		plan := sim.Schedule{{Time: at(1), Action: sim.Crash{}}}
		if recovers {
			plan = append(plan, sim.At{Time: at(2), Action: sim.Recover{}})
		}
		r := run(t, sim.Config{Nodes: 2, New: cast(p), Disk: testDisk{3 * unit, sim.WriteKept}, Faults: []sim.Fault{plan}, Observers: []sim.Observer{&rec}})
		require.Empty(t, rec.of(sim.Send))
		require.Equal(t, uint64(1), r.Stats.Unsent)
		require.Zero(t, r.Stats.Sent)
	}
}

// A write of no latency behind another that completes at this very time is not durable yet: the message after it
// waits too.
func TestMessagesWaitForAWriteThatQueues(t *testing.T) {
	var rec recording
	disk := latencies(func(key string, _ any) time.Duration {
		if key == "slow" {
			return 3 * unit
		}
		return 0
	})
	p := acts{
		init: func(env *sim.Env) {
			env.After(3*unit, nil) // caused before the write completes, at the same time
			env.Persist("slow", 1)
		},
		timeout: func(env *sim.Env, _ any) {
			env.Persist("fast", 2)
			env.Send(1, "promise")
		},
	}
	run(t, sim.Config{Nodes: 2, New: cast(p), Disk: disk, Observers: []sim.Observer{&rec}})
	require.Equal(t, "persist n0 1; persist n0 2; durable n0 1; durable n0 2; send n0 promise", story(rec.of(sim.Persist, sim.Durable, sim.Send)))
}

// Writes that a crash has settled are in nobody's way: later ones neither queue behind them nor complete in their
// stead.
func TestWritesAfterACrashAreApartFromThoseBefore(t *testing.T) {
	p := acts{init: func(env *sim.Env) { env.Persist("k", env.Incarnation()) }}
	plan := sim.Schedule{{Time: at(1), Action: sim.Crash{}}, {Time: at(2), Action: sim.Recover{}}}
	for _, second := range []int{1, 30} {
		var rec recording
		latency := func(_ string, incarnation any) time.Duration {
			return unit * time.Duration([]int{10, second}[incarnation.(int)])
		}
		run(t, sim.Config{Nodes: 1, New: each(p), Disk: latencies(latency), Faults: []sim.Fault{plan}, Observers: []sim.Observer{&rec}})
		require.Equal(t, []sim.Time{at(2 + second)}, times(rec.of(sim.Durable)))
	}
}

// latencies is a Disk by a function, whose crashes lose all.
type latencies func(key string, value any) time.Duration

func (f latencies) Latency(_ sim.Time, _ sim.NodeID, key string, value any, _ *sim.Rand) time.Duration {
	return f(key, value)
}
func (latencies) Fate(sim.NodeID, string, any, *sim.Rand) sim.WriteFate { return sim.WriteGone }

// The fate of a write is drawn apart from its latency: slow writes are not torn more often than fast ones.
func TestAWritesFateIsDrawnApartFromItsLatency(t *testing.T) {
	d := &drawing{}
	p := acts{init: func(env *sim.Env) {
		if env.Incarnation() == 0 {
			env.Persist("a", 1)
			env.Persist("b", 2)
		}
	}}
	plan := sim.Schedule{{Time: at(1), Action: sim.Crash{}}}
	run(t, sim.Config{Nodes: 2, New: each(p), Disk: d, Faults: []sim.Fault{plan}})
	require.Len(t, d.drawn, 4+2, "four writes, two of them in flight on the node that crashed")
	require.Len(t, unique(d.drawn), 4+2)
}

// drawing is a Disk that keeps what it draws.
type drawing struct{ drawn []uint64 }

func (d *drawing) Latency(_ sim.Time, _ sim.NodeID, _ string, _ any, r *sim.Rand) time.Duration {
	d.drawn = append(d.drawn, r.Uint64())
	return 5 * unit
}

func (d *drawing) Fate(_ sim.NodeID, _ string, _ any, r *sim.Rand) sim.WriteFate {
	d.drawn = append(d.drawn, r.Uint64())
	return sim.WriteGone
}

func unique(list []uint64) map[uint64]bool {
	set := map[uint64]bool{}
	for _, x := range list {
		set[x] = true
	}
	return set
}

func TestLatentDisk(t *testing.T) {
	d := sim.LatentDisk{Min: 2, Max: 6, Torn: .25, Kept: .5}
	latencies, fates := make([]int, 5), map[sim.WriteFate]float64{}
	r := sim.NewRand(1)
	const n = 20_000
	for range n {
		latencies[d.Latency(0, 0, "", nil, &r)-2]++
		fates[d.Fate(0, "", nil, &r)]++
	}
	requireUniform(t, latencies)
	// Torn is drawn first, then kept of the rest: 1/4, 3/4*1/2, 3/8. The deviation of a share is at most .5/sqrt(n) =
	// .0035.
	require.InDelta(t, .25, fates[sim.WriteTorn]/n, .018)
	require.InDelta(t, .375, fates[sim.WriteKept]/n, .018)
	require.InDelta(t, .375, fates[sim.WriteGone]/n, .018)
	require.Zero(t, sim.LatentDisk{}.Latency(0, 0, "", nil, &r))
	require.Equal(t, time.Duration(4), sim.LatentDisk{Min: 4}.Latency(0, 0, "", nil, &r))
}

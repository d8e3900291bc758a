package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// pulse sends a message to every peer each unit, and notes what it receives and when, by its own clock.
type pulse struct{ sent int }

func (p *pulse) Init(env *sim.Env) { env.After(unit, nil) }
func (p *pulse) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	env.Notef("%v from %v", m, from)
}
func (p *pulse) Timeout(env *sim.Env, _ any) {
	p.sent++
	env.Broadcast(p.sent)
	env.After(unit, nil)
}
func (p *pulse) Clone() sim.Process { c := *p; return &c }

func pulses(tb testing.TB, nodes int, until sim.Time, faults ...sim.At) (*recording, *sim.Result) {
	rec := &recording{}
	r := run(tb, sim.Config{Seed: 3, Nodes: nodes, New: func(sim.NodeID) sim.Process { return &pulse{} }, Until: until, Faults: []sim.Fault{sim.Schedule(faults)}, Observers: []sim.Observer{rec}})
	return rec, r
}

func ends(rec *recording) map[sim.MessageName]sim.Cause {
	m := map[sim.MessageName]sim.Cause{}
	for _, e := range rec.of(sim.Deliver, sim.Drop) {
		m[e.Name()] = e.Cause
	}
	return m
}

func TestOmissionsAreTheOneNodesAndNobodyElses(t *testing.T) {
	plain, _ := pulses(t, 3, at(2000))
	for name, act := range map[string]sim.Action{
		"send":    sim.OmitSends{Name: "o", Node: 1, P: .3},
		"receive": sim.OmitReceives{Name: "o", Node: 1, P: .3},
	} {
		t.Run(name, func(t *testing.T) {
			rec, r := pulses(t, 3, at(2000), sim.At{Time: at(500), Action: act}, sim.At{Time: at(1500), Action: sim.Heal{Name: "o"}})
			was, omitted := ends(plain), 0
			for m, cause := range ends(rec) {
				if cause != sim.Omission {
					require.Equal(t, was[m], cause)
					continue
				}
				omitted++
				if name == "send" {
					require.Equal(t, sim.NodeID(1), m.From)
				} else {
					require.Equal(t, sim.NodeID(1), m.To)
				}
			}
			require.EqualValues(t, omitted, r.Stats.Dropped[sim.Omission])
			require.InDelta(t, 600, omitted, 4*20.5, "a binomial of 2000 messages, .3 each") // sd sqrt(2000 x .3 x .7) = 20.5
			for _, e := range rec.of(sim.Drop) {
				require.GreaterOrEqual(t, e.At, at(500))
				require.LessOrEqual(t, e.At, at(1501))
			}
		})
	}
}

func TestOmissionsAreCountedAndAimed(t *testing.T) {
	_, r := pulses(t, 3, at(100), sim.At{Time: 0, Action: sim.OmitSends{Node: 0, P: 1, Max: 7}})
	require.EqualValues(t, 7, r.Stats.Dropped[sim.Omission])
	rec, _ := pulses(t, 3, at(100), sim.At{Time: 0, Action: sim.OmitReceives{Node: 2, P: 1, Peers: []sim.NodeID{1}}})
	for m, cause := range ends(rec) {
		require.Equal(t, m.From == 1 && m.To == 2, cause == sim.Omission, "%v", m)
	}
}

// server notes when it handles what.
var server = acts{receive: func(env *sim.Env, _ sim.NodeID, m sim.Message) { env.Note(m) }}

func TestASlowNodeServesInOrderAndQueues(t *testing.T) {
	var rec recording
	w := newWorld(t, sim.Config{Nodes: 2, New: each(server), Network: sim.ConstantDelay(0), Observers: []sim.Observer{&rec}})
	require.NoError(t, w.Act(sim.Slow{Name: "s", Node: 1, Factor: 10, Work: unit / 10}))
	for i := range 5 {
		require.NoError(t, w.Inject(0, 1, fmt.Sprint(i)))
	}
	require.NoError(t, w.RunUntil(at(3)))
	require.Equal(t, []sim.Time{at(1), at(2), at(3)}, times(rec.of(sim.Note)), "each takes a unit, and waits for those before it")
	require.NoError(t, w.Act(sim.Pause{Node: 1}))
	require.NoError(t, w.RunUntil(at(10)))
	require.NoError(t, w.Act(sim.Resume{Node: 1}))
	require.NoError(t, w.RunUntil(at(11)))
	require.Equal(t, at(11), times(rec.of(sim.Note))[3], "a pause stops the work")
	require.NoError(t, w.Act(sim.Heal{Name: "s"}))
	require.NoError(t, w.RunUntil(at(11)))
	require.Len(t, rec.of(sim.Note), 5, "what waits is handled at once when it ends")
	require.NoError(t, w.Inject(0, 1, "fast again"))
	require.NoError(t, w.RunUntil(at(11)))
	require.Len(t, rec.of(sim.Note), 6)
}

func TestASlowNodesTimersWaitTooAndMayBeStopped(t *testing.T) {
	var rec recording
	var stopped sim.Timer
	p := acts{
		init: func(env *sim.Env) {
			env.After(unit, "first")
			stopped = env.After(unit, "stopped")
			env.After(unit, "second")
		},
		timeout: func(env *sim.Env, tag any) {
			env.Note(tag)
			if tag == "first" {
				env.Cancel(stopped)
			}
		},
	}
	for _, radix := range []bool{false, true} {
		rec = recording{}
		w := newWorld(t, sim.Config{Nodes: 1, New: each(p), Observers: []sim.Observer{&rec}})
		if radix {
			sim.UseRadix(w)
		}
		require.NoError(t, w.Act(sim.Slow{Node: 0, Factor: 1, Work: unit}))
		require.NoError(t, w.RunUntil(at(10)))
		require.Equal(t, "note n0 first; note n0 second", story(rec.of(sim.Note)))
		require.Equal(t, []sim.Time{at(2), at(3)}, times(rec.of(sim.Note)))
	}
}

func TestWhatWaitsAtASlowNodeDiesInACrash(t *testing.T) {
	var rec recording
	w := newWorld(t, sim.Config{Nodes: 2, New: each(server), Network: sim.ConstantDelay(0), Observers: []sim.Observer{&rec}})
	require.NoError(t, w.Act(sim.Slow{Node: 1, Factor: 1, Work: unit}))
	for i := range 3 {
		require.NoError(t, w.Inject(0, 1, i))
	}
	require.NoError(t, w.RunUntil(at(1)))
	require.NoError(t, w.Act(sim.Crash{Node: 1}))
	require.NoError(t, w.Act(sim.Recover{Node: 1}))
	require.NoError(t, w.Inject(0, 1, 3))
	require.NoError(t, w.RunUntil(at(10)))
	require.Equal(t, []sim.Time{at(1), at(2)}, times(rec.of(sim.Note)), "it stays slow")
	s := w.View().Stats()
	require.EqualValues(t, 2, s.Dropped[sim.Dead])
	require.Zero(t, s.InFlight)
}

func TestADriftMovesTimersAndStaysMonotone(t *testing.T) {
	var rec recording
	p := acts{init: func(env *sim.Env) { env.After(10*unit, "due") }, timeout: func(env *sim.Env, tag any) { env.Note(tag) }}
	w := newWorld(t, sim.Config{Nodes: 2, New: each(p), Observers: []sim.Observer{&rec}})
	require.NoError(t, w.RunUntil(at(2)))
	require.NoError(t, w.Act(sim.Drift{Name: "d", Node: 0, PPM: 250_000}))
	before := w.View().Local(0)
	require.EqualValues(t, at(2), before)
	require.NoError(t, w.RunUntil(at(6)))
	require.EqualValues(t, at(7), w.View().Local(0), "five units in four")
	require.EqualValues(t, at(7), w.View().Wall(0), "the wall clock has the same oscillator")
	require.NoError(t, w.Act(sim.Heal{Name: "d"}))
	require.NoError(t, w.RunUntil(at(20)))
	require.Equal(t, []sim.Time{at(9), at(10)}, times(rec.of(sim.Note)), "three units more at the true rate")
	require.EqualValues(t, at(21), w.View().Local(0), "the error stays")
	require.ErrorContains(t, w.Act(sim.StepClock{Node: 0, By: -unit}), "a monotonic clock does not step back")
}

func TestAStepOfTheClockFiresWhatIsDue(t *testing.T) {
	var rec recording
	p := acts{
		init:    func(env *sim.Env) { env.After(10*unit, "due"); env.After(20*unit, "later") },
		timeout: func(env *sim.Env, tag any) { env.Note(tag) },
	}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(p), Clock: func(sim.NodeID, *sim.Rand) sim.Clock { return fast{} }, Observers: []sim.Observer{&rec}})
	require.NoError(t, w.RunUntil(at(1)))
	require.NoError(t, w.Act(sim.StepClock{Node: 0, By: 15 * unit}))
	require.NoError(t, w.RunUntil(at(30)))
	require.Equal(t, []sim.Time{at(1), at(3) - sim.Time(unit)/2}, times(rec.of(sim.Note)), "17 + 3 at twice the rate")
}

// writer persists what it is sent and acknowledges it after that.
type writer struct{}

func (writer) Init(env *sim.Env) {
	v, ok := env.Recall("x")
	env.Notef("start with %v %v", v, ok)
}
func (writer) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if m == "ack" {
		env.Note(m)
		return
	}
	env.Persist("x", m)
	env.Send(from, "ack")
}
func (writer) Timeout(*sim.Env, any) {}
func (writer) Clone() sim.Process    { return writer{} }

func writing(t *testing.T, disk sim.Disk) (*sim.World, *recording) {
	rec := &recording{}
	return newWorld(t, sim.Config{Nodes: 2, New: each(writer{}), Disk: disk, Strict: true, Observers: []sim.Observer{rec}}), rec
}

func write(t *testing.T, w *sim.World, v any) {
	t.Helper()
	require.NoError(t, w.Inject(0, 1, v))
	require.NoError(t, w.RunUntil(w.Now().Add(4*unit)))
}

func reboot(t *testing.T, w *sim.World, rec *recording) string {
	t.Helper()
	if w.View().Up(1) {
		require.NoError(t, w.Act(sim.Crash{Node: 1}))
	}
	require.NoError(t, w.Act(sim.Recover{Node: 1}))
	notes := rec.of(sim.Note)
	return fmt.Sprint(notes[len(notes)-1].Value)
}

func TestADiskThatLies(t *testing.T) {
	for name, disk := range map[string]sim.Disk{"at once": nil, "later": testDisk{latency: unit, fate: sim.WriteGone}} {
		t.Run(name, func(t *testing.T) {
			w, rec := writing(t, disk)
			write(t, w, "old")
			require.NoError(t, w.Act(sim.LoseWrites{Node: 1, P: 1, Max: 1}))
			write(t, w, "lost")
			require.Len(t, rec.of(sim.Durable), 2, "it said that it was durable")
			require.Equal(t, "start with old true", reboot(t, w, rec))
			write(t, w, "new")
			require.Equal(t, "start with new true", reboot(t, w, rec), "only one is lost")
		})
	}
}

func TestALaterWriteSavesALostOne(t *testing.T) {
	w, rec := writing(t, nil)
	require.NoError(t, w.Act(sim.LoseWrites{Node: 1, P: 1, Max: 1}))
	write(t, w, "lost")
	write(t, w, "good")
	require.Equal(t, "start with good true", reboot(t, w, rec))
	require.Empty(t, rec.of(sim.WriteLost))
}

func TestATornWriteIsFoundAfterTheCrash(t *testing.T) {
	w, rec := writing(t, nil)
	require.NoError(t, w.Act(sim.TearWrites{Node: 1, P: 1}))
	write(t, w, "whole")
	require.Contains(t, reboot(t, w, rec), "{")
	v, ok := w.View().Durable(1, "x")
	require.True(t, ok)
	require.IsType(t, sim.Torn{}, v)
}

func TestNothingLeavesBeforeThereIsRoom(t *testing.T) {
	for _, radix := range []bool{false, true} {
		for name, disk := range map[string]sim.Disk{"at once": nil, "later": testDisk{latency: unit, fate: sim.WriteGone}} {
			t.Run(fmt.Sprint(name, radix), func(t *testing.T) {
				w, rec := writing(t, disk)
				if radix {
					sim.UseRadix(w)
				}
				require.NoError(t, w.Act(sim.FullDisk{Name: "f", Node: 1}))
				write(t, w, "a")
				write(t, w, "b")
				require.Empty(t, rec.of(sim.Durable))
				require.Len(t, rec.of(sim.Note), 2, "the two starts: no acknowledgement")
				f, err := w.Fork()
				require.NoError(t, err)
				require.NoError(t, w.Act(sim.Heal{Name: "f"}))
				require.NoError(t, w.RunUntil(w.Now().Add(4*unit)))
				require.Len(t, rec.of(sim.Durable), 2)
				require.Len(t, rec.of(sim.Note), 4)
				require.NoError(t, f.Act(sim.Crash{Node: 1}))
				require.EqualValues(t, 2, f.View().Stats().Unsent)
				_, ok := f.View().Durable(1, "x")
				require.False(t, ok, "a crash loses what waits")
			})
		}
	}
}

// What a lost write hides is the write before it, even if that is torn.
func TestALostWriteDoesNotMendATornOne(t *testing.T) {
	w, rec := writing(t, nil)
	write(t, w, "old")
	require.NoError(t, w.Act(sim.TearWrites{Node: 1, P: 1, Max: 1}))
	write(t, w, "torn")
	require.NoError(t, w.Act(sim.LoseWrites{Node: 1, P: 1, Max: 1}))
	write(t, w, "lost")
	reboot(t, w, rec)
	v, _ := w.View().Durable(1, "x")
	require.IsType(t, sim.Torn{}, v)
	require.Len(t, rec.of(sim.WriteLost), 2)
}

func TestASlowDiskTakesItsTime(t *testing.T) {
	w, rec := writing(t, testDisk{latency: unit})
	require.NoError(t, w.Act(sim.SlowDisk{Name: "s", Node: 1, Factor: 3}))
	write(t, w, "a")
	require.Equal(t, []sim.Time{at(4)}, times(rec.of(sim.Durable)), "one unit on the way and three on the disk")
}

func TestDisksAreLostRestoredAndRot(t *testing.T) {
	w, rec := writing(t, nil)
	write(t, w, "old")
	require.NoError(t, w.Act(sim.Backup{Node: 1}))
	write(t, w, "new")
	require.NoError(t, w.Act(sim.OldDisk{Node: 1}))
	require.Equal(t, "start with old true", reboot(t, w, rec))
	require.NoError(t, w.Act(sim.Rot{Node: 1, Undetected: true}))
	v, _ := w.View().Durable(1, "x")
	require.NotEqual(t, "old", v)
	require.Len(t, v, 3)
	require.Equal(t, fmt.Sprintf("start with %v true", v), reboot(t, w, rec))
	require.NoError(t, w.Act(sim.Rot{Node: 1, Key: "x"}))
	v, _ = w.View().Durable(1, "x")
	require.IsType(t, sim.Torn{}, v)
	require.NoError(t, w.Act(sim.LoseDisk{Node: 1}))
	require.Equal(t, "start with <nil> false", reboot(t, w, rec))
}

func TestADisturbanceIsOfItsLinksAndItsTime(t *testing.T) {
	plain, _ := pulses(t, 3, at(1000))
	d := sim.Disturb{Name: "d", From: []sim.NodeID{0}, To: []sim.NodeID{1}, OneWay: true, Loss: .4, Delay: 3 * unit, Jitter: unit}
	rec, r := pulses(t, 3, at(1000), sim.At{Time: 0, Action: d}, sim.At{Time: at(501), Action: sim.Heal{Name: "d"}})
	was := ends(plain)
	for m, cause := range ends(rec) {
		if m.From != 0 || m.To != 1 || m.K > 501 {
			require.Equal(t, was[m], cause)
		}
	}
	require.InDelta(t, 200, r.Stats.Dropped[sim.Loss], 4*11, "a binomial of 500, .4 each")
	for _, e := range rec.of(sim.Deliver) {
		late := e.Time - at(int(e.K)) - sim.Time(sim.ConstantDelay(time.Millisecond))
		if e.From == 0 && e.To == 1 && e.K < 501 {
			require.GreaterOrEqual(t, late, at(3))
			require.LessOrEqual(t, late, at(4))
		} else if e.K > 502 {
			require.Zero(t, late)
		}
	}
}

func TestFailStopIsNeverWrongAndNeverLate(t *testing.T) {
	var seen []string
	p := acts{receive: func(env *sim.Env, _ sim.NodeID, m sim.Message) { seen = append(seen, fmt.Sprint(m, env.Failed(1))) }}
	w := newWorld(t, sim.Config{Nodes: 2, New: each(p), Network: sim.ConstantDelay(0), FailStop: &sim.FailStop{Within: 2 * unit}})
	ask := func(at sim.Time, what string) {
		require.NoError(t, w.RunUntil(at))
		require.NoError(t, w.Inject(0, 0, what))
		require.NoError(t, w.RunUntil(at))
	}
	ask(at(1), "up ")
	require.NoError(t, w.Act(sim.Pause{Node: 1}))
	ask(at(9), "paused ")
	require.NoError(t, w.Act(sim.Crash{Node: 1}))
	ask(at(11)-1, "early ")
	ask(at(11), "in time ")
	require.NoError(t, w.Act(sim.Recover{Node: 1}))
	ask(at(12), "back ")
	require.Equal(t, []string{"up false", "paused false", "early false", "in time true", "back false"}, seen)
	w = newWorld(t, sim.Config{Nodes: 2, New: each(p)})
	require.NoError(t, w.Inject(0, 0, "x"))
	require.ErrorContains(t, w.RunUntil(at(1)), "without Config.FailStop")
}

func TestConditionsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		act  sim.Action
		want string
	}{
		{sim.OmitSends{Node: 7, P: 2, Max: -1, Peers: []sim.NodeID{}}, "OmitSends.Node is n7, want n0 to n1\nsim: OmitSends.Peers is empty, want at least 1 node, or nil for all\nsim: OmitSends.P is 2, want more than 0, at most 1\nsim: OmitSends.Max is -1"},
		{sim.OmitReceives{P: 0}, "OmitReceives.P is 0"},
		{sim.Slow{Factor: .5, Work: -1}, "Slow.Factor is 0.5, want 1 to 1e+09\nsim: Slow.Work is -1ns"},
		{sim.SlowDisk{Factor: 0}, "SlowDisk.Factor is 0"},
		{sim.Drift{PPM: 0}, "Drift.PPM is 0"},
		{sim.Disturb{Loss: 2, Delay: -1}, "Disturb.Loss is 2, want 0 to 1\nsim: Disturb.Delay is -1ns"},
		{sim.Disturb{}, "Disturb does nothing"},
		{sim.Disturb{Loss: 1, OneWay: true}, "OneWay is set and both sides are all nodes"},
		{sim.LoseWrites{P: 1.5}, "LoseWrites.P is 1.5"},
		{sim.TearWrites{P: -1}, "TearWrites.P is -1"},
		{sim.FullDisk{Node: -3}, "FullDisk.Node is n-3"},
	} {
		w := newWorld(t, sim.Config{Nodes: 2, New: each(server)})
		require.ErrorContains(t, w.Act(c.act), c.want)
	}
}

// Any mix of conditions leaves runs repeatable, forks alike, and every message accounted for; in either queue.
func TestConditionsCompose(t *testing.T) {
	all := []sim.Action{
		sim.OmitSends{Name: "1", Node: 0, P: .2}, sim.OmitReceives{Name: "2", Node: 1, P: .2, Max: 40}, sim.Slow{Name: "3", Node: 2, Factor: 5, Work: unit / 7},
		sim.Drift{Name: "4", Node: 0, PPM: -200_000}, sim.StepClock{Node: 1, By: unit / 2}, sim.Disturb{Name: "5", Loss: .1, Delay: unit, Jitter: unit},
		sim.Pause{Node: 2}, sim.Heal{Name: "3"}, sim.Resume{Node: 2}, sim.Slow{Name: "6", Node: 2, Factor: 2, Work: unit}, sim.Crash{Node: 2}, sim.Recover{Node: 2},
		sim.Heal{Name: "5"}, sim.Heal{},
	}
	for seed := range uint64(20) {
		plan := sim.Schedule{}
		r := sim.NewRand(seed, sim.ForStudy)
		for i, a := range all {
			plan = append(plan, sim.At{Time: at(20*i) + sim.Time(r.IntN(int(20*unit))), Action: a})
		}
		cfg := sim.Config{Seed: seed, Nodes: 3, New: func(sim.NodeID) sim.Process { return &pulse{} }, Until: at(400), Faults: []sim.Fault{plan}, Strict: true, Shuffle: seed%2 == 1}
		want := run(t, cfg)
		require.NoError(t, want.Err)
		require.Equal(t, want.Digest, run(t, cfg).Digest)
		require.Equal(t, want.Stats.Sent+want.Stats.Duplicated, want.Stats.Delivered+want.Stats.Lost()+want.Stats.InFlight)
		w := newWorld(t, cfg)
		require.NoError(t, w.RunUntil(at(int(7*seed))))
		f, err := w.Fork()
		require.NoError(t, err)
		require.Equal(t, want.Digest, w.Run().Digest)
		require.Equal(t, want.Digest, f.Run().Digest)
		x := newWorld(t, cfg)
		sim.UseRadix(x)
		require.Equal(t, want.Digest, x.Run().Digest, "seed %d, the other queue", seed)
	}
}

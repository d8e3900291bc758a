package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// A run is the same with and without observers, strict or not: the digest, the counts, and in strict mode the contents.
func TestObserversChangeNothing(t *testing.T) {
	notes := acts{init: func(env *sim.Env) { env.Notef("formatted %d", 1) }}
	worlds := map[string]func() sim.Config{"notes": func() sim.Config { return sim.Config{Nodes: 2, New: each(notes)} }}
	for seed := range uint64(20) {
		worlds[fmt.Sprint("trial ", seed)] = func() sim.Config {
			cfg := newTrial(seed).config(nil)
			cfg.Observers = nil
			return cfg
		}
	}
	for name, config := range worlds {
		t.Run(name, func(t *testing.T) {
			var plain, content *sim.Result
			for _, strict := range []bool{false, true} {
				for _, observers := range [][]sim.Observer{nil, {&recording{}}, {&recording{}, &recording{}}} {
					cfg := config()
					cfg.Until, cfg.Strict, cfg.Observers = at(150), strict, observers
					r := run(t, cfg)
					require.NoError(t, r.Err)
					if strict && content == nil {
						content = r
					}
					if plain == nil {
						plain = r
					}
					want := *plain
					if strict {
						require.NotZero(t, r.Content)
						want.Content = content.Content
					}
					require.Equal(t, want, *r)
				}
			}
		})
	}
}

// Observers see every record, numbered without a gap, in an order in which time does not decrease.
func TestObserversSeeEverything(t *testing.T) {
	for seed := range uint64(20) {
		trial := newTrial(seed)
		var rec recording
		cfg := trial.config(&rec)
		w := trial.drive(t, newWorld(t, cfg), unchanged)
		var handlers, deliveries uint64
		for i, e := range rec.events {
			require.Equal(t, uint64(i+1), e.ID)
			if i > 0 {
				require.GreaterOrEqual(t, e.Time, rec.events[i-1].Time)
			}
			require.Less(t, e.Link, e.ID)
			if e.Kind.Handler() {
				handlers++
			}
			if e.Kind == sim.Deliver {
				deliveries++
			}
		}
		require.Equal(t, w.View().Records(), uint64(len(rec.events)))
		require.Equal(t, w.View().Stats().Delivered, deliveries)
		require.Greater(t, handlers, deliveries)
		require.GreaterOrEqual(t, w.View().Events(), handlers, "and faults")
	}
}

// Links lead from each effect's consequence back to it.
func TestLinksLeadBack(t *testing.T) {
	want := map[sim.Kind]sim.Kind{
		sim.Deliver: sim.Send, sim.Drop: sim.Send, sim.Timeout: sim.TimerSet, sim.TimerStopped: sim.TimerSet, sim.Durable: sim.Persist, sim.WriteLost: sim.Persist,
	}
	checked := map[sim.Kind]int{}
	for seed := range uint64(20) {
		trial := newTrial(seed)
		var rec recording
		trial.drive(t, newWorld(t, trial.config(&rec)), unchanged)
		for _, e := range rec.events {
			kind, ok := want[e.Kind]
			if !ok {
				require.Zero(t, e.Link)
				continue
			}
			o := rec.events[e.Link-1]
			require.Equal(t, kind, o.Kind)
			checked[e.Kind]++
			if kind == sim.Send {
				require.Equal(t, o.Name(), e.Name())
			} else {
				require.Equal(t, o.Value, e.Value)
				require.Equal(t, o.Node, e.Node)
			}
		}
	}
	for kind := range want {
		require.Greater(t, checked[kind], 10, kind)
	}
}

// Conservation: every copy that was sent or made is delivered, lost, or on its way, at every moment.
func TestNoMessageIsLostTrackOf(t *testing.T) {
	for seed := range uint64(30) {
		trial := newTrial(seed)
		var w *sim.World
		onTheWay := 0 // counted from the records alone
		dead := map[uint64]int{}
		cfg := trial.config(sim.ObserverFunc(func(e *sim.Event) {
			switch e.Kind {
			case sim.Send:
				onTheWay++
			case sim.Deliver, sim.Drop:
				dead[e.Link]++
				if e.Copy > 0 {
					onTheWay++
				}
				onTheWay--
			}
		}))
		w = newWorld(t, cfg)
		require.NoError(t, w.RunUntil(at(150)))
		for id := range trial.nodes { // let go of what is held back
			require.NoError(t, w.Act(sim.Resume{Node: sim.NodeID(id)}))
		}
		require.NoError(t, w.RunUntil(at(300)))
		s := w.View().Stats()
		require.Equal(t, s.Sent+s.Duplicated, s.Delivered+s.Lost()+s.InFlight)
		require.Zero(t, s.InFlight)
		require.Zero(t, onTheWay)
		require.Positive(t, s.Delivered)
	}
}

func TestBadgesAreShownWhenTheyChange(t *testing.T) {
	var rec recording
	cfg := sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return &ticker{} }, Until: at(6),
		Observers: []sim.Observer{&rec}, Faults: []sim.Fault{sim.Schedule{{Time: at(5), Action: sim.Crash{}}, {Time: at(5), Action: sim.Recover{}}}}}
	r := run(t, cfg)
	var badges []string
	for i, e := range rec.events {
		if e.Kind == sim.BadgeSet {
			badges = append(badges, fmt.Sprint(e.Time, " ", e.Role, " ", e.Text))
			require.Equal(t, rec.events[i-1].ID, e.ID, "it has the number of the record that it follows")
		}
	}
	require.Equal(t, []string{"0s ticker 0", "2ms ticker 1", "4ms ticker 2", "5ms ticker 0"}, badges)

	cfg.Observers = nil
	require.Equal(t, r.Records, run(t, cfg).Records)
}

func TestAnObserverAddedLateSeesTheRest(t *testing.T) {
	for seed := range uint64(5) {
		trial := newTrial(seed)
		var all, rest recording
		cfg := trial.config(&all)
		cfg.Strict = true
		w := newWorld(t, cfg)
		require.NoError(t, w.RunUntil(at(10)))
		seen := len(all.events)
		w.Observe(&rest)
		require.NoError(t, w.RunUntil(at(150)))
		requireSame(t, int(seed), all.lines()[seen:], rest.lines())

		// And so does the first one.
		cfg.Observers = nil
		var late recording
		w = newWorld(t, cfg)
		require.NoError(t, w.RunUntil(at(10)))
		w.Observe(&late)
		require.NoError(t, w.RunUntil(at(150)))
		requireSame(t, int(seed), rest.lines(), late.lines())
	}
}

func TestActionsPrintAndRecord(t *testing.T) {
	var rec recording
	w := newWorld(t, sim.Config{Nodes: 2, New: cast(), Observers: []sim.Observer{&rec}})
	require.NoError(t, w.Act(say{1, "hello"}))
	require.NoError(t, w.Act(say{sim.Nobody, "world"}))
	custom := rec.of(sim.Custom)
	require.Equal(t, []string{"hello", "world"}, []string{custom[0].Text, custom[1].Text})
	require.Equal(t, []sim.NodeID{1, sim.Nobody}, []sim.NodeID{custom[0].Node, custom[1].Node})

	for a, want := range map[sim.Action]string{
		sim.Crash{Node: 1}: "crash n1", sim.CrashDuring{Node: 1, After: 2}: "crash n1 after effect 2", sim.Recover{Node: 1}: "recover n1", sim.Pause{}: "pause n0",
		sim.Resume{}: "resume n0", sim.Heal{}: "heal", sim.Heal{Name: "x"}: "heal x", sim.StepWall{By: unit}: "step wall clock of n0 by 1ms",
	} {
		require.Equal(t, want, a.String())
	}
	require.Equal(t, "cut x {n0} | {n1 n2}", sim.Cut{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}.String())
	require.Equal(t, "cut x {n0} -/> {n1}", sim.Cut{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1}, OneWay: true}.String())
}

func TestNamesOfKindsAndCausesParse(t *testing.T) {
	for k := sim.Init; k <= sim.Custom; k++ {
		parsed, ok := sim.ParseKind(k.String())
		require.True(t, ok)
		require.Equal(t, k, parsed)
	}
	for c := sim.Delivered; c <= sim.Edited; c++ {
		parsed, ok := sim.ParseCause(c.String())
		require.True(t, ok)
		require.Equal(t, c, parsed)
	}
	_, ok := sim.ParseKind("")
	require.False(t, ok)
	_, ok = sim.ParseCause("cause?")
	require.False(t, ok)
}

// picky wants some kinds of events.
type picky struct {
	recording
	kinds []sim.Kind
}

func (p *picky) Wants(k sim.Kind) bool { return slices.Contains(p.kinds, k) }

// A Chooser sees the events of its kinds, numbered as for others, and no others; beside others or alone.
func TestChoosersSeeTheirKinds(t *testing.T) {
	kinds := []sim.Kind{sim.Note, sim.Crashed, sim.Drop, sim.BadgeSet, sim.Timeout}
	for seed := range uint64(10) {
		var all recording
		beside, alone := &picky{kinds: kinds}, &picky{kinds: kinds}
		for _, observers := range [][]sim.Observer{{&all, beside}, {alone}} {
			trial := newTrial(seed)
			cfg := trial.config(nil)
			cfg.Observers = observers
			trial.drive(t, newWorld(t, cfg), unchanged)
		}
		var want []sim.Event
		for _, e := range all.events {
			if slices.Contains(kinds, e.Kind) {
				want = append(want, e)
			}
		}
		require.NotEmpty(t, want)
		require.Equal(t, want, beside.events)
		require.Equal(t, want, alone.events)
	}
}

package sim_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

const trials = 150

// trial is one random run: programs on a few nodes, a random plan of faults, and a driver that runs it in pieces and
// interferes between them.
type trial struct {
	nodes  int
	seed   uint64
	plan   sim.Schedule
	pieces []piece
}

// piece of a run: up to a time, then a message injected and perhaps an action.
type piece struct {
	until    sim.Time
	from, to sim.NodeID
	act      sim.Action
}

func newTrial(seed uint64) trial {
	r := sim.NewRand(seed, sim.ForStudy)
	t := trial{nodes: 2 + r.IntN(4), seed: seed}
	t.plan = randomPlan(&r, t.nodes)
	for u := r.IntN(10); u < 120; u += 1 + r.IntN(25) {
		p := piece{until: at(u), from: sim.NodeID(r.IntN(t.nodes)), to: sim.NodeID(r.IntN(t.nodes))}
		if r.Bool(.5) {
			p.act = randomAction(&r, t.nodes)
		}
		t.pieces = append(t.pieces, p)
	}
	return t
}

func (t trial) config(o sim.Observer) sim.Config {
	return sim.Config{
		Seed: t.seed, Nodes: t.nodes, Network: fates(t.seed), Disk: slowDisk{}, Faults: []sim.Fault{t.plan},
		New:       func(id sim.NodeID) sim.Process { return newProgram(t.seed, t.nodes, id) },
		Clock:     func(id sim.NodeID, _ *sim.Rand) sim.Clock { return trialClock(id) },
		Observers: []sim.Observer{o},
	}
}

// trialClock gives every third node a clock of its own.
func trialClock(id sim.NodeID) sim.Clock {
	if id%3 == 1 {
		return fast{}
	}
	return sim.PerfectClock{}
}

// expected is what the reference makes of the trial.
func (t trial) expected() *reference {
	r := newReference(t.nodes, trialClock, func(id sim.NodeID) hosted { return newProgram(t.seed, t.nodes, id) })
	r.fate, r.disk = fates(t.seed).of, slowDisk{}
	r.start(t.plan)
	for _, p := range t.pieces {
		r.runUntil(p.until)
		r.launch(p.from, p.to, "injected")
		if p.act != nil {
			r.act(p.act)
		}
	}
	r.runUntil(at(200))
	return r
}

// drive runs the pieces of the trial; before each, change may put another world in the place of the one it is given.
func (t trial) drive(tb testing.TB, w *sim.World, change func(i int, w *sim.World) *sim.World) *sim.World {
	for i, p := range t.pieces {
		w = change(i, w)
		require.NoError(tb, sim.Audit(w), "seed %d, before piece %d", t.seed, i)
		require.NoError(tb, w.RunUntil(p.until))
		w.NextTime() // looking ahead changes nothing
		require.NoError(tb, w.Inject(p.from, p.to, "injected"))
		if p.act != nil {
			require.NoError(tb, w.Act(p.act))
		}
	}
	require.NoError(tb, w.RunUntil(at(200)))
	return w
}

func unchanged(_ int, w *sim.World) *sim.World { return w }

// TestReference holds the engine, in every mode, against the obvious one: the same events with the same fields in the
// same order.
func TestReference(t *testing.T) {
	modes := []struct {
		name   string
		strict bool
		change func(tb testing.TB, o sim.Observer) func(int, *sim.World) *sim.World
	}{
		{name: "tournament", change: func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World { return unchanged }},
		{name: "strict", strict: true, change: func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World { return unchanged }},
		{name: "radix heap", change: changeover(0)},
		{name: "changeover", change: changeover(2)},
		{name: "forks", change: forks(-1)},
		{name: "forks in strict mode, changing over", strict: true, change: forks(3)},
	}
	var want []*reference
	for seed := range uint64(trials) {
		want = append(want, newTrial(seed).expected())
	}
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			for seed, want := range want {
				trial := newTrial(uint64(seed))
				var got recording
				cfg := trial.config(&got)
				cfg.Strict = m.strict
				w := trial.drive(t, newWorld(t, cfg), m.change(t, &got))
				requireSame(t, seed, want.trace.lines(), got.lines())
				stats := w.View().Stats()
				stats.InFlight = 0
				require.Equal(t, want.stats, stats, "seed %d", seed)
			}
		})
	}
}

// Shuffled, there is no reference, but the order is the seed's alone: not that of the queue, nor of what it is lazy
// about.
func TestShuffleIsTheSameInEveryMode(t *testing.T) {
	trace := func(t *testing.T, seed uint64, strict bool, change func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World) []string {
		trial := newTrial(seed)
		var rec recording
		cfg := trial.config(&rec)
		cfg.Shuffle, cfg.Strict = true, strict
		trial.drive(t, newWorld(t, cfg), change(t, &rec))
		return rec.lines()
	}
	for seed := range uint64(trials) {
		want := trace(t, seed, false, changeover(-1))
		requireSame(t, int(seed), want, trace(t, seed, true, changeover(0)))
		requireSame(t, int(seed), want, trace(t, seed, false, changeover(2)))
		requireSame(t, int(seed), want, trace(t, seed, false, forks(3)))
	}
}

// changeover makes the world use the radix heap from a piece of the trial on.
func changeover(piece int) func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World {
	return func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World {
		return func(i int, w *sim.World) *sim.World {
			if i == piece {
				sim.UseRadix(w)
			}
			return w
		}
	}
}

// forks goes on with a fork of the world at each piece, while the original runs away; from a piece on with the radix
// heap.
func forks(radix int) func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World {
	return func(tb testing.TB, o sim.Observer) func(int, *sim.World) *sim.World {
		return func(i int, w *sim.World) *sim.World {
			if i == radix {
				sim.UseRadix(w)
			}
			f, err := w.Fork(o)
			require.NoError(tb, err)
			mute(w).Steps(50)
			return f
		}
	}
}

// mute returns a fork of w that nobody observes.
func mute(w *sim.World) *sim.World {
	f, err := w.Fork()
	if err != nil {
		panic(err)
	}
	return f
}

func requireSame(tb testing.TB, seed int, want, got []string) {
	tb.Helper()
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			from := max(0, i-8)
			tb.Fatalf("seed %d: event %d differs\nwant\n%s\ngot\n%s", seed, i+1,
				strings.Join(want[min(from, len(want)):min(i+3, len(want))], "\n"), strings.Join(got[min(from, len(got)):min(i+3, len(got))], "\n"))
		}
	}
}

// TestReferenceMeetsEverything guards the trials themselves: each kind of event and each cause occurs in them.
func TestReferenceMeetsEverything(t *testing.T) {
	kinds, causes, fates := map[sim.Kind]int{}, map[sim.Cause]int{}, map[sim.WriteFate]int{}
	var unsent uint64
	for seed := range uint64(trials) {
		r := newTrial(seed).expected()
		unsent += r.stats.Unsent
		for _, e := range r.trace.events {
			kinds[e.Kind]++
			switch e.Kind {
			case sim.Drop:
				causes[e.Cause]++
			case sim.WriteLost:
				fates[e.Fate]++
			}
		}
	}
	for k := sim.Init; k <= sim.WallStepped; k++ {
		if k != sim.BadgeSet {
			require.Greater(t, kinds[k], 10, k)
		}
	}
	for _, c := range []sim.Cause{sim.Loss, sim.Partition, sim.Dead, sim.Corrupt, sim.Overflow} {
		require.Greater(t, causes[c], 20, c)
	}
	require.Greater(t, fates[sim.WriteGone], 5)
	require.Greater(t, fates[sim.WriteTorn], 5)
	require.Greater(t, unsent, uint64(5))
}

package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// endsAt is a claim that ends the run at the tick of that number, or after.
func endsAt(mode sim.Mode, tick int) sim.Property {
	p := ticks(mode, func(n int) bool { return n >= tick })
	p.Name, p.Ends = "ends", true
	return p
}

func tickers(sim.NodeID) sim.Process { return &ticker{} }

// A claim that Ends a run does so at the step at which it first holds: no step and no time comes after it.
func TestAPropertyEndsTheRun(t *testing.T) {
	for _, mode := range []sim.Mode{sim.Sometimes, sim.Eventually} {
		w := newWorld(t, sim.Config{Nodes: 1, New: tickers, Until: at(10), Properties: []sim.Property{endsAt(mode, 4)}})
		r := w.Run()
		require.NoError(t, r.Err)
		require.Equal(t, sim.Pass, r.Verdict)
		require.Equal(t, at(4), r.Now)
		require.Equal(t, at(4), r.Properties[0].Time)

		require.False(t, w.Step())
		require.NoError(t, w.RunUntil(at(9)))
		require.Equal(t, at(4), w.Now())
		require.Equal(t, r.Digest, w.Run().Digest)
	}
}

// Nor does anything come after it in a world that is run bit by bit.
func TestAnEndedWorldIsOver(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 1, New: tickers, Until: at(10), Properties: []sim.Property{endsAt(sim.Sometimes, 4)}})
	require.NoError(t, w.RunUntil(at(9)))
	require.Equal(t, at(4), w.Now())
	digest := w.Result().Digest
	require.False(t, w.Step())
	require.NoError(t, w.RunUntil(at(9)))
	require.Equal(t, at(4), w.Now())
	require.EqualError(t, w.Act(sim.Crash{}), "sim: the world has ended")
	require.EqualError(t, w.Inject(0, 0, "m"), "sim: the world has ended")
	_, err := w.Fork()
	require.EqualError(t, err, "sim: Fork of an ended world: sim: the world has ended")
	require.Equal(t, digest, w.Result().Digest)
	require.Equal(t, digest, w.Run().Digest)
}

// It ends the start too, and what is stepped through.
func TestAPropertyEndsTheStart(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 3, New: tickers, Until: at(10), Properties: []sim.Property{endsAt(sim.Sometimes, 0)}})
	require.Equal(t, uint64(1), w.Steps(100))
	require.Nil(t, w.View().Process(1))
	require.Zero(t, w.Run().Now)
}

// A run that was ended early is not blamed for what had not come true by then; one that went on to its end is. And what
// falls at the very step at which another claim ends the run has fallen.
func TestAnEndedRunIsNotBlamed(t *testing.T) {
	never := ticks(sim.Eventually, func(int) bool { return false })
	verdicts := func(p ...sim.Property) string {
		r := run(t, sim.Config{Nodes: 1, New: tickers, Until: at(10), Properties: p})
		return fmt.Sprint(r.Verdict, " ", r.Properties[0].Verdict, " ", r.Properties[1].Verdict)
	}
	require.Equal(t, fmt.Sprint(sim.Unseen, " ", sim.Unseen, " ", sim.Pass), verdicts(never, endsAt(sim.Sometimes, 4)))
	require.Equal(t, fmt.Sprint(sim.Liveness, " ", sim.Liveness, " ", sim.Unseen), verdicts(never, endsAt(sim.Sometimes, 40)))
	falls := ticks(sim.Always, func(n int) bool { return n < 4 })
	require.Equal(t, fmt.Sprint(sim.Violation, " ", sim.Pass, " ", sim.Violation), verdicts(endsAt(sim.Sometimes, 4), falls))
}

// A fork from before the end comes to the same end by itself.
func TestForksEndApart(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 1, New: tickers, Until: at(10), Properties: []sim.Property{endsAt(sim.Sometimes, 4)}})
	require.NoError(t, w.RunUntil(at(2)))
	f, err := w.Fork()
	require.NoError(t, err)
	require.Equal(t, at(4), w.Run().Now)
	require.Equal(t, at(2), f.Now())
	require.Equal(t, at(4), f.Run().Now)
}

func TestOnlyWhatMayComeTrueEndsARun(t *testing.T) {
	_, err := sim.New(sim.Config{Nodes: 1, New: tickers, Properties: []sim.Property{endsAt(sim.Always, 4)}})
	require.EqualError(t, err, `sim: Config.Properties[0] ("ends") is always and Ends the run, want sometimes or eventually`)
}

// badger shows the same badge all the time.
type badger struct{ acts }

func (badger) Badge() (role, text string) { return "here", "" }
func (b badger) Clone() sim.Process       { return b }

// badges counts the badges that an observer is shown.
func badges(n *int) sim.Observer {
	return sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.BadgeSet {
			*n++
		}
	})
}

// A crash takes the badge away, so that the node shows it anew when it recovers, as it was. A fork knows what is shown.
func TestBadgesAfterACrashAndAFork(t *testing.T) {
	shown, again := 0, 0
	plan := sim.Schedule{{Time: at(2), Action: sim.Crash{}}, {Time: at(3), Action: sim.Recover{}}}
	w := newWorld(t, sim.Config{Nodes: 1, New: each(badger{}), Until: at(9), Faults: []sim.Fault{plan}, Observers: []sim.Observer{badges(&shown)}})
	require.NoError(t, w.RunUntil(at(4)))
	require.Equal(t, 2, shown)
	f, err := w.Fork(badges(&again))
	require.NoError(t, err)
	require.NoError(t, f.Inject(0, 0, "m"))
	require.NoError(t, f.RunUntil(at(6)))
	require.Zero(t, again, "it shows what it showed before")
	require.NoError(t, w.Inject(0, 0, "m"))
	require.NoError(t, w.RunUntil(at(6)))
	require.Equal(t, 2, shown)
}

// What a fork shows is not shown by the world that it comes from.
func TestForksShowBadgesApart(t *testing.T) {
	shown, again := 0, 0
	w := newWorld(t, sim.Config{Nodes: 1, New: tickers, Until: at(9), Observers: []sim.Observer{badges(&shown)}})
	require.NoError(t, w.RunUntil(at(3)))
	require.Equal(t, 2, shown, "0 and 1: a ticker's badge is half its ticks")
	f, err := w.Fork(badges(&again))
	require.NoError(t, err)
	require.NoError(t, f.RunUntil(at(5)))
	require.Equal(t, 1, again)
	require.NoError(t, w.RunUntil(at(5)))
	require.Equal(t, 3, shown)
}

package check_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
)

const ms = sim.Time(time.Millisecond)

func putOf(client int, value string, from, to sim.Time) check.Operation {
	return check.Operation{Client: client, Op: check.Op{Kind: check.Put, Key: "x", Value: value}, Outcome: check.OK, Invoke: from * ms, Return: to * ms}
}

// getOf is a read; of no value at all if value is "".
func getOf(client int, value string, from, to sim.Time) check.Operation {
	return check.Operation{Client: client, Op: check.Op{Kind: check.Get, Key: "x"}, Outcome: check.OK,
		Result: check.Result{Value: value, Found: value != ""}, Invoke: from * ms, Return: to * ms}
}

func numbered(h ...check.Operation) check.History {
	slices.SortStableFunc(h, func(a, b check.Operation) int { return int(a.Invoke - b.Invoke) })
	for i := range h {
		h[i].ID = i
	}
	return h
}

func TestStaleReads(t *testing.T) {
	h := numbered(
		putOf(0, "a", 0, 10), putOf(0, "b", 20, 30), putOf(0, "c", 40, 50), // one writer
		getOf(1, "c", 60, 70), // fresh
		getOf(1, "b", 80, 90), // one behind, since 50
		getOf(1, "", 100, 110),
		getOf(2, "a", 25, 26), // while b is being written
	)
	s := check.MeasureStaleness(h, nil)
	require.Equal(t, []check.ReadAge{{Op: 2}, {Op: 4}, {Op: 5, Versions: 1, Behind: 30 * time.Millisecond}, {Op: 6, Versions: 3, Behind: 90 * time.Millisecond}}, s.Ages)
	require.Equal(t, 2, s.Stale)
	require.InDelta(t, 0.5, s.Share(), 0)
	require.Equal(t, []int{2, 3, 3, 4}, []int{s.Within(1), s.Within(2), s.Within(3), s.Within(4)})
	require.Equal(t, []int{2, 3, 4}, []int{s.WithinTime(0), s.WithinTime(30 * time.Millisecond), s.WithinTime(time.Second)})
	require.Equal(t, [][2]int{{4, 5}, {4, 6}}, s.Inversions)
}

// No read is stale by the quorum rule, and yet the later of two reads returned the older version, while both overlapped
// the write: the new/old inversion of Attiya, Bar-Noy and Dolev 1995, section 1.
func TestInversionWithoutAStaleRead(t *testing.T) {
	h := numbered(putOf(0, "a", 0, 10), putOf(0, "b", 20, 100), getOf(1, "b", 30, 40), getOf(2, "a", 50, 60))
	s := check.MeasureStaleness(h, nil)
	require.Zero(t, s.Stale)
	require.Equal(t, [][2]int{{2, 3}}, s.Inversions)
}

// A list of versions says more than time does: of two concurrent writes it knows the older.
func TestVersionsListed(t *testing.T) {
	h := numbered(putOf(0, "a", 0, 10), putOf(1, "b", 0, 10), getOf(2, "a", 20, 30))
	require.Zero(t, check.MeasureStaleness(h, nil).Stale)
	listed := func(order ...string) func(string) []string { return func(string) []string { return order } }
	s := check.MeasureStaleness(h, listed("a", "b"))
	require.Equal(t, []check.ReadAge{{Op: 2, Versions: 1, Behind: 10 * time.Millisecond}}, s.Ages)
	require.Zero(t, check.MeasureStaleness(h, listed("b", "a")).Stale)
}

// What an unknown write wrote is a version from when it was read; it makes no other stale, since nobody was told of it.
func TestUnknownWrites(t *testing.T) {
	lost := putOf(1, "b", 20, 0)
	lost.Outcome, lost.Return = check.Unknown, sim.Never
	h := numbered(putOf(0, "a", 0, 10), lost, getOf(2, "b", 30, 40), putOf(0, "c", 50, 60), getOf(2, "b", 70, 80), getOf(3, "a", 45, 46))
	s := check.MeasureStaleness(h, nil)
	require.Equal(t, []check.ReadAge{{Op: 2}, {Op: 3}, {Op: 5, Versions: 1, Behind: 10 * time.Millisecond}}, s.Ages)
	require.Equal(t, [][2]int{{2, 3}}, s.Inversions)
}

func TestWhatCannotBeJudgedIsSkipped(t *testing.T) {
	appended := putOf(0, "b", 20, 30)
	appended.Op.Kind = check.Append
	require.Equal(t, 1, check.MeasureStaleness(numbered(putOf(0, "a", 0, 10), appended, getOf(1, "ab", 40, 50)), nil).Skipped)
	require.Equal(t, 1, check.MeasureStaleness(numbered(putOf(0, "a", 0, 10), getOf(1, "z", 40, 50)), nil).Skipped)
}

// The counts of the sweep are those of the definition, pair by pair.
func TestStalenessByItsDefinition(t *testing.T) {
	stale, inverted := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		var h check.History
		for i := range 30 {
			from := sim.Time(r.IntN(60))
			o := putOf(i, fmt.Sprint("v", i), from, from+sim.Time(r.IntN(15)))
			if r.IntN(2) == 0 {
				o = getOf(i, "", o.Invoke/ms, o.Return/ms)
			} else if r.IntN(5) == 0 {
				o.Outcome, o.Return = check.Unknown, sim.Never
			}
			h = append(h, o)
		}
		h = numbered(h...)
		for i := range h { // reads return something that was invoked before they returned
			if h[i].Op.Kind == check.Get {
				if w := h[r.IntN(i+1)]; w.Op.Kind == check.Put {
					h[i].Result = check.Result{Value: w.Op.Value, Found: true}
				}
			}
		}
		got := check.MeasureStaleness(h, nil)
		require.Equal(t, slowStaleness(h), got.Ages, "seed %d", seed)
		require.Equal(t, slowInverted(h), inversionOps(got), "seed %d", seed)
		stale += got.Stale
		inverted += len(got.Inversions)
	}
	require.Positive(t, stale)
	require.Positive(t, inverted)
}

// tookEffect is when the version that a read returned had certainly taken effect.
func tookEffect(h check.History, read *check.Operation) sim.Time {
	at := sim.Never
	if !read.Result.Found {
		return -1
	}
	for i := range h {
		o := &h[i]
		if o.Op.Kind == check.Put && o.Op.Value == read.Result.Value || o.Op.Kind == check.Get && o.Result == read.Result {
			at = min(at, o.Return)
		}
	}
	return at
}

func slowStaleness(h check.History) (ages []check.ReadAge) {
	for i := range h {
		if h[i].Op.Kind != check.Get {
			continue
		}
		a := check.ReadAge{Op: i}
		first := sim.Never
		for j := range h {
			w := &h[j]
			if w.Op.Kind == check.Put && w.Outcome == check.OK && w.Return < h[i].Invoke && w.Invoke > tookEffect(h, &h[i]) {
				a.Versions++
				first = min(first, w.Return)
			}
		}
		if a.Versions > 0 {
			a.Behind = h[i].Invoke.Sub(first)
		}
		ages = append(ages, a)
	}
	return ages
}

func slowInverted(h check.History) (ops []int) {
	for i := range h {
		for j := range h {
			if h[i].Op.Kind != check.Get || h[j].Op.Kind != check.Get || !h[j].Result.Found || h[j].Return >= h[i].Invoke {
				continue
			}
			w := slices.IndexFunc(h, func(o check.Operation) bool { return o.Op.Kind == check.Put && o.Op.Value == h[j].Result.Value })
			if h[w].Invoke > tookEffect(h, &h[i]) {
				ops = append(ops, i)
				break
			}
		}
	}
	return ops
}

func inversionOps(s check.Staleness) (ops []int) {
	for _, p := range s.Inversions {
		ops = append(ops, p[1])
	}
	return ops
}

package fault

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// someSpans draws spans within 60 ns, which may overlap.
func someSpans(r *sim.Rand) Spans {
	var list []Span
	for range r.IntN(6) {
		from := sim.Time(r.IntN(50))
		list = append(list, Span{from, from + sim.Time(r.IntN(12))})
	}
	return SpansOf(list...)
}

// The operations are those of sets of nanoseconds, and their results are in order.
func TestSpansAreSets(t *testing.T) {
	const until = 60
	for seed := range uint64(100) {
		r := sim.NewRand(seed)
		a, b := someSpans(&r), someSpans(&r)
		from := sim.Time(r.IntN(until))
		results := map[string]Spans{
			"union": a.Union(b), "intersect": a.Intersect(b), "minus": a.Minus(b), "complement": a.Complement(until), "clip": a.Clip(from, until-5),
		}
		want := map[string]func(t sim.Time) bool{
			"union":      func(t sim.Time) bool { return a.Contains(t) || b.Contains(t) },
			"intersect":  func(t sim.Time) bool { return a.Contains(t) && b.Contains(t) },
			"minus":      func(t sim.Time) bool { return a.Contains(t) && !b.Contains(t) },
			"complement": func(t sim.Time) bool { return !a.Contains(t) },
			"clip":       func(t sim.Time) bool { return a.Contains(t) && t >= from && t < until-5 },
		}
		for name, got := range results {
			total := time.Duration(0)
			for at := range sim.Time(until + 10) {
				in := name != "complement" || at < until
				in = in && want[name](at)
				require.Equal(t, in, got.Contains(at), "seed %d: %s of %v and %v at %d", seed, name, a, b, at)
				if in {
					total++
				}
			}
			require.Equal(t, total, got.Total())
			for i, s := range got {
				require.Less(t, s.From, s.To)
				require.True(t, i == 0 || got[i-1].To < s.From, "%s: %v", name, got)
			}
		}
	}
}

// Contains is right beside a plain search.
func TestSpansContain(t *testing.T) {
	s := Spans{{1, 3}, {3, 4}, {6, sim.Never}}
	for at, want := range map[sim.Time]bool{0: false, 1: true, 2: true, 3: true, 4: false, 5: false, 6: true, sim.Never - 1: true} {
		require.Equal(t, want, s.Contains(at), "%d", at)
	}
	require.False(t, Spans(nil).Contains(0))
	require.Equal(t, Spans{{0, 5}}, Spans(nil).Complement(5))
	require.Equal(t, Spans{{4, 6}}, s.Complement(sim.Never)[1:])
}

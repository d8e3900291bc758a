package fault

import (
	"cmp"
	"slices"
	"time"

	"lightcone/sim"
)

// Span is a stretch of true time: from From, included, until To, not included.
type Span struct{ From, To sim.Time }

// Spans are stretches of time in order, of which none is empty and no two overlap. Two may touch. The results of the
// operations do not even that.
type Spans []Span

// SpansOf returns the time that any of the spans cover, which may come in any order and overlap.
func SpansOf(spans ...Span) Spans {
	sorted := slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return s.To <= s.From })
	slices.SortStableFunc(sorted, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	var joined Spans
	for _, s := range sorted {
		joined = joined.append(s)
	}
	return joined
}

// append adds a span that begins no earlier than the last one.
func (s Spans) append(next Span) Spans {
	if n := len(s); n > 0 && next.From <= s[n-1].To {
		s[n-1].To = max(s[n-1].To, next.To)
		return s
	}
	return append(s, next)
}

// Union returns the time that is in either.
func (s Spans) Union(t Spans) Spans { return SpansOf(slices.Concat(s, t)...) }

// Intersect returns the time that is in both.
func (s Spans) Intersect(t Spans) Spans {
	var both Spans
	for len(s) > 0 && len(t) > 0 {
		if c := (Span{max(s[0].From, t[0].From), min(s[0].To, t[0].To)}); c.From < c.To {
			both = both.append(c)
		}
		if s[0].To < t[0].To {
			s = s[1:]
		} else {
			t = t[1:]
		}
	}
	return both
}

// Complement returns the time before until that is in none.
func (s Spans) Complement(until sim.Time) Spans {
	var gaps Spans
	at := sim.Time(0)
	for _, c := range s {
		if c.From >= until {
			break
		}
		if at < c.From {
			gaps = append(gaps, Span{at, c.From})
		}
		at = c.To
	}
	if at < until {
		gaps = append(gaps, Span{at, until})
	}
	return gaps
}

// Minus returns the time that is in s and not in t.
func (s Spans) Minus(t Spans) Spans { return s.Intersect(t.Complement(sim.Never)) }

// Clip returns the part of it from a time until another.
func (s Spans) Clip(from, until sim.Time) Spans { return s.Intersect(Spans{{from, until}}) }

// Total returns how long all of it is.
func (s Spans) Total() time.Duration {
	var sum time.Duration
	for _, c := range s {
		sum += c.To.Sub(c.From)
	}
	return sum
}

// Contains reports whether a time is in it.
func (s Spans) Contains(t sim.Time) bool {
	i, _ := slices.BinarySearchFunc(s, t, func(c Span, t sim.Time) int {
		if c.To <= t {
			return -1
		}
		return 1
	})
	return i < len(s) && s[i].From <= t
}

package check

import (
	"slices"
	"strings"

	"lightcone/sim"
)

// sightings returns, for each value that shows that its write took effect, the time by which it had.
func (k *keySpace) sightings() map[string]sim.Time {
	e := eye{k: k, seen: map[string]sim.Time{}}
	reads := slices.Clone(k.ops)
	slices.SortStableFunc(reads, func(a, b int32) int { return compareTime(k.h[a].Return, k.h[b].Return) })
	for again := true; again; {
		e.news = false
		for _, i := range reads {
			switch o := &k.h[i]; {
			case o.Op.Kind == Get && o.Result.Found:
				e.see(o.Result.Value, o.Return)
			case o.Op.Kind == CompareAndSwap && (o.Outcome == Unknown || o.Result.Swapped):
				by := o.Return
				if t, ok := e.seen[o.Op.Value]; ok {
					by = min(by, t)
				}
				if by != sim.Never {
					e.see(o.Op.Expect, by)
				}
			}
		}
		again = e.news && k.unknownSwaps()
	}
	return e.seen
}

// eye sees values in results.
type eye struct {
	k     *keySpace
	seen  map[string]sim.Time
	last  string // the latest result that was taken apart, all of it
	parts []string
	news  bool
}

// see takes down what a result or an expectation was made of, as far as that is known.
func (e *eye) see(s string, t sim.Time) {
	e.parts = e.parts[:0]
	switch {
	case !e.k.appends:
		e.parts = append(e.parts, s)
	case e.k.unique:
		e.takeApart(s)
	}
	for _, p := range e.parts {
		if was, ok := e.seen[p]; e.k.written[p] == 1 && (!ok || t < was) {
			e.seen[p], e.news = t, true
		}
	}
}

// takeApart splits a result, without the part that was split before: results are seen in the order of their times.
func (e *eye) takeApart(s string) {
	if rest, ok := strings.CutPrefix(s, e.last); ok && e.last != "" {
		if e.parts, ok = e.k.code.split(rest, e.parts[:0]); ok {
			e.last = s
			return
		}
	}
	var ok bool
	if e.parts, ok = e.k.code.split(s, e.parts[:0]); ok {
		e.last = s
	}
}

// unknownSwaps reports whether one sighting may lead to another: of a swap that nobody heard of, and so of what it
// expected.
func (k *keySpace) unknownSwaps() bool {
	return slices.ContainsFunc(k.ops, func(i int32) bool {
		return k.h[i].Op.Kind == CompareAndSwap && k.h[i].Outcome == Unknown
	})
}

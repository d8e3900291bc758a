package check

import (
	"slices"
	"strings"

	"lightcone/sim"
)

// reduction makes a history without a linearization smaller, as long as it has none. It takes only steps after which a
// history that has a linearization would still have one, so that what is left accuses the whole:
//
//   - what is invoked after some moment is left out, and what returns after it has no response (linearizability is
//     prefix-closed);
//   - an operation that changes nothing is left out;
//   - a write is left out whose value is no part of a result that remains, if nothing that remains tells a value from
//     another without naming it.
//
// At last the responses are what they were, which only adds constraints.
type reduction struct {
	*judge
	until sim.Time
}

// effort is how many histories a reduction may try.
const effort = 400

// reduce returns a smaller part of a history that has no linearization.
func (r *reduction) reduce(ops []int32) []int32 {
	r.until = r.shortest(ops)
	return r.shrink(r.before(ops), r.violated)
}

// shrink leaves out operations, many at a time at first, as long as the rest is a violation.
func (r *reduction) shrink(ops []int32, violated func([]int32) bool) []int32 {
	tries := effort
	for size := max(len(ops)/2, 1); ; {
		smaller := false
		for from := 0; from < len(ops) && tries > 0; {
			less := r.without(ops, from, min(from+size, len(ops)))
			if len(less) == len(ops) {
				from += size
				continue
			}
			tries--
			if violated(less) {
				ops, smaller = less, true
				continue
			}
			from += size
		}
		switch {
		case tries == 0 || size == 1 && !smaller:
			return ops
		case size > 1:
			size /= 2
		}
	}
}

// shortest returns the earliest response up to which there is already no linearization.
func (r *reduction) shortest(ops []int32) sim.Time {
	var times []sim.Time
	for _, i := range ops {
		if r.h[i].Outcome == OK {
			times = append(times, r.h[i].Return)
		}
	}
	slices.Sort(times)
	lo, hi := 0, len(times)-1
	for lo < hi {
		mid := (lo + hi) / 2
		r.until = times[mid]
		if r.violated(r.before(ops)) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return times[lo]
}

// before returns the operations that were invoked by the time.
func (r *reduction) before(ops []int32) []int32 {
	var some []int32
	for _, i := range ops {
		if r.h[i].Invoke <= r.until {
			some = append(some, i)
		}
	}
	return some
}

// violated reports whether the operations, as they were known at the time, certainly have no linearization.
func (r *reduction) violated(ops []int32) bool {
	part := r.h.pick(ops)
	all := make([]int32, len(part))
	for i := range part {
		all[i] = int32(i)
		if part[i].Return > r.until && part[i].Outcome == OK {
			part[i].Outcome, part[i].Result, part[i].Return = Unknown, Result{}, sim.Never
		}
	}
	j := judge{h: part, budget: r.budget, seen: map[string]int32{}}
	v := j.decide(all)
	r.steps += j.steps
	return v == Violated
}

// without returns the operations but those from one place to another that may be left out.
func (r *reduction) without(ops []int32, from, to int) []int32 {
	rest := slices.Clone(ops[:from])
	var writes []int32
	for _, i := range ops[from:to] {
		if o := &r.h[i]; o.Op.Kind == Get || o.Outcome == OK && o.Op.Kind == CompareAndSwap && !o.Result.Swapped || o.Outcome == OK && o.Op.Kind == Delete && !o.Result.Found {
			continue
		}
		writes = append(writes, i)
	}
	rest = append(rest, ops[to:]...)
	var values []string
	presence, absence := false, false
	for _, i := range append(slices.Clone(rest), writes...) {
		o := &r.h[i]
		switch o.Op.Kind {
		case Get:
			if o.Result.Found {
				values = append(values, o.Result.Value)
			}
			absence = absence || o.Outcome == OK && !o.Result.Found
		case CompareAndSwap:
			values = append(values, o.Op.Expect)
			presence = presence || o.Outcome == OK && !o.Result.Swapped
		case Delete:
			presence = presence || o.Outcome == OK
		case Append:
			absence = true
		}
	}
	var kept []int32
	for _, i := range writes {
		o := &r.h[i]
		if presence || o.Op.Kind == Delete && absence || o.Op.Kind != Delete && shown(o.Op.Value, values) {
			kept = append(kept, i)
		}
	}
	rest = append(rest, kept...)
	slices.Sort(rest)
	return rest
}

// shown reports whether a value is part of one of some others.
func shown(v string, values []string) bool {
	return slices.ContainsFunc(values, func(s string) bool { return strings.Contains(s, v) })
}

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
	spent int64 // steps; beyond twice the budget nothing more is tried
}

// effort is how many histories a reduction may try.
const effort = 400

// reduce returns a smaller part of a history that has no linearization, and the response with which it ceased to have one.
func (r *reduction) reduce(ops []int32) ([]int32, sim.Time) {
	by := r.shortest(ops)
	r.until = by
	ops = r.shrink(r.before(ops), r.violated)
	r.until = sim.Never
	return r.shrink(ops, r.violated), by
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
	if r.spent > 2*r.budget {
		return false
	}
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
	r.spent += j.steps
	return v == Violated
}

// without returns the operations but those from one place to another that may be left out.
func (r *reduction) without(ops []int32, from, to int) []int32 {
	rest := slices.Concat(ops[:from], ops[to:])
	var writes []int32
	for _, i := range ops[from:to] {
		if !r.h[i].harmless() {
			writes = append(writes, i)
		}
	}
	o := r.observe(slices.Concat(rest, writes))
	for _, i := range writes {
		if o.minds(i, &r.h[i]) {
			rest = append(rest, i)
		}
	}
	slices.Sort(rest)
	return rest
}

// harmless reports whether an operation changes nothing.
func (o *Operation) harmless() bool {
	return o.Op.Kind == Get || o.swapFailed() || o.Op.Kind == Delete && o.Outcome == OK && !o.Result.Found
}

// observed is what operations tell of what others wrote.
type observed struct {
	values            []string // results and expectations
	by                []int32
	presence, absence bool // as for a keySpace
}

// observe collects what operations tell.
func (r *reduction) observe(ops []int32) observed {
	var s observed
	for _, i := range ops {
		switch o := &r.h[i]; o.Op.Kind {
		case Get:
			if o.Result.Found {
				s.values, s.by = append(s.values, o.Result.Value), append(s.by, i)
			}
			s.absence = s.absence || o.Outcome == OK && !o.Result.Found
		case CompareAndSwap:
			s.values, s.by = append(s.values, o.Op.Expect), append(s.by, i)
			s.presence = s.presence || o.swapFailed()
		case Delete:
			s.presence = s.presence || o.Outcome == OK
		case Append:
			s.absence = true
		}
	}
	return s
}

// minds reports whether a write may make a difference to what the others tell.
func (s *observed) minds(write int32, o *Operation) bool {
	if s.presence || o.Op.Kind == Delete {
		return s.presence || s.absence
	}
	for n, v := range s.values {
		if s.by[n] != write && strings.Contains(v, o.Op.Value) {
			return true
		}
	}
	return false
}

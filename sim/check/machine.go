package check

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

// Machine is a sequential specification: what an object does if operations come one by one. S is its state, a plain
// value that Step does not change in place; I is what an operation asks, and O what it returns.
type Machine[S, I, O any] struct {
	// Init returns the state at the beginning.
	Init func() S
	// Step executes an operation, and reports whether it can have returned that in this state. out is nil if nobody
	// knows what it returned: then it can have returned anything.
	Step func(state S, in I, out *O) (next S, ok bool)
	// Equal reports whether two states are the same.
	Equal func(a, b S) bool
	// Hash is equal for states that are. nil: it is slower the more states there are.
	Hash func(state S) uint64
}

// Call is an operation on an object, and what came of it. Times are true times.
type Call[I, O any] struct {
	Client  int
	In      I
	Out     O // OK
	Outcome Outcome
	Invoke  sim.Time
	Return  sim.Time // sim.Never if Unknown
}

// LinearizableTo decides whether calls of one object have a linearization by a specification, within a budget of steps.
// Calls that failed are left out; those of unknown outcome may have taken effect at any time after their invocation, or
// not at all. The report of a violation names the calls that cannot be explained in Detail, by the end of the shortest
// beginning of the history that has no linearization; it has no Witness. Calls that touch are concurrent, also those of
// one client.
func LinearizableTo[S, I, O any](m Machine[S, I, O], calls []Call[I, O], o Options) Report {
	r := Report{Name: "linearizable"}
	if i := slices.IndexFunc(calls, func(c Call[I, O]) bool { return c.Outcome == OK && c.Return < c.Invoke }); i >= 0 {
		r.Detail = fmt.Sprintf("not a history: call %d returned at %v and was invoked at %v, want no sooner", i, calls[i].Return, calls[i].Invoke)
		return r
	}
	kept := slices.DeleteFunc(slices.Clone(calls), func(c Call[I, O]) bool { return c.Outcome == Failed })
	f, steps := searchMachine(m, kept, sim.Never, o.budget())
	r.Steps = steps
	switch f {
	case found:
		r.Verdict, r.Detail = Holds, count(len(calls), "call")+" have a linearization"
	case outOfBudget:
		r.Detail = fmt.Sprintf("undecided within %d steps", o.budget())
	case exhausted:
		r.Verdict = Violated
		last := shortestMachine(m, kept, o.budget())
		r.Detail = fmt.Sprintf("%s %+v at %v..%v cannot have returned %+v after what came before", clientName(last.Client), last.In, last.Invoke, last.Return, last.Out)
	}
	return r
}

// shortestMachine returns the call with whose response the history ceases to have a linearization.
func shortestMachine[S, I, O any](m Machine[S, I, O], calls []Call[I, O], budget int64) Call[I, O] {
	ends := slices.DeleteFunc(slices.Clone(calls), func(c Call[I, O]) bool { return c.Outcome == Unknown })
	slices.SortStableFunc(ends, func(a, b Call[I, O]) int { return compareTime(a.Return, b.Return) })
	lo, hi := 0, len(ends)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if f, _ := searchMachine(m, calls, ends[mid].Return, budget); f == exhausted {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return ends[lo]
}

// searchMachine looks for a linearization of the calls as they were known at a time.
func searchMachine[S, I, O any](m Machine[S, I, O], calls []Call[I, O], until sim.Time, budget int64) (finding, int64) {
	sp := &machineSpace[S, I, O]{m: m, byHash: map[uint64][]int32{}}
	var items []item
	for i := range calls {
		c := &calls[i]
		if c.Invoke > until {
			continue
		}
		it := item{call: c.Invoke, ret: c.Return, op: int32(len(items)), twin: noOp, wants: noOp}
		if c.Outcome == Unknown || c.Return > until {
			it.open, it.ret = true, sim.Never
		}
		items = append(items, it)
		sp.calls, sp.open = append(sp.calls, c), append(sp.open, it.open)
	}
	s := newSearch(sp, items, sp.number(m.Init()), budget)
	return s.run(), s.steps
}

// machineSpace numbers the states of a specification.
type machineSpace[S, I, O any] struct {
	m      Machine[S, I, O]
	calls  []*Call[I, O]
	open   []bool
	states []S
	byHash map[uint64][]int32
}

func (sp *machineSpace[S, I, O]) number(state S) int32 {
	h := uint64(0)
	if sp.m.Hash != nil {
		h = sp.m.Hash(state)
	}
	for _, n := range sp.byHash[h] {
		if sp.m.Equal(sp.states[n], state) {
			return n
		}
	}
	n := int32(len(sp.states))
	sp.states = append(sp.states, state)
	sp.byHash[h] = append(sp.byHash[h], n)
	return n
}

func (sp *machineSpace[S, I, O]) step(state, op int32) (int32, bool) {
	c := sp.calls[op]
	out := &c.Out
	if sp.open[op] {
		out = nil
	}
	next, ok := sp.m.Step(sp.states[state], c.In, out)
	if !ok {
		return state, false
	}
	return sp.number(next), true
}

func (sp *machineSpace[S, I, O]) once(int32) bool { return false }
func (sp *machineSpace[S, I, O]) trap(int32) bool { return false }

package check

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Sequential decides sequential consistency: whether one order of all operations explains all results and is, for each
// client, that in which it did things (Lamport 1979). It is not local, so that all keys are judged at once, and takes
// exponential time: for small histories. What is linearizable is sequentially consistent, and what is sequentially
// consistent is causally convergent and causal memory, so those checks come first, and only what is between is searched.
func Sequential(h History, o Options) Report {
	r := Report{Name: "sequential"}
	l := Linearizable(h, o)
	r.Steps = l.Steps
	if l.Verdict == Holds {
		r.Verdict, r.Detail = Holds, l.Detail+", which is more"
		return r
	}
	if err := h.Validate(); err != nil {
		r.Detail = l.Detail
		return r
	}
	for _, weaker := range []func(History, Options) Report{CausalConvergence, CausalMemory} {
		if w := weaker(h, o); w.Verdict == Violated {
			r.Verdict, r.Witness = Violated, w.Witness
			r.Detail = "not even " + w.Name + ": " + w.Detail
			return r
		}
	}
	f, steps := interleave(h, o.budget())
	r.Steps += steps
	switch f {
	case found:
		r.Verdict, r.Detail = Holds, fmt.Sprintf("%s have an order", count(len(h), "operation"))
	case outOfBudget:
		r.Detail = fmt.Sprintf("undecided within %d steps", o.budget())
	case exhausted:
		r.Verdict = Violated
		r.Witness = smallestUnordered(h, o.budget())
		r.Detail = r.Witness.Story[0]
	}
	return r
}

// smallestUnordered leaves out what need not be there for a violation.
func smallestUnordered(h History, budget int64) *Witness {
	r := reduction{judge: &judge{h: h, budget: budget}}
	ops := make([]int32, len(h))
	for i := range ops {
		ops[i] = int32(i)
	}
	ops = r.shrink(ops, func(ops []int32) bool {
		f, _ := interleave(h.pick(ops), budget)
		return f == exhausted
	})
	w := &Witness{Ops: h.pick(ops)}
	w.Story = append([]string{"no order of these operations, in which each client's are in its own, explains what they returned"}, recount(w.Ops)...)
	return w
}

// interleaving looks for an order of the operations of all keys.
type interleaving struct {
	spaces []*keySpace
	tasks  []task
	after  [][]int32 // by task: those that wait for it
	states []int32   // by key
	left   []map[int32]int32
	done   []bool
	waits  []int32 // by task: how many must be done before
	undone int     // tasks that must be done
	seen   map[string]bool
	steps  int64
	budget int64
	key    []byte
}

// task is an item of a key.
type task struct {
	item
	space int32
	index int32 // in the history
}

// interleave looks for an order of all operations in which each session's are in its own.
func interleave(h History, budget int64) (finding, int64) {
	s := &interleaving{seen: map[string]bool{}, budget: budget}
	p := partition(h)
	in := make([]bool, len(h))
	at := make([]int32, len(h))
	for n := range p.keys {
		k, items := newKeySpace(h, p.of(n))
		s.spaces, s.states, s.left = append(s.spaces, k), append(s.states, missing), append(s.left, map[int32]int32{})
		for i, it := range items {
			op := k.from[i]
			in[op], at[op] = true, int32(len(s.tasks))
			it.waits = !it.open && it.wants != noOp && k.once(it.wants)
			if it.waits {
				s.left[n][it.wants]++
			}
			if !it.open {
				s.undone++
			}
			s.tasks = append(s.tasks, task{it, int32(n), op})
		}
	}
	s.after, s.waits, s.done = make([][]int32, len(s.tasks)), make([]int32, len(s.tasks)), make([]bool, len(s.tasks))
	order := newSessions(h, in)
	var before []int32
	for i := range h {
		if !in[i] {
			continue
		}
		before = order.before(int32(i), before[:0])
		for _, b := range before {
			s.after[at[b]] = append(s.after[at[b]], at[i])
			s.waits[at[i]]++
		}
	}
	return s.search(), s.steps
}

// search takes, from here, one task after the other: those that change nothing as soon as they can be.
func (s *interleaving) search() finding {
	var taken []int32
	for again := true; again; {
		again = false
		for t := range s.tasks {
			if k := &s.tasks[t]; k.pure && s.ready(int32(t)) && s.take(int32(t)) {
				taken, again = append(taken, int32(t)), true
			}
		}
	}
	f := s.branch()
	if f != found {
		for i := len(taken) - 1; i >= 0; i-- {
			s.untake(taken[i], s.states[s.tasks[taken[i]].space])
		}
	}
	return f
}

// branch tries the tasks that change something.
func (s *interleaving) branch() finding {
	switch {
	case s.undone == 0:
		return found
	case s.steps > s.budget:
		return outOfBudget
	case s.known():
		return exhausted
	}
	for t := range s.tasks {
		k := &s.tasks[t]
		if k.pure || !s.ready(int32(t)) {
			continue
		}
		state := s.states[k.space]
		if !s.take(int32(t)) {
			continue
		}
		if f := s.search(); f != exhausted {
			return f
		}
		s.untake(int32(t), state)
	}
	return exhausted
}

func (s *interleaving) ready(t int32) bool { return !s.done[t] && s.waits[t] == 0 }

// take executes a task if that is legal and leaves no other without the state it waits for.
func (s *interleaving) take(t int32) bool {
	k := &s.tasks[t]
	state := s.states[k.space]
	if k.wants != noOp && k.wants != state {
		return false
	}
	s.steps++
	next, ok := s.spaces[k.space].step(state, k.op)
	if !ok {
		return false
	}
	waiting := s.left[k.space][state]
	if k.waits {
		waiting--
	}
	if next != state && waiting > 0 {
		return false
	}
	if k.waits {
		s.left[k.space][k.wants]--
	}
	s.states[k.space], s.done[t] = next, true
	if !k.open {
		s.undone--
	}
	for _, a := range s.after[t] {
		s.waits[a]--
	}
	return true
}

func (s *interleaving) untake(t, state int32) {
	k := &s.tasks[t]
	for _, a := range s.after[t] {
		s.waits[a]++
	}
	if !k.open {
		s.undone++
	}
	s.states[k.space], s.done[t] = state, false
	if k.waits {
		s.left[k.space][k.wants]++
	}
}

// known reports whether the search was here before, and remembers it.
func (s *interleaving) known() bool {
	s.key = s.key[:0]
	for _, state := range s.states {
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(state))
	}
	for chunk := range slices.Chunk(s.done, 8) {
		var b byte
		for i, d := range chunk {
			if d {
				b |= 1 << i
			}
		}
		s.key = append(s.key, b)
	}
	s.steps += int64(len(s.key) / 64)
	if s.seen[string(s.key)] {
		return true
	}
	s.seen[string(s.key)] = true
	return false
}

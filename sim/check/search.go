package check

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// item is an operation as the search sees it.
type item struct {
	call, ret sim.Time // ret is sim.Never if nothing forces it to have happened
	op        int32    // what the space calls it
	open      bool     // it may have happened or not: it has no return
	pure      bool     // it never changes the state, so that it is taken as soon as it is legal
	blind     bool     // it is legal in every state, and nobody sees what it leaves: any write over it hides it
	covers    bool     // it leaves the same state whatever was there
	twin      int32    // open: an item before it with the same effect, which is taken first; noOp
	wants     int32    // the only state in which it is legal, noOp if there are several
	waits     bool     // it needs that state, which cannot come again; the search finds out
}

// space is the state machine that a search goes through. States are numbered; equal states have equal numbers.
type space interface {
	// step executes an operation in a state.
	step(state, op int32) (next int32, ok bool)
	// once reports whether no operation can lead back to a state that was left.
	once(state int32) bool
	// trap reports whether no operation leads from a state to one that another operation wants.
	trap(state int32) bool
}

// finding is how a search ended.
type finding uint8

const (
	exhausted   finding = iota // there is no linearization
	found                      // there is one
	outOfBudget                // the search was not finished
)

// search looks for a linearization depth first, and takes an operation only when one that returns needs it (just-in-time
// linearization, Lowe 2017, section 4), with the memory of Wing & Gong's search that Lowe gave it. Its place is an event
// of the history, a state, and the operations that are pending: invoked and not taken. Beyond that,
//
//   - a pure operation is taken as soon as it is legal;
//   - a state that cannot come again is not left before all are taken that are legal in it only;
//   - a blind write is taken for nothing just before a write that covers it;
//   - an open operation is taken only to make legal what is taken next, or to change what that does;
//   - of two places that differ only in which open operations were taken, the one with fewer is searched.
type search struct {
	space  space
	items  []item
	events []event
	budget int64
	steps  int64

	at    int   // the next event
	state int32 // after what is taken
	taken []bool
	next  []int32 // the pending items as two rings, in the order of invocation: anchored at closed and at open
	prev  []int32
	owes  int32   // the state before the open item that was taken last, if what is taken next must depend on it; else noOp
	total int32   // items that wait for a state, and are not taken
	left  []int32 // by state, as far as it goes: items that want it and are not taken
	log   []int32 // what was done, to undo it: i>=0 item i was taken, ^i it was invoked
	stack []choice
	seen  map[string]int32 // places by number of the list of open items taken there
	opens [][]uint64       // lists of sets, one after the other
	bit   []int32          // by item: its number among the open ones
	words int
	set   []uint64 // the open items taken
	key   []byte
}

// event is an invocation or a response.
type event struct {
	time     sim.Time
	item     int32
	response bool
}

// choice is a place at which one of the pending items is to be taken.
type choice struct {
	at    int
	state int32
	log   int
	needs int32 // the item that returns
	owes  int32
	last  int32 // the one tried last, or the anchor of a ring; noOp before any
}

func newSearch(sp space, items []item, start int32, budget int64) *search {
	n := len(items)
	s := &search{space: sp, items: items, budget: budget, state: start, taken: make([]bool, n),
		next: make([]int32, n+2), prev: make([]int32, n+2), owes: noOp, seen: map[string]int32{}, bit: make([]int32, n)}
	for _, anchor := range [...]int32{s.closed(), s.open()} {
		s.next[anchor], s.prev[anchor] = anchor, anchor
	}
	open := int32(0)
	for i := range items {
		s.events = append(s.events, event{items[i].call, int32(i), false})
		if items[i].open {
			s.bit[i] = open
			open++
		} else {
			s.events = append(s.events, event{items[i].ret, int32(i), true})
		}
		if w := items[i].wants; w != noOp && !items[i].open && sp.once(w) {
			items[i].waits = true
			for int(w) >= len(s.left) {
				s.left = append(s.left, 0)
			}
			s.left[w]++
			s.total++
		}
	}
	s.words = (int(open) + 63) / 64
	s.set = make([]uint64, s.words)
	slices.SortStableFunc(s.events, func(a, b event) int {
		return cmp.Or(compareTime(a.time, b.time), compareBool(a.response, b.response))
	})
	return s
}

// closed is the anchor of the ring of items that must be taken, and open that of the others.
func (s *search) closed() int32 { return int32(len(s.items)) }
func (s *search) open() int32   { return int32(len(s.items)) + 1 }

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// run searches.
func (s *search) run() finding {
	for s.forward() {
		if s.alone() || !s.known() {
			s.stack = append(s.stack, choice{s.at, s.state, len(s.log), s.events[s.at].item, s.owes, noOp})
		}
		for !s.choose() {
			if s.steps > s.budget {
				return outOfBudget
			}
			if len(s.stack) == 0 {
				return exhausted
			}
		}
	}
	return found
}

// order returns the items in the order in which they were taken: a linearization, if one was found.
func (s *search) order() []int32 {
	var order []int32
	for _, l := range s.log {
		if l >= 0 {
			order = append(order, l)
		}
	}
	return order
}

// forward goes on to the next response of an operation that is not taken, and reports whether there is one.
func (s *search) forward() bool {
	for ; s.at < len(s.events); s.at++ {
		switch e := &s.events[s.at]; {
		case !e.response:
			s.invoke(e.item)
		case !s.taken[e.item]:
			return true
		}
	}
	return false
}

// invoke makes an item pending, unless it is pure and legal: then it is taken.
func (s *search) invoke(i int32) {
	n := s.closed()
	if s.items[i].open {
		n = s.open()
	}
	s.next[i], s.prev[i] = n, s.prev[n]
	s.next[s.prev[n]] = i
	s.prev[n] = i
	s.log = append(s.log, ^i)
	s.tryPure(i)
}

// tryPure takes a pure item if it is legal, and reports whether it did.
func (s *search) tryPure(i int32) bool {
	it := &s.items[i]
	if !it.pure || it.wants != noOp && it.wants != s.state {
		return false
	}
	s.steps++
	_, ok := s.space.step(s.state, it.op)
	if ok {
		s.take(i)
	}
	return ok
}

// take takes an item out of the ring.
func (s *search) take(i int32) {
	s.taken[i] = true
	s.next[s.prev[i]], s.prev[s.next[i]] = s.next[i], s.prev[i]
	s.log = append(s.log, i)
	it := &s.items[i]
	if it.open {
		s.set[s.bit[i]/64] ^= 1 << (s.bit[i] % 64)
	} else if it.waits {
		s.left[it.wants]--
		s.total--
	}
}

// undo goes back to when the log was that long.
func (s *search) undo(to int) {
	for len(s.log) > to {
		l := s.log[len(s.log)-1]
		s.log = s.log[:len(s.log)-1]
		i := max(l, ^l)
		if l < 0 {
			s.next[s.prev[i]], s.prev[s.next[i]] = s.next[i], s.prev[i]
			continue
		}
		s.taken[i] = false
		s.next[s.prev[i]], s.prev[s.next[i]] = i, i
		it := &s.items[i]
		if it.open {
			s.set[s.bit[i]/64] ^= 1 << (s.bit[i] % 64)
		} else if it.waits {
			s.left[it.wants]++
			s.total++
		}
	}
}

// strands reports whether an item that leads to a state leaves another without the state it waits for.
func (s *search) strands(it *item, next int32) bool {
	if next == s.state {
		return false
	}
	own := int32(0)
	if it.waits {
		own = 1
	}
	if s.total > own && s.space.trap(next) {
		return true
	}
	if int(s.state) >= len(s.left) {
		return false
	}
	if it.wants != s.state {
		own = 0
	}
	return s.left[s.state] > own
}

// choose takes the next item that can be taken at the last choice, and reports whether there was one; if not, the
// choice is given up.
func (s *search) choose() bool {
	if len(s.stack) == 0 || s.steps > s.budget {
		return false
	}
	c := &s.stack[len(s.stack)-1]
	s.undo(c.log)
	s.at, s.state, s.owes = c.at, c.state, c.owes
	if c.last == noOp {
		c.last = s.closed()
		if s.attempt(c.needs) {
			return true
		}
	}
	for {
		c.last = s.next[c.last]
		switch i := c.last; {
		case i == s.closed():
			c.last = s.open()
		case i == s.open():
			s.stack = s.stack[:len(s.stack)-1]
			return false
		case i != c.needs && !s.items[i].pure && s.attempt(i):
			return true
		}
	}
}

// attempt takes an item if that is legal and leaves no other without a state to be legal in.
func (s *search) attempt(i int32) bool {
	it := &s.items[i]
	if it.open && it.twin != noOp && !s.taken[it.twin] || it.wants != noOp && it.wants != s.state {
		return false
	}
	s.steps++
	next, ok := s.space.step(s.state, it.op)
	if !ok || s.strands(it, next) || it.open && next == s.state || s.vain(it, next) {
		return false
	}
	before := s.state
	if it.covers {
		s.hide(i)
	}
	s.take(i)
	s.state, s.owes = next, noOp
	if pure := s.takePure(); it.open && !pure {
		s.owes = before
	}
	return true
}

// vain reports whether an item would do the same without the open one that was taken to change what it does.
func (s *search) vain(it *item, next int32) bool {
	if s.owes == noOp {
		return false
	}
	without, ok := s.space.step(s.owes, it.op)
	return ok && without == next
}

// takePure takes all pure items that are legal, and reports whether there were any.
func (s *search) takePure() bool {
	some := false
	for p := s.next[s.closed()]; p != s.closed(); {
		after := s.next[p]
		some = s.tryPure(p) || some
		p = after
	}
	return some
}

// hide takes all pending blind items but one.
func (s *search) hide(but int32) {
	for p := s.next[s.closed()]; p != s.closed(); {
		after := s.next[p]
		if s.items[p].blind && p != but {
			s.take(p)
		}
		p = after
	}
}

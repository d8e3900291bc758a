package check

import (
	"slices"
	"strings"

	"lightcone/sim"
)

// The states that every key has: missing, and holding a value that no result and no expectation has a part of, so that
// it does not matter which.
const (
	missing int32 = iota
	unseen
	firstValue
)

// act is an operation on a key with its values as states.
type act struct {
	kind   Kind
	fails  bool  // a compare-and-swap that did not swap, a deletion that found nothing
	shows  bool  // Append: some result has its value as a part
	expect int32 // Get: what it returned; CompareAndSwap: what it expects
	value  int32 // Put, CompareAndSwap: what it leaves; Append: what it leaves of a missing key
}

// keySpace is the state machine of one key, with what is known of the history as a whole.
type keySpace struct {
	h    History
	ops  []int32
	acts []act   // by item
	from []int32 // by item: the operation

	number   map[string]int32 // of the states but the first two
	text     []string
	observed []string // results and expectations, sorted; the only values that matter
	appends  bool     // some operation appends
	deletes  bool     // some operation deletes
	covers   bool     // some operation leaves a value whatever was there, or none
	presence bool     // some result tells a value from no value, or one value from all others, without saying which
	absence  bool     // some result tells that there was no value
	writers  map[string]int32
	written  map[string]int // how many operations write a value
	code     *code
	unique   bool // a value that was written says which operation wrote it
	joined   map[joint]int32

	since sim.Time // what was invoked earlier may have taken effect before the search begins; beginning if it is the whole history
}

// joint is a state with what is appended to it.
type joint struct{ state, op int32 }

// newKeySpace reads a key's history, and returns the items of a search through it.
func newKeySpace(h History, ops []int32) (*keySpace, []item) {
	k := newEmptySpace(h)
	k.read(ops)
	k.decode()
	return k, k.items(k.sightings())
}

func newEmptySpace(h History) *keySpace {
	return &keySpace{h: h, since: beginning, number: map[string]int32{}, text: []string{"", ""}, writers: map[string]int32{}, written: map[string]int{}, joined: map[joint]int32{}}
}

// read takes in all operations that can have had an effect or a result.
func (k *keySpace) read(ops []int32) {
	for _, i := range ops {
		if o := &k.h[i]; o.Outcome == OK || o.Outcome == Unknown && o.Op.Kind != Get {
			k.ops = append(k.ops, i)
			k.look(i, o)
		}
	}
	slices.Sort(k.observed)
	k.observed = slices.Compact(k.observed)
}

// look notes what an operation shows and does.
func (k *keySpace) look(i int32, o *Operation) {
	ok := o.Outcome == OK
	switch o.Op.Kind {
	case Get:
		if o.Result.Found {
			k.observed = append(k.observed, o.Result.Value)
		} else {
			k.absence = true
		}
		return
	case CompareAndSwap:
		k.observed = append(k.observed, o.Op.Expect)
		if ok && !o.Result.Swapped {
			k.presence, k.absence = true, true
			return
		}
	case Append:
		k.appends = true
	case Put:
		k.covers = true
	case Delete:
		k.deletes = k.deletes || !ok || o.Result.Found
		if ok {
			k.presence = k.presence || o.Result.Found
			k.absence = k.absence || !o.Result.Found
		}
		return
	}
	k.writers[o.Op.Value] = i
	k.written[o.Op.Value]++
}

// decode finds out whether values tell who wrote them.
func (k *keySpace) decode() {
	k.unique = true
	if !k.appends {
		return
	}
	values := make([]string, 0, len(k.written))
	for v, n := range k.written { //det:ok sorted below
		k.unique = k.unique && n == 1
		values = append(values, v)
	}
	slices.Sort(values)
	var ok bool
	k.code, ok = newCode(k.writers, values)
	k.unique = k.unique && ok
}

// items makes the items of a search. What need not be searched is left out: operations of unknown outcome that nobody
// can have noticed.
func (k *keySpace) items(seen map[string]sim.Time) []item {
	var items []item
	twins := map[act]int32{}
	for _, i := range k.ops {
		o := &k.h[i]
		a := k.act(o)
		it := item{call: o.Invoke, ret: o.Return, op: int32(len(items)), twin: noOp, wants: noOp}
		if o.Outcome == Unknown {
			by, sure := seen[o.Op.Value]
			switch {
			case sure && o.Op.Kind != Delete && o.Invoke >= k.since:
				it.ret = max(by, o.Invoke)
			case k.unnoticed(o, seen):
				continue
			default:
				it.open = true
			}
		}
		if _, ok := seen[o.Op.Value]; ok && a.kind == Append {
			a.shows = true
		}
		k.describe(&it, a)
		if it.open && a.kind != Append {
			if t, ok := twins[a]; ok && items[t].call <= it.call {
				it.twin = t
			}
			twins[a] = int32(len(items))
		}
		items, k.acts, k.from = append(items, it), append(k.acts, a), append(k.from, i)
	}
	return items
}

// act puts an operation in terms of states.
func (k *keySpace) act(o *Operation) act {
	a := act{kind: o.Op.Kind}
	switch a.kind {
	case Get:
		a.expect = missing
		if o.Result.Found {
			a.expect = k.stateOf(o.Result.Value)
		}
	case Put, Append:
		a.value = k.stateOf(o.Op.Value)
	case CompareAndSwap:
		a.expect, a.value = k.stateOf(o.Op.Expect), k.stateOf(o.Op.Value)
		a.fails = o.Outcome == OK && !o.Result.Swapped
	case Delete:
		a.fails = o.Outcome == OK && !o.Result.Found
	}
	return a
}

// describe says of an item what the search can make use of.
func (k *keySpace) describe(it *item, a act) {
	switch a.kind {
	case Get:
		it.pure, it.wants = true, a.expect
	case Put:
		it.covers = true
		it.blind = a.value == unseen && !k.presence
	case Append:
		it.blind = k.unique && !a.shows && !k.presence
	case CompareAndSwap:
		it.pure = a.fails
		if !a.fails {
			it.wants = a.expect
		}
	case Delete:
		it.pure = a.fails
		if a.fails {
			it.wants = missing
		}
	}
}

// unnoticed reports whether a write of unknown outcome makes no difference to any result. What it wrote was in no
// result, and no result tells values apart without naming them; what was deleted was nowhere missed.
func (k *keySpace) unnoticed(o *Operation, seen map[string]sim.Time) bool {
	if o.Op.Kind == Delete {
		return !k.absence && !k.presence && !k.appends
	}
	if k.presence {
		return false
	}
	if k.appends {
		_, noticed := seen[o.Op.Value]
		return k.unique && !noticed
	}
	return k.stateOf(o.Op.Value) == unseen
}

// stateOf returns the state in which the key has a value.
func (k *keySpace) stateOf(s string) int32 {
	if n, ok := k.number[s]; ok {
		return n
	}
	at, exact := slices.BinarySearch(k.observed, s)
	matters := exact || k.appends && at < len(k.observed) && strings.HasPrefix(k.observed[at], s)
	if !matters {
		return unseen
	}
	n := int32(len(k.text))
	k.number[s] = n
	k.text = append(k.text, s)
	return n
}

// step implements space.
func (k *keySpace) step(state, op int32) (int32, bool) {
	switch a := &k.acts[op]; a.kind {
	case Get:
		return state, state == a.expect
	case Put:
		return a.value, true
	case Append:
		next := k.join(state, op, a)
		return next, next != unseen || !a.shows
	case CompareAndSwap:
		if a.fails {
			return state, state != a.expect
		}
		return a.value, state == a.expect
	default:
		if a.fails {
			return state, state == missing
		}
		return missing, state != missing
	}
}

// join returns the state after an append.
func (k *keySpace) join(state, op int32, a *act) int32 {
	switch state {
	case missing:
		return a.value
	case unseen:
		return unseen
	}
	n, ok := k.joined[joint{state, op}]
	if !ok {
		n = k.stateOf(k.text[state] + k.h[k.from[op]].Op.Value)
		k.joined[joint{state, op}] = n
	}
	return n
}

// once implements space: a value that tells who wrote it cannot come again, as each operation takes effect once.
func (k *keySpace) once(state int32) bool {
	switch {
	case state == missing:
		return !k.deletes
	case state == unseen || k.since > beginning && k.early(state):
		return false
	case k.appends:
		return k.unique
	}
	return k.written[k.text[state]] <= 1
}

// early reports whether a part of a state was written by an operation that may have taken effect before the search
// begins: then the state may be there at the beginning and come again.
func (k *keySpace) early(state int32) bool {
	parts := []string{k.text[state]}
	if k.appends && k.unique {
		parts, _ = k.code.split(k.text[state], parts[:0])
	}
	return slices.ContainsFunc(parts, func(p string) bool {
		i, ok := k.writers[p]
		return ok && k.h[i].Invoke < k.since
	})
}

// trap implements space: if all that changes the value appends to it, one that matters no more never will again.
func (k *keySpace) trap(state int32) bool { return state == unseen && !k.covers && !k.deletes }

// linearize looks for a linearization of the operations on one key.
func linearize(h History, ops []int32, budget int64) (finding, *search) {
	k, items := newKeySpace(h, ops)
	s := newSearch(k, items, missing, budget)
	return s.run(), s
}

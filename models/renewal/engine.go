package renewal

import (
	"math"

	"lightcone/sim"
)

// engine is a system under way. Its clocks show when each part changes next, up or down, and when each shock strikes.
type engine struct {
	System
	clocks
	now, base float64 // since the clocks were turned back last; all that they were turned back by
	up        []bool
	down      int // how many parts are
	works     bool
	changed   bool      // the last step changed a part, and was not a shock that hit none
	since     []float64 // when each part was repaired, or each shock struck, last: only with memory

	free    int   // crews that are
	waiting queue // for a crew

	failure, repair []sim.Rand // of each part; failure also of each shock
	hits            []sim.Rand // of each shock

	transitions int
}

// turnBack is after how many steps the clocks are turned back, so that short times keep their digits in a long run.
const turnBack = 1 << 12

// start makes an engine with all parts up and new.
func (s System) start(seed uint64) *engine {
	n := len(s.Parts)
	e := &engine{System: s, clocks: newClocks(n + len(s.Shocks)), up: make([]bool, n), since: make([]float64, n+len(s.Shocks)), free: s.Crews}
	if s.Crews == 0 {
		e.free = n
	}
	for i, key := range s.keys() {
		e.failure = append(e.failure, stream(seed, key, forFailure))
		if i < n {
			e.up[i] = true
			e.repair = append(e.repair, stream(seed, key, forRepair))
		} else {
			e.hits = append(e.hits, stream(seed, key, forHits))
		}
		e.renew(i)
	}
	e.works = s.Works(e.up)
	return e
}

// renew starts the clock to the next failure of a part, or to the next of a shock.
func (e *engine) renew(i int) {
	e.since[i] = e.now
	switch {
	case i >= len(e.Parts):
		e.set(i, e.now+e.Shocks[i-len(e.Parts)].Every.Sample(&e.failure[i]))
	case e.Parts[i].Up == nil:
		e.set(i, math.Inf(1))
	default:
		e.set(i, e.now+e.Parts[i].Up.Sample(&e.failure[i]))
	}
}

// step goes to the next transition, and reports whether there is one.
func (e *engine) step() bool {
	i := e.next()
	if math.IsInf(e.at[i], 1) {
		return false
	}
	e.now = e.at[i]
	e.changed = i < len(e.Parts)
	switch {
	case i >= len(e.Parts):
		e.strike(i)
	case e.up[i]:
		e.fail(i)
	default:
		e.repaired(i)
	}
	if e.transitions++; e.transitions%turnBack == 0 {
		e.turnBack()
	}
	e.works = e.Works(e.up)
	return true
}

func (e *engine) turnBack() {
	e.back(e.now)
	for i := range e.since {
		e.since[i] -= e.now
	}
	e.base += e.now
	e.now = 0
}

func (e *engine) strike(i int) {
	k := i - len(e.Parts)
	for _, p := range e.Shocks[k].Parts {
		if hit := e.hits[k].Bool(e.Shocks[k].Hit); hit && e.up[p] {
			e.changed = true
			e.fail(p)
		}
	}
	e.renew(i)
}

func (e *engine) fail(i int) {
	e.up[i] = false
	e.down++
	if e.free == 0 {
		e.waiting.push(int32(i))
		e.set(i, math.Inf(1))
		return
	}
	e.free--
	e.set(i, e.now+e.Parts[i].Down.Sample(&e.repair[i]))
}

func (e *engine) repaired(i int) {
	e.up[i] = true
	e.down--
	e.renew(i)
	if e.waiting.len() == 0 {
		e.free++
		return
	}
	j := int(e.waiting.pop())
	e.set(j, e.now+e.Parts[j].Down.Sample(&e.repair[j]))
}

// queue is first in, first out.
type queue struct {
	items []int32
	first int
}

func (q *queue) len() int { return len(q.items) - q.first }

func (q *queue) push(x int32) {
	if q.first > 32 && 2*q.first > len(q.items) {
		q.items = q.items[:copy(q.items, q.items[q.first:])]
		q.first = 0
	}
	q.items = append(q.items, x)
}

func (q *queue) pop() int32 {
	x := q.items[q.first]
	q.first++
	return x
}

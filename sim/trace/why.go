package trace

import (
	"slices"

	"lightcone/sim"
)

// Handler returns the handler that event i is an effect of, or i itself if it is one: the Init, Deliver or Timeout
// before it on its lane. It is -1 for what no handler did: a fault, a completed write and the messages that waited for
// it.
func (o *Order) Handler(i int) int { return int(o.handler[i]) }

// findHandlers computes the handler of each event: the last one on its lane, if no time has passed since and nothing
// happened to the node from outside.
func (o *Order) findHandlers() {
	o.handler = make([]int32, len(o.trace.Events))
	for i := range o.handler {
		o.handler[i] = -1
	}
	for _, lane := range o.lane {
		current := int32(-1)
		for _, i := range lane {
			e := &o.trace.Events[i]
			switch {
			case e.Kind.Handler():
				current = i
			case o.outside(int(i)), current >= 0 && o.trace.Events[current].Time != e.Time:
				current = -1
			}
			o.handler[i] = current
		}
	}
}

// outside reports whether event i happened to its node from outside its handlers.
func (o *Order) outside(i int) bool {
	switch e := &o.trace.Events[i]; e.Kind {
	case sim.WriteLost, sim.Crashed, sim.Recovered, sim.Paused, sim.Resumed:
		return true
	case sim.Durable:
		issued := o.trace.Cause(i)
		return issued < 0 || o.trace.Events[issued].Time < e.Time
	}
	return false
}

// Trigger returns the event that event i directly comes from, -1 for none: of an effect its handler, of a delivery or a
// loss its send, of a timeout the setting of its timer, of a completed write its issue, of a recovery's Init the
// recovery, and of a recovery the crash.
func (o *Order) Trigger(i int) int {
	e := &o.trace.Events[i]
	if e.Link != 0 {
		return o.trace.Cause(i)
	}
	if h := o.Handler(i); h >= 0 && h != i {
		return h
	}
	if o.index[i] <= 0 {
		return -1
	}
	before := int(o.lane[e.Node][o.index[i]-1])
	kind := o.trace.Events[before].Kind
	switch {
	case e.Kind == sim.Init && kind == sim.Recovered,
		e.Kind == sim.Send && (kind == sim.Durable || kind == sim.Send):
		return before
	case e.Kind == sim.Recovered:
		return o.lastOf(i, sim.Crashed)
	case e.Kind == sim.Resumed:
		return o.lastOf(i, sim.Paused)
	}
	return -1
}

// lastOf returns the last event of a kind before i on its lane, -1 for none.
func (o *Order) lastOf(i int, k sim.Kind) int {
	lane := o.lane[o.trace.Events[i].Node]
	for at := int(o.index[i]) - 1; at >= 0; at-- {
		if e := lane[at]; o.trace.Events[e].Kind == k {
			return int(e)
		}
	}
	return -1
}

// Causes returns the chain of triggers that ends in event i, from its beginning: messages, timers and writes, each the
// reason for the next.
func (o *Order) Causes(i int) []int {
	var chain []int
	for ; i >= 0; i = o.Trigger(i) {
		chain = append(chain, i)
	}
	slices.Reverse(chain)
	return chain
}

// Chain returns a way from event a to event b by which a can have caused b, with as few messages as any: a, the sends
// and deliveries, and b. It is nil if a did not happen before b.
func (o *Order) Chain(a, b int) []int {
	if !o.HappenedBefore(a, b) {
		return nil
	}
	next := map[int]int{b: -1} // of each event reached: the next one on the way to b
	level := []int{b}
	for len(level) > 0 {
		var senders []int
		for n := 0; n < len(level); n++ {
			e := level[n]
			if e == a {
				return o.turns(a, next)
			}
			if s := int(o.sent[e]); s >= a {
				senders = append(senders, e)
			}
			if at := o.index[e]; at > 0 {
				before := int(o.lane[o.trace.Events[e].Node][at-1])
				if _, ok := next[before]; !ok && before >= a {
					next[before] = e
					level = append(level, before)
				}
			}
		}
		level = level[:0]
		for _, e := range senders {
			if s := int(o.sent[e]); s >= 0 {
				if _, ok := next[s]; !ok {
					next[s] = e
					level = append(level, s)
				}
			}
		}
	}
	return nil
}

// turns returns the events of a way at which it begins, changes lane, or ends.
func (o *Order) turns(a int, next map[int]int) []int {
	chain := []int{a}
	for e := a; next[e] >= 0; e = next[e] {
		to := next[e]
		crosses := int(o.sent[to]) == e && o.trace.Events[to].Node != o.trace.Events[e].Node
		if crosses && chain[len(chain)-1] != e {
			chain = append(chain, e)
		}
		if crosses || next[to] < 0 {
			chain = append(chain, to)
		}
	}
	return chain
}

// Why says why event i happened: its chain of causes, a sentence each.
func (o *Order) Why(i int) []string {
	var sentences []string
	for _, e := range o.Causes(i) {
		sentences = append(sentences, o.trace.Sentence(e))
	}
	return sentences
}

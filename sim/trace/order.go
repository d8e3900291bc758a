package trace

import (
	"slices"

	"lightcone/sim"
)

// Order is happened-before among the events of a trace (Lamport, CACM 1978): the least transitive relation in which an
// event comes before the later ones on its lane, and a send before the deliveries of its message.
//
// Events are named by their place in Trace.Events. Those of no lane (a lost copy, a partition) are ordered with none.
// What the trace left out orders nothing: at level Faults no message does.
type Order struct {
	trace   *Trace
	nodes   int
	lane    [][]int32 // of each node: its events
	index   []int32   // of each event: its place on its lane, -1 for none
	sent    []int32   // of each Deliver: its Send; else -1
	handler []int32   // of each event: the handler that it is an effect of, or -1

	// Up to eagerLanes lanes, what is known at each event is computed at once, a row for each place where it grows by
	// more than the lane's own events: a delivery. Above, it is searched for when it is asked for.
	row  []int32 // of each event: the row in force on its lane, -1 before the first
	rows []int32 // nodes entries each: how many events of each lane are known
}

const eagerLanes = 64

// NewOrder returns the order of a trace, which must not change while it is used.
func NewOrder(t *Trace) *Order {
	o := &Order{
		trace: t,
		nodes: t.Header.Nodes,
		lane:  make([][]int32, t.Header.Nodes),
		index: make([]int32, len(t.Events)),
		sent:  make([]int32, len(t.Events)),
	}
	for i := range t.Events {
		e := &t.Events[i]
		o.index[i], o.sent[i] = -1, -1
		if e.Node != sim.Nobody {
			o.index[i] = int32(len(o.lane[e.Node]))
			o.lane[e.Node] = append(o.lane[e.Node], int32(i))
		}
		if e.Kind == sim.Deliver {
			o.sent[i] = int32(t.Cause(i))
		}
	}
	o.findHandlers()
	if o.nodes <= eagerLanes {
		o.computeRows()
	}
	return o
}

func (o *Order) computeRows() {
	o.row = make([]int32, len(o.trace.Events))
	last := make([]int32, o.nodes)
	for lane := range last {
		last[lane] = -1
	}
	for i := range o.trace.Events {
		o.row[i] = -1
		lane := o.trace.Events[i].Node
		if lane == sim.Nobody {
			continue
		}
		if s := o.sent[i]; s >= 0 && o.trace.Events[s].Node != lane {
			last[lane] = o.join(last[lane], int(s))
		}
		o.row[i] = last[lane]
	}
}

// join appends the row that knows what row r does and what event s does.
func (o *Order) join(r int32, s int) int32 {
	at := len(o.rows)
	o.rows = slices.Grow(o.rows, o.nodes)[:at+o.nodes]
	row := o.rows[at:]
	clear(row)
	for _, r := range [2]int32{r, o.row[s]} {
		if r >= 0 {
			for lane, n := range o.rows[int(r)*o.nodes : (int(r)+1)*o.nodes] {
				row[lane] = max(row[lane], n)
			}
		}
	}
	lane := o.trace.Events[s].Node
	row[lane] = max(row[lane], o.index[s]+1)
	return int32(at / o.nodes)
}

// Lane returns the events on a node's lane, in order. Do not change it.
func (o *Order) Lane(id sim.NodeID) []int32 { return o.lane[id] }

// Index returns the place of an event on its lane, -1 for an event of no lane.
func (o *Order) Index(i int) int { return int(o.index[i]) }

// Sent returns the Send of a Deliver, -1 if it is not in the trace or i is of another kind.
func (o *Order) Sent(i int) int { return int(o.sent[i]) }

// known returns how many events of a lane are in the past of event i, itself included.
func (o *Order) known(i int, lane sim.NodeID) int32 {
	if o.trace.Events[i].Node == lane {
		return o.index[i] + 1
	}
	if r := o.row[i]; r >= 0 {
		return o.rows[int(r)*o.nodes+int(lane)]
	}
	return 0
}

// HappenedBefore reports whether event a can have caused event b. No event happened before itself.
func (o *Order) HappenedBefore(a, b int) bool {
	if a >= b || o.index[a] < 0 || o.index[b] < 0 {
		return false
	}
	lane := o.trace.Events[a].Node
	if o.row != nil {
		return o.known(b, lane) > o.index[a]
	}
	return o.searchPast(b, a)[lane] > o.index[a]
}

// Concurrent reports whether neither of two different events, both on a lane, happened before the other.
func (o *Order) Concurrent(a, b int) bool {
	return a != b && o.index[a] >= 0 && o.index[b] >= 0 && !o.HappenedBefore(a, b) && !o.HappenedBefore(b, a)
}

// Past returns the causal past of event i and i itself, as the number of events of each lane, from its first, that
// belong to it: its vector clock. For an event of no lane it is all 0.
func (o *Order) Past(i int) []int32 {
	if o.index[i] < 0 {
		return make([]int32, o.nodes)
	}
	if o.row == nil {
		return o.searchPast(i, -1)
	}
	past := make([]int32, o.nodes)
	for lane := range past {
		past[lane] = o.known(i, sim.NodeID(lane))
	}
	return past
}

// searchPast finds the past of event i by following messages back, each event of it once. It may stop early when it has
// found the event goal to be in it.
func (o *Order) searchPast(i, goal int) []int32 {
	past := make([]int32, o.nodes)
	work := []int32{int32(i)}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		lane := o.trace.Events[at].Node
		from := past[lane]
		if o.index[at] < from {
			continue
		}
		past[lane] = o.index[at] + 1
		if goal >= 0 && o.trace.Events[goal].Node == lane && past[lane] > o.index[goal] {
			return past
		}
		for _, e := range o.lane[lane][from:past[lane]] {
			if o.sent[e] >= 0 {
				work = append(work, o.sent[e])
			}
		}
	}
	return past
}

// Future returns the causal future of event i and i itself, as the place on each lane of the first event that belongs
// to it: the lane's length if none does. For an event of no lane it is empty.
func (o *Order) Future(i int) []int32 {
	first := make([]int32, o.nodes)
	for lane := range first {
		first[lane] = int32(len(o.lane[lane]))
	}
	at := o.index[i]
	if at < 0 {
		return first
	}
	from := o.trace.Events[i].Node
	first[from] = at
	if o.row != nil {
		for lane := range first {
			if sim.NodeID(lane) != from {
				first[lane] = int32(o.firstKnowing(sim.NodeID(lane), from, at))
			}
		}
		return first
	}
	o.sweepFuture(i, first)
	return first
}

// firstKnowing returns the place of the first event on a lane that knows event at of lane from.
func (o *Order) firstKnowing(lane, from sim.NodeID, at int32) int {
	n, _ := slices.BinarySearchFunc(o.lane[lane], at, func(e, at int32) int {
		if o.known(int(e), from) > at {
			return 1
		}
		return -1
	})
	return n
}

// sweepFuture looks at all events after i in order: a delivery of what was sent in the future of i is in it.
func (o *Order) sweepFuture(i int, first []int32) {
	for e := i + 1; e < len(o.sent); e++ {
		s := o.sent[e]
		if s < 0 {
			continue
		}
		from, to := o.trace.Events[s].Node, o.trace.Events[e].Node
		if o.index[s] >= first[from] {
			first[to] = min(first[to], o.index[e])
		}
	}
}

package experiments

import (
	"slices"
	"sort"
	"time"

	"lightcone/protocols"
	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// stampWatch is an observer that keeps every stamped event, its true causal past by the messages themselves, and
// every message. Happened-before is that of the stamped events and the messages that carry stamps: what a clock
// synchronisation sends besides is not part of it.
type stampWatch struct {
	delay   func(from, to sim.NodeID) linkDelay
	lanes   [][]stamped // the events of each node, in order
	past    [][]int32   // the causal past of each node's next event
	flights []*flight
	sends   map[uint64]int  // record of a Send: index of its flight
	arrived []*flight       // the message whose receipt each node notes next; nil if none
	ahead   []time.Duration // how far each wall clock is ahead of true time, as last seen
	least   time.Duration   // the least and the most that any was at an event
	most    time.Duration
}

// stamped is one event of a node, with what the four clocks said of it and what was true.
type stamped struct {
	protocols.Stamp
	at   sim.Time
	past []int32 // how many events of each node happened before it, or are it
}

// flight is one message.
type flight struct {
	from, to sim.NodeID
	sent     sim.Time
	past     []int32 // of its sending
	link     linkDelay

	// The chance that it is inverted given how the clocks go: known is that of being inverted with a delay below upTo;
	// with a longer one it is inverted if the delay is below lead.
	known float64
	upTo  time.Duration
	lead  time.Duration

	send, received uint64 // records; received is 0 if it never arrived
	stamps         [2]protocols.Stamp
}

// inverted reports whether the receiver's wall clock showed less than the sender's had.
func (f *flight) inverted() bool { return f.stamps[1].Wall < f.stamps[0].Wall }

// chance returns the probability of that.
func (f *flight) chance() float64 {
	return f.known + max(0, f.link.below(f.lead)-f.link.below(f.upTo))
}

func newStampWatch(nodes int, delay func(from, to sim.NodeID) linkDelay) *stampWatch {
	w := &stampWatch{delay: delay, sends: map[uint64]int{}, ahead: make([]time.Duration, nodes), arrived: make([]*flight, nodes)}
	w.lanes, w.past = make([][]stamped, nodes), make([][]int32, nodes)
	for i := range w.past {
		w.past[i] = make([]int32, nodes)
	}
	return w
}

// Observe implements sim.Observer.
func (w *stampWatch) Observe(e *sim.Event) {
	if e.Node >= 0 {
		w.ahead[e.Node] = time.Duration(e.Wall) - time.Duration(e.Time)
	}
	switch e.Kind {
	case sim.WallStepped:
		w.stepped(e)
	case sim.Send:
		if m, ok := e.Value.(traffic.Message[protocols.Stamp]); ok {
			w.sent(e, m.Stamp)
		}
	case sim.Deliver:
		if i, ok := w.sends[e.Link]; ok && w.flights[i].received == 0 {
			f := w.flights[i]
			f.received, w.arrived[e.Node] = e.ID, f
			for l, n := range f.past {
				w.past[e.Node][l] = max(w.past[e.Node][l], n)
			}
		}
	case sim.Note:
		if s, ok := e.Value.(protocols.Stamp); ok {
			w.happened(e, s)
		}
	}
}

// sent keeps a message. Its sending is the event that its node notes next.
func (w *stampWatch) sent(e *sim.Event, s protocols.Stamp) {
	past := slices.Clone(w.past[e.From])
	past[e.From]++
	w.sends[e.ID] = len(w.flights)
	w.flights = append(w.flights, &flight{
		from: e.From, to: e.To, sent: e.Time, past: past, link: w.delay(e.From, e.To),
		lead: w.ahead[e.From] - w.ahead[e.To], send: e.ID, stamps: [2]protocols.Stamp{s},
	})
}

// happened keeps an event. If a message was just received it is its receipt.
func (w *stampWatch) happened(e *sim.Event, s protocols.Stamp) {
	past := w.past[e.Node]
	past[e.Node]++
	w.lanes[e.Node] = append(w.lanes[e.Node], stamped{s, e.Time, slices.Clone(past)})
	if f := w.arrived[e.Node]; f != nil {
		f.stamps[1], w.arrived[e.Node] = s, nil
	}
	w.least, w.most = min(w.least, w.ahead[e.Node]), max(w.most, w.ahead[e.Node])
}

// slowest is longer than any message takes.
const slowest = 2 * time.Second

// stepped takes into account, for the messages that may be on their way to a node, that its wall clock was stepped:
// from this delay on, they are inverted by another.
func (w *stampWatch) stepped(e *sim.Event) {
	for i := len(w.flights) - 1; i >= 0; i-- {
		f := w.flights[i]
		elapsed := e.Time.Sub(f.sent)
		if elapsed > slowest {
			return
		}
		if f.to != e.Node {
			continue
		}
		f.known += max(0, f.link.below(min(f.lead, elapsed))-f.link.below(f.upTo))
		f.upTo = elapsed
		f.lead -= time.Duration(e.Step)
	}
}

// settle ends the watch: it leaves out messages that were lost, and those sent so late that only the fast ones arrived.
func (w *stampWatch) settle(end sim.Time) {
	w.flights = slices.DeleteFunc(w.flights, func(f *flight) bool { return f.received == 0 || end.Sub(f.sent) < slowest })
}

// pairs is what the clocks make of the pairs of events on different nodes.
type pairs struct {
	causal   int // one happened before the other
	inverted int // of those: the wall clock has them the other way round
	lamport  int // of those: the Lamport clock has them the other way round, or equal
	hybrid   int // of those: the hybrid clock has
	ordered  int // the Lamport clock has one before the other
	wrong    int // events whose vector is not their true causal past
	events   int
}

// count compares the clocks with the truth over all pairs of events.
func (w *stampWatch) count() pairs {
	var p pairs
	for j, lane := range w.lanes {
		for k := range lane {
			b := &lane[k]
			p.events++
			if !slices.EqualFunc(b.past, b.Vector, func(n int32, v uint64) bool { return uint64(n) == v }) {
				p.wrong++
			}
			for i := range w.lanes {
				if i != j {
					w.countBefore(&p, w.lanes[i], int(b.past[i]), b)
				}
			}
		}
	}
	return p
}

// countBefore counts the pairs of the events of another lane and b, of which the first past happened before b.
func (w *stampWatch) countBefore(p *pairs, lane []stamped, past int, b *stamped) {
	p.causal += past
	p.ordered += sort.Search(len(lane), func(k int) bool { return lane[k].Lamport.Time >= b.Lamport.Time })
	// Logical clocks rise along a lane: if the last one before b is in order, all are.
	for k := past - 1; k >= 0 && lane[k].Lamport.Time >= b.Lamport.Time; k-- {
		p.lamport++
	}
	for k := past - 1; k >= 0 && !lane[k].HLC.Before(b.HLC); k-- {
		p.hybrid++
	}
	// A wall clock may step back, but only events within the spread of all errors can be inverted.
	for k := past - 1; k >= 0 && b.at.Sub(lane[k].at) <= w.most-w.least; k-- {
		if lane[k].Wall > b.Wall {
			p.inverted++
		}
	}
}

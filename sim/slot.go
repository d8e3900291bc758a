package sim

import (
	"fmt"
	"slices"
)

// slot holds one pending event, one cache line.
type slot struct {
	value any
	words Words  // unboxed message; of a timer: see timer.go; of a write: its number
	link  uint64 // record that caused it; in a free slot: the next free one
	to    NodeID
	from  NodeID // of a timer: the incarnation that set it
	k     uint32
	keys  uint16 // of a timer: how many keys of it are queued
	kind  slotKind
	copy  uint8
}

type slotKind uint8

const (
	slotMessage slotKind = iota
	slotWords
	slotTimer
	slotDead    // a timer that was cancelled or has fired, with keys still queued
	slotFault   // k: its index
	slotDurable // a write completes
	slotSend    // a message leaves that waited for a write; k: the sender's incarnation
	slotSendWords
	slotHeld // a message that arrived while its receiver was paused
	slotHeldWords
	slotWorkedOn // a message on which a slow receiver has worked
	slotWorkedOnWords
	slotWorked // a slow node ends a piece of work
)

const noSlot = ^uint32(0)

// alter replaces the message in a slot.
func (s *slot) alter(m Message) {
	if words, ok := m.(Words); ok && s.kind == slotWords {
		s.words = words
		return
	}
	s.kind, s.value = slotMessage, m
}

// message returns the message in a slot as a value.
func (s *slot) message() any {
	if s.kind == slotWords || s.kind == slotSendWords {
		return s.words
	}
	return s.value
}

// rank returns the next place in the order of causation, for slot i.
func (w *World) rank(i uint32) uint64 {
	w.seq++
	if w.seq > seqMask {
		panic(limitHit{"2^40 events caused"})
	}
	return w.seq<<slotBits | uint64(i)
}

// tie returns a place among events of the same time drawn by the seed, for slot i. It is above all ranks that are not
// drawn.
func (w *World) tie(a, b uint64, i uint32) uint64 {
	r := NewRand(w.cfg.Seed, forTie, a, b)
	return (1<<63|r.Uint64())&^slotMask | uint64(i)
}

// alloc returns a slot for a new event.
func (w *World) alloc() uint32 {
	if i := w.hole; i != noSlot {
		w.hole = noSlot
		return i
	}
	if i := w.free; i != noSlot {
		w.free = uint32(w.slots[i].link)
		return i
	}
	n := len(w.slots)
	if n >= w.cfg.Limits.Pending {
		panic(limitHit{fmt.Sprintf("%d events pending", w.cfg.Limits.Pending)})
	}
	if n == cap(w.slots) {
		w.slots = slices.Grow(w.slots, max(n, 16)) // twice as many: by a quarter more each time, most of what is allocated would be copies
	}
	w.slots = append(w.slots, slot{})
	if w.cfg.Strict {
		w.prints = append(w.prints, 0)
	}
	if n >= int(w.queue.tree.size) {
		w.queue.grow(n+1, w.now)
		if w.queue.radix != nil && w.queue.radix.touch == nil {
			w.queue.radix.touch = w.touch
		}
	}
	return uint32(n)
}

// unalloc gives back a slot that alloc returned and that was not queued.
func (w *World) unalloc(i uint32) {
	if w.queue.radix == nil && w.queue.tree.leaves()[i] != never {
		if w.hole == noSlot {
			w.slots[i].value = nil
			w.hole = i
			return
		}
		w.queue.tree.remove(i)
	}
	w.release(i)
}

// release gives a slot back.
func (w *World) release(i uint32) {
	s := &w.slots[i]
	s.value, s.link = nil, uint64(w.free)
	w.free = i
}

// take removes the least event from the queue. Its slot may be used again from now on.
func (w *World) take(i uint32) {
	if w.queue.radix != nil {
		w.queue.radix.pop()
		w.release(i)
		return
	}
	w.hole = i
}

// fillHole completes the removal of an event whose handler pushed nothing.
func (w *World) fillHole() {
	w.queue.tree.remove(w.hole)
	w.release(w.hole)
	w.hole = noSlot
}

// detach removes the least event from the queue but keeps its slot.
func (w *World) detach(i uint32) {
	if w.queue.radix != nil {
		w.queue.radix.pop()
		return
	}
	w.queue.tree.remove(i)
}

// touch loads the slots and nodes of events that are soon due, all at once, so that the misses overlap.
func (w *World) touch(keys []key) {
	var x uint64
	for _, k := range keys {
		x += uint64(w.slots[k.slot()].to)
	}
	for _, k := range keys {
		x += uint64(w.nodes[w.slots[k.slot()].to].incarnation)
	}
	w.sunk = x
}

// holdBack keeps an event for a paused node.
func (w *World) holdBack(i uint32, id NodeID) {
	w.detach(i)
	w.cold[id].waiting = append(w.cold[id].waiting, i)
}

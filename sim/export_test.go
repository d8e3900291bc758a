package sim

import (
	"fmt"
	"slices"
)

// UseRadix changes the world over to the radix heap now, however few events are pending.
func UseRadix(w *World) {
	if w.queue.radix != nil {
		return
	}
	if w.hole != noSlot {
		w.fillHole()
	}
	w.queue.grow(treeLimit+1, w.now)
	w.queue.radix.touch = w.touch
}

// InRadix reports whether the world has changed over.
func InRadix(w *World) bool { return w.queue.radix != nil }

// PendingSlots returns how many slots the world has made: the most events that were ever pending at once.
func PendingSlots(w *World) int { return len(w.slots) }

// MessageRand returns the stream that decides the fate of a message.
func MessageRand(w *World, m MessageName) Rand {
	return Rand{key: w.netKey + uint64(m.From)*fromStep + uint64(m.To)*toStep + m.K*kStep}
}

// StreamAt is the stream with that key.
func StreamAt(key uint64) Rand { return Rand{key: key} }

// Audit reports a slot that is leaked or used twice: each is either free or has its place, in the queue or among what
// waits at a node.
func Audit(w *World) error {
	if w.hole != noSlot {
		w.fillHole()
	}
	queued, held, free := make([]int, len(w.slots)), make([]int, len(w.slots)), make([]int, len(w.slots))
	for i := w.free; i != noSlot; i = uint32(w.slots[i].link) {
		if free[i]++; free[i] > 1 {
			return fmt.Errorf("slot %d is free twice", i)
		}
	}
	count := func(k key) { queued[k.slot()]++ }
	if h := w.queue.radix; h != nil {
		for _, k := range slices.Concat(h.now[h.head:], h.odd) {
			count(k)
		}
		for _, c := range h.buckets {
			for ; c != nil; c = c.next {
				for _, k := range c.keys[:c.n] {
					count(k)
				}
			}
		}
	} else {
		for i, k := range w.queue.tree.leaves() {
			if k == never {
				continue
			}
			if int(k.slot()) != i {
				return fmt.Errorf("leaf %d has the key of slot %d", i, k.slot())
			}
			count(k)
		}
	}
	for _, x := range w.cold {
		if x == nil {
			continue
		}
		for _, i := range x.waiting {
			held[i]++
		}
		for _, j := range x.server.queue {
			if !w.void(j) {
				held[j.slot]++
			}
		}
		for _, s := range x.store.stalled {
			if s.write == 0 {
				held[s.slot]++
			}
		}
	}
	for i := range w.slots {
		s := &w.slots[i]
		timer := s.kind == slotTimer || s.kind == slotDead
		switch {
		case free[i] > 0 && (queued[i] > 0 || held[i] > 0):
			return fmt.Errorf("slot %d (kind %d) is free, queued %d times and held %d times", i, s.kind, queued[i], held[i])
		case free[i] == 0 && queued[i]+held[i] == 0:
			return fmt.Errorf("slot %d (kind %d) is leaked", i, s.kind)
		case free[i] == 0 && (held[i] > 1 || !timer && queued[i]+held[i] > 1):
			return fmt.Errorf("slot %d (kind %d) is queued %d times and held %d times", i, s.kind, queued[i], held[i])
		case free[i] == 0 && timer && int(s.keys) != queued[i]+held[i]:
			return fmt.Errorf("the timer in slot %d has %d keys, and is queued %d times and held %d times", i, s.keys, queued[i], held[i])
		}
	}
	return nil
}

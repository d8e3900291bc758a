package sim

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

package sim

import "fmt"

// storage is a node's durable state and the writes on their way to it.
type storage struct {
	data    map[string]any
	prints  map[string]uint64 // strict: the fingerprints of data
	flight  []write           // in the order of issue
	written uint64            // writes issued so far
	last    Time              // when the latest of them is durable

	factor  float64   // how many times slower it is than the Disk says; 0 stands for 1
	full    bool      // nothing can be written
	stalled []stalled // what waits until there is room, in order
	ghosts  []write   // writes that were said to be durable and are not: a process sees them until it crashes
	backup  disk
}

// write is one write in flight.
type write struct {
	number uint64
	link   uint64 // its Persist record
	key    string
	value  any
	print  uint64 // strict: its fingerprint
	wait   bool   // the disk is full
	torn   bool   // a ghost: half of it is there
}

func (s *storage) apply(key string, value any, print uint64) {
	if print != 0 {
		if s.prints == nil {
			s.prints = map[string]uint64{}
		}
		s.prints[key] = print
	}
	if value == nil {
		delete(s.data, key)
		return
	}
	if s.data == nil {
		s.data = map[string]any{}
	}
	s.data[key] = value
}

func (w *World) writeRand(id NodeID, number uint64) Rand {
	return NewRand(w.cfg.Seed, forDisk, uint64(id), number)
}

// persist is Env.Persist.
func (w *World) persist(e *Env, under string, value any) {
	st := &w.coldOf(e.id).store
	st.written++
	w.count.Writes++
	print := w.print(value)
	if w.cfg.Strict {
		w.content.add(uint64(uint32(e.id)), print, uint64(w.now))
	}
	w.mark(Event{Kind: Persist, Node: e.id, Text: under, Value: value})
	x := write{number: st.written, link: w.records, key: under, value: value, print: print, wait: st.full}
	if st.full {
		st.flight = append(st.flight, x)
		st.stalled = append(st.stalled, stalled{write: st.written})
		e.barrier = whenThereIsRoom
		return
	}
	done := w.durableAt(e.id, &x)
	if done == w.now && len(st.flight) == 0 {
		w.land(e.id, &x)
		return
	}
	st.flight = append(st.flight, x)
	w.await(e.id, x.number, done)
	e.barrier = done
}

// durableAt is when a write that begins now is durable: after those before it.
func (w *World) durableAt(id NodeID, x *write) Time {
	st := &w.cold[id].store
	if w.disk == nil {
		return w.now
	}
	w.rand = w.writeRand(id, x.number) // the world's, since a local one would be allocated for each write
	d := w.disk.Latency(w.now, id, x.key, x.value, &w.rand)
	if d < 0 {
		panic(misuse{fmt.Sprintf("the disk (%T) gave a write of %v a latency of %v, want 0 or more", w.disk, id, d)})
	}
	if st.factor > 1 && d > 0 {
		d = scaled(d, st.factor)
	}
	return max(w.now.Add(d), st.last)
}

// await queues the completion of a write.
func (w *World) await(id NodeID, number uint64, done Time) {
	w.cold[id].store.last = done
	i := w.alloc()
	s := &w.slots[i]
	s.kind, s.to, s.words.A = slotDurable, id, number
	w.queue.push(key{uint64(done), w.rank(i)})
}

// land is the end of a write: it is durable, unless the disk deceives.
func (w *World) land(id NodeID, x *write) {
	st := &w.cold[id].store
	if len(w.conditions) == 0 || !w.deceives(id, x) {
		if len(st.ghosts) > 0 {
			st.exorcise(x.key)
		}
		st.apply(x.key, x.value, x.print)
	}
	w.mark(Event{Kind: Durable, Node: id, Text: x.key, Value: x.value, Link: x.link})
}

// completeWrite makes a write durable, unless a crash has already settled it.
func (w *World) completeWrite(id NodeID, number uint64) {
	st := &w.cold[id].store
	if len(st.flight) == 0 || st.flight[0].number != number {
		return
	}
	x := st.flight[0]
	st.flight = append(st.flight[:0], st.flight[1:]...)
	w.checkWritten(id, x.key, x.value, x.print)
	w.land(id, &x)
	w.check(id)
}

// settleWrites decides what a crash makes of the writes in flight, and takes away what the disk only pretended to have.
func (w *World) settleWrites(id NodeID) {
	st := &w.cold[id].store
	flight, ghosts := st.flight, st.ghosts
	st.flight, st.ghosts = nil, nil
	st.last = w.now
	w.unstall(st)
	for _, x := range ghosts {
		if x.torn {
			w.applyTorn(id, &x)
		}
		w.mark(Event{Kind: WriteLost, Node: id, Text: x.key, Value: x.value, Link: x.link, Fate: x.fate()})
	}
	for _, x := range flight {
		switch fate := w.fateOf(id, &x); fate {
		case WriteKept:
			w.checkWritten(id, x.key, x.value, x.print)
			st.apply(x.key, x.value, x.print)
			w.mark(Event{Kind: Durable, Node: id, Text: x.key, Value: x.value, Link: x.link})
		case WriteTorn:
			w.applyTorn(id, &x)
			fallthrough
		default:
			w.mark(Event{Kind: WriteLost, Node: id, Text: x.key, Value: x.value, Link: x.link, Fate: fate})
		}
	}
}

// fateOf is what a crash makes of a write in flight.
func (w *World) fateOf(id NodeID, x *write) WriteFate {
	switch {
	case x.wait || w.disk == nil:
		return WriteGone
	case len(w.conditions) > 0 && w.tears(id, x):
		return WriteTorn
	}
	r := w.fateRand(id, x)
	return w.disk.Fate(id, x.key, x.value, &r)
}

// fateRand is the stream of what becomes of a write, apart from the draws of its latency.
func (w *World) fateRand(id NodeID, x *write) Rand {
	r := w.writeRand(id, x.number)
	return NewRand(r.key, 1)
}

// applyTorn leaves half of a write on the disk.
func (w *World) applyTorn(id NodeID, x *write) {
	r := w.fateRand(id, x)
	if !x.torn && w.disk != nil {
		w.disk.Fate(id, x.key, x.value, &r) // whose draw comes first
	}
	torn := Torn{Have: tear(x.value, &r)}
	w.cold[id].store.apply(x.key, torn, w.print(torn))
}

// tear returns the part of a value that a torn write left.
func tear(v any, r *Rand) any {
	switch v := v.(type) {
	case string:
		return v[:r.IntN(len(v)+1)]
	case []byte:
		n := r.IntN(len(v) + 1)
		return v[:n:n]
	}
	return nil
}

// recall is Env.Recall.
func (w *World) recall(id NodeID, key string) (any, bool) {
	x := w.cold[id]
	if x == nil {
		return nil, false
	}
	for i := len(x.store.flight) - 1; i >= 0; i-- {
		if f := x.store.flight[i]; f.key == key {
			return f.value, f.value != nil
		}
	}
	if v, ok := x.store.ghost(key); ok {
		return v, v != nil
	}
	v, ok := x.store.data[key]
	if ok && w.cfg.Strict {
		w.checkWritten(id, key, v, x.store.prints[key])
	}
	return v, ok
}

// print is the fingerprint of a persisted value in strict mode, else 0.
func (w *World) print(value any) uint64 {
	if !w.cfg.Strict {
		return 0
	}
	return fingerprint(value)
}

// checkWritten checks, in strict mode, that a persisted value is as it was written.
func (w *World) checkWritten(id NodeID, key string, value any, print uint64) {
	if w.print(value) != print {
		w.blame(id)
		panic(misuse{fmt.Sprintf("the value that %v persisted under %q (%T) was changed afterwards: persisted values are immutable", id, key, value)})
	}
}

// durable is View.Durable.
func (w *World) durable(id NodeID, key string) (any, bool) {
	if w.cold[id] == nil {
		return nil, false
	}
	v, ok := w.cold[id].store.data[key]
	return v, ok
}

// delaySend keeps the message in slot i until the write that it waits for is durable.
func (w *World) delaySend(i uint32, from, to NodeID, until Time) {
	s := &w.slots[i]
	s.kind += slotSend - slotMessage
	s.from, s.to, s.k = from, to, w.nodes[from].incarnation
	if w.cfg.Strict {
		w.prints[i] = fingerprint(s.message())
	}
	if until == whenThereIsRoom {
		w.stall(i, from)
		return
	}
	w.queue.push(key{uint64(until), w.rank(i)})
}

// leaveDisk sends the message in slot i, which waited, unless its sender crashed meanwhile.
func (w *World) leaveDisk(i uint32) {
	m := w.slots[i]
	w.blame(m.from)
	if w.cfg.Strict && fingerprint(m.message()) != w.prints[i] {
		panic(misuse{fmt.Sprintf("a message of %v to %v (%T) was changed after it was sent: messages are immutable", m.from, m.to, m.value)})
	}
	w.take(i)
	n := &w.nodes[m.from]
	if n.status&statusUp == 0 || n.incarnation != m.k {
		w.count.Unsent++
		return
	}
	i = w.alloc()
	m.kind -= slotSend - slotMessage
	w.slots[i] = m
	w.launch(i, m.from, m.to)
}

package sim

import "fmt"

// storage is a node's durable state and the writes on their way to it.
type storage struct {
	data    map[string]any
	prints  map[string]uint64 // strict: the fingerprints of data
	flight  []write           // in the order of issue
	written uint64            // writes issued so far
	last    Time              // when the latest of them is durable
}

// write is one write in flight.
type write struct {
	number uint64
	link   uint64 // its Persist record
	key    string
	value  any
	print  uint64 // strict: its fingerprint
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
	link := w.records
	done := w.now
	if w.disk != nil {
		r := w.writeRand(e.id, st.written)
		d := w.disk.Latency(w.now, e.id, under, value, &r)
		if d < 0 {
			panic(misuse{fmt.Sprintf("the disk (%T) gave a write of %v a latency of %v, want 0 or more", w.disk, e.id, d)})
		}
		done = max(w.now.Add(d), st.last)
	}
	if done == w.now && len(st.flight) == 0 {
		st.apply(under, value, print)
		w.mark(Event{Kind: Durable, Node: e.id, Text: under, Value: value, Link: link})
		return
	}
	st.last = done
	st.flight = append(st.flight, write{st.written, link, under, value, print})
	i := w.alloc()
	s := &w.slots[i]
	s.kind, s.to, s.words.A = slotDurable, e.id, st.written
	w.queue.push(key{uint64(done), w.rank(i)})
	e.barrier = done
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
	st.apply(x.key, x.value, x.print)
	w.mark(Event{Kind: Durable, Node: id, Text: x.key, Value: x.value, Link: x.link})
	w.check(id)
}

// settleWrites decides what a crash makes of the writes in flight.
func (w *World) settleWrites(id NodeID) {
	st := &w.cold[id].store
	flight := st.flight
	st.flight = nil
	st.last = w.now
	for _, x := range flight {
		r := w.writeRand(id, x.number)
		r = NewRand(r.key, 1) // apart from the draws of its latency
		switch fate := w.disk.Fate(id, x.key, x.value, &r); fate {
		case WriteKept:
			w.checkWritten(id, x.key, x.value, x.print)
			st.apply(x.key, x.value, x.print)
			w.mark(Event{Kind: Durable, Node: id, Text: x.key, Value: x.value, Link: x.link})
		case WriteTorn:
			torn := Torn{Have: tear(x.value, &r)}
			st.apply(x.key, torn, w.print(torn))
			w.mark(Event{Kind: WriteLost, Node: id, Text: x.key, Value: x.value, Link: x.link, Fate: fate})
		default:
			w.mark(Event{Kind: WriteLost, Node: id, Text: x.key, Value: x.value, Link: x.link, Fate: fate})
		}
	}
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

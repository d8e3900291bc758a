package sim

import (
	"fmt"
	"time"
)

// launch sends the message that is in slot i: names it, asks the network for its fate, and queues its copies.
func (w *World) launch(i uint32, from, to NodeID) {
	s := &w.slots[i]
	w.records++
	w.count.Sent++
	s.from, s.to, s.copy, s.link = from, to, 0, w.records
	s.k = w.number(from, to)
	if w.careful && !w.leaves(i, s) {
		return
	}
	if from == to {
		w.schedule(i, s, 0)
		return
	}
	p := &w.packet
	p.Now, p.From, p.To, p.K = w.now, from, to, uint64(s.k)
	if s.kind == slotWords {
		p.Message, p.Words = nil, &s.words
	} else {
		p.Message, p.Words = s.value, nil
	}
	w.rand = Rand{key: w.netKey + uint64(from)*fromStep + uint64(to)*toStep + uint64(s.k)*kStep}
	if len(w.lying.now) > 0 && w.liesNow(from) {
		w.deceive(i, p)
		return
	}
	copies := w.network.Route(w.copies[:0], p, &w.rand)
	if len(copies) == 1 && copies[0].Cause == Delivered && copies[0].Altered == nil && copies[0].Delay >= 0 {
		w.schedule(i, s, copies[0].Delay)
		return
	}
	w.scatter(i, copies)
}

// leaves is the part of sending that few runs need. It is false if the message goes no further.
func (w *World) leaves(i uint32, s *slot) bool {
	if w.wants(Send) {
		w.tell(Event{Kind: Send, Node: s.from, From: s.from, To: s.to, K: uint64(s.k), Value: s.message()})
	}
	if w.cfg.Strict {
		w.prints[i] = fingerprint(s.message())
	}
	if s.from == s.to {
		return true
	}
	if _, ok := w.edited[MessageName{s.from, s.to, uint64(s.k)}]; ok {
		w.drop(s, Edited, w.now)
	} else if len(w.cuts) > 0 && w.severed(s.from, s.to) {
		w.drop(s, Partition, w.now)
	} else if len(w.conditions) > 0 && w.omitted(sending, s) {
		w.drop(s, Omission, w.now)
	} else {
		return true
	}
	w.unalloc(i)
	return false
}

// A message's stream starts at a place of the generator's sequence that depends linearly on its name: Uint64 mixes
// it. The steps are odd and without pattern (from the digits of the square roots of 2, 3 and 7; that of 5 is twice
// the golden ratio, the step between draws), so that streams meet no more often than chance has it.
const (
	fromStep = 0x6a09e667f3bcc909
	toStep   = 0xbb67ae8584caa73b
	kStep    = 0xa54ff53a5f1d36f1
)

// scatter queues what the network made of the message in slot i if that is not one plain copy.
func (w *World) scatter(i uint32, copies []Copy) {
	m := w.slots[i]
	if len(copies) == 0 {
		w.drop(&m, Loss, w.now)
	} else {
		w.count.Duplicated += uint64(len(copies) - 1)
	}
	var print uint64
	if w.cfg.Strict {
		print = w.prints[i]
	}
	free := true // slot i is not used yet
	for n, c := range copies {
		if c.Delay < 0 || n > 255 {
			panic(misuse{fmt.Sprintf("the network (%T) gave copy %d of %v a delay of %v, want 0 or more and at most 256 copies",
				w.network, n, MessageName{m.from, m.to, uint64(m.k)}, c.Delay)})
		}
		m.copy = uint8(n)
		if c.Cause != Delivered {
			w.drop(&m, c.Cause, w.now.Add(c.Delay))
			continue
		}
		if !free {
			i = w.alloc()
		}
		free = false
		s := &w.slots[i]
		*s = m
		if w.cfg.Strict {
			w.prints[i] = print
		}
		if c.Altered != nil {
			s.alter(c.Altered)
			if w.cfg.Strict {
				w.prints[i] = fingerprint(c.Altered)
			}
		}
		w.schedule(i, s, c.Delay)
	}
	if free {
		w.unalloc(i)
	}
}

// schedule queues the arrival of the message in slot i.
func (w *World) schedule(i uint32, s *slot, d time.Duration) {
	rank := w.rank(i)
	if w.cfg.Shuffle {
		rank = w.tie(uint64(uint32(s.from))<<32|uint64(uint32(s.to)), uint64(s.k)<<8|uint64(s.copy), i)
	}
	k := key{uint64(w.now.Add(d)), rank}
	if w.queue.radix == nil {
		w.queue.tree.set(i, k)
	} else {
		w.queue.radix.push(k)
	}
}

// number counts a message and returns its K.
func (w *World) number(from, to NodeID) uint32 {
	switch {
	case w.links != nil:
		l := &w.links[int(from)*len(w.nodes)+int(to)]
		*l++
		return *l
	case w.linkMap != nil:
		l := uint64(uint32(from))<<32 | uint64(uint32(to))
		w.linkMap[l]++
		return w.linkMap[l]
	}
	n := &w.nodes[from]
	n.sent++
	return n.sent
}

// drop records the loss of the copy in s.
func (w *World) drop(s *slot, c Cause, at Time) {
	w.count.Dropped[c]++
	w.records++
	w.digest.add(uint64(w.now), uint64(Drop)<<56|uint64(s.copy)<<48|uint64(c)<<40|uint64(uint32(s.to)), uint64(uint32(s.from))<<32|uint64(s.k))
	if w.wants(Drop) {
		w.tell(Event{Kind: Drop, Node: Nobody, From: s.from, To: s.to, K: uint64(s.k), Copy: s.copy, Cause: c, At: at, Link: s.link, Value: s.message()})
	}
}

// dropArriving records the loss, on arrival, of the copy in slot i.
func (w *World) dropArriving(i uint32, c Cause) {
	m := w.slots[i]
	w.take(i)
	w.drop(&m, c, w.now)
}

// severed reports whether a cut stops messages from a to b.
func (w *World) severed(a, b NodeID) bool {
	for i := range w.cuts {
		c := &w.cuts[i]
		if c.from.has(a) && c.to.has(b) || !c.cut.OneWay && c.from.has(b) && c.to.has(a) {
			return true
		}
	}
	return false
}

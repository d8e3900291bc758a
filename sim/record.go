package sim

import (
	"math/bits"
)

func (w *World) note(id NodeID, v any) {
	if w.cfg.Strict {
		w.content.add(uint64(uint32(id)), fingerprint(v), uint64(w.now))
	}
	w.mark(Event{Kind: Note, Node: id, Value: v})
}

// mark numbers, digests and tells a record that is not part of a message's way.
func (w *World) mark(e Event) {
	w.records++
	w.digest.add(uint64(w.now), uint64(e.Kind)<<56|uint64(uint32(e.Node)), uint64(e.Step)^e.Link)
	if w.wants(e.Kind) {
		w.tell(e)
	}
}

// tell completes a record and shows it to the observers, who do not keep it: it is the same one all the time.
func (w *World) tell(record Event) {
	w.told = record
	e := &w.told
	e.ID, e.Time = w.records, w.now
	if e.Kind != Send && e.Kind != Deliver && e.Kind != Drop {
		e.From, e.To = Nobody, Nobody
	}
	if e.At == 0 {
		e.At = w.now
	}
	if e.Node >= 0 {
		e.Local, e.Wall = w.local(e.Node), w.wall(e.Node)
	}
	for _, o := range w.observer {
		if o.wants.has(e.Kind) {
			o.Observe(e)
		}
	}
}

// kinds is a set of kinds of events, a bit each.
type kinds uint32

func (s kinds) has(k Kind) bool { return s>>k&1 != 0 }

// wants reports whether any observer wants events of this kind.
func (w *World) wants(k Kind) bool { return w.wanted.has(k) }

// watcher is an Observer with the kinds that it wants.
type watcher struct {
	Observer
	wants kinds
}

func newWatcher(o Observer) watcher {
	c, chooses := o.(Chooser)
	x := watcher{Observer: o}
	for k := Init; k <= Custom; k++ {
		if !chooses || c.Wants(k) {
			x.wants |= 1 << k
		}
	}
	return x
}

// badge is what a Badger last showed.
type badge struct{ role, text string }

// showBadge tells observers of a change of the process's role or text.
func (w *World) showBadge(id NodeID) {
	b, ok := w.nodes[id].proc.(Badger)
	if !ok {
		return
	}
	role, text := b.Badge()
	if w.badges == nil {
		w.badges = make([]badge, len(w.nodes))
	}
	if now := (badge{role, text}); w.badges[id] != now {
		w.badges[id] = now
		w.tell(Event{Kind: BadgeSet, Node: id, Role: role, Text: text})
	}
}

// digest is a running hash of the run: each record is multiplied in, 64 by 64 bits, and both halves of the product go
// on.
type digest struct{ a, b uint64 }

func (d *digest) add(x, y, z uint64) {
	hi, lo := bits.Mul64(d.a^x^0xa0761d6478bd642f, d.b^y^0xe7037ed1a0b428db)
	d.a, d.b = hi^z, lo^bits.RotateLeft64(d.a, 29)
}

func (d digest) sum() uint64 { return mix(d.a ^ mix(d.b)) }

package sim

import (
	"fmt"
	"maps"
	"slices"
)

// SlowDisk is a performance failure of storage: each write of the node takes Factor times as long as the Disk says. Of
// several at once the Factors multiply, with those of Slow too.
type SlowDisk struct {
	Name   string
	Node   NodeID
	Factor float64 // at least 1
}

// FullDisk leaves no room on the node's disk: a write waits until there is, and with it all that was to leave after it.
// The process sees what it wrote, as always, and that it never becomes durable. A crash loses what waits.
type FullDisk struct {
	Name string
	Node NodeID
}

// LoseWrites is a disk that lies: each write of the node is, with probability P, said to be durable and is not. Until
// the next crash the process sees it (it is in a cache); after that there is the value before it. At most Max are lost
// so, if it is not 0.
type LoseWrites struct {
	Name string
	Node NodeID
	P    float64 // in (0, 1]
	Max  int     // 0: any number
}

// TearWrites is a disk whose writes are not atomic: each write of the node that was made while this holds, in flight or
// said to be durable, is, with probability P, found torn after the next crash (Torn). At most Max are torn so, if it is
// not 0.
type TearWrites struct {
	Name string
	Node NodeID
	P    float64 // in (0, 1]
	Max  int     // 0: any number
}

// Rot damages a stored value: that under Key or, if it is empty, one that the seed draws. It is detected by whoever reads
// it (Recall returns Torn), or Undetected: the value is another one. What another one is says its method
// Corrupt(*Rand) Message, as of a message; text, bytes and integers have a bit flipped; damage to anything else is
// always detected. Where nothing is stored, nothing happens.
type Rot struct {
	Node       NodeID
	Key        string
	Undetected bool
}

// LoseDisk crashes the node, if it is up, and leaves its disk empty: it returns as new.
type LoseDisk struct{ Node NodeID }

// Backup copies what is durable on the node, for an OldDisk to come.
type Backup struct{ Node NodeID }

// OldDisk crashes the node, if it is up, and restores the last Backup of its disk: it returns with stale state; empty,
// if there was none.
type OldDisk struct{ Node NodeID }

func (a SlowDisk) Apply(c *Control)   { c.begin(a) }
func (a FullDisk) Apply(c *Control)   { c.begin(a) }
func (a LoseWrites) Apply(c *Control) { c.begin(a) }
func (a TearWrites) Apply(c *Control) { c.begin(a) }

func (a SlowDisk) Label() string   { return a.Name }
func (a FullDisk) Label() string   { return a.Name }
func (a LoseWrites) Label() string { return a.Name }
func (a TearWrites) Label() string { return a.Name }

func (a SlowDisk) subject() NodeID   { return a.Node }
func (a FullDisk) subject() NodeID   { return a.Node }
func (a LoseWrites) subject() NodeID { return a.Node }
func (a TearWrites) subject() NodeID { return a.Node }

func (a SlowDisk) String() string {
	return words("slow disk of", a.Node.String(), fmt.Sprintf("by %v", a.Factor), as(a.Name))
}
func (a FullDisk) String() string { return words("fill disk of", a.Node.String(), as(a.Name)) }
func (a LoseWrites) String() string {
	return words("lose writes of", a.Node.String(), fmt.Sprintf("with %v", a.P), atMost(a.Max), as(a.Name))
}
func (a TearWrites) String() string {
	return words("tear writes of", a.Node.String(), fmt.Sprintf("with %v", a.P), atMost(a.Max), as(a.Name))
}
func (a LoseDisk) String() string { return fmt.Sprintf("crash %v losing its disk", a.Node) }
func (a Backup) String() string   { return fmt.Sprintf("back up disk of %v", a.Node) }
func (a OldDisk) String() string  { return fmt.Sprintf("crash %v restoring its backup", a.Node) }
func (a Rot) String() string {
	var key, how string
	if a.Key != "" {
		key = fmt.Sprintf("%q", a.Key)
	}
	if a.Undetected {
		how = "undetected"
	}
	return words("rot", a.Node.String(), key, how)
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a SlowDisk) Validate(nodes int) error {
	p := wrongs{of: "SlowDisk"}
	p.node(a.Node, nodes)
	p.factor(a.Factor)
	return p.err()
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a FullDisk) Validate(nodes int) error {
	p := wrongs{of: "FullDisk"}
	p.node(a.Node, nodes)
	return p.err()
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a LoseWrites) Validate(nodes int) error {
	return deceit(wrongs{of: "LoseWrites"}, a.Node, a.P, a.Max, nodes)
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a TearWrites) Validate(nodes int) error {
	return deceit(wrongs{of: "TearWrites"}, a.Node, a.P, a.Max, nodes)
}

func deceit(p wrongs, node NodeID, chance float64, most, nodes int) error {
	p.node(node, nodes)
	p.chance("P", chance)
	p.most(most)
	return p.err()
}

// Apply crashes the node without its disk.
func (a LoseDisk) Apply(c *Control) { c.replaceDisk(a.Node, a, disk{}) }

// Apply crashes the node and gives it its old disk.
func (a OldDisk) Apply(c *Control) {
	c.w.node(a.Node)
	c.replaceDisk(a.Node, a, c.w.coldOf(a.Node).store.backup.clone())
}

// Apply makes the copy.
func (a Backup) Apply(c *Control) {
	c.w.node(a.Node)
	st := &c.w.coldOf(a.Node).store
	st.backup = disk{st.data, st.prints}.clone()
	c.Record(a.Node, a.String())
}

// disk is what is durable: values and, in strict mode, their fingerprints.
type disk struct {
	data   map[string]any
	prints map[string]uint64
}

func (d disk) clone() disk { return disk{maps.Clone(d.data), maps.Clone(d.prints)} }

func (c *Control) replaceDisk(id NodeID, a Action, d disk) {
	c.w.node(id)
	c.Record(id, a.String())
	c.w.crash(id)
	st := &c.w.coldOf(id).store
	st.data, st.prints = d.data, d.prints
}

// Apply damages a value.
func (a Rot) Apply(c *Control) {
	w := c.w
	w.node(a.Node)
	c.Record(a.Node, a.String())
	st := &w.coldOf(a.Node).store
	r := NewRand(w.cfg.Seed, forCondition, rotting, uint64(a.Node), uint64(w.now), hashName(a.Key))
	key := a.Key
	if keys := slices.Sorted(maps.Keys(st.data)); key == "" && len(keys) > 0 {
		key = keys[r.IntN(len(keys))]
	}
	v, ok := st.data[key]
	if !ok {
		return
	}
	var rotten any = Torn{}
	if a.Undetected {
		if x := damaged(v, &r); x != nil {
			rotten = x
		}
	}
	st.apply(key, rotten, w.print(rotten))
}

// damaged returns another value, nil if damage is always detected.
func damaged(v any, r *Rand) any {
	switch v := v.(type) {
	case interface{ Corrupt(*Rand) Message }:
		return v.Corrupt(r)
	case string:
		return string(flipped([]byte(v), r))
	case []byte:
		return flipped(slices.Clone(v), r)
	case int:
		return v ^ 1<<r.IntN(31)
	case int64:
		return v ^ 1<<r.IntN(63)
	case uint64:
		return v ^ 1<<r.IntN(64)
	case Time:
		return v ^ 1<<r.IntN(62)
	}
	return nil
}

// flipped flips one bit of b.
func flipped(b []byte, r *Rand) []byte {
	if len(b) == 0 {
		return []byte{1}
	}
	b[r.IntN(len(b))] ^= 1 << r.IntN(8)
	return b
}

// deceives reports whether a write that completes is only said to be durable. A process sees it until it crashes.
func (w *World) deceives(id NodeID, x *write) bool {
	for i := range w.conditions {
		c := &w.conditions[i]
		var p float64
		torn := false
		switch a := c.is.(type) {
		case LoseWrites:
			if a.Node == id {
				p = a.P
			}
		case TearWrites:
			if a.Node == id {
				p, torn = a.P, true
			}
		}
		if p > 0 && c.strike(p, w.writeCase(id, x, c.key)) {
			ghost := *x
			ghost.torn = torn
			st := &w.cold[id].store
			st.haunt(ghost)
			return true
		}
	}
	return false
}

// tears reports whether a write in flight at a crash is torn by a condition.
func (w *World) tears(id NodeID, x *write) bool {
	for i := range w.conditions {
		c := &w.conditions[i]
		if a, ok := c.is.(TearWrites); ok && a.Node == id && c.strike(a.P, w.writeCase(id, x, c.key)) {
			return true
		}
	}
	return false
}

func (w *World) writeCase(id NodeID, x *write, key uint64) Rand {
	return NewRand(w.cfg.Seed, forCondition, key, writing, uint64(id), x.number)
}

// fate is what the next crash makes of a write that was only said to be durable.
func (x *write) fate() WriteFate {
	if x.torn {
		return WriteTorn
	}
	return WriteGone
}

// ghost returns the last value under key that was only said to be durable.
func (s *storage) ghost(key string) (any, bool) {
	for i := len(s.ghosts) - 1; i >= 0; i-- {
		if s.ghosts[i].key == key {
			return s.ghosts[i].value, true
		}
	}
	return nil, false
}

// haunt adds a ghost. Of those under its key it hides all but what a crash would still show: a torn one below a lost one.
func (s *storage) haunt(ghost write) {
	s.ghosts = append(slices.DeleteFunc(slices.Clone(s.ghosts), func(x write) bool { return x.key == ghost.key && (ghost.torn || !x.torn) }), ghost)
}

// exorcise forgets what was only said to be durable under key: a later write to it is durable.
func (s *storage) exorcise(key string) {
	s.ghosts = slices.DeleteFunc(slices.Clone(s.ghosts), func(x write) bool { return x.key == key })
}

// whenThereIsRoom is the time until which messages wait for a write to a full disk.
const whenThereIsRoom = Never

// stalled is what waits for room on a full disk: a write, by its number, or a message, by its slot.
type stalled struct {
	write uint64 // 0: a message
	slot  uint32
}

// stall lets the message in slot i wait until there is room on its sender's disk.
func (w *World) stall(i uint32, id NodeID) {
	if w.queue.radix == nil && w.queue.tree.leaves()[i] != never {
		w.queue.tree.remove(i)
	}
	st := &w.cold[id].store
	st.stalled = append(st.stalled, stalled{slot: i})
}

// fill leaves no room on a node's disk, or some again: then all that waited is written and sent, in order.
func (w *World) fill(id NodeID, full bool) {
	st := &w.cold[id].store
	st.full = full
	if full {
		return
	}
	list := st.stalled
	st.stalled = nil
	for _, x := range list {
		if x.write == 0 {
			w.queue.push(key{uint64(max(st.last, w.now)), w.rank(x.slot)})
			continue
		}
		for k := range st.flight {
			if f := &st.flight[k]; f.number == x.write {
				f.wait = false
				w.await(id, f.number, w.durableAt(id, f))
			}
		}
	}
}

// unstall gives up, at a crash, the messages that wait for room.
func (w *World) unstall(st *storage) {
	for _, x := range st.stalled {
		if x.write == 0 {
			w.count.Unsent++
			w.release(x.slot)
		}
	}
	st.stalled = nil
}

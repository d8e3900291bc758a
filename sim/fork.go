package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Fork returns an independent copy of the world in its present state: both go on alike until one is interfered with.
// Every process that is up must be a Cloner. Observers are not copied: the fork has those it is given.
func (w *World) Fork(observers ...Observer) (*World, error) {
	if w.running {
		return nil, errors.New("sim: Fork inside a handler, want it between events")
	}
	if w.closed || w.over || w.err != nil {
		return nil, fmt.Errorf("sim: Fork of an ended world: %w", w.failure())
	}
	if w.hole != noSlot {
		w.fillHole()
	}
	f := *w
	f.observer = nil
	for _, o := range observers {
		f.observer = append(f.observer, newWatcher(o))
	}
	f.env, f.current = Env{}, nil
	f.queue = w.queue.clone()
	if f.queue.radix != nil {
		f.queue.radix.touch = f.touch
	}
	f.slots, f.prints, f.links = slices.Clone(w.slots), slices.Clone(w.prints), slices.Clone(w.links)
	f.linkMap = maps.Clone(w.linkMap)
	if c, ok := w.calm.(NetworkCloner); ok {
		f.calm = c.CloneNetwork()
	}
	f.conditions = slices.Clone(w.conditions)
	f.reroute()
	if c, ok := w.disk.(DiskCloner); ok {
		f.disk = c.CloneDisk()
	}
	f.faults = slices.Clone(w.faults)
	for i := range f.faults {
		if c, ok := f.faults[i].fault.(FaultCloner); ok {
			f.faults[i].fault = c.CloneFault()
		}
	}
	f.lying = w.lying.clone()
	f.cuts, f.props = slices.Clone(w.cuts), slices.Clone(w.props)
	if w.versions != nil {
		f.versions = make([]version, len(w.versions)) // its checks have seen none
	}
	for i := range f.props {
		if p := &f.props[i]; p.Fresh != nil {
			p.Check = p.Fresh()
		}
	}
	f.packet = Packet{Seed: w.cfg.Seed}
	f.watch()
	f.nodes = slices.Clone(w.nodes)
	f.cold = make([]*cold, len(w.cold))
	f.badges = slices.Clone(w.badges)
	var errs []error
	for i := range f.nodes {
		errs = append(errs, f.cloneNode(NodeID(i), w.cold[i]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &f, nil
}

// cloneNode makes a node's process and cold state independent of those that it was copied from.
func (w *World) cloneNode(id NodeID, x *cold) error {
	n := &w.nodes[id]
	if x != nil {
		c := *x
		w.cold[id] = &c
		c.waiting = slices.Clone(x.waiting)
		c.server.queue = slices.Clone(x.server.queue)
		c.store.flight, c.store.ghosts = slices.Clone(x.store.flight), slices.Clone(x.store.ghosts)
		c.store.stalled = slices.Clone(x.store.stalled)
		c.store.data, c.store.prints = maps.Clone(x.store.data), maps.Clone(x.store.prints)
		if k, ok := x.clock.(ClockCloner); ok {
			c.clock = k.CloneClock()
			c.waller, _ = c.clock.(Waller)
		}
	}
	if n.proc == nil {
		return nil
	}
	c, ok := n.proc.(Cloner)
	if !ok {
		return fmt.Errorf("sim: Fork: the process of %v (%T) has no Clone method", id, n.proc)
	}
	n.proc = c.Clone()
	if n.proc == nil {
		return fmt.Errorf("sim: Fork: Clone of the process of %v returned nil", id)
	}
	n.words, _ = n.proc.(WordReceiver)
	return nil
}

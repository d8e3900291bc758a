package gossip

import (
	"fmt"
	"math/bits"

	"lightcone/sim"
)

// EverybodyKnows is the property that all nodes know the rumour: of a run that is to end when they do.
const EverybodyKnows = "everybody knows"

// Properties returns what must hold of a run. Without a stop rule every node that is up hears in the end; with one that
// may be, and need not.
func (c Config) Properties() []sim.Property {
	ps := []sim.Property{
		{Name: "nobody learns what was not told", Mode: sim.Always, Fresh: func() func(sim.View) error { return new(hearsay).check }},
		{Name: "who knows goes on knowing", Mode: sim.Always, Fresh: func() func(sim.View) error { return new(memory).check }},
		{Name: "messages go to others only", Mode: sim.Always, Check: toOthers},
		{Name: EverybodyKnows, Mode: sim.Sometimes, Fresh: func() func(sim.View) error { return new(census).everybody }},
	}
	if c.withDefaults().Stop == Never {
		ps = append(ps, sim.Property{Name: "every node that is up hears", Mode: sim.Eventually,
			Fresh: func() func(sim.View) error { return new(census).everyUp }})
	}
	return ps
}

// HalfKnow is the property that half of the nodes know the rumour.
func HalfKnow() sim.Property {
	return sim.Property{Name: "half of the nodes know", Mode: sim.Sometimes, Fresh: func() func(sim.View) error { return new(census).half }}
}

// process returns the process of a node; nil if it is down, or another kind.
func process(v sim.View, id sim.NodeID) *Process {
	p, _ := v.Process(id).(*Process)
	return p
}

// changed calls f for every node that may have changed since the last check: one, or who knows which.
func changed(v sim.View, first bool, f func(sim.NodeID) error) error {
	if t := v.Touched(); t != sim.Nobody && !first {
		return f(t)
	}
	for id := range sim.NodeID(v.Nodes()) {
		if err := f(id); err != nil {
			return err
		}
	}
	return nil
}

// set is a set of nodes.
type set struct {
	words []uint64
	n     int
}

func (s *set) grow(nodes int) { s.words = make([]uint64, (nodes+63)/64) }

func (s *set) has(id sim.NodeID) bool { return s.words[id/64]>>(id%64)&1 != 0 }

// put sees to it that the set has id, or has it not.
func (s *set) put(id sim.NodeID, in bool) {
	w := s.words[id/64]
	if in {
		w |= 1 << (id % 64)
	} else {
		w &^= 1 << (id % 64)
	}
	s.n += bits.OnesCount64(w) - bits.OnesCount64(s.words[id/64])
	s.words[id/64] = w
}

// hearsay checks that whoever knows has heard from somebody who knew.
type hearsay struct{ knew set } // who has known the rumour, also before a crash

func (h *hearsay) check(v sim.View) error {
	first := h.knew.words == nil
	if first {
		h.knew.grow(v.Nodes())
	}
	return changed(v, first, func(id sim.NodeID) error {
		p := process(v, id)
		if p == nil || !p.Knows() {
			return nil
		}
		if !first && p.heard >= 0 && !h.knew.has(p.teller) {
			return fmt.Errorf("%v learned the rumour from %v, which never knew it", id, p.teller)
		}
		h.knew.put(id, true)
		return nil
	})
}

// memory checks that nobody forgets but by a crash.
type memory struct {
	knew   set
	starts []uint32
}

func (m *memory) check(v sim.View) error {
	first := m.knew.words == nil
	if first {
		m.knew.grow(v.Nodes())
		m.starts = make([]uint32, v.Nodes())
	}
	return changed(v, first, func(id sim.NodeID) error {
		p := process(v, id)
		knows := p != nil && p.Knows()
		start := uint32(v.Incarnation(id))
		if p != nil && !knows && m.knew.has(id) && m.starts[id] == start {
			return fmt.Errorf("%v no longer knows the rumour", id)
		}
		m.knew.put(id, knows)
		m.starts[id] = start
		return nil
	})
}

func toOthers(v sim.View) error {
	if t := v.Touched(); t != sim.Nobody {
		if p := process(v, t); p != nil && p.state&hasCalled != 0 {
			return fmt.Errorf("%v received a message of its own", t)
		}
	}
	return nil
}

// census counts who has ever started, who is up and who of them knows. As an error it says how many do not: an error of
// its own at every step would be most of what a large run allocates.
type census struct {
	started, up, know set
	of                int // whom it misses
}

func (c *census) Error() string { return fmt.Sprintf("%d of %d nodes know", c.know.n, c.of) }

func (c *census) count(v sim.View) {
	first := c.up.words == nil
	if first {
		c.started.grow(v.Nodes())
		c.up.grow(v.Nodes())
		c.know.grow(v.Nodes())
	}
	_ = changed(v, first, func(id sim.NodeID) error {
		p := process(v, id)
		c.up.put(id, v.Up(id))
		if v.Up(id) {
			c.started.put(id, true)
		}
		c.know.put(id, p != nil && p.Knows())
		return nil
	})
}

func (c *census) everybody(v sim.View) error {
	if c.count(v); c.know.n < v.Nodes() {
		c.of = v.Nodes()
		return c
	}
	return nil
}

func (c *census) half(v sim.View) error {
	if c.count(v); 2*c.know.n < v.Nodes() {
		c.of = v.Nodes()
		return c
	}
	return nil
}

func (c *census) everyUp(v sim.View) error {
	if c.count(v); c.know.n < c.up.n || c.started.n < v.Nodes() {
		c.of = c.up.n
		return c
	}
	return nil
}

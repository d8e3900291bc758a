package network

import (
	"lightcone/sim"
)

// Corruptible is what a message implements to say what damage makes of it. The message itself stays as it is.
type Corruptible interface {
	// Corrupt returns a damaged copy, or nil if any damage to it is detected.
	Corrupt(r *sim.Rand) sim.Message
}

// Corrupt damages each copy that Inner delivers with probability P. The receiver detects the damage (by a checksum,
// say) and throws the copy away, with Cause Corrupt; or, in the share Undetected of the cases, it takes the copy for
// good.
//
// What then arrives is up to Alter or, when that is nil, to the message: Corruptible says so itself, sim.Words have one
// bit flipped, and damage to any other message is always detected.
type Corrupt struct {
	Inner      sim.Network                                  // nil: delivers at once
	P          float64                                      // share of copies damaged, in [0, 1]
	Undetected float64                                      // share of those that pass for good, in [0, 1]
	Alter      func(r *sim.Rand, m sim.Message) sim.Message // must not change m; nil result: detected after all
}

// Route damages some of what Inner delivers.
func (n Corrupt) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	for i := first; i < len(dst); i++ {
		if r.Bool(n.P) && dst[i].Cause == sim.Delivered {
			n.damage(&dst[i], p, r)
		}
	}
	return dst
}

// damage damages what c carries: the packet's message, or what Inner has made of it.
func (n *Corrupt) damage(c *sim.Copy, p *sim.Packet, r *sim.Rand) {
	m := c.Altered
	switch {
	case m != nil:
	case p.Words != nil:
		m = *p.Words
	default:
		m = p.Message
	}
	c.Altered = nil
	if r.Bool(n.Undetected) {
		c.Altered = n.alter(m, r)
	}
	if c.Altered == nil {
		c.Cause = sim.Corrupt
	}
}

func (n *Corrupt) alter(m sim.Message, r *sim.Rand) sim.Message {
	if n.Alter != nil {
		return n.Alter(r, m)
	}
	switch m := m.(type) {
	case Corruptible:
		return m.Corrupt(r)
	case sim.Words:
		return flip(m, r)
	}
	return nil
}

// flip flips one bit.
func flip(w sim.Words, r *sim.Rand) sim.Words {
	word, bit := r.IntN(3), uint64(1)<<r.IntN(64)
	switch word {
	case 0:
		w.A ^= bit
	case 1:
		w.B ^= bit
	case 2:
		w.C ^= bit
	}
	return w
}

// CloneNetwork clones Inner.
func (n Corrupt) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports what is no probability.
func (n Corrupt) Validate() error {
	p := problems{model: "Corrupt"}
	p.probability("P", n.P)
	p.probability("Undetected", n.Undetected)
	return p.join(n.Inner)
}

package network

import (
	"lightcone/sim"
)

// Loss loses each copy that Inner delivers with probability P, independently.
type Loss struct {
	Inner sim.Network // nil: delivers at once
	P     float64     // in [0, 1]
}

// Route draws once per copy, whatever P is, so that a run with a higher P loses all that one with a lower P did.
func (n Loss) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	for i := first; i < len(dst); i++ {
		if r.Bool(n.P) && dst[i].Cause == sim.Delivered {
			lost(&dst[i])
		}
	}
	return dst
}

// CloneNetwork clones Inner.
func (n Loss) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports a P that is no probability.
func (n Loss) Validate() error {
	p := problems{model: "Loss"}
	p.probability("P", n.P)
	return p.join(n.Inner)
}

package network

import (
	"lightcone/models/dist"
	"lightcone/sim"
)

// Duplicate sends each message a second time with probability P. The second copy makes its own way through Inner, so it
// has its own delay and its own losses, and takes its own share of a bandwidth there.
type Duplicate struct {
	Inner sim.Network // nil: delivers at once
	P     float64     // in [0, 1]
	Lag   dist.Dist   // ns by which the second copy leaves later; nil: 0
}

// Route sends p through Inner once or twice.
func (n Duplicate) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	dst = route(n.Inner, dst, p, r)
	if !r.Bool(n.P) {
		return dst
	}
	second := len(dst)
	dst = route(n.Inner, dst, p, r)
	if n.Lag == nil {
		return dst
	}
	lag := dist.Duration(n.Lag, r)
	for i := second; i < len(dst); i++ {
		dst[i].Delay = later(dst[i].Delay, lag)
	}
	return dst
}

// CloneNetwork clones Inner.
func (n Duplicate) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports a P that is no probability and a wrong law.
func (n Duplicate) Validate() error {
	p := problems{model: "Duplicate"}
	p.probability("P", n.P)
	p.law("Lag", n.Lag, true)
	return p.join(n.Inner)
}

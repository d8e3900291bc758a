package network

import (
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Reorder holds back each copy that Inner delivers with probability P, by a draw from Hold: later messages of the link
// overtake it. (Latency with a wide law reorders too; this one says how often.)
type Reorder struct {
	Inner sim.Network // nil: delivers at once
	P     float64     // in [0, 1]
	Hold  dist.Dist   // ns
}

// Route delays some of what Inner delivers.
func (n Reorder) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	for i := first; i < len(dst); i++ {
		if r.Bool(n.P) {
			dst[i].Delay = later(dst[i].Delay, dist.Duration(n.Hold, r))
		}
	}
	return dst
}

// CloneNetwork clones Inner.
func (n Reorder) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports a P that is no probability and a missing or wrong law.
func (n Reorder) Validate() error {
	p := problems{model: "Reorder"}
	p.probability("P", n.P)
	p.law("Hold", n.Hold, false)
	return p.join(n.Inner)
}

// FIFO makes every link first in, first out: no message overtakes an earlier one of its link. One that would waits for
// those before it, as in a TCP connection; it never waits for a lost one.
//
// Two messages that arrive at the same instant are handled in the order of their sending, unless Config.Shuffle is set:
// then Gap must be at least 1 ns. What delays copies must be inside a FIFO, not round it.
type FIFO struct {
	Inner sim.Network   // nil: delivers at once
	Gap   time.Duration // least time between the arrivals of two messages of one link

	links links[lastArrival]
}

type lastArrival struct {
	at   sim.Time
	some bool
}

// Route puts off what would overtake.
func (n *FIFO) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	last, _ := n.links.at(p.From, p.To)
	before := *last
	for i := first; i < len(dst); i++ {
		c := &dst[i]
		if c.Cause != sim.Delivered {
			continue
		}
		if before.some {
			c.Delay = max(c.Delay, later(before.at.Sub(p.Now), n.Gap))
		}
		last.at, last.some = max(last.at, p.Now.Add(c.Delay)), true
	}
	return dst
}

// CloneNetwork clones the state of the links, and Inner.
func (n *FIFO) CloneNetwork() sim.Network {
	c := *n
	c.Inner, c.links = clone(n.Inner), n.links.clone()
	return &c
}

// Validate reports a negative gap.
func (n *FIFO) Validate() error {
	p := problems{model: "FIFO"}
	if n.Gap < 0 || n.Gap > century {
		p.add("Gap", n.Gap, "0 to 100 years")
	}
	return p.join(n.Inner)
}

package network

import (
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Asynchronous is the asynchronous model: every message arrives, after a finite time on which there is no bound
// (Fischer, Lynch and Paterson 1985, section 2). Within that the adversary does as it likes, and its choices are the
// seed's:
//
//   - it holds back a share of the messages for a heavy-tailed time (Held, Tail);
//   - it starves links: for a while nothing arrives over such a link, then everything (Starved, Starvation);
//   - it reverses the order of what a link carries in a window of time, last sent first (Reversed, Window).
//     Exactly so if Inner's delay is constant.
//
// Each is off at 0. A message that Inner loses is held back too, for a reliable link would send it again. Delays are
// cut off at 100 years. A run has an end, and messages still on the way then are no breach of the model.
type Asynchronous struct {
	Inner sim.Network // nil: delivers at once

	Held float64   // share of copies held back
	Tail dist.Dist // ns by which; nil: Pareto from 100 ms with alpha 1.5, of mean 300 ms and infinite variance

	Starved    float64       // share of time for which each link is starved, less than 1
	Starvation time.Duration // mean length of that

	Reversed float64       // share of windows, per link
	Window   time.Duration // their length

	links links[adversary]
}

// adversary is what is planned for one link.
type adversary struct {
	spells  spells
	windows uint64 // names the link's choice of windows
}

// Claim promises no bound.
func (n *Asynchronous) Claim() Claim { return Claim{} }

// Route delays what Inner proposes.
func (n *Asynchronous) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = routeOne(n.Inner, dst, p, r)
	wait := n.wait(p, r)
	for i := first; i < len(dst); i++ {
		c := &dst[i]
		if r.Bool(n.Held) || c.Cause != sim.Delivered {
			c.Delay = later(c.Delay, n.tail(r))
		}
		c.Delay, c.Cause = later(c.Delay, wait), sim.Delivered
	}
	return dst
}

// wait is how long the link itself holds the message.
func (n *Asynchronous) wait(p *sim.Packet, r *sim.Rand) time.Duration {
	law := spellLaw{n.Starved, n.Starvation}
	a, first := n.links.at(p.From, p.To)
	if first {
		a.spells.begin(law, p)
		a.windows = a.spells.r.Uint64()
	}
	var wait time.Duration
	if a.spells.advance(p.Now, law); a.spells.bad {
		wait = a.spells.until.Sub(p.Now)
	}
	return later(wait, n.reversal(a, p.Now))
}

// reversal mirrors the time of sending at the end of its window.
func (n *Asynchronous) reversal(a *adversary, now sim.Time) time.Duration {
	if n.Window <= 0 {
		return 0
	}
	window, since := now/sim.Time(n.Window), now%sim.Time(n.Window)
	if choice := sim.NewRand(a.windows, uint64(window)); !choice.Bool(n.Reversed) {
		return 0
	}
	return 2 * (n.Window - time.Duration(since))
}

// The default law of Tail.
const (
	tailMin   = 100 * time.Millisecond
	tailAlpha = 1.5
)

func (n *Asynchronous) tail(r *sim.Rand) time.Duration {
	if n.Tail == nil {
		return dist.Duration(dist.Pareto{Min: float64(tailMin), Alpha: tailAlpha}, r)
	}
	return dist.Duration(n.Tail, r)
}

// CloneNetwork clones the plans for the links, and Inner.
func (n *Asynchronous) CloneNetwork() sim.Network {
	c := *n
	c.Inner, c.links = clone(n.Inner), n.links.clone()
	return &c
}

// Validate reports what is no probability, and a share without a length.
func (n *Asynchronous) Validate() error {
	p := problems{model: "Asynchronous"}
	p.probability("Held", n.Held)
	p.law("Tail", n.Tail, true)
	if !(n.Starved >= 0 && n.Starved < 1) {
		p.add("Starved", n.Starved, "a share of time in [0, 1)")
	}
	if n.Starved != 0 {
		p.positive("Starvation", n.Starvation)
	}
	p.probability("Reversed", n.Reversed)
	if n.Reversed != 0 {
		p.positive("Window", n.Window)
	}
	return p.join(n.Inner)
}

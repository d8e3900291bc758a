package network

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// TimingModel is a network that keeps one of the classical promises about time, and says which. Certifier checks it.
type TimingModel interface {
	sim.Network
	Claim() Claim
}

// Claim is what a timing model promises about every message between two nodes. The zero Claim is the asynchronous
// model's: it arrives some time. EarlyLoss with a GST of sim.Never lets everything be lost, to claim FIFO alone.
type Claim struct {
	Delta     time.Duration // bound on the delay; 0: there is none
	Unknown   bool          // the protocol does not know Delta: what makes a bound that always holds partial synchrony
	GST       sim.Time      // from when on Delta holds: a message sent before arrives by GST + Delta
	EarlyLoss bool          // a message sent before GST may also be lost
	FIFO      bool          // moreover, no message overtakes an earlier one of its link
}

// Due returns the latest time at which a message may arrive, sim.Never if there is no bound.
func (c Claim) Due(sent sim.Time) sim.Time {
	if c.Delta == 0 {
		return sim.Never
	}
	return max(sent, c.GST).Add(c.Delta)
}

func (c Claim) String() string {
	s := "asynchronous"
	switch {
	case c.Delta > 0 && c.GST > 0:
		s = fmt.Sprintf("partially synchronous (Delta %v after GST %v)", c.Delta, c.GST)
	case c.Delta > 0 && c.Unknown:
		s = fmt.Sprintf("partially synchronous (unknown Delta %v)", c.Delta)
	case c.Delta > 0:
		s = fmt.Sprintf("synchronous (Delta %v)", c.Delta)
	}
	if c.FIFO {
		s += ", FIFO"
	}
	return s
}

// keep makes the copies of one message keep the claim, which has a bound: what is late arrives on the last moment, and
// so does what is lost unless it may be. Retransmission would do that for a real network.
func (c Claim) keep(copies []sim.Copy, now sim.Time) {
	limit := c.Due(now).Sub(now)
	mayLose := c.EarlyLoss && now < c.GST
	for i := range copies {
		d := &copies[i]
		switch {
		case d.Cause == sim.Delivered:
			d.Delay = min(d.Delay, limit)
		case !mayLose:
			d.Cause, d.Delay = sim.Delivered, limit
		}
	}
}

// Synchronous is the synchronous model: every message arrives within Delta, which is known (Dwork, Lynch and Stockmeyer
// 1988, section 1: the upper bound is fixed and known a priori). Links are reliable; only a crashed receiver misses a
// message.
//
// Inner proposes each delay, and Synchronous keeps it in bounds: what would be later, or lost, arrives after exactly
// Delta.
type Synchronous struct {
	Inner sim.Network // nil: delivers at once
	Delta time.Duration
}

// Claim promises Delta from the start.
func (n Synchronous) Claim() Claim { return Claim{Delta: n.Delta} }

// Route bounds what Inner proposes.
func (n Synchronous) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = routeOne(n.Inner, dst, p, r)
	n.Claim().keep(dst[first:], p.Now)
	return dst
}

// CloneNetwork clones Inner.
func (n Synchronous) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports a Delta that is not positive.
func (n Synchronous) Validate() error {
	p := problems{model: "Synchronous"}
	p.positive("Delta", n.Delta)
	return p.join(n.Inner)
}

// PartiallySynchronous is the partially synchronous model of Dwork, Lynch and Stockmeyer (1988, section 1), in both of
// its forms and their combination (Chandra and Toueg 1996, section 9.1):
//
//   - GST 0: a bound Delta always holds, but the protocol does not know it. Give Delta, or draw it (DrawDelta), and
//     keep it from the protocol.
//   - GST above 0: a bound holds only from a global stabilisation time on, unknown too. Give it, or draw it (DrawGST).
//     A message sent before GST arrives by GST + Delta at the latest or, with EarlyLoss, may be lost as Before decides.
//
// Inner proposes the delays from GST on and Before those until then; what is out of bounds is dealt with as in
// Synchronous.
type PartiallySynchronous struct {
	Inner     sim.Network   // nil: delivers at once
	Before    sim.Network   // in force before GST; nil: Inner
	Delta     time.Duration // the bound
	GST       sim.Time      // from when on it holds
	EarlyLoss bool          // what Before loses stays lost
}

// Claim promises Delta from GST on, unknown if that is the start.
func (n PartiallySynchronous) Claim() Claim {
	return Claim{Delta: n.Delta, Unknown: n.GST == 0, GST: n.GST, EarlyLoss: n.EarlyLoss}
}

// Route bounds what Before and Inner propose.
func (n PartiallySynchronous) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	now := n.Inner
	if p.Now < n.GST && n.Before != nil {
		now = n.Before
	}
	first := len(dst)
	dst = routeOne(now, dst, p, r)
	n.Claim().keep(dst[first:], p.Now)
	return dst
}

// CloneNetwork clones Inner and Before.
func (n PartiallySynchronous) CloneNetwork() sim.Network {
	n.Inner, n.Before = clone(n.Inner), clone(n.Before)
	return n
}

// Validate reports a Delta that is not positive and a GST before the start.
func (n PartiallySynchronous) Validate() error {
	p := problems{model: "PartiallySynchronous"}
	p.positive("Delta", n.Delta)
	if n.GST < 0 || n.GST == sim.Never {
		p.add("GST", n.GST, "0 or later, and before the end of time")
	}
	return p.join(n.Inner, n.Before)
}

// routeOne is route, with a message of which nothing is heard made a loss.
func routeOne(inner sim.Network, dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(inner, dst, p, r)
	if len(dst) == first {
		dst = append(dst, sim.Copy{Cause: sim.Loss})
	}
	return dst
}

// The streams of the drawn bounds.
const (
	forDelta = forSpells + 1 + iota
	forGST
)

// DrawDelta draws an unknown bound from the run's seed, uniform in [lo, hi].
func DrawDelta(seed uint64, lo, hi time.Duration) time.Duration {
	r := sim.NewRand(seed, forDelta)
	return r.Duration(lo, hi)
}

// DrawGST draws an unknown global stabilisation time from the run's seed, uniform in [lo, hi].
func DrawGST(seed uint64, lo, hi sim.Time) sim.Time {
	r := sim.NewRand(seed, forGST)
	return sim.Time(r.Duration(time.Duration(lo), time.Duration(hi)))
}

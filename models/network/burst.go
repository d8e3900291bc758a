package network

import (
	"time"

	"lightcone/sim"
)

// GilbertElliott loses copies in bursts. Each link is in a good or a bad state, a Markov chain of its own, and loses a
// copy with a probability that depends on the state: Gilbert's channel (1960) when LossGood is 0, Elliott's (1963)
// otherwise, the "simple Gilbert model" when moreover LossBad is 1, as by default.
//
// The chain is stated by what one measures: the share of copies lost in the long run, and how long a bad spell lasts on
// average, in packets (Burst), in time (BurstTime), or both. It moves after every packet of the link, as time passes,
// or by both at once; the long-run share is Loss in each case. With LossGood 0 and LossBad 1 a bad spell is a run of
// consecutive losses, and Burst its mean length.
//
//	bad    = (Loss - LossGood) / (LossBad - LossGood)   share of bad states
//	b -> g = 1 / Burst                                  per packet
//	g -> b = bad / (1 - bad) / Burst
//
// A link's state depends on no other link. Advancing in time, its timeline does not even depend on the link's own
// traffic.
type GilbertElliott struct {
	Inner     sim.Network   // nil: delivers at once
	Loss      float64       // share of copies lost, at least LossGood and less than LossBad
	Burst     float64       // mean bad spell in packets, at least 1 and bad/(1-bad); 0: packets do not move the chain
	BurstTime time.Duration // mean bad spell in time; 0: time does not move the chain
	LossGood  float64       // probability of loss in the good state
	LossBad   float64       // probability of loss in the bad state; 0 means 1

	links links[spells]
}

// lossBad applies the default.
func (n *GilbertElliott) lossBad() float64 {
	if n.LossBad == 0 {
		return 1
	}
	return n.LossBad
}

// bad is the share of bad states.
func (n *GilbertElliott) bad() float64 { return (n.Loss - n.LossGood) / (n.lossBad() - n.LossGood) }

// Route loses some of what Inner delivers.
func (n *GilbertElliott) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	law := spellLaw{n.bad(), n.BurstTime}
	s, fresh := n.links.at(p.From, p.To)
	if fresh {
		s.begin(law, p)
	}
	s.advance(p.Now, law)
	for i := first; i < len(dst); i++ {
		if n.loses(s, r) && dst[i].Cause == sim.Delivered {
			lost(&dst[i])
		}
		n.step(s, p.Now, law, r)
	}
	return dst
}

func (n *GilbertElliott) loses(s *spells, r *sim.Rand) bool {
	if s.bad {
		return r.Bool(n.lossBad())
	}
	return r.Bool(n.LossGood)
}

// step moves the chain by one packet. The draw is the packet's own and low draws are bad ones whatever the state: two
// runs that differ in one message come together again soon after it.
func (n *GilbertElliott) step(s *spells, now sim.Time, law spellLaw, r *sim.Rand) {
	if n.Burst == 0 {
		return
	}
	next := law.share / (1 - law.share) / n.Burst
	if s.bad {
		next = 1 - 1/n.Burst
	}
	if r.Bool(next) != s.bad {
		s.flip(now, law)
	}
}

// CloneNetwork clones the state of the links, and Inner.
func (n *GilbertElliott) CloneNetwork() sim.Network {
	c := *n
	c.Inner, c.links = clone(n.Inner), n.links.clone()
	return &c
}

// Validate reports parameters that no chain has.
func (n *GilbertElliott) Validate() error {
	p := problems{model: "GilbertElliott"}
	p.probability("LossGood", n.LossGood)
	p.probability("LossBad", n.LossBad)
	bad := n.bad()
	if !(n.Loss >= n.LossGood && n.Loss < n.lossBad()) {
		p.add("Loss", n.Loss, "at least LossGood and less than LossBad (0 means 1)")
	} else if n.Burst != 0 && !(n.Burst >= max(1, bad/(1-bad))) {
		p.add("Burst", n.Burst, "at least 1 and at least bad/(1-bad), bad being the share of bad states")
	}
	if n.BurstTime < 0 || n.BurstTime > century {
		p.add("BurstTime", n.BurstTime, "0 to 100 years")
	}
	if n.Burst == 0 && n.BurstTime == 0 {
		p.add("Burst", 0, "a mean length in packets here or in time in BurstTime")
	}
	return p.join(n.Inner)
}

package detector

import (
	"slices"
	"time"

	"lightcone/sim"
)

// Adversary is the network that defeats a failure detector in the asynchronous model: it loses nothing and delays
// everything by a finite time, but each heartbeat by so much that it comes just after the sender was suspected for want
// of it. The detector is wrong, corrected, wrong again, and so for ever, however its timeout grows and whatever it
// learns; a detector that cannot be defeated so would solve consensus there, which is impossible (Fischer, Lynch and
// Paterson 1985; Chandra and Toueg 1996).
//
// It needs no look into the processes. A detector is a function of the arrivals, which are the adversary's own choice:
// it runs the same rule. Nobody may crash, and clocks must show true time.
type Adversary struct {
	Config Config
	links  []prey
}

// prey is a link on which heartbeats travel.
type prey struct {
	pair
	monitor Monitor
	last    sim.Time // the latest arrival
}

// grace is from one arrival or suspicion to what the adversary does next.
const grace = time.Nanosecond

// Route delays a heartbeat until its receiver suspects the sender. Questions arrive at once.
func (a *Adversary) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	var h Heartbeat
	switch m := p.Message.(type) {
	case Heartbeat:
		h = m
	case Answer:
		h = m.heartbeat()
	default:
		return append(dst, sim.Copy{})
	}
	l := a.link(p.To, p.From)
	suspected := sim.Time(l.monitor.Deadline()).Add(grace)
	at := max(p.Now, suspected.Add(grace), l.last.Add(grace))
	l.last = at
	l.monitor.Heartbeat(h, sim.Local(at))
	return append(dst, sim.Copy{Delay: at.Sub(p.Now)})
}

func (a *Adversary) link(by, of sim.NodeID) *prey {
	k := pair{by, of}
	i := slices.IndexFunc(a.links, func(l prey) bool { return l.pair == k })
	if i < 0 {
		i = len(a.links)
		a.links = append(a.links, prey{pair: k, monitor: a.Config.NewMonitor(0)})
	}
	return &a.links[i]
}

// CloneNetwork returns an adversary that goes on alike.
func (a *Adversary) CloneNetwork() sim.Network {
	c := *a
	c.links = slices.Clone(a.links)
	for i := range c.links {
		c.links[i].monitor = c.links[i].monitor.Clone()
	}
	return &c
}

// Validate reports what is wrong with the configuration.
func (a *Adversary) Validate() error { return a.Config.Validate() }

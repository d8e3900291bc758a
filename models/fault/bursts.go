package fault

import (
	"iter"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Bursts disturbs links for a while, again and again: messages are lost, late, or both, and then all is well. One
// alternating renewal process for all the links of it, so that what it hits, it hits together: a queue that fills, a
// route that flaps. What ails the network counts as no node's trouble.
type Bursts struct {
	Name          string        // default: burst
	From, To      []sim.NodeID  // the links between these; nil: all
	OneWay        bool          // only from From to To
	Up, Down      dist.Dist     // time to a burst, from the end of the last, and how long it lasts, in ns
	Loss          float64       // probability that a message is lost, each on its own
	Delay, Jitter time.Duration // added to the delay of each message: Delay, and uniformly up to Jitter
}

// Validate reports all that is wrong with the law.
func (l Bursts) Validate(nodes int) error {
	p := problems{law: "Bursts"}
	p.name(l.Name)
	p.dist("Up", l.Up)
	p.dist("Down", l.Down)
	p.condition("Disturb", l.disturb("burst"), nodes)
	return p.err()
}

func (l Bursts) disturb(name string) sim.Disturb {
	return sim.Disturb{Name: name, From: l.From, To: l.To, OneWay: l.OneWay, Loss: l.Loss, Delay: l.Delay, Jitter: l.Jitter}
}

// Outages yields the bursts.
func (l Bursts) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for s := range w.spells(l.Up, l.Down, everybody) {
			if !yield(Outage{From: s.from, To: s.to, Action: l.disturb(w.cutName(sim.Nobody, s.k))}) {
				return
			}
		}
	}
}

func (l Bursts) label() string { return or(l.Name, "burst") }

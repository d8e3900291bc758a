package fault

import (
	"iter"
	"time"

	"lightcone/sim"
)

// Once is a fault at a stated time: the law that draws nothing. A scenario's "crash n2 at 1.5 s for 500 ms" is one.
type Once struct {
	At     sim.Time
	For    time.Duration // how long it lasts; 0: until everything is healed
	Action sim.Action    // what begins; Undo ends it; a cut needs a name of its own, since Heal ends all of that name
}

// Validate reports all that is wrong with the law.
func (l Once) Validate(nodes int) error {
	p := problems{law: "Once"}
	if l.At < 0 {
		p.add("At is %v, want 0 or later", l.At)
	}
	if l.For < 0 {
		p.add("For is %v, want more than 0, or 0 until everything is healed", l.For)
	}
	p.action("Action", l.Action, nodes)
	switch a := l.Action.(type) {
	case sim.Recover, sim.Resume, sim.Heal:
		p.add("Action is %q, want what it would end", a)
	case sim.Cut:
		if a.Name == "" {
			p.add("Action is a cut without a name, want a name to heal it by")
		}
	case sim.Lie:
		if a.Name == "" {
			p.add("Action is a lie without a name, want a name to heal it by")
		}
	case sim.Condition:
		if a.Label() == "" {
			p.add("Action is %q, without a name, want a name to heal it by", a)
		}
	}
	return p.err()
}

// Outages yields the one fault, if it is in the window.
func (l Once) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		to := w.Until
		if l.For > 0 {
			to = l.At.Add(l.For)
		}
		if l.At >= w.From && l.At < w.Until {
			yield(Outage{From: l.At, To: to, Action: l.Action})
		}
	}
}

func (l Once) label() string { return "once" }

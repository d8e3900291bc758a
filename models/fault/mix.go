package fault

import (
	"iter"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Mix strikes now and then, each time with a kind of fault drawn by weight, somewhere, for a time drawn by a law:
// whatever the seed thinks of. With Model.Budget it keeps within a budget, and with Model.Until all is well from a stated
// time on, so that liveness can be asked for.
type Mix struct {
	Name  string       // default: mix
	Kinds []Share      // what may happen
	Nodes []sim.NodeID // to whom; nil: all
	Up    dist.Dist    // from one strike to the next, in ns, whatever the strikes before it last
	Down  dist.Dist    // how long a strike lasts, in ns

	// Group is the most nodes that one strike of a kind that cuts (Isolate, Mute, Deafen) divides from the others: from
	// 1 to so many, but not all. 0 is 1.
	Group int

	// Swarm leaves each kind wholly out of about half of the plans, though never all of them: what is hidden by one kind
	// of fault is then found without it (Groce et al., Swarm Testing, ISSTA 2012).
	Swarm bool
}

// Share is a kind of fault and how often it is drawn beside others.
type Share struct {
	Kind    Kind
	Weight  float64 // 0 is 1
	Effects int     // for Midway: see Renewal
	Degree  Degree  // how bad it is, for the kinds that take it
}

// Validate reports all that is wrong with the law.
func (l Mix) Validate(nodes int) error {
	p := problems{law: "Mix"}
	p.name(l.Name)
	if len(l.Kinds) == 0 {
		p.add("Kinds is empty, want at least 1")
	}
	for i, s := range l.Kinds {
		q := problems{law: "Mix." + element("Kinds", i)}
		q.kind(s.Kind, s.Degree, nodes)
		if !(s.Weight >= 0 && s.Weight <= maxWeight) {
			q.add("Weight is %v, want 0 to %g", s.Weight, maxWeight)
		}
		if s.Effects < 0 || s.Effects > 0 && s.Kind != Midway {
			q.add("Effects is %d, want 0 or more, and 0 unless Kind is midway", s.Effects)
		}
		p.errs = append(p.errs, q.errs...)
	}
	p.nodes("Nodes", l.Nodes, nodes)
	if l.Nodes != nil && len(l.Nodes) == 0 {
		p.add("Nodes is empty, want at least 1, or nil for all")
	}
	p.dist("Up", l.Up)
	p.dist("Down", l.Down)
	if l.Group < 0 || l.Group >= max(nodes, 2) {
		p.add("Group is %d, want 0 to %d", l.Group, max(nodes, 2)-1)
	}
	return p.err()
}

const maxWeight = 1e9

// Outages yields one strike after the other.
func (l Mix) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		shares := l.shares(w)
		for s := range w.spells(l.Up, nil, everybody) {
			r := w.Rand(everybody, forWhat, uint64(s.k))
			lasts := w.Rand(everybody, forDown, uint64(s.k))
			to := min(s.from.Add(atLeast1(dist.Duration(l.Down, &lasts))), sim.Never-1)
			share := pick(shares, &r)
			x := strike{share.Kind, r.IntN(share.Effects + 1), share.Degree}
			for _, act := range x.together(w, l.whom(w, share.Kind, &r), tagOf("", s.k)) {
				if !yield(Outage{From: s.from, To: to, Action: act}) {
					return
				}
			}
		}
	}
}

// whom draws the nodes of a strike.
func (l Mix) whom(w Window, kind Kind, r *sim.Rand) []sim.NodeID {
	n := 1
	if kind.cuts() && l.Group > 1 {
		n += r.IntN(l.Group)
	}
	return chosen(w.targets(l.Nodes), n, r)
}

// shares returns the kinds of the plan.
func (l Mix) shares(w Window) []Share {
	if !l.Swarm {
		return l.Kinds
	}
	r := w.Rand(everybody, forSwarm)
	one := r.IntN(len(l.Kinds))
	var in []Share
	for i, s := range l.Kinds {
		if r.Bool(0.5) || i == one {
			in = append(in, s)
		}
	}
	return in
}

// pick draws one by weight.
func pick(shares []Share, r *sim.Rand) Share {
	sum := 0.0
	for _, s := range shares {
		sum += s.weight()
	}
	x := float64(r.Float64() * sum)
	for _, s := range shares {
		if x -= s.weight(); x < 0 {
			return s
		}
	}
	return shares[len(shares)-1]
}

func (s Share) weight() float64 {
	if s.Weight == 0 {
		return 1
	}
	return s.Weight
}

func (l Mix) label() string { return or(l.Name, "mix") }

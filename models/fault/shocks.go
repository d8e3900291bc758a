package fault

import (
	"iter"
	"strconv"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Shocks are failures of common cause: each of the groups is struck as a whole, now and then, and all of them
// independently, by an alternating renewal process. With exponential laws this is the multivariate law of Marshall and
// Olkin (A Multivariate Exponential Distribution, JASA 62, 1967): a rate for each subset of the nodes, a node's own
// failures being those of the subset of it alone.
type Shocks struct {
	Name   string // default: shocks
	Groups []Shock
}

// Shock is one cause, and the nodes that it strikes.
type Shock struct {
	Nodes    []sim.NodeID
	Up, Down dist.Dist // time to a shock, from the last repair, and to repair, in ns
	Kind     Kind      // what befalls the nodes, of any kind but Stop; those that cut cut all off together
	Degree   Degree    // how bad it is, for the kinds that take it
	Hit      float64   // probability that a shock hits a node, each on its own; 0 is 1
}

// Validate reports all that is wrong with the law.
func (l Shocks) Validate(nodes int) error {
	p := problems{law: "Shocks"}
	p.name(l.Name)
	if len(l.Groups) == 0 {
		p.add("Groups is empty, want at least 1")
	}
	for i, s := range l.Groups {
		q := problems{law: "Shocks." + element("Groups", i)}
		if len(s.Nodes) == 0 {
			q.add("Nodes is empty, want at least 1")
		}
		q.nodes("Nodes", s.Nodes, nodes)
		q.dist("Up", s.Up)
		q.dist("Down", s.Down)
		q.kind(s.Kind, s.Degree, nodes)
		q.probability("Hit", s.Hit)
		p.errs = append(p.errs, q.errs...)
	}
	return p.err()
}

// Outages yields the shocks of each group.
func (l Shocks) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for i, s := range l.Groups {
			g := group{key: uint64(i), tag: "g" + strconv.Itoa(i), nodes: s.Nodes, up: s.Up, down: s.Down, hit: s.Hit, strike: strike{kind: s.Kind, degree: s.Degree}}
			if !g.outages(w, yield) {
				return
			}
		}
	}
}

func (l Shocks) label() string { return or(l.Name, "shocks") }

// BetaFactor returns the shocks of the beta-factor model (Fleming 1975): of the failures of each node, whose time to
// failure has the law up, a share beta strikes all nodes at once, and the others strike it alone. Rates are divided so:
// the laws are up slowed by 1 - beta and by beta. beta is from 0 to 1; 0 is independence.
func BetaFactor(nodes []sim.NodeID, beta float64, up, down dist.Dist) Shocks {
	var s Shocks
	if beta < 1 {
		for _, id := range nodes {
			s.Groups = append(s.Groups, Shock{Nodes: []sim.NodeID{id}, Up: slowed(up, 1-beta), Down: down})
		}
	}
	if beta > 0 {
		s.Groups = append(s.Groups, Shock{Nodes: nodes, Up: slowed(up, beta), Down: down})
	}
	return s
}

// slowed is the law of something that happens a share as often.
func slowed(up dist.Dist, share float64) dist.Dist {
	if share == 1 {
		return up
	}
	return dist.Scaled{By: 1 / share, Of: up}
}

// group is nodes that fail together.
type group struct {
	key      uint64 // the entity of its streams
	tag      string
	nodes    []sim.NodeID
	up, down dist.Dist
	hit      float64
	strike   strike
}

// outages yields the group's outages, and returns false when it was told to stop.
func (g group) outages(w Window, yield func(Outage) bool) bool {
	for s := range w.spells(g.up, g.down, g.key) {
		for _, act := range g.strike.together(w, g.struck(w, s.k), tagOf(g.tag, s.k)) {
			if !yield(Outage{From: s.from, To: s.to, Action: act}) {
				return false
			}
		}
	}
	return true
}

// struck returns whom the k-th shock hits. Each node draws for itself.
func (g group) struck(w Window, k int) []sim.NodeID {
	if g.hit == 0 || g.hit == 1 {
		return g.nodes
	}
	var hit []sim.NodeID
	for _, id := range g.nodes {
		r := w.Rand(g.key, forWhat, uint64(k), uint64(id))
		if r.Bool(g.hit) {
			hit = append(hit, id)
		}
	}
	return hit
}

// tagOf names the k-th strike of a cause.
func tagOf(cause string, k int) string {
	if cause == "" {
		return strconv.Itoa(k)
	}
	return cause + "." + strconv.Itoa(k)
}

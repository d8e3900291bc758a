package sim

import "fmt"

// OmitSends is a send omission failure (Hadzilacos and Toueg 1994, section 2.3): each message that the node sends to one
// of the Peers is, with probability P, never put on the wire. At most Max of them are, if it is not 0. Which ones is
// drawn from the message's name: other draws stay as they are. Messages to oneself are never omitted.
type OmitSends struct {
	Name  string
	Node  NodeID
	P     float64  // in (0, 1]
	Max   int      // 0: any number
	Peers []NodeID // nil: all
}

// OmitReceives is a receive omission failure (Perry and Toueg 1986): each message that reaches the node from one of the
// Peers is, with probability P, not received. For the rest it is as OmitSends.
type OmitReceives struct {
	Name  string
	Node  NodeID
	P     float64  // in (0, 1]
	Max   int      // 0: any number
	Peers []NodeID // nil: all
}

func (a OmitSends) Apply(c *Control)    { c.begin(a) }
func (a OmitReceives) Apply(c *Control) { c.begin(a) }

func (a OmitSends) Label() string    { return a.Name }
func (a OmitReceives) Label() string { return a.Name }

func (a OmitSends) subject() NodeID    { return a.Node }
func (a OmitReceives) subject() NodeID { return a.Node }

func (a OmitSends) String() string { return omits("sends", "to", a.Node, a.Peers, a.P, a.Max, a.Name) }
func (a OmitReceives) String() string {
	return omits("receives", "from", a.Node, a.Peers, a.P, a.Max, a.Name)
}

func omits(what, peer string, node NodeID, peers []NodeID, p float64, most int, name string) string {
	toward := ""
	if peers != nil {
		toward = peer + " " + nodeList(peers)
	}
	return words("omit", what, "of", node.String(), toward, fmt.Sprintf("with %v", p), atMost(most), as(name))
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a OmitSends) Validate(nodes int) error {
	return omission(wrongs{of: "OmitSends"}, a.Node, a.Peers, a.P, a.Max, nodes)
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a OmitReceives) Validate(nodes int) error {
	return omission(wrongs{of: "OmitReceives"}, a.Node, a.Peers, a.P, a.Max, nodes)
}

func omission(p wrongs, node NodeID, peers []NodeID, chance float64, most, nodes int) error {
	p.node(node, nodes)
	p.nodes("Peers", peers, nodes)
	p.chance("P", chance)
	p.most(most)
	return p.err()
}

// What conditions decide about, in the names of their draws.
const (
	sending uint64 = iota
	receiving
	disturbing
	writing
	rotting
)

// forCondition is the purpose of the draws of conditions.
const forCondition = forLie + 1

// omitsSends reports whether any node omits to send.
func (w *World) omitsSends() bool {
	for i := range w.conditions {
		if _, ok := w.conditions[i].is.(OmitSends); ok {
			return true
		}
	}
	return false
}

// omitted reports whether the sender (side sending) or the receiver of the message in s omits it.
func (w *World) omitted(side uint64, s *slot) bool {
	for i := range w.conditions {
		x := &w.conditions[i]
		var p float64
		switch a := x.is.(type) {
		case OmitSends:
			if side == sending && a.Node == s.from && x.to.in(s.to) {
				p = a.P
			}
		case OmitReceives:
			if side == receiving && a.Node == s.to && x.to.in(s.from) {
				p = a.P
			}
		}
		if p > 0 && x.strike(p, w.caseOf(s, x.key, side)) {
			return true
		}
	}
	return false
}

// caseOf is the stream by which a condition decides about one copy of a message.
func (w *World) caseOf(s *slot, key, side uint64) Rand {
	return NewRand(w.cfg.Seed, forCondition, key, side, uint64(s.from), uint64(s.to), uint64(s.k)<<8|uint64(s.copy))
}

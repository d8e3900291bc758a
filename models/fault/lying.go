package fault

import (
	"iter"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Lying makes each of its nodes Byzantine now and then: an alternating renewal process for each node, all independent,
// in whose times down the node lies. Under a Budget a liar is one of the nodes in trouble.
type Lying struct {
	Name  string       // default: lie
	Nodes []sim.NodeID // nil: all
	How   string       // the liar, by its name in sim.Config.Liars
	Up    dist.Dist    // time until it lies, in ns: from the last lie, the first from the start of the window
	Down  dist.Dist    // how long it lies, in ns
}

// Validate reports all that is wrong with the law.
func (l Lying) Validate(nodes int) error {
	p := problems{law: "Lying"}
	p.name(l.Name)
	p.nodes("Nodes", l.Nodes, nodes)
	p.liar("How", l.How)
	p.dist("Up", l.Up)
	p.dist("Down", l.Down)
	return p.err()
}

// Outages yields each node's lies.
func (l Lying) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for _, node := range w.targets(l.Nodes) {
			for s := range w.spells(l.Up, l.Down, uint64(node)) {
				if !yield(Outage{From: s.from, To: s.to, Action: sim.Lie{Name: w.cutName(node, s.k), Node: node, How: l.How}}) {
					return
				}
			}
		}
	}
}

func (l Lying) label() string { return or(l.Name, "lie") }

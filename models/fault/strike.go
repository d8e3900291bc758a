package fault

import "lightcone/sim"

// strike is what a law does to nodes.
type strike struct {
	kind    Kind
	effects int // Midway: after so many
	degree  Degree
}

// on returns the fault of a node, the k-th of the law there.
func (x strike) on(w Window, node sim.NodeID, k int) sim.Action {
	return x.kind.action(node, w.Nodes, w.cutName(node, k), x.effects, x.degree)
}

// together returns the faults of several nodes that a cause they share strikes: one cut round all of them, or the same
// fault for each. There is no cut if there is nobody on the other side. tag tells the cause from the others of the law.
func (x strike) together(w Window, nodes []sim.NodeID, tag string) []sim.Action {
	if len(nodes) == 0 {
		return nil
	}
	name := w.Label + "." + tag
	if x.kind.cuts() {
		rest := allBut(nodes, w.Nodes)
		if len(rest) == 0 {
			return nil
		}
		return []sim.Action{x.kind.cut(nodes, rest, name)}
	}
	acts := make([]sim.Action, len(nodes))
	for i, node := range nodes {
		acts[i] = x.kind.action(node, w.Nodes, name+"."+node.String(), x.effects, x.degree)
	}
	return acts
}

// cuts reports whether the kind divides the nodes.
func (k Kind) cuts() bool { return k == Isolate || k == Mute || k == Deafen }

// cut divides some nodes from the rest.
func (k Kind) cut(nodes, rest []sim.NodeID, name string) sim.Cut {
	switch k {
	case Mute:
		return sim.Cut{Name: name, From: nodes, To: rest, OneWay: true}
	case Deafen:
		return sim.Cut{Name: name, From: rest, To: nodes, OneWay: true}
	default:
		return sim.Cut{Name: name, From: nodes, To: rest}
	}
}

// allBut returns all nodes but some.
func allBut(some []sim.NodeID, nodes int) []sim.NodeID {
	among := make([]bool, nodes)
	for _, id := range some {
		among[id] = true
	}
	var rest []sim.NodeID
	for id := range sim.NodeID(nodes) {
		if !among[id] {
			rest = append(rest, id)
		}
	}
	return rest
}

// kind reports a kind that a law cannot do to nodes for a while, or not to that degree.
func (p *problems) kind(k Kind, d Degree, nodes int) {
	p.degree(k, d, nodes)
	switch {
	case k == Stop || int(k) >= len(kindNames):
		p.add("Kind is %v, want one that ends: %s", k, kindsText(Stop))
	case k.cuts() && nodes < 2:
		p.add("Kind is %v with %d node, want at least 2", k, nodes)
	}
}

// On returns the fault of the kind on one of so many nodes. What lasts and is ended by a name, such as a cut, takes the
// name; a crash midway comes before the first effect.
func (k Kind) On(node sim.NodeID, nodes int, name string, d Degree) sim.Action {
	return k.action(node, nodes, name, 0, d)
}

package fault

import (
	"iter"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Renewal lets each of its nodes alternate between up and in trouble: an alternating renewal process for each node, all
// independent. In the long run a node is well for E[Up] / (E[Up] + E[Down]) of the time: with Crash that is its
// availability, MTTF / (MTTF + MTTR) (Cox, Renewal Theory, 1962, chapter 7). Each node has streams of its own: another
// node more or less changes nothing for it.
type Renewal struct {
	Name  string       // default: that of the kind
	Kind  Kind         // what befalls a node; with DiskOld its disk is backed up at the start of each time up
	Nodes []sim.NodeID // nil: all
	Up    dist.Dist    // time to failure, in ns: from the last repair, the first from the start of the window
	Down  dist.Dist    // time to repair, in ns; nil for Stop

	Degree Degree // how bad it is, for the kinds that take it

	// Effects is, for Midway, the largest number of effects that still happen: uniform from 0 to it.
	Effects int

	// Crews is how many can be repaired at once: failed nodes queue for a crew, first come first served, and the time
	// to repair counts from its arrival. 0: a crew for each node.
	Crews int
}

// Validate reports all that is wrong with the law.
func (l Renewal) Validate(nodes int) error {
	p := problems{law: "Renewal"}
	p.name(l.Name)
	if int(l.Kind) >= len(kindNames) {
		p.add("Kind is %v, want one of %s", l.Kind, kindsText())
	}
	if l.Kind.cuts() && nodes < 2 {
		p.add("Kind is %v with %d node, want at least 2", l.Kind, nodes)
	}
	p.degree(l.Kind, l.Degree, nodes)
	p.nodes("Nodes", l.Nodes, nodes)
	p.dist("Up", l.Up)
	if l.Kind != Stop {
		p.dist("Down", l.Down)
	} else if l.Down != nil {
		p.add("Down is %v, want nil: what stops is not repaired", l.Down)
	}
	if l.Effects < 0 || l.Effects > 0 && l.Kind != Midway {
		p.add("Effects is %d, want 0 or more, and 0 unless Kind is midway", l.Effects)
	}
	if l.Crews < 0 || l.Crews > 0 && l.Kind == Stop {
		p.add("Crews is %d, want 0 or more, and 0 if Kind is stop", l.Crews)
	}
	return p.err()
}

// Outages yields each node's outages.
func (l Renewal) Outages(w Window) iter.Seq[Outage] {
	if l.Crews > 0 {
		return l.crewed(w)
	}
	return func(yield func(Outage) bool) {
		for _, node := range w.targets(l.Nodes) {
			what := w.Rand(uint64(node), forWhat)
			if !l.backUp(w, node, w.From, yield) {
				return
			}
			for s := range w.spells(l.Up, l.Down, uint64(node)) {
				act := l.action(w, node, s.k, &what)
				if l.Kind == Stop {
					s.to = sim.Never
				}
				if !yield(Outage{From: s.from, To: s.to, Action: act}) || !l.backUp(w, node, s.to, yield) {
					return
				}
				if l.Kind == Stop {
					break
				}
			}
		}
	}
}

// action is what befalls a node for the k-th time.
func (l Renewal) action(w Window, node sim.NodeID, k int, what *sim.Rand) sim.Action {
	return l.Kind.action(node, w.Nodes, w.cutName(node, k), what.IntN(l.Effects+1), l.Degree)
}

// backUp yields the backup of a node whose disk will be an old one. It returns false when it was told to stop.
func (l Renewal) backUp(w Window, node sim.NodeID, at sim.Time, yield func(Outage) bool) bool {
	if l.Kind != DiskOld || at >= w.Until {
		return true
	}
	return yield(Outage{From: at, To: at, Action: sim.Backup{Node: node}})
}

func (l Renewal) label() string { return or(l.Name, l.Kind.String()) }

// WallSteps steps the wall clocks of its nodes, forward and back, for good: for each node a renewal process with
// streams of its own.
type WallSteps struct {
	Name  string       // default: wall-step
	Nodes []sim.NodeID // nil: all
	Every dist.Dist    // time from one step to the next, in ns
	By    dist.Dist    // by how much, in ns; negative is back
}

// Validate reports all that is wrong with the law.
func (l WallSteps) Validate(nodes int) error {
	p := problems{law: "WallSteps"}
	p.name(l.Name)
	p.nodes("Nodes", l.Nodes, nodes)
	p.dist("Every", l.Every)
	p.dist("By", l.By)
	return p.err()
}

// Outages yields each node's steps.
func (l WallSteps) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for _, node := range w.targets(l.Nodes) {
			by := w.Rand(uint64(node), forWhat)
			for s := range w.spells(l.Every, nil, uint64(node)) {
				if !yield(Outage{From: s.from, To: s.to, Action: sim.StepWall{Node: node, By: signed(l.By, &by)}}) {
					return
				}
			}
		}
	}
}

func (l WallSteps) label() string { return or(l.Name, "wall-step") }

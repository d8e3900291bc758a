package fault

import (
	"iter"
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// ClockSteps lets the monotonic clocks of its nodes jump ahead, for good, and the wall clocks with them: for each node a
// renewal process with streams of its own.
type ClockSteps struct {
	Name  string       // default: clock-step
	Nodes []sim.NodeID // nil: all
	Every dist.Dist    // time from one step to the next, in ns
	By    dist.Dist    // by how much, in ns; what is below 1 is 1
}

// Validate reports all that is wrong with the law.
func (l ClockSteps) Validate(nodes int) error {
	p := problems{law: "ClockSteps"}
	p.name(l.Name)
	p.nodes("Nodes", l.Nodes, nodes)
	p.dist("Every", l.Every)
	p.dist("By", l.By)
	return p.err()
}

// Outages yields each node's steps.
func (l ClockSteps) Outages(w Window) iter.Seq[Outage] {
	return now(w, l.Nodes, l.Every, func(node sim.NodeID, r *sim.Rand) sim.Action {
		return sim.StepClock{Node: node, By: atLeast1(time.Duration(min(math.Round(l.By.Sample(r)), maxStep)))}
	})
}

func (l ClockSteps) label() string { return or(l.Name, "clock-step") }

// Rots damages what its nodes have stored, now and then: for each node a renewal process with streams of its own.
type Rots struct {
	Name       string       // default: rot
	Nodes      []sim.NodeID // nil: all
	Every      dist.Dist    // time from one damage to the next, in ns
	Key        string       // of what is damaged; empty: drawn among what there is
	Undetected bool         // whoever reads it takes it for good
}

// Validate reports all that is wrong with the law.
func (l Rots) Validate(nodes int) error {
	p := problems{law: "Rots"}
	p.name(l.Name)
	p.nodes("Nodes", l.Nodes, nodes)
	p.dist("Every", l.Every)
	return p.err()
}

// Outages yields each node's damages.
func (l Rots) Outages(w Window) iter.Seq[Outage] {
	return now(w, l.Nodes, l.Every, func(node sim.NodeID, _ *sim.Rand) sim.Action {
		return sim.Rot{Node: node, Key: l.Key, Undetected: l.Undetected}
	})
}

func (l Rots) label() string { return or(l.Name, "rot") }

// now yields what strikes nodes once, at the times of a renewal process of each.
func now(w Window, nodes []sim.NodeID, every dist.Dist, action func(sim.NodeID, *sim.Rand) sim.Action) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for _, node := range w.targets(nodes) {
			what := w.Rand(uint64(node), forWhat)
			for s := range w.spells(every, nil, uint64(node)) {
				if !yield(Outage{From: s.from, To: s.to, Action: action(node, &what)}) {
					return
				}
			}
		}
	}
}

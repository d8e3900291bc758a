package fault

import (
	"iter"

	"lightcone/sim"
)

// Law is a source of outages: one of this package, or your own.
type Law interface {
	// Validate reports all that is wrong with the law, for a world of that many nodes.
	Validate(nodes int) error
	// Outages yields the outages that begin in the window, in any order, and stops when it is told to. All its
	// randomness comes from w.Rand, with a stream for each entity, so that the outages of one do not depend on how many
	// others there are.
	Outages(w Window) iter.Seq[Outage]
}

// Outage is one fault that lasts from From until To, for good if To is sim.Never. Its end is Undo(Action); what has no
// end, such as a step of a clock, happens at From.
type Outage struct {
	From, To sim.Time
	Action   sim.Action
}

// Undoer is an action that knows what ends it.
type Undoer interface{ Undo() sim.Action }

// Undo returns the action that ends what a begins, nil if nothing does.
func Undo(a sim.Action) sim.Action {
	switch a := a.(type) {
	case sim.Crash:
		return sim.Recover(a)
	case sim.CrashDuring:
		return sim.Recover{Node: a.Node}
	case sim.LoseDisk:
		return sim.Recover(a)
	case sim.OldDisk:
		return sim.Recover(a)
	case sim.Pause:
		return sim.Resume(a)
	case sim.Cut:
		return sim.Heal{Name: a.Name}
	case sim.Lie:
		return sim.Heal{Name: a.Name}
	case sim.Condition:
		return sim.Heal{Name: a.Label()}
	case Undoer:
		return a.Undo()
	}
	return nil
}

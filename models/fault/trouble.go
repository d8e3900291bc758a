package fault

import (
	"slices"

	"lightcone/sim"
)

// Trouble is a class of what may ail a node.
type Trouble uint8

const (
	// AnyTrouble is whatever a node suffers from for a while: that it is crashed, paused, on the smaller side of a cut,
	// lies, loses messages, is slow, has a clock that drifts, or a disk that is slow, full, or loses or tears writes. What
	// strikes once, such as a step of a clock or the rot of a stored value, is none, and neither is what ails the
	// network, such as a Disturb. Writes that were lost count as long as they are being lost, not until the crash that
	// shows it.
	AnyTrouble Trouble = iota
	Stopped            // it is crashed or paused: it does nothing
)

var troubleNames = [...]string{"any", "stopped"}

func (t Trouble) String() string {
	if int(t) < len(troubleNames) {
		return troubleNames[t]
	}
	return "trouble?"
}

// ParseTrouble returns the class of that name.
func ParseTrouble(name string) (Trouble, bool) {
	i := slices.Index(troubleNames[:], name)
	return Trouble(max(i, 0)), i >= 0
}

// Troubler is an action that knows whom it ails, until its Undo. Those of package sim are known.
type Troubler interface{ Troubles() []sim.NodeID }

// ails returns the nodes that an action leaves in trouble of a class.
func (t Trouble) ails(a sim.Action) []sim.NodeID {
	if node, ok := stops(a); ok {
		return []sim.NodeID{node}
	}
	if t == Stopped {
		return nil
	}
	switch a := a.(type) {
	case sim.Cut:
		return minority(a)
	case sim.OmitSends:
		return []sim.NodeID{a.Node}
	case sim.OmitReceives:
		return []sim.NodeID{a.Node}
	case sim.Slow:
		return []sim.NodeID{a.Node}
	case sim.Drift:
		return []sim.NodeID{a.Node}
	case sim.SlowDisk:
		return []sim.NodeID{a.Node}
	case sim.FullDisk:
		return []sim.NodeID{a.Node}
	case sim.LoseWrites:
		return []sim.NodeID{a.Node}
	case sim.TearWrites:
		return []sim.NodeID{a.Node}
	case Troubler:
		return a.Troubles()
	}
	return nil
}

// minority is the smaller side of a cut, From if they are equal. Whoever is on none of the smaller sides of several
// cuts reaches all the others who are on none.
func minority(c sim.Cut) []sim.NodeID {
	if len(c.To) < len(c.From) {
		return c.To
	}
	return c.From
}

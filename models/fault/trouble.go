package fault

import (
	"slices"

	"lightcone/sim"
)

// Trouble is a class of what may ail a node.
type Trouble uint8

const (
	// AnyTrouble is whatever a node suffers from for a while: that it is crashed, paused, on the smaller side of a cut,
	// lies, loses messages or is slow. What strikes once, such as a step of a clock, is none, and neither is what ails
	// the network as a whole.
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

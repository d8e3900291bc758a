package detector

import (
	"fmt"

	"lightcone/sim"
)

// Heartbeat says that its sender was alive. An Incarnation is a life of the sender between two crashes (sim.Env), and
// Seq numbers the heartbeats of one: heartbeat i is due at origin + i*eta on the sender's clock. The origin is the start
// of the incarnation or, for NFDS, zero, which is where synchronised clocks begin.
type Heartbeat struct {
	Incarnation int
	Seq         int64
}

// Query asks its receiver for an Answer. Incarnation is the asker's, and Seq numbers the questions of one.
type Query struct {
	Incarnation int
	Seq         int64
}

// Answer is the heartbeat that a Query asked for: Seq is that of the Query, and Asked the incarnation of who asked, whose
// later ones it means nothing to.
type Answer struct {
	Incarnation int
	Seq         int64
	Asked       int
}

func (h Heartbeat) String() string {
	if h.Incarnation == 0 {
		return fmt.Sprintf("Heartbeat{%d}", h.Seq)
	}
	return fmt.Sprintf("Heartbeat{%d, incarnation %d}", h.Seq, h.Incarnation)
}

func (q Query) String() string { return fmt.Sprintf("Query{%d}", q.Seq) }

func (a Answer) String() string {
	if a.Incarnation == 0 {
		return fmt.Sprintf("Answer{%d}", a.Seq)
	}
	return fmt.Sprintf("Answer{%d, incarnation %d}", a.Seq, a.Incarnation)
}

func (a Answer) heartbeat() Heartbeat { return Heartbeat{a.Incarnation, a.Seq} }

// What a monitoring node notes, for observers.
type (
	// Suspected says that it has begun to suspect a node: an S-transition.
	Suspected struct{ Of sim.NodeID }
	// Trusted says that it trusts a suspected node again: a T-transition.
	Trusted struct{ Of sim.NodeID }
)

func (n Suspected) String() string { return fmt.Sprintf("suspects %v", n.Of) }

func (n Trusted) String() string { return fmt.Sprintf("trusts %v again", n.Of) }

// Suspicion returns whom the note is about, and whether it is suspected from now on.
func (n Suspected) Suspicion() (of sim.NodeID, suspected bool) { return n.Of, true }

// Suspicion returns whom the note is about, and whether it is suspected from now on.
func (n Trusted) Suspicion() (of sim.NodeID, suspected bool) { return n.Of, false }

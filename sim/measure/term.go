package measure

import (
	"fmt"

	"lightcone/sim"
)

// Term is what a nanosecond of an outage of a service that needs a majority is accounted to.
type Term uint8

// The terms, for a service whose decisions need Track.Majority servers.
const (
	Unaccounted Term = iota // no majority was stated
	Quorum                  // fewer than a majority are up
	Correlation             // so too, but there would be a majority if of the servers that went down at one instant only one had
	Partition               // a majority is up, and no server reaches a majority both ways; and until the service is back after that
	Failover                // a majority is up and connected: it has to notice a failure and to choose a leader
	CatchUp                 // so too, after a repair: a quorum is back, or a server that came back disturbs, and they have no leader yet
	terms
)

var termNames = [...]string{"unaccounted", "quorum", "correlation", "partition", "failover", "restart and catch-up"}

func (t Term) String() string {
	if t < terms {
		return termNames[t]
	}
	return fmt.Sprintf("term(%d)", uint8(t))
}

// Terms returns all terms that an outage can be accounted to.
func Terms() []Term { return []Term{Quorum, Failover, CatchUp, Partition, Correlation} }

// term says what the state now is accounted to, which does not serve and follows the n-th mark.
func (t *Track) term(v sim.View, n int) Term {
	up := 0
	for id := range sim.NodeID(t.Servers) {
		if v.Works(id) {
			up++
		}
	}
	switch {
	case up < t.Majority && up+t.shared() >= t.Majority:
		return Correlation
	case up < t.Majority:
		return Quorum
	case !t.connected(v):
		return Partition
	}
	if n > 0 && !t.marks[n-1].up {
		switch before := t.marks[n-1].term; before {
		case Quorum, Correlation:
			return CatchUp
		default:
			return before
		}
	}
	if t.ended {
		return CatchUp
	}
	return Failover
}

// shared counts the servers that went down at the same instant as one before them in the list.
func (t *Track) shared() int {
	count := 0
	for i, f := range t.active {
		if !f.stops() || int(f.Node) >= t.Servers {
			continue
		}
		for _, g := range t.active[:i] {
			if g.stops() && int(g.Node) < t.Servers && g.Node != f.Node && g.Since == f.Since {
				count++
				break
			}
		}
	}
	return count
}

// connected reports whether some server reaches a majority, itself included, both ways.
func (t *Track) connected(v sim.View) bool {
	if t.cuts == 0 {
		return true
	}
	for a := range sim.NodeID(t.Servers) {
		if v.Works(a) && v.Reached(a, t.Servers) >= t.Majority {
			return true
		}
	}
	return false
}

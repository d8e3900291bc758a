package primarybackup

import (
	"slices"

	"lightcone/sim"
)

// Number numbers views, in rising order; not every number is used. It is the epoch that fences.
type Number uint64

// View says who is primary, and which backups have what it acknowledged. It is immutable.
type View struct {
	Number      Number
	Primary     sim.NodeID
	Incarnation int          // of the primary: if it restarts, it reigns no more
	Backups     []sim.NodeID // in the order of succession
}

// firstView is the view with which all servers start.
func (c Config) firstView() View {
	v := View{Number: 1, Primary: sim.NodeID(c.first())}
	for id := v.Primary + 1; int(id) < c.Servers; id++ {
		v.Backups = append(v.Backups, id)
	}
	return v
}

// has reports whether a node is primary or backup.
func (v View) has(id sim.NodeID) bool { return id == v.Primary || slices.Contains(v.Backups, id) }

// acks is how many of n backups must have a write before it is acknowledged.
func (c Config) acks(n int) int {
	switch c.Replication {
	case Sync:
		return n
	case SemiSync:
		return min(c.Acks, n)
	}
	return 0
}

// decisive is how many of n backups must be asked so that one of them has every write that acks(n) backups have.
func (c Config) decisive(n int) int {
	if k := c.acks(n); k > 0 {
		return n - k + 1
	}
	return min(1, n) // asynchronous: any may lack some
}

// Position is a place in the log: an index, and the number of the view in which the entry there was made. A log that
// ends at the higher position has all that the other one has.
type Position struct {
	View  Number
	Index uint64
}

func (p Position) less(q Position) bool {
	return p.View < q.View || p.View == q.View && p.Index < q.Index
}

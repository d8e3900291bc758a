package consensustest

import (
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// The times of every system under test.
const (
	ElectionMin = 150 * time.Millisecond
	ElectionMax = 300 * time.Millisecond
	Heartbeat   = 50 * time.Millisecond
)

// System is a protocol under test.
type System struct {
	Name string
	// New returns what makes the servers of a cluster, for sim.Config.New.
	New func(Setting) (func(sim.NodeID) sim.Process, error)
	// EagerCommit says that a leader tells its followers at once what is committed, not with the next heartbeat or
	// command: that is a message and an answer more for each.
	EagerCommit bool
	// Missing says of cases, by name, which feature they need that the protocol does not have. They are skipped.
	Missing map[string]string
}

// Setting is what a case wants of its servers.
type Setting struct {
	Servers       int
	SnapshotEvery int // applied entries between snapshots, after each of which most of the log is discarded; 0: never
}

// Server is what a process under test is, beside a sim.Process that serves kv.Requests.
type Server interface {
	consensus.Node
	Store() *kv.Store // its state machine, to look at
}

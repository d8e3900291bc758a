package consensus

import "lightcone/sim"

// Index is a place in a replicated log; the first is 1.
type Index uint64

// Term numbers the reigns of leaders, from 1; 0 is before the first.
type Term uint64

// Entry is what is at a place of a log: the term in which it was proposed, and a hash of what it says.
type Entry struct {
	Term Term
	Hash uint64
}

// Configuration is who takes part. Outgoing is empty but during a joint change, when a decision needs a majority of
// Voters and of Outgoing.
type Configuration struct {
	Voters, Outgoing, Learners []sim.NodeID
}

// Node is what a process with a replicated log shows to those who judge it from outside. All of it is volatile state as
// it stands between two handlers.
type Node interface {
	// Version changes whenever anything of the rest may have changed; a judge skips a node whose Version is as it was.
	Version() uint64
	Term() Term
	Leader() bool // leads its Term
	// Vote is whom it voted for in its Term, from when the candidate may know of it (for its own vote: may count it). A
	// vote that is still being written, which a crash may take back, is none.
	Vote() (sim.NodeID, bool)
	First() Index // the first place it still has; those before are in its snapshot
	Last() Index  // the last place it has; First()-1 if none
	// Stable is the place up to which its log survives a crash, at most Last. While a snapshot is being written that may
	// be before First.
	Stable() Index
	Entry(Index) Entry            // First() <= index <= Last()
	Committed() Index             // it knows all up to here to be committed
	Applied() Index               // its state machine has applied all up to here
	Configuration() Configuration // the one that it goes by
}

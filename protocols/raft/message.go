package raft

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Message is what servers send each other; clients send a kv.Request, and whoever administers the cluster a
// ChangeRequest or a TransferRequest. The RPCs of the paper are a message each way, unordered and unreliable.
type Message interface{ raft() }

// RequestVote is sent by candidates to gather votes (figure 3.1); with Pre set, before they stand (§9.6).
type RequestVote struct {
	Term      Term // the candidate's; with Pre that in which it would stand
	LastIndex Index
	LastTerm  Term
	Pre       bool
	Transfer  bool // the leader wants it (§3.10): nobody need wait for the leader's silence
}

// RequestVoteReply answers a RequestVote.
type RequestVoteReply struct {
	Term    Term // the voter's; of a granted Pre that which was asked for
	Granted bool
	Pre     bool
}

// AppendEntries is sent by the leader to replicate entries, and as its heartbeat (figure 3.1).
type AppendEntries struct {
	Term      Term
	PrevIndex Index
	PrevTerm  Term
	Entries   []Entry
	Commit    Index
	Contact
}

// AppendEntriesReply answers an AppendEntries.
type AppendEntriesReply struct {
	Term    Term
	Success bool
	Index   Index // Success: the log is as the leader's up to here, and durable; else the PrevIndex that did not fit

	// Where the leader may look for agreement (§3.5): the first index of the term of the follower's entry at Index. A
	// ConflictTerm of 0 says that its log ends before ConflictIndex.
	ConflictTerm  Term
	ConflictIndex Index
	Contact
}

// Contact is what a follower returns as it came, by which the leader knows what it has answered (§6.4). The answer to a
// message of an earlier term has none: who sent that may lead again, and counts from 1 after a restart.
type Contact struct {
	Round uint64    // rounds of heartbeats, counted by the leader
	Sent  sim.Local // the leader's clock when it sent this
}

// InstallSnapshot is sent by the leader to a follower that lacks what the leader has discarded (figure 5.3): a chunk
// of its snapshot.
type InstallSnapshot struct {
	Term   Term
	Index  Index // the snapshot is of the log up to here
	At     Term  // the term of that entry
	Config Configuration
	Offset int    // of this chunk
	Data   string // this chunk
	Done   bool   // it is the last
	Contact
}

// InstallSnapshotReply answers an InstallSnapshot.
type InstallSnapshotReply struct {
	Term  Term
	Index Index // of the snapshot
	Next  int   // the offset that the follower waits for
	Done  bool  // the follower has all up to Index, and durable
	Contact
}

// ReadIndexRequest asks the leader, on behalf of a follower, for an index that a read must wait for (§6.4).
type ReadIndexRequest struct{ ID uint64 }

// ReadIndexReply answers a ReadIndexRequest: what is applied up to Index shows all that was committed before the asking.
type ReadIndexReply struct {
	ID    uint64
	OK    bool
	Index Index
}

// TimeoutNow tells a server to stand for election at once (§3.10).
type TimeoutNow struct{ Term Term }

// written tells a server that the first of its writes in flight is durable. It is a message to oneself, sent after the
// Persist that it waits for.
type written struct{ Incarnation uint32 }

func (RequestVote) raft()          {}
func (RequestVoteReply) raft()     {}
func (AppendEntries) raft()        {}
func (AppendEntriesReply) raft()   {}
func (InstallSnapshot) raft()      {}
func (InstallSnapshotReply) raft() {}
func (ReadIndexRequest) raft()     {}
func (ReadIndexReply) raft()       {}
func (TimeoutNow) raft()           {}
func (ChangeRequest) raft()        {}
func (ChangeReply) raft()          {}
func (TransferRequest) raft()      {}
func (TransferReply) raft()        {}
func (written) raft()              {}

const header = 40 // of a message on the wire, in bytes: addresses, kind and term

func (RequestVote) Size() int          { return header + 18 }
func (RequestVoteReply) Size() int     { return header + 2 }
func (AppendEntriesReply) Size() int   { return header + 41 }
func (InstallSnapshotReply) Size() int { return header + 33 }
func (ReadIndexRequest) Size() int     { return header + 8 }
func (ReadIndexReply) Size() int       { return header + 17 }
func (TimeoutNow) Size() int           { return header }
func (written) Size() int              { return 0 }

// Size counts the entries too.
func (m AppendEntries) Size() int {
	n := header + 40
	for i := range m.Entries {
		n += m.Entries[i].size()
	}
	return n
}

// Size counts the chunk too.
func (m InstallSnapshot) Size() int { return header + 56 + 4*m.Config.size() + len(m.Data) }

func (e *Entry) size() int {
	switch d := e.Data.(type) {
	case kv.Command:
		return 48 + len(d.Op.Key) + len(d.Op.Value) + len(d.Op.Expect)
	case Configuration:
		return 16 + 4*d.size()
	}
	return 8
}

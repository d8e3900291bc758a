package primarybackup

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Message is what servers send each other, and themselves.
type Message interface{ primarybackup() }

// Between servers and the view service.
type (
	// Ping says that a server lives. Sent is its clock.
	Ping struct {
		Sent        sim.Local
		Incarnation int
		Promised    Number // it takes part in no view before this
		Leads       bool   // it is primary or candidate
	}
	// Pong tells a server the view. Leased lets its primary serve until Lease after Sent, which is from the Ping.
	Pong struct {
		View   View
		Sent   sim.Local
		Leased bool
	}
	// Seal asks a server to promise not to take part in any view before Number, as the view service is about to make
	// that one, and to say what it has.
	Seal struct{ Number Number }
	// Sealed is the promise.
	Sealed struct {
		Number      Number
		Incarnation int
		Last        Position
	}
	// Lead asks a server to prepare to be the primary of a view: to bring its backups to where it is.
	Lead struct{ View View }
	// Ready says that it has.
	Ready struct{ Number Number }
	// Propose asks for other backups: those that fail are left out, those that caught up are taken in.
	Propose struct {
		Number      Number // the view that is to change
		Incarnation int
		Backups     []sim.NodeID
	}
)

// Between the primary and the others.
type (
	// Append sends entries of the log, which follow Prev, or none: then it says that the primary lives.
	Append struct {
		View    View
		Prev    Position
		Entries []Entry
		Commit  uint64
	}
	// Appended confirms that the log agrees with the primary's, and is durable, up to Match.
	Appended struct {
		Number Number
		Match  uint64
	}
	// Missing says that the log does not have the entry before those of an Append. It asks for those from Want; 0 asks for
	// a snapshot.
	Missing struct {
		Number Number
		Want   uint64
	}
	// Refused says that a view is over. The sender has promised itself to Number, and View is the latest that it knows.
	Refused struct {
		Number Number
		View   View
	}
	// Chunk is a piece of a snapshot. The last has the snapshot itself.
	Chunk struct {
		View     View
		At       Position // what the snapshot holds
		Offset   int      // of the piece, in bytes
		Length   int
		Snapshot *Snapshot // nil but in the last
	}
	// Chunked asks for the next one.
	Chunked struct {
		Number Number
		Index  uint64 // of the snapshot
		Offset int
	}
)

// To oneself, once what was written before is durable.
type (
	logged      struct{ at Position }
	snapshotted struct{ at Position }
	decided     struct{ number Number }
)

func (Ping) primarybackup()        {}
func (Pong) primarybackup()        {}
func (Seal) primarybackup()        {}
func (Sealed) primarybackup()      {}
func (Lead) primarybackup()        {}
func (Ready) primarybackup()       {}
func (Propose) primarybackup()     {}
func (Append) primarybackup()      {}
func (Appended) primarybackup()    {}
func (Missing) primarybackup()     {}
func (Refused) primarybackup()     {}
func (Chunk) primarybackup()       {}
func (Chunked) primarybackup()     {}
func (logged) primarybackup()      {}
func (snapshotted) primarybackup() {}
func (decided) primarybackup()     {}

// Size is the size on the wire, in bytes.
func (m Append) Size() int {
	size := 64 + 4*len(m.View.Backups)
	for i := range m.Entries {
		op := &m.Entries[i].Command.Op
		size += 64 + len(op.Key) + len(op.Value) + len(op.Expect)
	}
	return size
}

// Size is the size on the wire, in bytes.
func (m Chunk) Size() int { return 64 + m.Length }

// Snapshot is the store after the entry At. It is immutable.
type Snapshot struct {
	At    Position
	Sum   uint64 // of the log up to there
	Spans []Span // of the log up to there
	Store *kv.Store
}

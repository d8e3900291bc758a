package quorum

import (
	"fmt"

	"lightcone/sim"
)

// Message is what servers send each other.
type Message interface{ quorum() }

// Read asks a replica for its versions of a key.
type Read struct {
	Call uint64 // the coordinator's number for the request, not used again after a restart
	Key  string
	For  sim.NodeID // the replica that is asked, or for which the asked server stands in
}

// ReadReply answers a Read.
type ReadReply struct {
	Call     uint64
	Versions []Version // none if the replica has nothing of the key
	For      sim.NodeID
}

// Write asks a replica to merge versions into what it has of a key. A Call of 0 wants no answer: it repairs.
type Write struct {
	Call     uint64
	Key      string
	Versions []Version
	For      sim.NodeID // the replica that is to have them; another server keeps them as a hint
}

// WriteReply says that what a Write asked for is durable.
type WriteReply struct {
	Call uint64
	For  sim.NodeID
}

// Handoff brings a replica versions that were kept for it while it did not answer (a hint), and HandoffReply says that
// they are durable.
type (
	Handoff      Entry
	HandoffReply Entry
)

// Compare says what the sender's hashes are at some nodes of Merkle trees. The receiver answers with its hashes of the
// children of those that differ from its own, or with a Fill where they are leaves.
type Compare struct{ Nodes []Node }

// Node is a node of the Merkle tree of a range: Index is 1 for the root, 2i and 2i+1 for the children of i.
type Node struct {
	Range, Index int
	Hash         uint64
}

// Fill has the entries of leaves that differ. If Answer is set the receiver sends back what it has that is newer.
type Fill struct {
	Leaves  []Node
	Entries []Entry
	Answer  bool
}

// Entry is a key with its versions.
type Entry struct {
	Key      string
	Versions []Version
	Dots     uint64 // version vectors: how many writes of the key this server has coordinated
}

// flushed is a server's message to itself that its writes up to a batch are durable.
type flushed struct {
	incarnation int
	batch       uint64
}

func (Read) quorum()         {}
func (ReadReply) quorum()    {}
func (Write) quorum()        {}
func (WriteReply) quorum()   {}
func (Handoff) quorum()      {}
func (HandoffReply) quorum() {}
func (Compare) quorum()      {}
func (Fill) quorum()         {}
func (flushed) quorum()      {}

const (
	headerSize  = 64
	versionSize = 40
	nodeSize    = 16
)

// Size is the size of a reply on the wire, in bytes.
func (m ReadReply) Size() int { return headerSize + sizeOf(m.Versions) }

// Size is the size of a write on the wire, in bytes.
func (m Write) Size() int { return headerSize + len(m.Key) + sizeOf(m.Versions) }

// Size is the size of a hint on the wire, in bytes.
func (m Handoff) Size() int { return headerSize + len(m.Key) + sizeOf(m.Versions) }

// Size is the size of the hashes on the wire, in bytes.
func (m Compare) Size() int { return headerSize + nodeSize*len(m.Nodes) }

// Size is the size of the entries on the wire, in bytes.
func (m Fill) Size() int {
	n := headerSize + nodeSize*len(m.Leaves)
	for _, e := range m.Entries {
		n += len(e.Key) + sizeOf(e.Versions)
	}
	return n
}

func sizeOf(versions []Version) int {
	n := 0
	for _, v := range versions {
		n += versionSize + len(v.Value) + nodeSize*(len(v.Context.vector)+len(v.Context.beyond))
	}
	return n
}

func (m Read) String() string      { return fmt.Sprintf("Read %s", m.Key) }
func (m ReadReply) String() string { return fmt.Sprintf("ReadReply %v", m.Versions) }
func (m Write) String() string     { return fmt.Sprintf("Write %s %v%s", m.Key, m.Versions, m.purpose()) }
func (m WriteReply) String() string {
	return fmt.Sprintf("WriteReply for %v", m.For)
}
func (m Handoff) String() string      { return fmt.Sprintf("Handoff %s %v", m.Key, m.Versions) }
func (flushed) String() string        { return "flushed" }
func (m HandoffReply) String() string { return fmt.Sprintf("HandoffReply %s", m.Key) }

func (m Write) purpose() string {
	if m.Call == 0 {
		return " to repair"
	}
	return fmt.Sprintf(" for %v", m.For)
}

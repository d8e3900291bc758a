package etcdraft

import (
	"fmt"
	"strings"

	pb "go.etcd.io/raft/v3/raftpb"

	"lightcone/protocols/kv"
)

// Message is what servers send each other: a message of raft, as a value. A raftpb.Message is none: it has pointers that
// others share, and the innards of the protobuf library.
type Message struct {
	Type       pb.MessageType
	Term       uint64
	LogTerm    uint64 // of the entry before Entries, or of a candidate's last
	Index      uint64
	Commit     uint64
	Entries    []Entry
	Reject     bool
	RejectHint uint64
	Context    string
	Snapshot   *Snapshot // MsgSnap
}

// Entry is an entry of the log. Its data is a command, or nothing at the start of a term.
type Entry struct {
	Term, Index uint64
	Data        []byte
}

// Snapshot is the state machine after all entries up to Index.
type Snapshot struct {
	Index, Term uint64
	Store       *kv.Store // nobody changes it
}

// Size is the size of a message on the wire, in bytes.
func (m Message) Size() int {
	n := 48 + len(m.Context)
	for i := range m.Entries {
		n += 16 + len(m.Entries[i].Data)
	}
	if m.Snapshot != nil {
		n += m.Snapshot.Store.Size()
	}
	return n
}

func (m Message) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v term %d", m.Type, m.Term)
	switch m.Type {
	case pb.MsgApp, pb.MsgVote, pb.MsgPreVote:
		fmt.Fprintf(&b, ", log %d/%d", m.LogTerm, m.Index)
	case pb.MsgAppResp:
		fmt.Fprintf(&b, ", index %d", m.Index)
	}
	for _, e := range m.Entries {
		fmt.Fprintf(&b, ", %v", e)
	}
	if m.Commit > 0 {
		fmt.Fprintf(&b, ", commit %d", m.Commit)
	}
	if m.Reject {
		b.WriteString(", rejected")
	}
	if m.Snapshot != nil {
		fmt.Fprintf(&b, ", snapshot of %d/%d", m.Snapshot.Term, m.Snapshot.Index)
	}
	return b.String()
}

func (e Entry) String() string {
	if len(e.Data) == 0 {
		return fmt.Sprintf("%d/%d empty", e.Term, e.Index)
	}
	c := decode(e.Data)
	if c.Register {
		return fmt.Sprintf("%d/%d register", e.Term, e.Index)
	}
	return fmt.Sprintf("%d/%d %v %s", e.Term, e.Index, c.Op.Kind, c.Op.Key)
}

// plain makes a Message of one of raft's. The store of a snapshot does not go through raft.
func plain(m *pb.Message, latest *Snapshot) Message {
	p := Message{
		Type: m.GetType(), Term: m.GetTerm(), LogTerm: m.GetLogTerm(), Index: m.GetIndex(), Commit: m.GetCommit(),
		Entries: plainEntries(m.GetEntries()), Reject: m.GetReject(), RejectHint: m.GetRejectHint(), Context: string(m.GetContext()),
	}
	if m.GetType() == pb.MsgSnap {
		if i := m.GetSnapshot().GetMetadata().GetIndex(); i != latest.Index {
			panic(fmt.Sprintf("etcdraft: raft sends a snapshot of %d, want the latest, of %d", i, latest.Index))
		}
		p.Snapshot = latest
	}
	return p
}

func plainEntries(es []*pb.Entry) []Entry {
	if len(es) == 0 {
		return nil
	}
	p := make([]Entry, len(es))
	for i, e := range es {
		if e.GetType() != pb.EntryNormal {
			panic(fmt.Sprintf("etcdraft: entry %d is a %v, want an EntryNormal", e.GetIndex(), e.GetType()))
		}
		p[i] = Entry{e.GetTerm(), e.GetIndex(), e.GetData()}
	}
	return p
}

// raft makes one of raft's of a Message.
func (m *Message) raft(from, to uint64, voters []uint64) *pb.Message {
	r := &pb.Message{
		Type: &m.Type, From: &from, To: &to, Term: &m.Term, LogTerm: &m.LogTerm, Index: &m.Index, Commit: &m.Commit,
		Entries: raftEntries(m.Entries), Reject: &m.Reject, RejectHint: &m.RejectHint,
	}
	if m.Context != "" {
		r.Context = []byte(m.Context)
	}
	if m.Snapshot != nil {
		r.Snapshot = m.Snapshot.raft(voters)
	}
	return r
}

func raftEntries(es []Entry) []*pb.Entry {
	if len(es) == 0 {
		return nil
	}
	r := make([]*pb.Entry, len(es))
	for i := range es {
		r[i] = es[i].raft()
	}
	return r
}

func (e Entry) raft() *pb.Entry {
	return &pb.Entry{Type: pb.EntryNormal.Enum(), Term: &e.Term, Index: &e.Index, Data: e.Data}
}

func (s *Snapshot) raft(voters []uint64) *pb.Snapshot {
	index, term := s.Index, s.Term
	return &pb.Snapshot{Metadata: &pb.SnapshotMetadata{ConfState: &pb.ConfState{Voters: voters}, Index: &index, Term: &term}}
}

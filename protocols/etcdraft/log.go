package etcdraft

import (
	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"lightcone/protocols/consensus"
)

// hard is the part of raft's state that must survive a crash beside the log.
type hard struct{ Term, Vote, Commit uint64 }

// storage is the log as it will be on disk when all writes under way are done; raft reads from it (raft.Storage). What of
// it is not durable yet raft knows, and goes by its own copy.
type storage struct {
	voters   []uint64
	hard     hard
	snapshot *Snapshot // of Index 0: none
	base     uint64    // the place before the first entry, which was compacted away; 0 for none
	baseTerm uint64
	entries  []*pb.Entry       // from base+1; nobody changes one
	shown    []consensus.Entry // the same, for those who judge
	cuts     uint64            // how often entries gave way to others
}

func (s *storage) last() uint64 { return s.base + uint64(len(s.entries)) }

// append puts entries where they belong. What is at their places, and after, gives way.
func (s *storage) append(es []*pb.Entry) {
	if len(es) == 0 {
		return
	}
	keep := es[0].GetIndex() - s.base - 1
	if keep < uint64(len(s.entries)) { // raft has slices of what it read: those stay as they are
		s.cuts++
		s.entries = s.entries[:keep:keep]
	}
	s.entries = append(s.entries, es...)
	s.shown = s.shown[:keep]
	for _, e := range es {
		s.shown = append(s.shown, consensus.Entry{Term: consensus.Term(e.GetTerm()), Hash: hash(e.GetData())})
	}
}

// install puts a snapshot in the place of the log.
func (s *storage) install(snap *Snapshot) {
	s.snapshot, s.base, s.baseTerm = snap, snap.Index, snap.Term
	s.entries, s.shown = nil, nil
	s.cuts++
}

// compact forgets the entries up to a place.
func (s *storage) compact(to uint64) {
	if to <= s.base {
		return
	}
	gone := to - s.base
	s.baseTerm = s.entries[gone-1].GetTerm()
	s.base = to
	s.entries, s.shown = s.entries[gone:], s.shown[gone:]
}

// hash is FNV-1a.
func hash(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// InitialState returns what was durable when the node started.
func (s *storage) InitialState() (*pb.HardState, *pb.ConfState, error) {
	h := s.hard
	return &pb.HardState{Term: &h.Term, Vote: &h.Vote, Commit: &h.Commit}, &pb.ConfState{Voters: s.voters}, nil
}

// Entries returns the entries in [lo, hi), the first of them at least, and no more than maxBytes of them.
func (s *storage) Entries(lo, hi, maxBytes uint64) ([]*pb.Entry, error) {
	if lo <= s.base {
		return nil, etcd.ErrCompacted
	}
	if hi > s.last()+1 {
		return nil, etcd.ErrUnavailable
	}
	es := s.entries[lo-s.base-1 : hi-s.base-1]
	var size uint64
	for i, e := range es {
		size += 16 + uint64(len(e.GetData()))
		if i > 0 && size > maxBytes {
			return es[:i:i], nil
		}
	}
	return es[:len(es):len(es)], nil
}

// Term returns the term of the entry at a place, also of the one before the first.
func (s *storage) Term(i uint64) (uint64, error) {
	switch {
	case i < s.base:
		return 0, etcd.ErrCompacted
	case i == s.base:
		return s.baseTerm, nil
	case i > s.last():
		return 0, etcd.ErrUnavailable
	}
	return s.entries[i-s.base-1].GetTerm(), nil
}

// FirstIndex returns the place of the first entry that is there.
func (s *storage) FirstIndex() (uint64, error) { return s.base + 1, nil }

// LastIndex returns the place of the last entry.
func (s *storage) LastIndex() (uint64, error) { return s.last(), nil }

// Snapshot returns the latest snapshot.
func (s *storage) Snapshot() (*pb.Snapshot, error) { return s.snapshot.raft(s.voters), nil }

package raft

import (
	"fmt"
	"slices"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// What a server shows to those who judge it, draw it or copy it.

var _ consensus.Node = (*Process)(nil)

// Version changes whenever anything changes that the other methods of consensus.Node show.
func (p *Process) Version() uint64 { return p.version }

// Term returns currentTerm.
func (p *Process) Term() Term { return p.term }

// Leader reports whether it leads its term.
func (p *Process) Leader() bool { return p.role == Leader }

// Vote returns votedFor, from when it is durable.
func (p *Process) Vote() (sim.NodeID, bool) {
	return p.vote, p.vote != sim.Nobody && p.disk.term == p.term && p.disk.vote == p.vote
}

// First returns the first index of the log that is still there.
func (p *Process) First() Index { return p.log.first() }

// Last returns the last index of the log.
func (p *Process) Last() Index { return p.log.last() }

// Stable returns the index up to which the log is durable.
func (p *Process) Stable() Index { return min(p.disk.durable, p.log.last()) }

// Committed returns commitIndex.
func (p *Process) Committed() Index { return p.commit }

// Applied returns lastApplied.
func (p *Process) Applied() Index { return p.applied }

// Entry returns the entry at an index of the log.
func (p *Process) Entry(i Index) consensus.Entry {
	e := p.log.at(i)
	if e.hash == 0 {
		return consensus.Entry{Term: e.Term, Hash: hash(e.Data)}
	}
	return consensus.Entry{Term: e.Term, Hash: e.hash}
}

// Configuration returns the configuration in force here.
func (p *Process) Configuration() consensus.Configuration {
	return consensus.Configuration(p.members().config)
}

// hash is a hash of what an entry says.
func hash(data any) uint64 {
	switch d := data.(type) {
	case kv.Command:
		return d.Hash()
	case Configuration:
		h := uint64(0)
		for _, s := range []set{setOf(d.Voters), setOf(d.Outgoing), setOf(d.Learners)} {
			h = (h ^ uint64(s)) * 0x9e3779b97f4a7c15
			h ^= h >> 32
		}
		return h
	}
	return 0
}

// Role returns what it is at the moment.
func (p *Process) Role() Role { return p.role }

// KnownLeader returns who leads its term as far as it knows, or sim.Nobody.
func (p *Process) KnownLeader() sim.NodeID { return p.leader }

// Store returns the state machine. Look, do not touch.
func (p *Process) Store() *kv.Store { return p.store }

// Stats returns what it did in this incarnation.
func (p *Process) Stats() Stats { return p.stats }

// Badge shows the role and the term.
func (p *Process) Badge() (role, text string) {
	return p.role.String(), fmt.Sprintf("term %d", p.term)
}

// Clone returns an independent copy.
func (p *Process) Clone() sim.Process {
	c := *p
	c.log = p.log.clone()
	c.configs = slices.Clone(p.configs)
	c.followerReads = p.followerReads.clone()
	c.reads = p.reads.clone()
	c.progress = slices.Clone(p.progress)
	for i := range c.progress {
		c.progress[i].inflight = slices.Clone(c.progress[i].inflight)
	}
	c.disk.flight = slices.Clone(p.disk.flight)
	c.disk.promises = slices.Clone(p.disk.promises)
	if p.store != nil {
		c.store = p.store.Clone()
	}
	return &c
}

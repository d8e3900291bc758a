package raft

import (
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// What a liar makes of a message (a Byzantine server, which Raft does not stand): it claims a log beyond all others when
// it wants a vote, votes the other way, tells each follower other values for the same entries, and says that it has what
// it has not. Messages without a method here pass as they are.

// Falsify claims a longer and later log.
func (m RequestVote) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	m.LastIndex, m.LastTerm = m.LastIndex+1000, m.Term
	return m
}

// Falsify votes the other way.
func (m RequestVoteReply) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	m.Granted = !m.Granted
	return m
}

// Falsify changes the values of the entries.
func (m AppendEntries) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	m.Entries = slices.Clone(m.Entries)
	for i := range m.Entries {
		if c, ok := m.Entries[i].Data.(kv.Command); ok {
			c.Op = kv.Falsehood(c.Op)
			m.Entries[i] = Entry{Term: m.Entries[i].Term, Data: c}
		}
	}
	return m
}

// Falsify says that the log is as the leader's where it is not, and the other way round.
func (m AppendEntriesReply) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	m.Success = !m.Success
	return m
}

package raft

import (
	"fmt"
	"strings"

	"lightcone/protocols/consensus"
	"lightcone/sim"
)

// Configuration says which servers take part. It is a value: nobody changes its slices.
type Configuration consensus.Configuration

func (c Configuration) size() int { return len(c.Voters) + len(c.Outgoing) + len(c.Learners) }

func (c Configuration) String() string {
	s := list(c.Voters)
	if len(c.Outgoing) > 0 {
		s = list(c.Outgoing) + "->" + s
	}
	if len(c.Learners) > 0 {
		s += "+" + list(c.Learners)
	}
	return s
}

func list(ids []sim.NodeID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = id.String()
	}
	return fmt.Sprintf("{%s}", strings.Join(parts, " "))
}

// members is a configuration as sets, for counting.
type members struct {
	index                      Index // of its entry; 0: the first configuration
	config                     Configuration
	voters, outgoing, learners set
}

func membersOf(index Index, c Configuration) members {
	return members{index, c, setOf(c.Voters), setOf(c.Outgoing), setOf(c.Learners)}
}

// joint reports whether decisions need two majorities (§4.3).
func (m *members) joint() bool { return m.outgoing != 0 }

// voting returns the servers that have a vote.
func (m *members) voting() set { return m.voters | m.outgoing }

// all returns the servers that the leader replicates to.
func (m *members) all() set { return m.voters | m.outgoing | m.learners }

// majority is how many of so many voters decide.
func (p *Process) majority(voters int) int {
	if p.cfg.Bug == QuorumOffByOne {
		return max(1, voters/2)
	}
	return voters/2 + 1
}

// quorum reports whether the servers in s decide.
func (p *Process) quorum(s set) bool {
	m := p.members()
	return (s&m.voters).len() >= p.majority(m.voters.len()) &&
		(!m.joint() || (s&m.outgoing).len() >= p.majority(m.outgoing.len()))
}

// reached returns the highest value that a quorum of servers has reached, given each server's.
func (p *Process) reached(value func(sim.NodeID) uint64) uint64 {
	m := p.members()
	r := p.reachedBy(m.voters, value)
	if m.joint() {
		r = min(r, p.reachedBy(m.outgoing, value))
	}
	return r
}

func (p *Process) reachedBy(voters set, value func(sim.NodeID) uint64) uint64 {
	var few [9]uint64
	sorted := few[:0] // descending
	for s := voters; s != 0; s = s.rest() {
		v := value(s.first())
		sorted = append(sorted, v)
		i := len(sorted) - 1
		for ; i > 0 && sorted[i-1] < v; i-- {
			sorted[i] = sorted[i-1]
		}
		sorted[i] = v
	}
	return sorted[p.majority(len(sorted))-1]
}

// mayStand reports whether it votes in a configuration that may yet be the one that counts: the latest, or one before it
// as long as that is not known to be committed. A server that is leaving may be needed for its log (§4.2.2).
func (p *Process) mayStand() bool {
	for i := len(p.configs) - 1; i >= 0; i-- {
		if p.configs[i].voting().has(p.id) {
			return true
		}
		if p.configs[i].index <= p.commit {
			return false
		}
	}
	return false
}

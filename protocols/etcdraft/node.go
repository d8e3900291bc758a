package etcdraft

import (
	"fmt"
	"strings"

	etcd "go.etcd.io/raft/v3"

	"lightcone/protocols/consensus"
	"lightcone/sim"
)

var _ consensus.Node = (*Process)(nil)

// shown is what judges see that can change. A change of the log under an end that stays changes cuts.
type shown struct {
	term, vote, commit, applied uint64
	durable                     hard
	state                       etcd.StateType
	base, last, stable          uint64
	cuts                        uint64
	version                     uint64
}

// show takes note of what changed.
func (p *Process) show() {
	now := shown{
		term: p.term, vote: p.vote, commit: p.commit, applied: p.applied, durable: p.disk.hard, state: p.state.RaftState,
		base: p.log.base, last: p.log.last(), stable: p.disk.stable(p.log.last()), cuts: p.log.cuts, version: p.shown.version,
	}
	if now != p.shown {
		now.version++
		p.shown = now
	}
}

// Version changes with the rest.
func (p *Process) Version() uint64 { return p.shown.version }

// Term returns raft's term.
func (p *Process) Term() consensus.Term { return consensus.Term(p.term) }

// Leader reports whether raft leads.
func (p *Process) Leader() bool { return p.leads() }

// Vote returns for whom it voted, once that is durable: then raft lets the candidate know.
func (p *Process) Vote() (sim.NodeID, bool) {
	if p.vote == etcd.None || p.disk.hard.Term != p.term || p.disk.hard.Vote != p.vote {
		return sim.Nobody, false
	}
	return node(p.vote), true
}

// First returns the first place that is not compacted away.
func (p *Process) First() consensus.Index { return consensus.Index(p.log.base + 1) }

// Last returns the last place of the log.
func (p *Process) Last() consensus.Index { return consensus.Index(p.shown.last) }

// Stable returns the last place that is durable.
func (p *Process) Stable() consensus.Index { return consensus.Index(p.shown.stable) }

// Entry returns what is at a place.
func (p *Process) Entry(i consensus.Index) consensus.Entry {
	return p.log.shown[uint64(i)-p.log.base-1]
}

// Committed returns raft's commit index.
func (p *Process) Committed() consensus.Index { return consensus.Index(p.commit) }

// Applied returns the last place that the store has executed.
func (p *Process) Applied() consensus.Index { return consensus.Index(p.applied) }

// Configuration returns all servers: it does not change.
func (p *Process) Configuration() consensus.Configuration {
	return consensus.Configuration{Voters: p.servers}
}

// Badge shows the role in raft, and the term.
func (p *Process) Badge() (role, text string) {
	return strings.ToLower(strings.TrimPrefix(p.state.RaftState.String(), "State")), fmt.Sprintf("term %d", p.term)
}

package raft

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Committing entries (§3.5, §3.6.2), and applying them (§3.5, §6.3).

// advanceCommit commits what a quorum has, durably. Only an entry of the leader's own term commits by being counted;
// with it all before it are committed (§3.6.2).
func (p *Process) advanceCommit(env *sim.Env) {
	n := Index(p.reached(func(id sim.NodeID) uint64 { return uint64(p.progress[id].match) }))
	if n <= p.commit {
		return
	}
	if n < p.termStart && p.cfg.Bug != CommitOldTerm {
		return
	}
	p.learnCommit(env, n)
	if p.role == Leader {
		p.afterCommit(env)
	}
}

// afterCommit goes on with what waited for a commitment of the leader.
func (p *Process) afterCommit(env *sim.Env) {
	p.pursueReads(env)
	p.pursueChange(env)
}

// committedInTerm reports whether an entry of the leader's own term is committed: only then does it know what is
// committed at all.
func (p *Process) committedInTerm() bool { return p.commit >= p.termStart }

// learnCommit applies what is newly known to be committed.
func (p *Process) learnCommit(env *sim.Env, commit Index) {
	commit = min(commit, p.log.last())
	if commit <= p.commit {
		return
	}
	p.commit = commit
	p.version++
	p.applyCommitted(env)
}

func (p *Process) applyCommitted(env *sim.Env) {
	for p.applied < min(p.commit, p.log.last()) { // a log that lost what was committed ends sooner: only by a bug
		p.applied++
		e := p.log.at(p.applied)
		c, ok := e.Data.(kv.Command)
		if !ok {
			continue // a configuration is in force since it came; an empty entry does nothing
		}
		r := p.store.Apply(c)
		if p.role == Leader && e.Term == p.term { // it had the request
			p.stats.committed(env.Now().Sub(c.Time))
			env.Send(c.Client, r)
		}
	}
	p.serveFollowerReads(env)
}

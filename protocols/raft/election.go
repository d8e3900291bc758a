package raft

import "lightcone/sim"

// Leader election (§3.4), the election restriction (§3.6.1), Pre-Vote (§9.6), and the leader that steps down by itself
// (§6.2).

// Elected is noted by a leader when it has collected its majority, and SteppedDown when it stops to lead.
type (
	Elected     struct{ Term Term }
	SteppedDown struct{ Term Term }
)

// resetElectionTimer draws a new election timeout.
func (p *Process) resetElectionTimer(env *sim.Env) {
	d := env.Rand().Duration(p.cfg.ElectionMin, p.cfg.ElectionMax)
	if !env.Reset(p.electionTimer, d) {
		p.electionTimer = env.After(d, electionTimeout)
	}
}

// onElectionTimeout stands for election; a leader asks itself whether it still has a majority.
func (p *Process) onElectionTimeout(env *sim.Env) {
	switch {
	case p.role == Leader:
		p.checkQuorum(env)
	case !p.mayStand():
		p.resetElectionTimer(env)
	case p.cfg.PreVote:
		p.preCampaign(env)
	default:
		p.campaign(env, false)
	}
}

// preCampaign asks whether an election could be won, and changes nothing (§9.6).
func (p *Process) preCampaign(env *sim.Env) {
	p.forgetFollowerReads(env)
	p.role, p.leader, p.votes = PreCandidate, sim.Nobody, 0
	p.version++
	p.resetElectionTimer(env)
	p.requestVotes(RequestVote{Term: p.term + 1, Pre: true})
	p.countVote(env, p.id)
}

// campaign stands for election in a new term, of its own accord or because the leader wants it.
func (p *Process) campaign(env *sim.Env, transfer bool) {
	p.forgetFollowerReads(env)
	p.stats.Campaigns++
	p.role, p.votes = Candidate, 0
	p.setTerm(p.term+1, p.id)
	p.ballot = p.disk.issued + 1 // its own vote counts once it is durable
	p.resetElectionTimer(env)
	p.requestVotes(RequestVote{Term: p.term, Transfer: transfer})
}

func (p *Process) requestVotes(m RequestVote) {
	m.LastIndex, m.LastTerm = p.log.last(), p.log.lastTerm()
	var boxed Message = m
	for s := p.members().voting().without(p.id); s != 0; s = s.rest() {
		p.promise(s.first(), boxed)
	}
}

// onRequestVote grants a vote to the first candidate of a term whose log is at least as good as its own.
func (p *Process) onRequestVote(env *sim.Env, from sim.NodeID, m RequestVote) {
	if m.Pre {
		p.onPreVote(env, from, m)
		return
	}
	if m.Term > p.term && p.cfg.CheckQuorum && !m.Transfer && p.hearsLeader(env) {
		return // a server that disrupts (§4.2.3)
	}
	if m.Term > p.term {
		p.follow(env, m.Term, sim.Nobody)
	}
	granted := m.Term == p.term && (p.vote == sim.Nobody || p.vote == from) && p.upToDate(m)
	if granted {
		if p.vote != from {
			p.vote = from
			p.disk.changed = true
			p.version++
		}
		p.resetElectionTimer(env)
	}
	p.promise(from, RequestVoteReply{Term: p.term, Granted: granted})
}

// onPreVote says whether it would grant a vote: it also wants the leader to be silent.
func (p *Process) onPreVote(env *sim.Env, from sim.NodeID, m RequestVote) {
	if m.Term > p.term && !p.hearsLeader(env) && p.upToDate(m) {
		p.promise(from, RequestVoteReply{Term: m.Term, Granted: true, Pre: true})
		return
	}
	p.promise(from, RequestVoteReply{Term: p.term, Pre: true})
}

// upToDate reports whether a candidate's log is at least as good as this one: its last entry has a later term, or the
// same and its log is at least as long (§3.6.1).
func (p *Process) upToDate(m RequestVote) bool {
	if p.cfg.Bug == VoteWithoutLogCheck {
		return true
	}
	return m.LastTerm > p.log.lastTerm() || m.LastTerm == p.log.lastTerm() && m.LastIndex >= p.log.last()
}

// hearsLeader reports whether it leads, or has heard from a leader within the minimum election timeout. After a restart
// it does not know, and must take it that it has: a lease may rest on it.
func (p *Process) hearsLeader(env *sim.Env) bool {
	return p.role == Leader || p.hears && env.Now().Sub(p.heard) < p.cfg.ElectionMin
}

func (p *Process) onRequestVoteReply(env *sim.Env, from sim.NodeID, m RequestVoteReply) {
	if m.Term > p.term && !(m.Pre && m.Granted) {
		p.follow(env, m.Term, sim.Nobody)
		return
	}
	stands := p.role == Candidate && !m.Pre && (m.Term == p.term || p.cfg.Bug == StaleVotesCounted)
	asks := p.role == PreCandidate && m.Pre && m.Term == p.term+1
	if m.Granted && (stands || asks) {
		p.countVote(env, from)
	}
}

// countVote counts a vote. With a majority a precandidate becomes a candidate, and a candidate the leader.
func (p *Process) countVote(env *sim.Env, from sim.NodeID) {
	p.votes = p.votes.with(from)
	if !p.quorum(p.votes) {
		return
	}
	if p.role == PreCandidate {
		p.campaign(env, false)
		return
	}
	p.lead(env)
}

// lead begins to lead: its followers' logs are unknown yet, and its term begins with an empty entry.
func (p *Process) lead(env *sim.Env) {
	p.role, p.leader = Leader, p.id
	p.version++
	p.stats.Elections++
	env.Note(Elected{p.term})
	p.termStart = p.log.last() + 1
	p.handover = handover{to: sim.Nobody}
	p.active = 0
	p.progress = make([]progress, p.cfg.Servers)
	p.progress[p.id] = progress{match: p.disk.durable}
	p.peers = 0
	p.updatePeers()
	if p.cfg.CheckQuorum {
		p.resetElectionTimer(env)
	} else {
		env.Cancel(p.electionTimer)
	}
	if !p.cfg.NoEntryAtTermStart {
		p.appendAsLeader(nil)
	}
	p.heartbeatTimer = env.After(p.cfg.Heartbeat, heartbeatTimeout)
	p.replicateToAll(env)
}

// checkQuorum steps down unless a majority has answered since the last time (§6.2).
func (p *Process) checkQuorum(env *sim.Env) {
	alive := p.active.with(p.id)
	p.active = 0
	if !p.quorum(alive) {
		p.follow(env, p.term, sim.Nobody)
		return
	}
	p.resetElectionTimer(env)
}

// abdicate ends a leader's term of office: what it had begun for others, others may finish.
func (p *Process) abdicate(env *sim.Env) {
	env.Note(SteppedDown{p.term})
	p.disownRequests(env)
	p.disownReads(env)
	p.disownChange(env)
	p.disownTransfer(env)
	env.Cancel(p.heartbeatTimer)
	p.progress, p.peers = nil, 0
	p.resetElectionTimer(env)
}

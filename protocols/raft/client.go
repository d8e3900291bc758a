package raft

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Client interaction (chapter 6): routing to the leader (§6.2), and commands, which take effect once by the sessions of
// the state machine (§6.3). Reads are in read.go.

// onRequest serves a client: a leader orders the command, others name the leader.
func (p *Process) onRequest(env *sim.Env, from sim.NodeID, m kv.Request) {
	read := m.Op.Kind == kv.Get && !m.Register && p.readMode() != ReadLog
	switch {
	case read:
		p.onRead(env, from, m)
	case p.role != Leader:
		p.redirect(env, from, m.ID)
	case p.handover.to != sim.Nobody:
		env.Send(from, kv.Reply{ID: m.ID, Status: kv.Unavailable})
	default:
		if r, ok := p.store.Answer(m.Token); ok { // executed before, and asked again
			env.Send(from, kv.Reply{ID: m.ID, Result: r})
			return
		}
		p.propose(env, kv.Command{Token: m.Token, Op: m.Op, Register: m.Register, Time: env.Now(), Client: from, Request: m.ID})
	}
}

// redirect refuses a request, and says who leads as far as it knows.
func (p *Process) redirect(env *sim.Env, client sim.NodeID, id uint64) {
	leader := p.leader
	if leader == p.id {
		leader = sim.Nobody
	}
	env.Send(client, kv.Reply{ID: id, Status: kv.NotLeader, Leader: leader})
}

// disownRequests tells the clients of a leader that steps down that nobody knows yet what becomes of their commands.
func (p *Process) disownRequests(env *sim.Env) {
	for i := p.applied + 1; i <= p.log.last(); i++ {
		e := p.log.at(i)
		if c, ok := e.Data.(kv.Command); ok && e.Term == p.term {
			env.Send(c.Client, kv.Reply{ID: c.Request, Status: kv.Uncertain})
		}
	}
}

package raft

import (
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Queries served by followers (§6.4): the leader, asked, says how far the state machine must be.

// followerReads are a follower's queries under way.
type followerReads struct {
	counter uint32
	list    []followerRead
}

type followerRead struct {
	id      uint64 // of the ReadIndexRequest
	client  sim.NodeID
	request uint64 // the client's
	key     string
	since   sim.Local
	index   Index // to be applied first
	known   bool  // index means something
}

func (r followerReads) clone() followerReads {
	r.list = slices.Clone(r.list)
	return r
}

// onFollowerRead asks the leader for an index. The number of the question tells incarnations apart: an answer to a
// question from before a crash would be too old.
func (p *Process) onFollowerRead(env *sim.Env, client sim.NodeID, m kv.Request) {
	p.dropOldFollowerReads(env)
	r := &p.followerReads
	r.counter++
	id := uint64(env.Incarnation())<<32 | uint64(r.counter)
	r.list = append(r.list, followerRead{id: id, client: client, request: m.ID, key: m.Op.Key, since: env.Now()})
	p.send(env, p.leader, ReadIndexRequest{ID: id})
}

// dropOldFollowerReads gives up those for which a question or its answer must be lost.
func (p *Process) dropOldFollowerReads(env *sim.Env) {
	r := &p.followerReads
	for len(r.list) > 0 && env.Now().Sub(r.list[0].since) > p.cfg.ElectionMax {
		env.Send(r.list[0].client, kv.Reply{ID: r.list[0].request, Status: kv.Unavailable})
		r.list = slices.Delete(r.list, 0, 1)
	}
}

// onReadIndexRequest is a query like others: its answer is an index.
func (p *Process) onReadIndexRequest(env *sim.Env, from sim.NodeID, m ReadIndexRequest) {
	if p.role != Leader {
		p.send(env, from, ReadIndexReply{ID: m.ID})
		return
	}
	p.query(env, query{from: from, id: m.ID, follower: true})
}

func (p *Process) onReadIndexReply(env *sim.Env, m ReadIndexReply) {
	list := p.followerReads.list
	i := slices.IndexFunc(list, func(r followerRead) bool { return r.id == m.ID })
	if i < 0 {
		return
	}
	if !m.OK {
		p.redirect(env, list[i].client, list[i].request)
		p.followerReads.list = slices.Delete(list, i, i+1)
		return
	}
	list[i].index, list[i].known = m.Index, true
	p.serveFollowerReads(env)
}

// serveFollowerReads answers those whose index is applied.
func (p *Process) serveFollowerReads(env *sim.Env) {
	if len(p.followerReads.list) == 0 {
		return
	}
	p.followerReads.list = slices.DeleteFunc(p.followerReads.list, func(r followerRead) bool {
		ready := r.known && r.index <= p.applied
		if ready {
			env.Send(r.client, kv.Reply{ID: r.request, Result: p.store.Get(r.key)})
		}
		return ready
	})
}

// forgetFollowerReads refuses those under way, when the leader that was asked is no longer known to lead.
func (p *Process) forgetFollowerReads(env *sim.Env) {
	for _, r := range p.followerReads.list {
		env.Send(r.client, kv.Reply{ID: r.request, Status: kv.NotLeader, Leader: sim.Nobody})
	}
	p.followerReads.list = nil
}

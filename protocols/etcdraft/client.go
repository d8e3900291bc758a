package etcdraft

import (
	"encoding/binary"

	etcd "go.etcd.io/raft/v3"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// read is a Get that waits for its read index, and then for the state machine to be that far.
type read struct {
	context string
	index   uint64 // 0: not known yet
	client  sim.NodeID
	request kv.Request
}

func (p *Process) onRequest(env *sim.Env, from sim.NodeID, q kv.Request) {
	indexed := p.cfg.Reads != ReadLog && q.Op.Kind == kv.Get && !q.Register
	switch {
	case indexed && (p.leads() || p.cfg.FollowerReads && p.state.Lead != etcd.None):
		p.askReadIndex(env, from, q)
	case p.leads():
		p.propose(env, from, q)
	default:
		env.Send(from, kv.Reply{ID: q.ID, Status: kv.NotLeader, Leader: node(p.state.Lead)})
	}
}

func (p *Process) propose(env *sim.Env, from sim.NodeID, q kv.Request) {
	c := kv.Command{Token: q.Token, Op: q.Op, Register: q.Register, Time: env.Now(), Client: from, Request: q.ID}
	if err := p.raft.Propose(encode(c)); err != nil {
		env.Send(from, kv.Reply{ID: q.ID, Status: kv.Unavailable})
	}
}

// askReadIndex asks for the index at which a Get may be served. raft answers by its context alone, so that is unique
// over nodes and lives.
func (p *Process) askReadIndex(env *sim.Env, from sim.NodeID, q kv.Request) {
	p.asked++
	var b []byte
	for _, n := range [...]uint64{uint64(p.id), uint64(env.Incarnation()), p.asked} {
		b = binary.AppendUvarint(b, n)
	}
	p.reads = append(p.reads, read{context: string(b), client: from, request: q})
	p.raft.ReadIndex(b)
}

func (p *Process) onReadState(s etcd.ReadState) {
	for i := range p.reads {
		if p.reads[i].context == string(s.RequestCtx) {
			p.reads[i].index = s.Index
		}
	}
}

// serveReads answers the Gets whose index is applied.
func (p *Process) serveReads(env *sim.Env) {
	waiting := p.reads[:0]
	for _, r := range p.reads {
		if r.index == 0 || r.index > p.applied {
			waiting = append(waiting, r)
			continue
		}
		env.Send(r.client, kv.Reply{ID: r.request.ID, Result: p.store.Get(r.request.Op.Key)})
	}
	p.reads = waiting
}

// refuseReads refuses the Gets without an index: the leader that would have told it is no more.
func (p *Process) refuseReads(env *sim.Env) {
	waiting := p.reads[:0]
	for _, r := range p.reads {
		if r.index != 0 {
			waiting = append(waiting, r)
			continue
		}
		env.Send(r.client, kv.Reply{ID: r.request.ID, Status: kv.Unavailable})
	}
	p.reads = waiting
}

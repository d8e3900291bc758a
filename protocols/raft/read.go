package raft

import (
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Read-only queries without the log (§6.4).
//
// A leader that wants to answer from its state machine must know two things: what is committed, which it does once an
// entry of its own term is; and that nobody else leads since. The latter a majority confirms, by answering a heartbeat
// that was sent after the query came; or a lease tells it, as long as clocks keep their bound (§6.4.1).

// reads are a leader's queries under way.
type reads struct {
	waiting []query // for the next round
	asked   []query // in the round that is under way
	round   uint64  // a majority must answer this round or a later one
	index   Index   // the state machine must be as far as this: readIndex
}

// query is a Get of a client, or a follower's question for an index.
type query struct {
	from     sim.NodeID
	id       uint64
	key      string
	follower bool
}

func (r reads) clone() reads {
	r.waiting, r.asked = slices.Clone(r.waiting), slices.Clone(r.asked)
	return r
}

func (p *Process) readMode() ReadMode {
	if p.cfg.Bug == LocalReads {
		return ReadLocal
	}
	return p.cfg.Reads
}

// onRead serves a Get without the log.
func (p *Process) onRead(env *sim.Env, from sim.NodeID, m kv.Request) {
	switch {
	case p.role == Leader:
		p.query(env, query{from: from, id: m.ID, key: m.Op.Key})
	case p.cfg.FollowerReads && p.leader != sim.Nobody:
		p.onFollowerRead(env, from, m)
	default:
		p.redirect(env, from, m.ID)
	}
}

// query answers a query at once if it may, and else with the next round of heartbeats.
func (p *Process) query(env *sim.Env, q query) {
	if p.readMode() == ReadLocal || p.leased(env) {
		p.answer(env, q, p.commit)
		return
	}
	p.reads.waiting = append(p.reads.waiting, q)
	p.pursueReads(env)
}

// pursueReads begins a round for the queries that wait, unless one is under way.
func (p *Process) pursueReads(env *sim.Env) {
	r := &p.reads
	if len(r.waiting) == 0 || len(r.asked) > 0 || !p.committedInTerm() && p.cfg.Bug != ReadBeforeCommit {
		return
	}
	r.asked, r.waiting = r.waiting, r.asked
	r.index = p.commit
	late := p.confirmed() + 1 // already under way, perhaps
	p.broadcast(env)
	r.round = p.round
	if p.cfg.Bug == ReadWithoutConfirmation {
		r.round = late
	}
	p.confirmReads(env)
}

// confirmed is the latest round that a majority has answered.
func (p *Process) confirmed() uint64 {
	return p.reached(func(id sim.NodeID) uint64 { return p.progress[id].round })
}

// confirmReads answers the queries of a round that a majority has confirmed. The state machine is never behind the
// commit index, so that it is as far as it must be.
func (p *Process) confirmReads(env *sim.Env) {
	r := &p.reads
	if len(r.asked) == 0 || p.confirmed() < r.round {
		return
	}
	for _, q := range r.asked {
		p.answer(env, q, r.index)
	}
	clear(r.asked)
	r.asked = r.asked[:0]
	p.pursueReads(env)
}

func (p *Process) answer(env *sim.Env, q query, index Index) {
	if q.follower {
		p.send(env, q.from, ReadIndexReply{ID: q.id, OK: true, Index: index})
		return
	}
	env.Send(q.from, kv.Reply{ID: q.id, Result: p.store.Get(q.key)})
}

// disownReads refuses the queries of a leader that steps down.
func (p *Process) disownReads(env *sim.Env) {
	for _, q := range slices.Concat(p.reads.asked, p.reads.waiting) {
		if q.follower {
			p.send(env, q.from, ReadIndexReply{ID: q.id})
		} else {
			env.Send(q.from, kv.Reply{ID: q.id, Status: kv.NotLeader, Leader: sim.Nobody})
		}
	}
	p.reads = reads{}
}

// leased reports whether the leader holds a lease: a majority has answered what it sent so recently that none of them
// can have helped to elect another since (§6.4.1). With CheckQuorum a follower does not vote within ElectionMin of
// hearing from the leader, on its own clock. At rates within 1 +- d that is at least ElectionMin/(1+d) of true time,
// in which the leader's clock goes on by at least ElectionMin*(1-d)/(1+d).
func (p *Process) leased(env *sim.Env) bool {
	if p.cfg.Reads != ReadLease || p.handover.endsLease() || !p.committedInTerm() {
		return false
	}
	const never, zero = 0, 1 << 63 // clocks may show less than 0
	now := uint64(env.Now()) + zero
	start := p.reached(func(id sim.NodeID) uint64 {
		pr := &p.progress[id]
		switch {
		case id == p.id:
			return now
		case pr.round == 0:
			return never
		}
		return uint64(pr.sent) + zero
	})
	return start != never && time.Duration(now-start) < p.lease()
}

const million = 1_000_000

// lease is how long a lease lasts, on the leader's clock.
func (p *Process) lease() (d time.Duration) {
	if p.cfg.Bug == LeaseWithoutMargin {
		return p.cfg.ElectionMin
	}
	drift := time.Duration(p.cfg.DriftBound)
	return p.cfg.ElectionMin - (p.cfg.ElectionMin*2*drift/(million+drift) + 1) - p.cfg.LeaseMargin
}

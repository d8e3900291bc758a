package primarybackup

import (
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// peer is what the primary or a candidate knows of another server.
type peer struct {
	next    uint64    // the entry to send next
	match   uint64    // its log agrees with this one, and is durable, up to here
	sure    bool      // it confirmed what next says: entries are sent as they come
	moved   bool      // match grew since the last tick
	heard   sim.Local // when it last answered
	passage passage   // the snapshot that it is being sent
}

// prepare makes it the candidate of a view, with the log as it is.
func (p *Replica) prepare(env *sim.Env, v View) {
	p.role, p.view, p.took = Candidate, v, p.log.last()
	p.source.node = sim.Nobody
	p.target, p.proposed, p.lease = nil, false, 0
	p.peers = make([]peer, p.cfg.Servers)
	for id := range p.peers {
		p.peers[id] = peer{next: p.log.last() + 1, heard: env.Now()}
	}
	env.Cancel(p.silence)
}

// begin begins the reign. All of its log stands.
func (p *Replica) begin(env *sim.Env) {
	p.role = Primary
	if p.view.Number > 1 {
		p.counts.Promotions++
	}
	p.advance(env)
	p.startServing(env)
	p.keepPromise(env)
}

// onRequest orders an operation.
func (p *Replica) onRequest(env *sim.Env, from sim.NodeID, m kv.Request) {
	switch {
	case p.role == Backup:
		env.Send(from, kv.Reply{ID: m.ID, Status: kv.NotLeader, Leader: p.hint()})
		return
	case p.role == Primary && p.cfg.Bug == UnleasedReads && p.local(m):
	case p.role == Candidate || !p.leased(env):
		env.Send(from, kv.Reply{ID: m.ID, Status: kv.Unavailable})
		return
	}
	if p.local(m) {
		p.read(env, from, m)
		return
	}
	e := Entry{p.view.Number, kv.Command{Token: m.Token, Op: m.Op, Register: m.Register, Time: env.Now(), Client: from, Request: m.ID}}
	p.order(env, e)
}

// hint is whom a client should ask.
func (p *Replica) hint() sim.NodeID {
	if p.view.Primary == p.id {
		return sim.Nobody
	}
	return p.view.Primary
}

// local reports whether a request is answered from the store.
func (p *Replica) local(m kv.Request) bool {
	return p.cfg.Reads == Local && m.Op.Kind == kv.Get && !m.Register
}

// read answers a get from the store, as soon as that has all that its reign began with.
func (p *Replica) read(env *sim.Env, from sim.NodeID, m kv.Request) {
	if p.applied < p.took {
		env.Send(from, kv.Reply{ID: m.ID, Status: kv.Unavailable})
		return
	}
	env.Send(from, kv.Reply{ID: m.ID, Result: p.store.Get(m.Op.Key)})
}

// order puts an entry into the log. It goes to the backups while it is being written here.
func (p *Replica) order(env *sim.Env, e Entry) {
	prev := p.log.end()
	for id := range p.peers {
		if q := &p.peers[id]; q.sure && q.next == prev.Index+1 {
			q.next++
			env.Send(sim.NodeID(id), Append{p.view, prev, []Entry{e}, p.commit})
		}
	}
	p.extend(env, e)
}

// answer replies to a client, if its entry was made in this reign.
func (p *Replica) answer(env *sim.Env, c kv.Command, r kv.Reply) {
	if c.Op.Kind.Writes() && !c.Register && r.Status == kv.OK {
		p.counts.Acknowledged++
		env.Note(Acknowledged{p.log.position(p.applied)})
	}
	env.Send(c.Client, r)
}

func (p *Replica) uncertain(env *sim.Env, c kv.Command) {
	env.Send(c.Client, kv.Reply{ID: c.Request, Status: kv.Uncertain})
}

// tend is what a primary or candidate does every tick: it says that it lives, sends again what may be lost, and sees
// which backups the view should have.
func (p *Replica) tend(env *sim.Env) {
	for id := p.cfg.first(); id < p.cfg.Servers; id++ {
		to := sim.NodeID(id)
		if to == p.id || p.role == Candidate && !p.view.has(to) {
			continue
		}
		q := &p.peers[id]
		if q.sure && !q.moved && q.match < p.log.last() { // something is lost, or it is down
			q.sure, q.next = false, p.log.last()+1
		}
		q.moved = false
		p.send(env, to)
	}
	if p.role == Primary {
		p.chooseBackups(env)
	}
	p.advance(env)
}

// send sends what comes next to a server: entries, nothing but a sign of life, or a piece of the snapshot.
func (p *Replica) send(env *sim.Env, to sim.NodeID) {
	q := &p.peers[to]
	if q.next <= p.log.base.Index {
		p.sendPiece(env, to)
		return
	}
	entries := p.log.part(q.next, p.cfg.Batch)
	env.Send(to, Append{p.view, p.log.position(q.next - 1), entries, p.commit})
	if q.sure {
		q.next += uint64(len(entries))
	}
}

// heard returns what is known of the sender of an answer, nil if the answer is to somebody else.
func (p *Replica) heard(env *sim.Env, from sim.NodeID, n Number) *peer {
	if p.role == Backup || n != p.view.Number {
		return nil
	}
	q := &p.peers[from]
	q.heard = env.Now()
	return q
}

func (p *Replica) onAppended(env *sim.Env, from sim.NodeID, m Appended) {
	q := p.heard(env, from, m.Number)
	if q == nil {
		return
	}
	match := min(m.Match, p.log.last())
	q.sure, q.passage = true, passage{}
	q.next = max(q.next, match+1)
	if match > q.match {
		q.match, q.moved = match, true
		p.advance(env)
	}
	if p.role != Backup && q.next <= p.log.last() {
		p.send(env, from)
	}
}

func (p *Replica) onMissing(env *sim.Env, from sim.NodeID, m Missing) {
	q := p.heard(env, from, m.Number)
	if q == nil {
		return
	}
	q.sure, q.next = m.Want > 0, min(m.Want, p.log.last()+1)
	q.match = min(q.match, max(q.next, 1)-1)
	p.send(env, from)
}

// retract takes back that the others have entries from index i on. Only an unfenced primary loses any.
func (p *Replica) retract(i uint64) {
	for id := range p.peers {
		q := &p.peers[id]
		q.match, q.next = min(q.match, i-1), min(q.next, i)
	}
}

// onRefused ends a reign that is over, or learns that the view has other backups now.
func (p *Replica) onRefused(env *sim.Env, m Refused) {
	switch {
	case m.Number <= p.view.Number:
	case p.role == Primary && m.Number == m.View.Number && p.mine(m.View): // what it proposed is in force
		p.goOn(env, m.View)
	default:
		p.stepDown(env)
		p.watchPrimary(env)
	}
}

// acknowledged is up to where the log is on enough servers if these are the backups.
func (p *Replica) acknowledged(backups []sim.NodeID) uint64 {
	k := p.cfg.acks(len(backups))
	if k == 0 || p.cfg.Bug == EarlyReply {
		return p.durable
	}
	matches := make([]uint64, 0, 8)
	for _, id := range backups {
		matches = append(matches, p.peers[id].match)
	}
	slices.Sort(matches)
	return min(p.durable, matches[len(matches)-k])
}

// advance acknowledges what is on enough servers. While other backups are wanted, that means enough of either.
func (p *Replica) advance(env *sim.Env) {
	q := p.acknowledged(p.view.Backups)
	if p.role == Candidate {
		if q >= p.took && p.cfg.Failover == ViewService {
			env.Send(0, Ready{p.view.Number})
		}
		return
	}
	if p.target != nil {
		q = min(q, p.acknowledged(p.target))
		if q >= p.commit {
			p.propose(env)
		}
	}
	if q > p.commit {
		p.advanceTo(env, q)
	}
}

package quorum

import (
	"fmt"
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// ABD is a server of atomic registers, one for each key, by the algorithm of Attiya, Bar-Noy and Dolev (JACM 42(1),
// 1995), for several writers as by Lynch and Shvartsman (FTCS 1997), over any quorum system.
//
// A write asks a read quorum for the latest timestamp, makes a later one, and stores value and timestamp at a write
// quorum. A read asks a read quorum, takes the latest value, and stores it at a write quorum too (the write-back) before
// it returns, so that no later read finds less. A single writer knows the latest timestamp, and need not ask.
//
// The paper's writers are processes that execute their operations themselves. Here any server coordinates the requests of
// any client, and remembers durably which writes it has begun: a request that the network delivers twice does not write
// twice. A client that asks for the same put at another server does, unless Home gives all its writes to one server;
// the others then answer NotLeader.
type ABD struct {
	replica
	cfg   ABDConfig
	calls calls[*operation]
}

// resend is a timer: those that have not answered are asked again.
type resend struct{ call uint64 }

// NewABD returns a server. The configuration must be valid.
func NewABD(c ABDConfig) *ABD {
	c = c.withDefaults()
	return &ABD{replica: newReplica(c.ring(), rule{bug: c.Bug}, false), cfg: c}
}

// Init goes on from what is on disk.
func (p *ABD) Init(env *sim.Env) {
	p.begin()
	p.restore(env)
	p.calls.start(env, p.cfg.Bug)
}

// Receive handles a message.
func (p *ABD) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	p.begin()
	switch m := m.(type) {
	case kv.Request:
		p.onRequest(env, from, m)
	case Read:
		p.onRead(env, from, m)
	case ReadReply:
		p.onReadReply(env, from, m)
	case Write:
		p.onWrite(env, from, m)
	case WriteReply:
		p.onWriteReply(env, from, m)
	case flushed:
		p.onFlushed(env, m)
	default:
		panic(fmt.Sprintf("quorum: an ABD received a %T", m))
	}
	p.flush(env)
}

// Timeout handles a timer.
func (p *ABD) Timeout(env *sim.Env, tag any) {
	p.begin()
	switch t := tag.(type) {
	case expire:
		p.onExpire(env, t.call)
	case resend:
		p.onResend(env, t.call)
	default:
		panic(fmt.Sprintf("quorum: an ABD has a timeout %T", tag))
	}
	p.flush(env)
}

// home returns the server that coordinates a client's writes.
func (p *ABD) home(client sim.NodeID) sim.NodeID {
	switch {
	case p.cfg.SingleWriter:
		return 0
	case p.cfg.Home:
		return client % sim.NodeID(p.servers)
	}
	return p.id
}

// onRequest coordinates a get or a put. A register has nothing else: an append, a compare-and-swap and a delete that
// tells whether the key was there solve consensus between two, and registers do not (Herlihy, TOPLAS 13(1), 1991). A
// session would have to be known everywhere.
func (p *ABD) onRequest(env *sim.Env, client sim.NodeID, m kv.Request) {
	served := m.Op.Kind == kv.Get || m.Op.Kind == kv.Put
	home := p.home(client)
	switch {
	case m.Register || m.Token != (kv.Token{}) || !served:
		p.refuse(env, client, m.ID)
	case m.Op.Kind == kv.Put && home != p.id:
		env.Send(client, kv.Reply{ID: m.ID, Status: kv.NotLeader, Leader: home})
	case m.Op.Kind == kv.Put && p.underWay(client, m.ID):
	case m.Op.Kind == kv.Put && p.issue.begun.has(client, m.ID):
		p.Uncertain++
		env.Send(client, kv.Reply{ID: m.ID, Status: kv.Uncertain})
	default:
		p.start(env, client, m)
	}
}

func (p *ABD) refuse(env *sim.Env, client sim.NodeID, request uint64) {
	p.Unavailable++
	env.Send(client, kv.Reply{ID: request, Status: kv.Unavailable})
}

func (p *ABD) underWay(client sim.NodeID, request uint64) bool {
	return slices.ContainsFunc(p.calls.open, func(o *operation) bool {
		return o.client == client && o.request == request && o.op.Kind == kv.Put
	})
}

func (p *ABD) start(env *sim.Env, client sim.NodeID, m kv.Request) {
	o := &operation{id: p.calls.next(), client: client, request: m.ID, op: m.Op}
	o.timer = env.After(p.cfg.Timeout, expire{o.id})
	if p.cfg.Resend > 0 {
		o.again = env.After(p.cfg.Resend, resend{o.id})
	}
	p.calls.add(o)
	if o.writes() {
		p.happened(happening{what: writeBegan, call: o.id, key: o.op.Key})
	}
	if o.writes() && (p.cfg.SingleWriter || p.cfg.Bug == NoQuery) {
		p.write(env, o)
		return
	}
	p.happened(happening{what: queryBegan, call: o.id, key: o.op.Key})
	p.ask(env, o)
}

// ask sends what this phase asks for to all servers that have not answered.
func (p *ABD) ask(env *sim.Env, o *operation) {
	for i := range p.servers {
		to := sim.NodeID(i)
		switch {
		case o.got.Has(i):
		case o.storing && o.writes():
			p.send(env, issuePage, to, Write{o.id, o.op.Key, o.best, to})
		case o.storing:
			env.Send(to, Write{o.id, o.op.Key, o.best, to})
		default:
			env.Send(to, Read{o.id, o.op.Key, to})
		}
	}
}

// onReadReply counts an answer to a query; a read quorum of them ends the first phase.
func (p *ABD) onReadReply(env *sim.Env, from sim.NodeID, m ReadReply) {
	o := p.calls.find(m.Call)
	if o == nil || o.storing {
		return
	}
	o.got = o.got.With(int(from))
	o.best = p.merge(o.best, m.Versions)
	enough := p.cfg.Quorums.Read(o.got)
	if p.cfg.Bug == ReadQuorumShort {
		enough = enough || p.cfg.Quorums.Read(o.got.With(p.missing(o)))
	}
	if !enough {
		return
	}
	p.happened(happening{what: queryDone, call: o.id, key: o.op.Key, versions: o.best})
	switch {
	case o.writes():
		p.write(env, o)
	case p.cfg.WriteBack && p.cfg.Bug != NoWriteBack && len(o.best) > 0:
		p.storePhase(env, o)
	default:
		p.returns(env, o)
	}
}

// missing returns the first server of which an operation has no answer.
func (p *ABD) missing(o *operation) int {
	for i := range p.servers {
		if !o.got.Has(i) {
			return i
		}
	}
	return 0
}

// write gives the value a timestamp that is later than all that the query found, and than all that this server gave.
func (p *ABD) write(env *sim.Env, o *operation) {
	latest := p.issue.stamp.Count
	if len(o.best) > 0 {
		latest = max(latest, o.best[0].Stamp.Count)
	}
	p.issue.stamp = Stamp{Count: latest + 1, Writer: p.id}
	p.issue.begun = p.issue.begun.with(o.client, o.request)
	p.issue.dirty = true
	o.best = []Version{{Value: o.op.Value, Stamp: p.issue.stamp}}
	p.storePhase(env, o)
}

func (p *ABD) storePhase(env *sim.Env, o *operation) {
	o.storing, o.got = true, 0
	p.ask(env, o)
}

// onWriteReply counts an acknowledgement; a write quorum of them ends the operation.
func (p *ABD) onWriteReply(env *sim.Env, from sim.NodeID, m WriteReply) {
	o := p.calls.find(m.Call)
	if o == nil || !o.storing {
		return
	}
	o.got = o.got.With(int(from))
	enough := p.cfg.Quorums.Write(o.got)
	if p.cfg.Bug == AckEarly {
		enough = enough || p.cfg.Quorums.Write(o.got.With(p.missing(o)))
	}
	if enough {
		p.returns(env, o)
	}
}

// returns ends an operation: a read with the value that it found.
func (p *ABD) returns(env *sim.Env, o *operation) {
	reply := kv.Reply{ID: o.request}
	if o.writes() {
		p.Puts++
		p.happened(happening{what: acknowledged, call: o.id, key: o.op.Key, versions: o.best})
	} else {
		p.Gets++
		p.happened(happening{what: returned, key: o.op.Key, versions: o.best})
		if len(o.best) > 0 {
			reply.Result = kv.Result{Value: o.best[0].Value, Found: true}
		}
	}
	p.end(env, o, reply)
}

// onExpire gives up on a quorum. A write in its second phase may have taken effect, or may still. One in its first has
// not, but the network may yet deliver the request again, so the server does not promise that it never will.
func (p *ABD) onExpire(env *sim.Env, id uint64) {
	o := p.calls.find(id)
	if o == nil {
		return
	}
	reply := kv.Reply{ID: o.request, Status: kv.Unavailable}
	if o.writes() {
		reply.Status = kv.Uncertain
		p.Uncertain++
	} else {
		p.Unavailable++
	}
	p.end(env, o, reply)
}

func (p *ABD) end(env *sim.Env, o *operation, reply kv.Reply) {
	env.Cancel(o.timer)
	env.Cancel(o.again)
	p.calls.remove(o)
	env.Send(o.client, reply)
}

// onResend asks again.
func (p *ABD) onResend(env *sim.Env, id uint64) {
	if o := p.calls.find(id); o != nil {
		o.again = env.After(p.cfg.Resend, resend{id})
		p.ask(env, o)
	}
}

// core and writers are what properties look at.
func (p *ABD) core() *replica         { return &p.replica }
func (p *ABD) writers(key string) int { return p.calls.writers(key) }

// Clone returns an independent copy.
func (p *ABD) Clone() sim.Process {
	c := *p
	c.replica = p.replica.clone()
	c.calls = p.calls.clone()
	return &c
}

// Badge shows what the server coordinates, and its last timestamp.
func (p *ABD) Badge() (role, text string) {
	if p.issue.stamp != (Stamp{}) {
		text = "issued " + p.issue.stamp.String()
	}
	for _, o := range p.calls.open {
		if o.writes() {
			return "writer", text
		}
		role = "reader"
	}
	if role == "" {
		role = "replica"
	}
	return role, text
}

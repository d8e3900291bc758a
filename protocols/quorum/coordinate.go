package quorum

import (
	"fmt"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// read asks the replicas for their versions.
func (p *Dynamo) read(env *sim.Env, c *call) {
	p.happened(happening{what: queryBegan, call: c.id, key: c.op.Key})
	for i := range p.cfg.Quorums.Size() {
		if c.asked.Has(i) {
			id := p.server(c.span, i)
			env.Send(id, Read{c.id, c.op.Key, id})
		}
	}
}

// write stamps a new version and sends it to the replicas.
func (p *Dynamo) write(env *sim.Env, c *call) {
	c.writing, c.got = true, 0
	if c.op.Kind == kv.Delete {
		p.turn(env, c)
	}
	p.happened(happening{what: writeBegan, call: c.id, key: c.op.Key})
	waitFor := p.stamp(env, c)
	for i := range p.cfg.Quorums.Size() {
		if c.asked.Has(i) {
			id := p.server(c.span, i)
			p.send(env, waitFor, id, Write{c.id, c.op.Key, c.versions, id})
		}
	}
}

// turn turns a delete from reading, for the answer, to writing.
func (p *Dynamo) turn(env *sim.Env, c *call) {
	c.next = p.cfg.Quorums.Size()
	if t, ok := p.cfg.Quorums.(Threshold); ok && p.cfg.Narrow {
		c.asked = p.choose(env, t.W)
	}
	if p.cfg.HandOff > 0 {
		env.Cancel(c.handOff)
		c.handOff = env.After(p.cfg.HandOff, handOff{c.id})
	}
}

// stamp makes the version that a call writes, and returns the page that must be durable before anybody hears of it.
func (p *Dynamo) stamp(env *sim.Env, c *call) (page int) {
	v := Version{Value: c.op.Value, Deleted: c.op.Kind == kv.Delete}
	wall := env.Wall() - env.Wall()%sim.Local(p.cfg.Resolution)
	v.Stamp = Stamp{Time: wall, Writer: p.id}
	page = issuePage
	switch p.cfg.Versions {
	case Hybrid:
		v.Stamp = p.clock.next(wall, p.id)
		p.issue.stamp, p.issue.dirty = v.Stamp, true
	case Vector:
		page = p.page(p.place(c.op.Key))
		v.Context = p.seen[c.reader()]
		v.Dot = p.nextDot(c.op.Key)
		p.seen[c.reader()] = v.Context.With(v.Dot)
	}
	c.versions = []Version{v}
	return page
}

// see lets the hybrid clock know of versions.
func (p *Dynamo) see(versions []Version) {
	if p.cfg.Versions == Hybrid {
		for _, v := range versions {
			p.clock.see(v.Stamp)
		}
	}
}

// onReadReply counts an answer to a read, and a second one towards the repair.
func (p *Dynamo) onReadReply(env *sim.Env, from sim.NodeID, m ReadReply) {
	p.see(m.Versions)
	c := p.calls.find(m.Call)
	if c == nil || c.writing {
		return
	}
	i := p.position(c.span, m.For)
	if c.got.Has(i) {
		return
	}
	c.got = c.got.With(i)
	c.versions = p.merge(c.versions, m.Versions)
	c.answers = append(c.answers, answer{from, m.For, m.Versions})
	enough := p.cfg.Quorums.Read(c.got)
	if p.cfg.Bug == ReadQuorumShort {
		enough = enough || p.cfg.Quorums.Read(c.got.With(p.missing(c)))
	}
	switch {
	case !c.answered && enough:
		p.readDone(env, c)
	case c.answered && c.got == c.asked:
		p.end(env, c)
	}
}

// readDone is when a read quorum has answered.
func (p *Dynamo) readDone(env *sim.Env, c *call) {
	p.happened(happening{what: queryDone, call: c.id, key: c.op.Key, versions: c.versions})
	if len(c.versions) > 1 {
		p.Siblings++
		p.happened(happening{what: siblings})
		env.Note(Siblings{c.op.Key, c.versions})
	}
	if p.cfg.Versions == Vector {
		p.seen[c.reader()] = p.seen[c.reader()].Join(contextOf(c.versions))
	}
	v, found := newest(c.versions)
	c.result = kv.Result{Found: found && !v.Deleted}
	if c.op.Kind == kv.Delete {
		p.write(env, c)
		return
	}
	if c.result.Found {
		c.result.Value = v.Value
	}
	p.Gets++
	p.answer(env, c, kv.OK)
	if !p.cfg.Repair || c.got == c.asked {
		p.end(env, c)
	}
}

// onWriteReply counts an acknowledgement.
func (p *Dynamo) onWriteReply(env *sim.Env, m WriteReply) {
	c := p.calls.find(m.Call)
	if c == nil || !c.writing {
		return
	}
	c.got = c.got.With(p.position(c.span, m.For))
	enough := p.cfg.Quorums.Write(c.got)
	if p.cfg.Bug == AckEarly {
		enough = enough || p.cfg.Quorums.Write(c.got.With(p.missing(c)))
	}
	if !c.answered && enough {
		p.Puts++
		p.happened(happening{what: acknowledged, call: c.id, key: c.op.Key, versions: c.versions})
		p.answer(env, c, kv.OK)
	}
	if c.answered && (p.cfg.HandOff == 0 || c.got == c.asked) {
		p.end(env, c)
	}
}

// missing returns the first place of which a call has no answer.
func (p *Dynamo) missing(c *call) int {
	for i := range p.cfg.Quorums.Size() {
		if !c.got.Has(i) {
			return i
		}
	}
	return 0
}

// onExpire gives up on the replicas that have not answered. A write may be at some of them, or still arrive; a delete that
// is still reading may be executed if the network delivers the request again.
func (p *Dynamo) onExpire(env *sim.Env, id uint64) {
	c := p.calls.find(id)
	if c == nil {
		return
	}
	switch {
	case c.answered:
	case c.op.Kind.Writes():
		p.Uncertain++
		p.answer(env, c, kv.Uncertain)
	default:
		p.Unavailable++
		p.answer(env, c, kv.Unavailable)
	}
	p.end(env, c)
}

// answer answers the client.
func (p *Dynamo) answer(env *sim.Env, c *call, s kv.Status) {
	c.answered = true
	r := kv.Reply{ID: c.request, Status: s}
	if s == kv.OK {
		r.Result = c.result
	}
	env.Send(c.client, r)
}

// Siblings is the note that a read found concurrent versions.
type Siblings struct {
	Key      string
	Versions []Version
}

func (s Siblings) String() string { return fmt.Sprintf("siblings of %s: %v", s.Key, s.Versions) }

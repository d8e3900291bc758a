package primarybackup

import "lightcone/sim"

// passage is the way of a snapshot to a server.
type passage struct {
	snapshot *Snapshot // nil: none is under way
	size     int
	offset   int // of the piece that was sent last
}

// partial is a snapshot that has arrived in part.
type partial struct {
	at     Position
	offset int // how much
}

// sendPiece sends the piece of the snapshot that is due, the first one if none is under way.
func (p *Replica) sendPiece(env *sim.Env, to sim.NodeID) {
	w := &p.peers[to].passage
	if w.snapshot == nil {
		*w = passage{snapshot: p.outgoing()}
		w.size = w.snapshot.Store.Size()
	}
	c := Chunk{View: p.view, At: w.snapshot.At, Offset: w.offset, Length: min(p.cfg.Chunk, w.size-w.offset)}
	if c.Offset+c.Length == w.size {
		c.Snapshot = w.snapshot
	}
	env.Send(to, c)
}

// outgoing is the snapshot as others get it.
func (p *Replica) outgoing() *Snapshot {
	if p.cfg.Bug != NoSessionsInTransfer {
		return p.snapshot
	}
	s := *p.snapshot
	s.Store = s.Store.CloneWithoutSessions()
	return &s
}

func (p *Replica) onChunked(env *sim.Env, from sim.NodeID, m Chunked) {
	q := p.heard(env, from, m.Number)
	if q == nil || q.passage.snapshot == nil || q.passage.snapshot.At.Index != m.Index || m.Offset >= q.passage.size {
		return
	}
	q.moved = true
	if m.Offset != q.passage.offset {
		q.passage.offset = m.Offset
		p.sendPiece(env, from)
	}
}

// onChunk collects a snapshot, and installs it when it is complete.
func (p *Replica) onChunk(env *sim.Env, from sim.NodeID, m Chunk) {
	if !p.accepts(env, from, m.View) || p.saving {
		return
	}
	if !p.restart && (p.log.has(m.At) || m.At.Index < p.log.base.Index) {
		p.matched = max(p.matched, min(m.At.Index, p.log.last()))
		p.confirm(env)
		return
	}
	if p.partial.at != m.At {
		p.partial = partial{at: m.At}
	}
	if m.Offset == p.partial.offset {
		p.partial.offset += m.Length
		if m.Snapshot != nil {
			p.install(env, m.Snapshot)
			return
		}
	}
	env.Send(from, Chunked{m.View.Number, m.At.Index, p.partial.offset})
}

// install replaces log and store. The records of the old log go when the snapshot is durable: until then it may be all
// that the server has of what it confirmed.
func (p *Replica) install(env *sim.Env, s *Snapshot) {
	end := p.log.last()
	p.log, p.store = after(s), s.Store.Clone()
	p.applied, p.commit, p.matched, p.durable = s.At.Index, s.At.Index, s.At.Index, 0
	p.partial, p.restart = partial{}, false
	p.retract(s.At.Index + 1)
	p.counts.Transfers++
	p.keepSnapshot(env, s)
	for i := end; i > s.At.Index; i-- {
		env.Persist(logKey(i), nil)
	}
}

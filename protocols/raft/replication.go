package raft

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Log replication (§3.5), batched and pipelined (§10.2.2).

// appendAsLeader appends an entry to the leader's log. The caller replicates.
func (p *Process) appendAsLeader(data any) Index {
	p.log.append(Entry{p.term, data, hash(data)})
	i := p.log.last()
	p.logChanged(i)
	p.stats.Proposals++
	if c, ok := data.(Configuration); ok {
		p.configure(i, c)
	}
	return i
}

// propose appends a command and sends it at once, before it is durable here (§10.2.1).
func (p *Process) propose(env *sim.Env, c kv.Command) {
	p.appendAsLeader(c)
	p.replicateToAll(env)
}

// replicateToAll sends each follower what it lacks. If all are in step, this is as good as a heartbeat.
func (p *Process) replicateToAll(env *sim.Env) {
	p.round++
	all := true
	for s := p.peers; s != 0; s = s.rest() {
		if !p.replicate(env, s.first()) {
			all = false
		}
	}
	p.contactItself(env)
	if all {
		env.Reset(p.heartbeatTimer, p.cfg.Heartbeat)
	}
}

// contactItself counts the leader among those who have answered the latest round.
func (p *Process) contactItself(env *sim.Env) {
	p.progress[p.id].contact(Contact{p.round, env.Now()})
}

// broadcast sends a heartbeat to every follower.
func (p *Process) broadcast(env *sim.Env) {
	p.round++
	for s := p.peers; s != 0; s = s.rest() {
		p.heartbeat(env, s.first())
	}
	p.contactItself(env)
}

func (p *Process) onHeartbeatTimeout(env *sim.Env) {
	p.heartbeatTimer = env.After(p.cfg.Heartbeat, heartbeatTimeout)
	p.broadcast(env)
	p.confirmReads(env)
}

// heartbeat sends a follower an AppendEntries without entries: by the answer the leader knows what may have been lost. A
// chunk of a snapshot it sends again.
func (p *Process) heartbeat(env *sim.Env, to sim.NodeID) {
	if pr := &p.progress[to]; pr.next <= p.log.offset {
		pr.waits = false
		p.sendSnapshot(env, to)
		return
	}
	p.sendAppend(env, to, 0)
}

// replicate sends a follower what it lacks, as far as it may, and reports whether it sent anything.
func (p *Process) replicate(env *sim.Env, to sim.NodeID) (sent bool) {
	pr := &p.progress[to]
	switch {
	case pr.next <= p.log.offset: // what it lacks is no longer in the log
		return p.sendSnapshot(env, to)
	case pr.flow == replicating:
		return p.stream(env, to)
	case pr.waits:
		return false
	}
	p.sendAppend(env, to, p.batch(pr.next))
	pr.waits = true
	return true
}

// stream sends entries until the window is full, without waiting for answers.
func (p *Process) stream(env *sim.Env, to sim.NodeID) (sent bool) {
	pr := &p.progress[to]
	for pr.next <= p.log.last() && len(pr.inflight) < p.cfg.Window {
		n := p.batch(pr.next)
		p.sendAppend(env, to, n)
		pr.next += n
		pr.inflight = append(pr.inflight, pr.next-1)
		sent = true
	}
	return sent
}

// batch is how many entries go into one message, from an index on.
func (p *Process) batch(from Index) Index { return min(Index(p.cfg.MaxBatch), p.log.last()+1-from) }

// sendAppend sends a follower the next n entries.
func (p *Process) sendAppend(env *sim.Env, to sim.NodeID, n Index) {
	pr := &p.progress[to]
	prev := pr.next - 1
	c := Contact{p.round, env.Now()}
	if l := &p.latest; l.prev != prev || l.n != n || l.commit != p.commit || l.contact != c || l.term != p.term {
		prevTerm, _ := p.log.term(prev)
		*l = latestAppend{p.term, prev, n, p.commit, c, AppendEntries{
			Term: p.term, PrevIndex: prev, PrevTerm: prevTerm, Entries: p.log.slice(pr.next, prev+n), Commit: p.commit, Contact: c}}
	}
	if n > 0 {
		p.stats.Replication++
	}
	p.send(env, to, p.latest.m)
}

// latestAppend is the AppendEntries that was made last: most often, the next follower is sent the same.
type latestAppend struct {
	term    Term
	prev, n Index
	commit  Index
	contact Contact
	m       Message
}

// onAppendEntries takes a leader's entries if they fit, and says up to where the logs agree or where they may.
func (p *Process) onAppendEntries(env *sim.Env, from sim.NodeID, m AppendEntries) {
	if m.Term < p.term {
		p.promise(from, AppendEntriesReply{Term: p.term})
		return
	}
	p.hear(env, from, m.Term)
	if !p.fits(m) {
		p.promise(from, p.conflict(m))
		return
	}
	if len(m.Entries) > 0 {
		p.stats.Replication++
	}
	last := m.PrevIndex + Index(len(m.Entries)) // the last new entry
	p.accept(m)
	if p.cfg.Bug == CommitNotClamped {
		last = max(last, p.log.last())
	}
	p.learnCommit(env, min(m.Commit, last))
	p.acknowledge(env, from, AppendEntriesReply{Term: p.term, Success: true, Index: m.PrevIndex + Index(len(m.Entries)), Contact: m.Contact})
}

// acknowledge sends an answer that the leader will count on.
func (p *Process) acknowledge(env *sim.Env, to sim.NodeID, m Message) {
	if p.cfg.Bug == AckBeforeDurable {
		p.send(env, to, m)
		return
	}
	p.promise(to, m)
}

// hear recognises the leader of a term.
func (p *Process) hear(env *sim.Env, leader sim.NodeID, term Term) {
	if term > p.term || p.role != Follower || p.leader != leader {
		p.follow(env, term, leader)
	}
	p.heard, p.hears = env.Now(), true
	p.resetElectionTimer(env)
}

// fits is the consistency check: the log has the entry before the new ones. What a snapshot stands for is committed,
// and so the same everywhere.
func (p *Process) fits(m AppendEntries) bool {
	if p.cfg.Bug == AppendWithoutCheck {
		return true
	}
	t, ok := p.log.term(m.PrevIndex)
	return m.PrevIndex < p.log.offset || ok && t == m.PrevTerm
}

// conflict says where the leader may look for agreement.
func (p *Process) conflict(m AppendEntries) AppendEntriesReply {
	r := AppendEntriesReply{Term: p.term, Index: m.PrevIndex, ConflictIndex: p.log.last() + 1, Contact: m.Contact}
	if t, ok := p.log.term(m.PrevIndex); ok {
		r.ConflictTerm, r.ConflictIndex = t, p.log.firstOfTerm(m.PrevIndex)
	}
	return r
}

// accept puts the entries in their places. Those that the log has stay: the message may be old, and more may have come
// since. A conflict ends the old log.
func (p *Process) accept(m AppendEntries) {
	from := m.PrevIndex + 1
	if p.cfg.Bug == AppendWithoutCheck {
		from = min(from, p.log.last()+1)
	}
	if p.cfg.Bug == TruncateAlways && from > p.log.offset {
		p.truncate(from)
	}
	for i, e := range m.Entries {
		at := from + Index(i)
		if at <= p.log.offset {
			continue
		}
		if t, ok := p.log.term(at); ok && t == e.Term {
			continue
		}
		p.truncate(at)
		p.append(at, m.Entries[i:])
		return
	}
}

// truncate drops the log from an index on.
func (p *Process) truncate(from Index) {
	if from > p.log.last() {
		return
	}
	p.log.truncate(from)
	p.logChanged(from)
	p.disk.forget(from)
	p.unconfigure(from)
}

// append adds entries at the end of the log.
func (p *Process) append(from Index, entries []Entry) {
	p.log.append(entries...)
	p.logChanged(from)
	for i := range entries {
		if c, ok := entries[i].Data.(Configuration); ok {
			p.configure(from+Index(i), c)
		}
	}
}

// onAppendEntriesReply learns how far a follower is, and sends it more.
func (p *Process) onAppendEntriesReply(env *sim.Env, from sim.NodeID, m AppendEntriesReply) {
	if !p.answered(env, from, m.Term, m.Contact) {
		return
	}
	pr := &p.progress[from]
	if m.Success {
		p.onAccepted(env, pr, m.Index)
	} else {
		p.onRejected(pr, m)
	}
	if p.role != Leader {
		return // it committed its own removal
	}
	p.replicate(env, from)
	p.confirmReads(env)
	p.pursueTransfer(env, from)
}

// answered takes note of an answer to the leader, and reports whether it is one of this term from a follower.
func (p *Process) answered(env *sim.Env, from sim.NodeID, term Term, c Contact) bool {
	if term > p.term {
		p.follow(env, term, sim.Nobody)
	}
	if p.role != Leader || term < p.term || !p.peers.has(from) {
		return false
	}
	p.active = p.active.with(from)
	p.progress[from].contact(c)
	return true
}

func (p *Process) onAccepted(env *sim.Env, pr *progress, i Index) {
	grew := i > pr.match
	pr.acknowledge(i)
	switch {
	case pr.flow == probing:
		pr.flow, pr.waits, pr.next = replicating, false, pr.match+1
	case pr.flow == snapshotting && pr.match >= min(pr.snapshot.Index, p.log.offset): // it has the snapshot, or needs none
		pr.probe(pr.match + 1)
	}
	if grew {
		p.pursueCatchUp(env)
		p.advanceCommit(env)
	}
}

// onRejected looks further back, unless the answer is an old one.
func (p *Process) onRejected(pr *progress, m AppendEntriesReply) {
	switch {
	case pr.flow == snapshotting || m.Index <= pr.match:
		return
	case pr.flow == replicating:
		pr.probe(pr.match + 1)
	case m.Index == pr.next-1:
		pr.probe(p.agreement(m))
	}
}

// agreement is where to look next: after the last entry that may be in the follower's log too.
func (p *Process) agreement(m AppendEntriesReply) Index {
	if m.ConflictTerm == 0 {
		return min(m.ConflictIndex, m.Index)
	}
	i := p.log.lastUpTo(m.Index-1, m.ConflictTerm)
	if t, ok := p.log.term(i); ok && t == m.ConflictTerm {
		return i + 1
	}
	return min(i+1, m.ConflictIndex)
}

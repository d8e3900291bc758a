package etcdraft

import (
	"strconv"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"lightcone/sim"
)

// record is one write to the log on disk. Records are numbered; lives tell a record from one that an earlier life left
// behind it.
type record struct {
	Life     int
	Hard     hard
	Snapshot *Snapshot // takes the place of the log; nil: none
	Entries  []Entry   // take the place of what was at theirs, and after
}

// checkpoint is all that the records before Next come to.
type checkpoint struct {
	Life           int
	Next           uint64 // the first record that is not in it
	Hard           hard
	Snapshot       *Snapshot
	Base, BaseTerm uint64
	Entries        []Entry // from Base+1
}

// written tells a server that its records up to Number are durable, and saved that its checkpoint is: messages that it
// sends itself.
type (
	written struct {
		Life   int
		Number uint64
	}
	saved struct {
		Life int
		Next uint64
	}
)

func recordKey(n uint64) string     { return "record " + strconv.FormatUint(n, 10) }
func checkpointKey(n uint64) string { return "checkpoint " + strconv.FormatUint(n%2, 10) }

// disk is what a server knows of its disk.
type disk struct {
	next    uint64  // the number of the next record
	queue   []write // of raft's, not done yet, in order
	durable uint64  // the place up to which the log on disk is right, by the writes that are done
	hard    hard    // as it is durable

	checkpoints uint64 // begun so far
	saving      bool   // the last of them is not durable yet
	trimmed     uint64 // the records before are removed
}

// write is what raft wants to have on disk before its responses go out. Some writes want only what came before them.
type write struct {
	record    *record // nil: nothing of its own
	number    uint64  // of the record, once it is issued; 0 before
	responses []*pb.Message
}

// stable is the place up to which the log survives a crash: what is durable of it, but for what writes under way replace.
func (d *disk) stable(last uint64) uint64 {
	i := min(d.durable, last)
	for _, w := range d.queue {
		if w.record != nil && len(w.record.Entries) > 0 {
			i = min(i, w.record.Entries[0].Index-1)
		}
	}
	return i
}

// enqueue takes a write of raft (MsgStorageAppend). raft reads what it wrote from now on.
func (p *Process) enqueue(env *sim.Env, m *pb.Message) {
	w := write{responses: m.GetResponses()}
	was := p.log.hard
	if m.Term != nil {
		p.log.hard = hard{m.GetTerm(), m.GetVote(), m.GetCommit()}
	}
	r := record{Life: env.Incarnation(), Hard: p.log.hard, Entries: plainEntries(m.GetEntries())}
	if !etcd.IsEmptySnap(m.GetSnapshot()) {
		r.Snapshot = p.arrived
		p.install(p.arrived)
	}
	p.log.append(m.GetEntries())
	// the commit index alone is not worth a write: whoever forgets it learns it again
	if r.Snapshot != nil || len(r.Entries) > 0 || r.Hard.Term != was.Term || r.Hard.Vote != was.Vote {
		w.record = &r
	}
	p.disk.queue = append(p.disk.queue, w)
}

// settle finishes the writes that wait for nothing, and reports whether there were any.
func (p *Process) settle(env *sim.Env) bool {
	any := false
	for len(p.disk.queue) > 0 && p.disk.queue[0].record == nil {
		p.finish(env)
		any = true
	}
	return any
}

// finish finishes the first write: the responses go out.
func (p *Process) finish(env *sim.Env) {
	w := p.disk.queue[0]
	p.disk.queue = p.disk.queue[1:]
	if r := w.record; r != nil {
		p.disk.hard = r.Hard
		if r.Snapshot != nil {
			p.disk.durable = r.Snapshot.Index
		}
		if len(r.Entries) > 0 {
			p.disk.durable = r.Entries[len(r.Entries)-1].Index
		}
	}
	for _, m := range w.responses {
		if m.GetTo() == number(p.id) {
			p.step(m)
		} else {
			p.send(env, m)
		}
	}
}

// issue writes the records that are not yet on their way. It comes last in a handler: what is sent after it waits.
func (p *Process) issue(env *sim.Env) {
	issued := false
	for i := range p.disk.queue {
		if w := &p.disk.queue[i]; w.record != nil && w.number == 0 {
			w.number = p.disk.next
			p.disk.next++
			env.Persist(recordKey(w.number), *w.record)
			issued = true
		}
	}
	if issued {
		env.Send(p.id, written{env.Incarnation(), p.disk.next - 1})
	}
	p.checkpoint(env)
}

// onWritten finishes all writes up to a record.
func (p *Process) onWritten(env *sim.Env, m written) {
	if m.Life != env.Incarnation() {
		return
	}
	for len(p.disk.queue) > 0 {
		if w := p.disk.queue[0]; w.record != nil && (w.number == 0 || w.number > m.Number) {
			return
		}
		p.finish(env)
	}
}

// checkpoint writes all that is in memory in the place of the records so far, after a new snapshot. A torn write takes
// what was under its key, so checkpoints alternate between two, and the next begins when the last is durable.
func (p *Process) checkpoint(env *sim.Env) {
	if p.disk.saving || p.checkpointed == p.log.snapshot.Index {
		return
	}
	p.checkpointed = p.log.snapshot.Index
	p.disk.saving = true
	p.disk.checkpoints++
	env.Persist(checkpointKey(p.disk.checkpoints), checkpoint{
		env.Incarnation(), p.disk.next, p.log.hard, p.log.snapshot, p.log.base, p.log.baseTerm, plainEntries(p.log.entries),
	})
	env.Send(p.id, saved{env.Incarnation(), p.disk.next})
}

// onSaved removes the records that the checkpoint made superfluous.
func (p *Process) onSaved(env *sim.Env, m saved) {
	if m.Life != env.Incarnation() {
		return
	}
	p.disk.saving = false
	for ; p.disk.trimmed < m.Next; p.disk.trimmed++ {
		env.Persist(recordKey(p.disk.trimmed), nil)
	}
}

// recover reads what survived: the latest checkpoint and the records after it. They end where one is missing or torn, or
// of an earlier life than the one before: such a one was left there by a crash that took those before it.
func (p *Process) recover(env *sim.Env) {
	s, d, life := p.log, &p.disk, 0
	d.next = 1
	for i := range uint64(2) {
		v, _ := env.Recall(checkpointKey(i))
		if c, ok := v.(checkpoint); ok && c.Next > d.next {
			life, d.next, d.checkpoints = c.Life, c.Next, i
			s.hard, s.snapshot, s.base, s.baseTerm, s.entries, s.shown = c.Hard, c.Snapshot, c.Base, c.BaseTerm, nil, nil
			s.append(raftEntries(c.Entries))
		}
	}
	d.trimmed = d.next
	for {
		v, _ := env.Recall(recordKey(d.next))
		r, ok := v.(record)
		if !ok || r.Life < life {
			break
		}
		life, s.hard = r.Life, r.Hard
		if r.Snapshot != nil {
			s.install(r.Snapshot)
		}
		s.append(raftEntries(r.Entries))
		d.next++
	}
	d.durable, d.hard = s.last(), s.hard
	s.hard.Commit = min(max(s.hard.Commit, s.snapshot.Index), s.last())
}

package primarybackup

import (
	"strconv"

	"lightcone/sim"
)

// What is on a server's disk, by key: its promise and its snapshots, each written to several keys in turn, as a torn
// write takes what was under its key; and the log, a record for each entry.
type (
	promise struct {
		Count  uint64 // the latest is the one with the highest
		Number Number
		View   View // the latest that it knew
	}
	record struct {
		Entry Entry
		Prev  Number // the view of the entry before: what does not fit is a remnant of an older log
	}
)

// ring is how many keys a promise is written to in turn: that many writes can be torn at once without loss of the last
// durable one.
const ring = 16

func ringKey(name string, count, size uint64) string {
	return name + strconv.FormatUint(count%size, 10)
}

func logKey(i uint64) string { return "log " + strconv.FormatUint(i, 10) }

// promise promises not to take part in views before n.
func (p *Replica) promise(env *sim.Env, n Number) {
	p.promised = n
	p.keepPromise(env)
}

func (p *Replica) keepPromise(env *sim.Env) {
	p.promises++
	if p.cfg.Bug == PromiseNotPersisted {
		return
	}
	env.Persist(ringKey("promise ", p.promises, ring), promise{p.promises, p.promised, p.view})
}

// extend puts entries at the end of the log, and says so to itself when they are durable.
func (p *Replica) extend(env *sim.Env, entries ...Entry) {
	for _, e := range entries {
		prev := p.log.end().View
		p.log.append(e)
		env.Persist(logKey(p.log.last()), record{e, prev})
	}
	env.Send(env.ID(), logged{p.log.end()})
}

// truncate removes the entries from index i on, the last one first: a crash in between leaves a shorter log.
func (p *Replica) truncate(env *sim.Env, i uint64) {
	for j := p.log.last(); j >= i; j-- {
		env.Persist(logKey(j), nil)
	}
	p.log.truncate(i)
	p.durable = min(p.durable, i-1)
	p.matched = min(p.matched, i-1)
	p.commit = min(p.commit, i-1)
	p.retract(i)
	if p.applied >= i {
		p.rollBack()
	}
}

// rollBack makes the store anew, without what was taken out of the log. Only asynchronous replication, and bugs, have
// applied what does not stay.
func (p *Replica) rollBack() {
	p.store, p.applied = p.snapshot.Store.Clone(), p.log.base.Index
	for p.applied < p.commit {
		p.applied++
		p.store.Apply(p.log.entry(p.applied).Command)
	}
}

// compact replaces what is applied of the log by a snapshot.
func (p *Replica) compact(env *sim.Env) {
	if p.cfg.Compact == 0 || p.saving || p.applied-p.log.base.Index < uint64(p.cfg.Compact) {
		return
	}
	s := p.log.snapshot(p.applied, p.store.Clone())
	p.log.compact(s)
	p.keepSnapshot(env, s)
}

// keepSnapshot writes the snapshot with which the log now begins. Its records are removed when it is durable. Of two
// keys one holds the snapshot before it, so that there is never more than one on the way.
func (p *Replica) keepSnapshot(env *sim.Env, s *Snapshot) {
	p.snapshot, p.saving = s, true
	p.snapshots++
	env.Persist(ringKey("snapshot ", p.snapshots, 2), saved{p.snapshots, s})
	env.Send(env.ID(), snapshotted{s.At})
}

type saved struct {
	Count    uint64
	Snapshot *Snapshot
}

func (p *Replica) onSnapshotted(env *sim.Env, m snapshotted) {
	p.saving = false
	p.durable = max(p.durable, m.at.Index)
	for ; p.oldest <= m.at.Index; p.oldest++ {
		env.Persist(logKey(p.oldest), nil)
	}
	p.afterWrite(env)
}

// recall restores what is durable.
func (p *Replica) recall(env *sim.Env) {
	for i := range uint64(ring) {
		v, _ := env.Recall(ringKey("promise ", i, ring))
		if k, ok := v.(promise); ok && k.Count > p.promises { // else nothing, or a sim.Torn
			p.promises, p.promised, p.view = k.Count, k.Number, k.View
		}
	}
	for i := range uint64(2) {
		v, _ := env.Recall(ringKey("snapshot ", i, 2))
		if k, ok := v.(saved); ok && k.Count > p.snapshots {
			p.snapshots, p.snapshot = k.Count, k.Snapshot
		}
	}
	p.log = after(p.snapshot)
	p.store = p.snapshot.Store.Clone()
	p.applied, p.commit = p.log.base.Index, p.log.base.Index
	for {
		v, _ := env.Recall(logKey(p.log.last() + 1))
		r, ok := v.(record)
		if !ok || r.Prev != p.log.end().View || r.Entry.View < r.Prev {
			break
		}
		p.log.append(r.Entry)
	}
	p.durable = p.log.last()
	p.oldest = p.log.base.Index + 1
}

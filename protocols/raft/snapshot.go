package raft

import (
	"fmt"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Log compaction (chapter 5): snapshots of the state machine (§5.1), and InstallSnapshot for followers that lack what
// was discarded (figure 5.3).

// snapshot is the state after the entries up to Index, with the sessions and the configuration.
type snapshot struct {
	Index  Index
	Term   Term
	Config Configuration
	Data   string // kv.Store.Encode
}

// SnapshotTaken is noted by a server that has made a snapshot, and SnapshotInstalled by one that has been sent it.
type (
	SnapshotTaken     struct{ Index Index }
	SnapshotInstalled struct{ Index Index }
)

// incoming is a snapshot that arrives in chunks.
type incoming struct {
	term  Term // of the leader that sends it
	index Index
	data  string // so far
}

// maybeSnapshot makes a snapshot when enough has been applied since the last. The one before must be durable.
func (p *Process) maybeSnapshot(env *sim.Env) {
	if p.cfg.SnapshotEvery == 0 || p.applied < p.disk.snapshot.Index+Index(p.cfg.SnapshotEvery) || p.disk.checking {
		return
	}
	term, _ := p.log.term(p.applied)
	s := snapshot{Index: p.applied, Term: term, Config: p.configAt(p.applied), Data: p.encodeStore()}
	p.compact(s)
	env.Note(SnapshotTaken{s.Index})
	p.check(env, s)
}

func (p *Process) encodeStore() string {
	if p.cfg.Bug == SessionsNotInSnapshot {
		return p.store.CloneWithoutSessions().Encode()
	}
	return p.store.Encode()
}

// compact discards the log that a snapshot stands for, but the last entries that followers may yet need.
func (p *Process) compact(s snapshot) {
	to := s.Index - min(s.Index, Index(p.cfg.SnapshotKeep))
	if to <= p.log.offset {
		return
	}
	term, _ := p.log.term(to)
	base := p.configAt(to)
	p.log.compact(to, term)
	p.configureFrom(base)
}

// resume sets the state machine to the latest snapshot: what was committed after it is not known yet.
func (p *Process) resume(base Configuration) {
	s := p.disk.snapshot
	p.commit, p.applied = s.Index, s.Index
	p.store = kv.NewStore(p.cfg.SessionExpiry)
	if s.Index > 0 {
		store, err := kv.Decode(s.Data)
		if err != nil {
			panic(fmt.Sprintf("raft: the snapshot of %v is unreadable: %v", s.Index, err))
		}
		p.store = store
	}
	p.configureFrom(base)
}

// sendSnapshot sends a follower a chunk of the latest snapshot, or of the one that it is being sent, unless one is under
// way.
func (p *Process) sendSnapshot(env *sim.Env, to sim.NodeID) (sent bool) {
	pr := &p.progress[to]
	if pr.flow != snapshotting {
		pr.probe(pr.next)
		pr.flow, pr.snapshot = snapshotting, p.disk.snapshot
	}
	if pr.waits {
		return false
	}
	pr.waits = true
	s := &pr.snapshot
	end := min(len(s.Data), pr.offset+p.cfg.SnapshotChunk)
	p.send(env, to, InstallSnapshot{
		Term: p.term, Index: s.Index, At: s.Term, Config: s.Config,
		Offset: pr.offset, Data: s.Data[pr.offset:end], Done: end == len(s.Data),
		Contact: Contact{p.round, env.Now()},
	})
	return true
}

// onInstallSnapshot collects the chunks of a snapshot, and installs it.
func (p *Process) onInstallSnapshot(env *sim.Env, from sim.NodeID, m InstallSnapshot) {
	if m.Term < p.term {
		p.promise(from, InstallSnapshotReply{Term: p.term, Index: m.Index})
		return
	}
	p.hear(env, from, m.Term)
	in := &p.incoming
	reply := InstallSnapshotReply{Term: p.term, Index: m.Index, Contact: m.Contact}
	if in.term != m.Term || in.index != m.Index {
		*in = incoming{term: m.Term, index: m.Index}
	}
	switch {
	case m.Index <= p.commit && p.cfg.Bug != OldSnapshotInstalled:
		reply.Done = true
	case m.Offset != len(in.data): // one was lost, or came before
	case !m.Done:
		in.data += m.Data
	case p.disk.checking: // the last checkpoint must be durable first: the leader will ask again
	default:
		p.install(env, snapshot{m.Index, m.At, m.Config, in.data + m.Data})
		reply.Done = true
	}
	reply.Next = len(in.data)
	p.acknowledge(env, from, reply)
}

// install replaces the state by a snapshot. The log after it stays if it goes on from there.
func (p *Process) install(env *sim.Env, s snapshot) {
	p.incoming = incoming{}
	if t, ok := p.log.term(s.Index); ok && t == s.Term && p.cfg.Bug != OldSnapshotInstalled {
		p.log.compact(s.Index, s.Term)
	} else {
		p.log = log{offset: s.Index, offsetTerm: s.Term}
		p.disk.forget(p.commit + 1)
	}
	p.disk.snapshot = s
	p.resume(s.Config)
	env.Note(SnapshotInstalled{s.Index})
	p.check(env, s)
	p.serveFollowerReads(env)
}

// onInstallSnapshotReply sends the next chunk, or goes on with the log.
func (p *Process) onInstallSnapshotReply(env *sim.Env, from sim.NodeID, m InstallSnapshotReply) {
	if !p.answered(env, from, m.Term, m.Contact) {
		return
	}
	pr := &p.progress[from]
	switch {
	case m.Done:
		p.onAccepted(env, pr, m.Index)
	case pr.flow == snapshotting && m.Index == pr.snapshot.Index && m.Next <= len(pr.snapshot.Data):
		pr.offset, pr.waits = m.Next, false
	}
	if p.role != Leader {
		return
	}
	p.replicate(env, from)
	p.confirmReads(env)
	p.pursueTransfer(env, from)
}

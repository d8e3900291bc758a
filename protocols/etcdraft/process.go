package etcdraft

import (
	"fmt"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Process is a server: raft's state machine (RawNode) with a clock, a disk, a network and a key-value store.
type Process struct {
	Campaigns int // elections that it stood for in this life
	Elections int // elections that it won in this life

	cfg     Config
	id      sim.NodeID
	servers []sim.NodeID

	raft    *etcd.RawNode
	state   etcd.SoftState // as raft last said
	term    uint64
	vote    uint64
	commit  uint64
	applied uint64
	log     *storage
	disk    disk
	store   *kv.Store
	arrived *Snapshot // the last that arrived; raft hands its name back when it wants it installed

	checkpointed uint64 // the snapshot that is in the latest checkpoint
	reads        []read
	asked        uint64 // read indexes asked for in this life

	shown shown // to judges
}

// Elected is the note that a server makes when it has its majority.
type Elected struct{ Term consensus.Term }

// The tags of its timers.
type (
	tick struct{}
	// overdue is a snapshot that a follower should have by now.
	overdue struct{ Follower sim.NodeID }
)

// New returns a server. The configuration must be one that Validate accepts.
func New(id sim.NodeID, cfg Config) *Process {
	cfg = cfg.withDefaults()
	p := &Process{cfg: cfg, id: id, log: &storage{snapshot: &Snapshot{}}, store: kv.NewStore(cfg.SessionExpiry)}
	for i := range sim.NodeID(cfg.Servers) {
		p.servers = append(p.servers, i)
		p.log.voters = append(p.log.voters, number(i))
	}
	return p
}

// Store returns the state machine. Look, do not touch.
func (p *Process) Store() *kv.Store { return p.store }

// Init starts raft from what is durable. The first tick comes one to two ticks later, so that ticks of different nodes do
// not coincide, and the first election timeout, a whole number of ticks, is uniform all the same.
func (p *Process) Init(env *sim.Env) {
	draws.lend(env.Rand())
	defer draws.back()
	p.recover(env)
	if p.log.snapshot.Index > 0 {
		p.store = p.log.snapshot.Store.Clone()
	}
	p.applied, p.checkpointed = p.log.snapshot.Index, p.log.snapshot.Index
	raft, err := etcd.NewRawNode(p.cfg.raft(p.id, p.log))
	if err != nil {
		panic(err)
	}
	p.raft = raft
	p.term, p.vote, p.commit = p.log.hard.Term, p.log.hard.Vote, p.log.hard.Commit
	env.After(env.Rand().Duration(p.cfg.Tick, 2*p.cfg.Tick), tick{})
	p.run(env)
}

// Receive handles a message.
func (p *Process) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	draws.lend(env.Rand())
	defer draws.back()
	switch m := m.(type) {
	case Message:
		p.onMessage(from, m)
	case written:
		p.onWritten(env, m)
	case saved:
		p.onSaved(env, m)
	case kv.Request:
		p.onRequest(env, from, m)
	default:
		panic(fmt.Sprintf("etcdraft: got a %T, want a Message or a kv.Request", m))
	}
	p.run(env)
}

// Timeout handles a timer.
func (p *Process) Timeout(env *sim.Env, tag any) {
	draws.lend(env.Rand())
	defer draws.back()
	switch tag := tag.(type) {
	case tick:
		env.After(p.cfg.Tick, tick{})
		p.raft.Tick()
	case overdue:
		// in case it was lost; raft forgets this if the follower has answered
		p.raft.ReportSnapshot(number(tag.Follower), etcd.SnapshotFailure)
	default:
		panic(fmt.Sprintf("etcdraft: unknown timer %T", tag))
	}
	p.run(env)
}

func (p *Process) onMessage(from sim.NodeID, m Message) {
	if m.Snapshot != nil {
		p.arrived = m.Snapshot
	}
	p.step(m.raft(number(from), number(p.id), p.log.voters))
}

// step gives raft a message. What it refuses is of no consequence: proposals go another way.
func (p *Process) step(m *pb.Message) { _ = p.raft.Step(m) }

// run does what raft has ready, until there is nothing.
func (p *Process) run(env *sim.Env) {
	for {
		for p.raft.HasReady() {
			p.onReady(env, p.raft.Ready())
		}
		if !p.settle(env) {
			break
		}
	}
	p.issue(env)
	p.show()
}

// onReady does what raft has ready: messages leave before what is theirs is on disk, but for those that must not, which
// are among the responses of the write (MsgStorageAppend).
func (p *Process) onReady(env *sim.Env, rd etcd.Ready) {
	if h := rd.HardState; !etcd.IsEmptyHardState(h) {
		p.term, p.vote, p.commit = h.GetTerm(), h.GetVote(), h.GetCommit()
	}
	if rd.SoftState != nil {
		p.onState(env, *rd.SoftState)
	}
	for _, s := range rd.ReadStates {
		p.onReadState(s)
	}
	for _, m := range rd.Messages {
		switch m.GetTo() {
		case etcd.LocalAppendThread:
			p.enqueue(env, m)
		case etcd.LocalApplyThread:
			p.apply(env, m)
		default:
			p.send(env, m)
		}
	}
	p.serveReads(env)
}

func (p *Process) onState(env *sim.Env, s etcd.SoftState) {
	if was := p.state.RaftState; s.RaftState != was {
		switch s.RaftState {
		case etcd.StateCandidate:
			p.Campaigns++
		case etcd.StateLeader:
			p.Elections++
			env.Note(Elected{p.Term()})
		}
	}
	if s.Lead != p.state.Lead {
		p.refuseReads(env)
	}
	p.state = s
}

func (p *Process) send(env *sim.Env, m *pb.Message) {
	to := node(m.GetTo())
	env.Send(to, plain(m, p.log.snapshot))
	if m.GetType() == pb.MsgSnap {
		env.After(2*p.cfg.ElectionMin, overdue{to})
	}
}

// apply executes committed entries (MsgStorageApply), and answers whoever asked if it leads.
func (p *Process) apply(env *sim.Env, m *pb.Message) {
	for _, e := range m.GetEntries() {
		p.applied = e.GetIndex()
		if len(e.GetData()) == 0 {
			continue
		}
		c := decode(e.GetData())
		reply := p.store.Apply(c)
		if p.leads() {
			env.Send(c.Client, reply)
		}
	}
	for _, r := range m.GetResponses() {
		p.step(r)
	}
	p.snap()
}

func (p *Process) leads() bool { return p.state.RaftState == etcd.StateLeader }

// snap makes a snapshot, if it is time, and forgets the log before it but for a little.
func (p *Process) snap() {
	if p.cfg.SnapshotEvery == 0 || p.applied-p.log.snapshot.Index < uint64(p.cfg.SnapshotEvery) {
		return
	}
	term, err := p.log.Term(p.applied)
	if err != nil {
		panic(err)
	}
	p.log.snapshot = &Snapshot{p.applied, term, p.store.Clone()}
	if p.applied > kept {
		p.log.compact(p.applied - kept)
	}
}

// install puts a snapshot in the place of log and state machine.
func (p *Process) install(s *Snapshot) {
	p.log.install(s)
	p.applied, p.store = s.Index, s.Store.Clone()
}

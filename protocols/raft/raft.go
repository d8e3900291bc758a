package raft

import (
	"fmt"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Role is what a server is at the moment (§3.3).
type Role uint8

// The roles. A PreCandidate is a follower that asks whether it could win (§9.6).
const (
	Follower Role = iota
	PreCandidate
	Candidate
	Leader
)

var roleNames = [...]string{"follower", "precandidate", "candidate", "leader"}

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return fmt.Sprintf("role(%d)", uint8(r))
}

// Process is a server. What is persistent is also in memory, and never behind what storage.go has written.
type Process struct {
	cfg Config
	id  sim.NodeID

	// Persistent state (figure 3.1).
	term Term
	vote sim.NodeID // in this term; sim.Nobody for none
	log  log

	// Volatile state of all servers.
	role          Role
	leader        sim.NodeID // of this term, as far as it knows
	commit        Index
	applied       Index
	store         *kv.Store // the state machine, with the sessions (§6.3)
	configs       []members // those in the log, and the one before it; the last is in force (§4.1)
	electionTimer sim.Timer
	heard         sim.Local // when it last heard from a leader
	hears         bool      // heard means something
	followerReads followerReads
	incoming      incoming // a snapshot that it is being sent

	// Volatile state of candidates.
	votes  set
	ballot uint64 // the write that holds its own vote

	// Volatile state of leaders.
	progress       []progress // by server; meaningful for those in peers, and the leader itself
	peers          set        // whom it replicates to, without itself
	termStart      Index      // the first index of its own term
	round          uint64     // of heartbeats
	latest         latestAppend
	active         set // who has answered since the election timer was last reset
	heartbeatTimer sim.Timer
	reads          reads
	change         change
	handover       handover

	disk    disk
	version uint64
	stats   Stats
}

// Stats counts what a server did in this incarnation.
type Stats struct {
	Campaigns   int // elections that it stood for
	Elections   int // that it won
	Messages    int // that it sent to other servers
	Replication int // of these, those that carried entries or answered such
	Proposals   int // entries that it appended as leader

	Commits        int           // commands that it committed as leader
	Latency        time.Duration // from proposal to commit, on its own clock: the sum over all Commits,
	LatencySquared float64       // and that of the squares, in ns^2
}

// committed counts a command that the leader ordered so long ago.
func (s *Stats) committed(after time.Duration) {
	s.Commits++
	s.Latency += after
	s.LatencySquared += float64(float64(after) * float64(after))
}

// timer says which of a server's timers it is.
type timer uint8

const (
	electionTimeout timer = 1 + iota
	heartbeatTimeout
)

func (t timer) String() string {
	if t == heartbeatTimeout {
		return "heartbeat"
	}
	return "election"
}

// New returns a server of a cluster.
func New(cfg Config) (*Process, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Process{cfg: cfg.withDefaults()}, nil
}

// Factory returns what makes the servers, for sim.Config.New.
func Factory(cfg Config) (func(sim.NodeID) sim.Process, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	return func(sim.NodeID) sim.Process { return &Process{cfg: cfg} }, nil
}

// Init starts as a follower, from what is durable (§3.4, §3.8).
func (p *Process) Init(env *sim.Env) {
	p.id = env.ID()
	p.vote, p.leader = sim.Nobody, sim.Nobody
	p.recover(env)
	p.heard, p.hears = env.Now(), env.Incarnation() > 0
	p.resetElectionTimer(env)
}

// Receive handles a message.
func (p *Process) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case AppendEntries:
		p.onAppendEntries(env, from, m)
	case AppendEntriesReply:
		p.onAppendEntriesReply(env, from, m)
	case kv.Request:
		p.onRequest(env, from, m)
	case written:
		p.onWritten(env, m)
	case RequestVote:
		p.onRequestVote(env, from, m)
	case RequestVoteReply:
		p.onRequestVoteReply(env, from, m)
	case InstallSnapshot:
		p.onInstallSnapshot(env, from, m)
	case InstallSnapshotReply:
		p.onInstallSnapshotReply(env, from, m)
	case ReadIndexRequest:
		p.onReadIndexRequest(env, from, m)
	case ReadIndexReply:
		p.onReadIndexReply(env, m)
	case TimeoutNow:
		p.onTimeoutNow(env, m)
	case TransferRequest:
		p.onTransferRequest(env, from, m)
	case ChangeRequest:
		p.onChangeRequest(env, from, m)
	case ChangeReply, TransferReply: // to whoever asked, should that be a server
	default:
		panic(fmt.Sprintf("raft: message is a %T, want a raft.Message or a kv.Request", m))
	}
	p.flush(env)
}

// Timeout handles a timer.
func (p *Process) Timeout(env *sim.Env, tag any) {
	switch t := tag.(type) {
	case timer:
		if t == heartbeatTimeout {
			p.onHeartbeatTimeout(env)
		} else {
			p.onElectionTimeout(env)
		}
	case transferTimeout:
		p.onTransferTimeout(env, Term(t))
	case changeTimeout:
		p.onChangeTimeout(env, t)
	default:
		panic(fmt.Sprintf("raft: timer is a %T, want one of its own", tag))
	}
	p.flush(env)
}

// send sends a message to another server, now. It is for what promises nothing.
func (p *Process) send(env *sim.Env, to sim.NodeID, m Message) {
	p.stats.Messages++
	env.Send(to, m)
}

// members returns the configuration in force: the latest in the log, committed or not (§4.1).
func (p *Process) members() *members { return &p.configs[len(p.configs)-1] }

// follow makes it a follower in a term that is at least its own, of a leader or of sim.Nobody yet.
func (p *Process) follow(env *sim.Env, term Term, leader sim.NodeID) {
	if p.role == Leader {
		p.abdicate(env)
	}
	if term > p.term {
		p.setTerm(term, sim.Nobody)
	}
	if p.role != Follower || p.leader != leader {
		p.forgetFollowerReads(env)
		p.role, p.leader = Follower, leader
		p.version++
	}
}

// setTerm begins a term, with a vote.
func (p *Process) setTerm(term Term, vote sim.NodeID) {
	p.term, p.vote = term, vote
	p.leader = sim.Nobody
	p.disk.changed = true
	p.version++
}

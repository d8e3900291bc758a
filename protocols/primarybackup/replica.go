package primarybackup

import (
	"fmt"
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// New returns the process of a server: the view service or a Replica. The configuration must be one that Validate
// accepts.
func New(cfg Config, id sim.NodeID) sim.Process {
	cfg = cfg.resolved()
	if int(id) < cfg.first() {
		return &Service{cfg: cfg}
	}
	return &Replica{cfg: cfg}
}

// Role is what a Replica is in its view.
type Role uint8

// The roles of replicas. A Candidate prepares to be the primary of a view that is not yet in force.
const (
	Backup Role = iota
	Candidate
	Primary
)

var roleNames = [...]string{"backup", "candidate", "primary"}

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return fmt.Sprintf("role(%d)", uint8(r))
}

// Replica is a server that keeps data.
type Replica struct {
	cfg         Config
	id          sim.NodeID
	incarnation int
	role        Role
	view        View // the latest that it knows; a candidate's and its backups' may not be in force yet

	promised  Number // durable: it takes part in no view before this
	promises  uint64 // how often it wrote that
	log       log
	durable   uint64    // the log is durable up to here
	snapshot  *Snapshot // with which the log begins
	snapshots uint64    // how many it wrote
	saving    bool      // one is on its way to the disk
	oldest    uint64    // there are no records on the disk before this

	store   *kv.Store // after the entry applied
	applied uint64
	commit  uint64 // known to be acknowledged, or about to be, up to here; applied follows it

	source  source    // whose log it follows
	matched uint64    // up to where its log is the source's
	partial partial   // of a snapshot
	restart bool      // its snapshot contradicts the source's log: it wants another
	silence sim.Timer // naive: until it promotes itself

	peers    []peer       // by node, while candidate or primary
	took     uint64       // where its log ended when it became candidate or primary
	target   []sim.NodeID // the backups that it wants instead of the view's; nil for none
	proposed bool         // the view service may have heard of target
	mark     uint64       // commit a tick ago
	lease    sim.Local    // it serves until its clock shows this
	over     sim.Timer    // at the end of the lease
	serving  bool         // it said that it serves
	counts   Counts
}

// source is the primary or candidate whose log a backup follows, and in which view.
type source struct {
	node   sim.NodeID
	number Number
}

// Counts is what a replica did in this incarnation.
type Counts struct {
	Acknowledged int // writes
	Transfers    int // snapshots that it installed
	Promotions   int // how often it became primary, not counting the first view
}

// tags of timers
type (
	tick    struct{} // ping, and see to the others
	silent  struct{} // naive: nothing came from the primary
	expired struct{} // the lease is over
)

// Init starts the server: in the first view, or with what is durable and as nobody in particular.
func (p *Replica) Init(env *sim.Env) {
	p.id, p.incarnation = env.ID(), env.Incarnation()
	p.view, p.promised = p.cfg.firstView(), 1
	p.snapshot = &Snapshot{Store: kv.NewStore(p.cfg.Expiry)}
	p.source.node = sim.Nobody
	p.recall(env)
	switch {
	case p.incarnation == 0 && p.view.Primary == p.id:
		p.prepare(env, p.view)
		p.begin(env)
	case p.view.Primary == p.id && p.view.Number == p.promised && p.cfg.Bug == ReignAfterRestart:
		p.incarnation = p.view.Incarnation
		p.prepare(env, p.view)
		p.begin(env)
	}
	p.onTick(env)
	p.watchPrimary(env)
}

// Timeout handles a timer.
func (p *Replica) Timeout(env *sim.Env, tag any) {
	switch tag.(type) {
	case tick:
		p.onTick(env)
	case silent:
		p.onSilence(env)
	case expired:
		p.onExpired(env)
	default:
		panic(fmt.Sprintf("primarybackup: unknown timer %T", tag))
	}
}

// onTick pings, and sees to the others if it leads.
func (p *Replica) onTick(env *sim.Env) {
	env.After(p.cfg.Ping, tick{})
	p.ping(env)
	if p.role == Primary || p.role == Candidate && p.cfg.Failover == ViewService {
		p.tend(env)
	}
}

func (p *Replica) ping(env *sim.Env) {
	if p.cfg.Failover == ViewService {
		env.Send(0, Ping{Sent: env.Now(), Incarnation: p.incarnation, Promised: p.promised, Leads: p.role != Backup})
	}
}

// Receive handles a message.
func (p *Replica) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case kv.Request:
		p.onRequest(env, from, m)
	case Append:
		p.onAppend(env, from, m)
	case Appended:
		p.onAppended(env, from, m)
	case Missing:
		p.onMissing(env, from, m)
	case Refused:
		p.onRefused(env, m)
	case Chunk:
		p.onChunk(env, from, m)
	case Chunked:
		p.onChunked(env, from, m)
	case Pong:
		p.onPong(env, m)
	case Seal:
		p.onSeal(env, m)
	case Lead:
		p.onLead(env, m)
	case logged:
		p.onLogged(env, m)
	case snapshotted:
		p.onSnapshotted(env, m)
	case decided:
		p.onDecided(env, m)
	default:
		panic(fmt.Sprintf("primarybackup: replica got a %T", m))
	}
}

// onLogged notes how much of the log is durable, unless it was taken out again meanwhile.
func (p *Replica) onLogged(env *sim.Env, m logged) {
	if m.at.Index < p.log.base.Index || p.log.has(m.at) {
		p.durable = max(p.durable, m.at.Index)
		p.afterWrite(env)
	}
}

// afterWrite does what waited for a write.
func (p *Replica) afterWrite(env *sim.Env) {
	p.confirm(env)
	if p.role != Backup {
		p.advance(env)
	}
}

// advanceTo applies the log up to an index, and answers those who asked for it.
func (p *Replica) advanceTo(env *sim.Env, commit uint64) {
	p.commit = max(p.commit, commit)
	for p.applied < p.commit {
		p.applied++
		c := p.log.entry(p.applied).Command
		r := p.store.Apply(c)
		if p.role == Primary && p.applied > p.took {
			p.answer(env, c, r)
		}
	}
	p.compact(env)
}

// View returns the latest view that it knows.
func (p *Replica) View() View { return p.view }

// Role returns what it is in its view.
func (p *Replica) Role() Role { return p.role }

// Counts returns what it did in this incarnation.
func (p *Replica) Counts() Counts { return p.counts }

// Store returns its state: look, do not touch.
func (p *Replica) Store() *kv.Store { return p.store }

// Clone returns an independent copy.
func (p *Replica) Clone() sim.Process {
	c := *p
	c.log = p.log.clone()
	if p.store != nil {
		c.store = p.store.Clone()
	}
	c.peers = slices.Clone(p.peers)
	return &c
}

// Badge shows the role and the view.
func (p *Replica) Badge() (role, text string) {
	switch {
	case p.role == Primary && !p.serving:
		return "unleased", fmt.Sprintf("view %d", p.view.Number)
	case p.role == Backup && !p.view.has(p.id):
		return "spare", fmt.Sprintf("view %d", p.view.Number)
	}
	return p.role.String(), fmt.Sprintf("view %d", p.view.Number)
}

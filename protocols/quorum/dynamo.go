package quorum

import (
	"fmt"
	"maps"
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Dynamo is a server of a store in the manner of Dynamo (DeCandia et al., SOSP 2007): any server coordinates any
// request, a read asks the key's replicas and takes the first R answers, a write is acknowledged by the first W.
type Dynamo struct {
	replica
	cfg   Config
	clock hybrid // by hybrid clock

	calls calls[*call]
	begun begun              // writes whose requests are not executed again
	seen  map[reader]Context // version vectors: what each client has read of a key through this server
}

// reader is a client and what it reads.
type reader struct {
	client sim.NodeID
	key    string
}

// Timers.
type (
	expire  struct{ call uint64 } // a coordinator waits no longer
	handOff struct{ call uint64 } // replicas that have not answered are not waited for
	offer   struct{}              // hints are offered
	compare struct{}              // Merkle trees are compared
	collect struct{}              // old tombstones are looked for
)

// NewDynamo returns a server. The configuration must be valid.
func NewDynamo(c Config) *Dynamo {
	c = c.withDefaults()
	return &Dynamo{
		replica: newReplica(c.ring(), rule{c.Versions == Vector, c.Bug}, c.SyncEvery > 0),
		cfg:     c,
		seen:    map[reader]Context{},
	}
}

// Init goes on from what is on disk.
func (p *Dynamo) Init(env *sim.Env) {
	p.begin()
	p.restore(env)
	p.clock.last = p.issue.stamp
	p.calls.start(env, p.cfg.Bug)
	if p.cfg.HandOff > 0 {
		env.After(p.cfg.HintEvery, offer{})
	}
	if p.cfg.SyncEvery > 0 {
		env.After(env.Rand().Duration(0, p.cfg.SyncEvery), compare{})
	}
	if p.cfg.Grace > 0 {
		env.After(p.cfg.CollectTick, collect{})
	}
}

// Receive handles a message.
func (p *Dynamo) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	p.begin()
	switch m := m.(type) {
	case kv.Request:
		p.onRequest(env, from, m)
	case Read:
		p.onRead(env, from, m)
	case ReadReply:
		p.onReadReply(env, from, m)
	case Write:
		p.see(m.Versions)
		p.onWrite(env, from, m)
	case WriteReply:
		p.onWriteReply(env, m)
	case Handoff:
		p.onHandoff(env, from, m)
	case HandoffReply:
		p.onHandoffReply(from, m)
	case Compare:
		p.onCompare(env, from, m)
	case Fill:
		p.onFill(env, from, m)
	case flushed:
		p.onFlushed(env, m)
	default:
		panic(fmt.Sprintf("quorum: a Dynamo received a %T", m))
	}
	p.flush(env)
}

// Timeout handles a timer.
func (p *Dynamo) Timeout(env *sim.Env, tag any) {
	p.begin()
	switch t := tag.(type) {
	case expire:
		p.onExpire(env, t.call)
	case handOff:
		p.onHandOff(env, t.call)
	case offer:
		p.offerHints(env)
	case compare:
		p.beginSync(env)
	case collect:
		p.collectTombstones(env)
	default:
		panic(fmt.Sprintf("quorum: a Dynamo has a timeout %T", tag))
	}
	p.flush(env)
}

// onRequest coordinates what a client asks for. Gets, puts and deletes are served; what a client may not do at one server
// without asking the others is refused: an append or a compare-and-swap reads and writes in one step, and a session
// would have to be known everywhere.
func (p *Dynamo) onRequest(env *sim.Env, client sim.NodeID, m kv.Request) {
	served := m.Op.Kind == kv.Get || m.Op.Kind == kv.Put || m.Op.Kind == kv.Delete
	if m.Register || m.Token != (kv.Token{}) || !served {
		p.Unavailable++
		env.Send(client, kv.Reply{ID: m.ID, Status: kv.Unavailable})
		return
	}
	if m.Op.Kind.Writes() {
		if p.begun.has(client, m.ID) {
			return
		}
		p.begun = p.begun.with(client, m.ID)
	}
	c := p.newCall(env, client, m)
	if m.Op.Kind == kv.Put {
		p.write(env, c)
		return
	}
	p.read(env, c)
}

// core and writers are what properties look at.
func (p *Dynamo) core() *replica         { return &p.replica }
func (p *Dynamo) writers(key string) int { return p.calls.writers(key) }

// Clone returns an independent copy.
func (p *Dynamo) Clone() sim.Process {
	c := *p
	c.replica = p.replica.clone()
	c.calls = p.calls.clone()
	c.seen = maps.Clone(p.seen)
	return &c
}

// Badge shows how many requests are under way, and what is kept for others.
func (p *Dynamo) Badge() (role, text string) {
	hints := 0
	for i := range p.servers {
		hints += len(p.pages[p.hintPage(sim.NodeID(i))].entries)
	}
	if hints > 0 {
		text = fmt.Sprintf("%d hints", hints)
	}
	if slices.ContainsFunc(p.calls.open, func(c *call) bool { return !c.answered }) {
		return "coordinator", text
	}
	return "replica", text
}

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

package quorum

import (
	"cmp"
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// call is a request that a Dynamo server coordinates.
type call struct {
	id      uint64
	client  sim.NodeID
	request uint64
	op      kv.Op
	span    int // the range of the key
	timer   sim.Timer
	handOff sim.Timer

	asked, got Set // the places of the replicas that are asked, and of those that have answered or been stood in for
	versions   []Version
	answers    []answer // reading: who had what
	writing    bool     // reading comes first, if at all
	answered   bool     // the client has its reply
	result     kv.Result
	next       int // the place of the next server that can stand in
}

// answer is what one server had of a key.
type answer struct {
	from, of sim.NodeID // of another if from stands in for it
	versions []Version
}

func (c *call) number() uint64 { return c.id }
func (c *call) reader() reader { return reader{c.client, c.op.Key} }
func (c *call) writes() bool   { return c.writing && !c.answered }
func (c *call) about() string  { return c.op.Key }

func (c *call) clone() *call {
	d := *c
	d.answers = slices.Clone(c.answers)
	return &d
}

// newCall begins a call, with its timers.
func (p *Dynamo) newCall(env *sim.Env, client sim.NodeID, m kv.Request) *call {
	n := p.cfg.Quorums.Size()
	c := &call{id: p.calls.next(), client: client, request: m.ID, op: m.Op, span: p.place(m.Op.Key).span, asked: all(n), next: n}
	if t, ok := p.cfg.Quorums.(Threshold); ok && p.cfg.Narrow {
		c.asked = p.choose(env, t.R)
		if m.Op.Kind == kv.Put {
			c.asked = p.choose(env, t.W)
		}
	}
	c.timer = env.After(p.cfg.Timeout, expire{c.id})
	if p.cfg.HandOff > 0 && (p.cfg.Sloppy || m.Op.Kind.Writes()) {
		c.handOff = env.After(p.cfg.HandOff, handOff{c.id})
	}
	p.calls.add(c)
	return c
}

// choose returns k of the places of the replicas, each set of k with the same probability.
func (p *Dynamo) choose(env *sim.Env, k int) Set {
	var s Set
	for _, i := range env.Rand().Perm(p.cfg.Quorums.Size())[:k] {
		s = s.With(i)
	}
	return s
}

// end ends a call that has had its reply: a read repairs the replicas that it found behind.
func (p *Dynamo) end(env *sim.Env, c *call) {
	env.Cancel(c.timer)
	env.Cancel(c.handOff)
	if p.cfg.Repair && !c.writing {
		p.repair(env, c)
	}
	p.calls.remove(c)
}

// repair sends replicas that have not what others have what they miss (read repair).
func (p *Dynamo) repair(env *sim.Env, c *call) {
	versions := c.versions
	if p.cfg.Bug == RepairBackwards {
		versions = p.oldest(c)
	}
	for _, a := range c.answers {
		if a.from == a.of && !equal(a.versions, versions) {
			env.Send(a.of, Write{Key: c.op.Key, Versions: versions, For: a.of})
		}
	}
}

// oldest returns the versions that a read should have taken for outdated.
func (p *Dynamo) oldest(c *call) []Version {
	versions := c.versions
	for _, a := range c.answers {
		if len(a.versions) > 0 && p.atLeast(versions, a.versions) {
			versions = a.versions
		}
	}
	return versions
}

// coordinated is a request that a server coordinates.
type coordinated[C any] interface {
	comparable
	number() uint64
	about() string // the key
	writes() bool  // writes are out, and not yet acknowledged
	clone() C
}

// calls are the requests under way at a coordinator, by their numbers. Numbers are not used again after a restart, so
// that no late answer to an earlier call counts for a later one.
type calls[C coordinated[C]] struct {
	open []C // ascending
	last uint64
}

// start begins the numbering of an incarnation.
func (c *calls[C]) start(env *sim.Env, bug Bug) {
	if bug != CallsReused {
		c.last = uint64(env.Incarnation()) << 32
	}
}

func (c *calls[C]) next() uint64 { c.last++; return c.last }
func (c *calls[C]) add(x C)      { c.open = append(c.open, x) }

func (c *calls[C]) index(number uint64) (int, bool) {
	return slices.BinarySearchFunc(c.open, number, func(x C, n uint64) int { return cmp.Compare(x.number(), n) })
}

// find returns the call of that number, or the zero C if it is over.
func (c *calls[C]) find(number uint64) (x C) {
	if i, ok := c.index(number); ok {
		x = c.open[i]
	}
	return x
}

func (c *calls[C]) remove(x C) {
	if i, ok := c.index(x.number()); ok {
		c.open = slices.Delete(c.open, i, i+1)
	}
}

// writers returns how many calls write a key.
func (c *calls[C]) writers(key string) int {
	n := 0
	for _, x := range c.open {
		if x.about() == key && x.writes() {
			n++
		}
	}
	return n
}

func (c calls[C]) clone() calls[C] {
	c.open = slices.Clone(c.open)
	for i := range c.open {
		c.open[i] = c.open[i].clone()
	}
	return c
}

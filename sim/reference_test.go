package sim_test

import (
	"time"

	"lightcone/sim"
)

// reference is the obvious engine, to hold the real one against: a list of closures, of which the least by (time,
// order of causation) runs next. It does without slots, heaps, lazy timers and all else that makes the real one fast.
type reference struct {
	now     sim.Time
	caused  int
	events  []refEvent
	nodes   []*refNode
	sent    map[[2]sim.NodeID]uint64
	cuts    []sim.Cut
	timers  []*refTimer
	plan    sim.Schedule
	fate    func(from, to sim.NodeID, k uint64) []sim.Copy
	disk    sim.Disk
	factory func(sim.NodeID) hosted
	booted  bool
	trace   recording
	records uint64
	stats   sim.Stats
}

type refEvent struct {
	at  sim.Time
	seq int
	run func()
}

type refNode struct {
	id          sim.NodeID
	proc        hosted
	clock       sim.Clock
	step        sim.Local
	incarnation int
	up, paused  bool
	held        []refHeld
	armed       bool // a CrashDuring waits
	after       int
	data        map[string]any
	flight      []*refWrite
	written     uint64
	last        sim.Time
}

// refHeld is what waits while a node is paused: handle goes on with it, lose is what a crash makes of it.
type refHeld struct{ handle, lose func() }

type refTimer struct {
	node        sim.NodeID
	incarnation int
	tag         any
	link        uint64
	version     int // of its arming
	pending     bool
}

type refWrite struct {
	key   string
	value any
	link  uint64
}

// host is what a program acts through: a *sim.Env, or the reference's.
type host interface {
	ID() sim.NodeID
	Now() sim.Local
	Wall() sim.Local
	StepWall(by time.Duration)
	Incarnation() int
	Send(to sim.NodeID, m sim.Message)
	SendWords(to sim.NodeID, m sim.Words)
	After(d time.Duration, tag any) sim.Timer
	Reset(t sim.Timer, d time.Duration) bool
	Cancel(t sim.Timer) bool
	Persist(key string, value any)
	Recall(key string) (any, bool)
	Note(v any)
}

// hosted is a process of the reference.
type hosted interface {
	init(host)
	receive(host, sim.NodeID, sim.Message)
	timeout(host, any)
}

func newReference(nodes int, clock func(sim.NodeID) sim.Clock, factory func(sim.NodeID) hosted) *reference {
	r := &reference{factory: factory, sent: map[[2]sim.NodeID]uint64{}}
	for i := range nodes {
		r.nodes = append(r.nodes, &refNode{id: sim.NodeID(i), clock: clock(sim.NodeID(i)), data: map[string]any{}})
	}
	return r
}

func (r *reference) at(t sim.Time, run func()) {
	r.caused++
	r.events = append(r.events, refEvent{t, r.caused, run})
}

func (r *reference) record(e sim.Event) uint64 {
	r.records++
	e.ID, e.Time = r.records, r.now
	if e.Kind != sim.Send && e.Kind != sim.Deliver && e.Kind != sim.Drop {
		e.From, e.To = sim.Nobody, sim.Nobody
	}
	if e.Kind != sim.Drop && e.Kind != sim.TimerSet {
		e.At = r.now
	}
	if e.Node != sim.Nobody {
		n := r.nodes[e.Node]
		e.Local = n.clock.Read(r.now)
		e.Wall = e.Local + n.step
	}
	r.trace.events = append(r.trace.events, e)
	return r.records
}

// start plans the first action.
func (r *reference) start(plan sim.Schedule) {
	r.plan = plan
	r.planNext()
}

func (r *reference) planNext() {
	if len(r.plan) == 0 {
		return
	}
	a := r.plan[0]
	r.plan = r.plan[1:]
	r.at(a.Time, func() {
		r.act(a.Action)
		r.planNext()
	})
}

func (r *reference) runUntil(t sim.Time) {
	if !r.booted {
		r.booted = true
		for _, n := range r.nodes {
			r.boot(n)
		}
	}
	for len(r.events) > 0 {
		least := 0
		for i, e := range r.events {
			l := r.events[least]
			if e.at < l.at || e.at == l.at && e.seq < l.seq {
				least = i
			}
		}
		e := r.events[least]
		if e.at > t {
			break
		}
		r.events = append(r.events[:least], r.events[least+1:]...)
		r.now = e.at
		e.run()
	}
	r.now = t
}

func (r *reference) boot(n *refNode) {
	n.proc, n.up = r.factory(n.id), true
	r.record(sim.Event{Kind: sim.Init, Node: n.id})
	r.handle(n, func(h host) { n.proc.init(h) })
}

// handle runs a handler, and the crash planned in it.
func (r *reference) handle(n *refNode, f func(host)) {
	e := &refEnv{r: r, n: n, crashing: n.armed, left: n.after}
	f(e)
	if e.crashing && e.tried {
		r.crash(n)
	}
}

func (r *reference) act(a sim.Action) {
	switch a := a.(type) {
	case sim.Crash:
		r.crash(r.nodes[a.Node])
	case sim.CrashDuring:
		if n := r.nodes[a.Node]; n.up {
			n.armed, n.after = true, a.After
		}
	case sim.Recover:
		if n := r.nodes[a.Node]; !n.up {
			n.incarnation++
			r.record(sim.Event{Kind: sim.Recovered, Node: n.id})
			r.boot(n)
		}
	case sim.Pause:
		if n := r.nodes[a.Node]; n.up && !n.paused {
			n.paused = true
			r.record(sim.Event{Kind: sim.Paused, Node: n.id})
		}
	case sim.Resume:
		r.resume(r.nodes[a.Node])
	case sim.Cut:
		r.cuts = append(r.cuts, a)
		r.record(sim.Event{Kind: sim.CutMade, Node: sim.Nobody, Text: a.Name})
	case sim.Heal:
		var kept []sim.Cut
		for _, c := range r.cuts {
			if a.Name != "" && a.Name != c.Name {
				kept = append(kept, c)
				continue
			}
			r.record(sim.Event{Kind: sim.CutHealed, Node: sim.Nobody, Text: c.Name})
		}
		r.cuts = kept
	case sim.StepWall:
		r.nodes[a.Node].step += sim.Local(a.By)
		r.record(sim.Event{Kind: sim.WallStepped, Node: a.Node, Step: sim.Local(a.By)})
	}
}

func (r *reference) resume(n *refNode) {
	if !n.paused {
		return
	}
	n.paused = false
	r.record(sim.Event{Kind: sim.Resumed, Node: n.id})
	held := n.held
	n.held = nil
	for _, h := range held {
		r.atNode(n, h)
	}
}

// atNode lets something that has reached a node be handled at once, after what is already due.
func (r *reference) atNode(n *refNode, h refHeld) {
	r.at(r.now, func() {
		switch {
		case !n.up:
			h.lose()
		case n.paused:
			n.held = append(n.held, h)
		default:
			h.handle()
		}
	})
}

func (r *reference) crash(n *refNode) {
	if !n.up {
		return
	}
	n.up, n.paused, n.armed, n.proc = false, false, false, nil
	r.stats.Crashes++
	r.record(sim.Event{Kind: sim.Crashed, Node: n.id})
	for _, x := range n.flight {
		e := sim.Event{Kind: sim.WriteLost, Node: n.id, Text: x.key, Value: x.value, Link: x.link}
		e.Fate = r.disk.Fate(n.id, x.key, x.value, nil)
		switch e.Fate {
		case sim.WriteKept:
			e.Kind, e.Fate = sim.Durable, 0
			n.data[x.key] = x.value
		case sim.WriteTorn:
			n.data[x.key] = sim.Torn{}
		}
		r.record(e)
	}
	n.flight, n.last = nil, r.now
	for _, h := range n.held {
		h.lose()
	}
	n.held = nil
}

func (r *reference) severed(from, to sim.NodeID) bool {
	member := func(list []sim.NodeID, id sim.NodeID) bool {
		for _, x := range list {
			if x == id {
				return true
			}
		}
		return false
	}
	for _, c := range r.cuts {
		if member(c.From, from) && member(c.To, to) || !c.OneWay && member(c.From, to) && member(c.To, from) {
			return true
		}
	}
	return false
}

func (r *reference) launch(from, to sim.NodeID, m any) {
	r.stats.Sent++
	r.sent[[2]sim.NodeID{from, to}]++
	k := r.sent[[2]sim.NodeID{from, to}]
	e := sim.Event{Node: from, From: from, To: to, K: k, Value: m, Kind: sim.Send}
	e.Link = r.record(e)
	copies := []sim.Copy{{}}
	if from != to {
		if r.severed(from, to) {
			r.drop(e, sim.Partition, r.now)
			return
		}
		copies = r.fate(from, to, k)
	}
	if len(copies) == 0 {
		r.drop(e, sim.Loss, r.now)
		return
	}
	r.stats.Duplicated += uint64(len(copies) - 1)
	for i, c := range copies {
		e.Copy = uint8(i)
		if c.Cause != sim.Delivered {
			r.drop(e, c.Cause, r.now.Add(c.Delay))
			continue
		}
		e := e
		if c.Altered != nil {
			e.Value = c.Altered
		}
		r.at(r.now.Add(c.Delay), func() { r.arrive(e) })
	}
}

func (r *reference) drop(e sim.Event, c sim.Cause, at sim.Time) {
	r.stats.Dropped[c]++
	e.Kind, e.Node, e.Cause, e.At = sim.Drop, sim.Nobody, c, at
	r.record(e)
}

func (r *reference) arrive(e sim.Event) {
	n := r.nodes[e.To]
	h := refHeld{
		handle: func() {
			r.stats.Delivered++
			e.Kind, e.Node = sim.Deliver, e.To
			r.record(e)
			r.handle(n, func(h host) { n.proc.receive(h, e.From, e.Value) })
		},
		lose: func() { r.drop(e, sim.Dead, r.now) },
	}
	switch {
	case !n.up:
		h.lose()
	case e.From != e.To && r.severed(e.From, e.To):
		r.drop(e, sim.Partition, r.now)
	case n.paused:
		n.held = append(n.held, h)
	default:
		h.handle()
	}
}

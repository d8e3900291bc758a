package sim

import (
	"fmt"
	"time"
)

// World is one run: the nodes, what is pending, and the loop that executes it. It is single-threaded; any number of
// worlds may run in parallel.
type World struct {
	cfg   Config
	now   Time
	seq   uint64 // events caused so far: the order of ties
	nodes []node
	cold  []*cold // what few nodes need; entries may be nil

	queue queue
	slots []slot
	free  uint32 // head of the list of free slots, noSlot if empty
	hole  uint32 // slot of the event being executed, still in the tournament: the first push takes its place

	links    []uint32          // PerLink, few nodes: messages sent, [from*nodes+to]
	linkMap  map[uint64]uint32 // PerLink, many nodes: by from<<32|to
	netKey   uint64
	timers   uint64  // timers set so far
	network  Network // in force
	calm     Network // that of Config, without what disturbs it
	disk     Disk
	faults   []faultRun
	cuts     []activeCut
	edited   map[MessageName]struct{}
	ring     []NodeID // 0..n-1 twice, once somebody asks for Peers
	packet   Packet
	rand     Rand
	copies   [4]Copy
	env      Env
	told     Event     // the record that observers see
	badges   []badge   // of each node, once somebody wants them
	current  *Env      // strict: the Env of the last handler
	touched  NodeID    // whom the step before a check was about
	versions []version // OnChange: of the processes, as they were last checked; nil if no property needs them
	prints   []uint64  // strict: the fingerprint of the message in each slot
	observer []watcher
	wanted   kinds // what any of them wants
	props    []propertyRun

	records  uint64 // records numbered so far
	handlers uint64
	instant  uint64 // events executed at this very time
	digest   digest
	content  digest // strict: of message contents
	count    Stats

	sunk     uint64 // keeps touch from being optimised away
	starting int    // nodes whose first Init has run
	watched  bool   // something wants to know when a handler has returned: see after
	careful  bool   // sending takes more than naming, routing and queueing: see leaves
	held     bool   // the message being executed has arrived before: see slotHeld
	served   bool   // its slow receiver has worked on it: see slotWorkedOn
	running  bool
	cooled   bool // some entry of cold is not nil
	closed   bool
	crashing bool // the running handler's node crashes within it: see countdown
	left     int  // effects until it does
	tried    bool // it tried an effect
	err      *Error
	over     bool // err is set by a property, or a property has ended the run: the loop goes no further
	lying    lying

	conditions []condition // in force, in the order of their beginning
}

// misuse is what engine code panics with when a process breaks the rules.
type misuse struct{ text string }

// limitHit is what engine code panics with when a limit is reached.
type limitHit struct{ text string }

// New makes a world in its initial state, at time 0, with no handler run. It reports everything that is wrong with
// the Config.
func New(cfg Config) (*World, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	if cfg.Network == nil {
		cfg.Network = ConstantDelay(time.Millisecond)
	}
	if cfg.Limits.Events == 0 {
		cfg.Limits.Events = defaultEvents
	}
	if cfg.Limits.Pending == 0 {
		cfg.Limits.Pending = maxSlots - 1
	}
	if cfg.Limits.Instant == 0 {
		cfg.Limits.Instant = defaultInstant
	}
	w := &World{cfg: cfg, free: noSlot, hole: noSlot, network: cfg.Network, disk: cfg.Disk, lying: newLying(cfg.Liars)}
	if c, ok := w.network.(NetworkCloner); ok {
		w.network = c.CloneNetwork()
	}
	w.calm = w.network
	if c, ok := w.disk.(DiskCloner); ok {
		w.disk = c.CloneDisk()
	}
	w.packet.Seed = cfg.Seed
	w.queue.grow(16, 0)
	w.netKey = NewRand(cfg.Seed, forNetwork).key
	w.nodes = make([]node, cfg.Nodes)
	w.cold = make([]*cold, cfg.Nodes)
	for i := range w.nodes {
		w.nodes[i].rand = NewRand(cfg.Seed, forNode, uint64(i))
		if err := w.giveClock(NodeID(i)); err != nil {
			return nil, err
		}
	}
	if cfg.Naming == PerLink {
		if cfg.Nodes <= denseLinks {
			w.links = make([]uint32, cfg.Nodes*cfg.Nodes)
		} else {
			w.linkMap = map[uint64]uint32{}
		}
	}
	for _, m := range cfg.Drop {
		if w.edited == nil {
			w.edited = map[MessageName]struct{}{}
		}
		w.edited[m] = struct{}{}
	}
	for _, p := range cfg.Properties {
		w.props = append(w.props, newPropertyRun(p))
		if p.OnChange && w.versions == nil {
			w.versions = make([]version, cfg.Nodes)
		}
	}
	for _, o := range cfg.Observers {
		w.observer = append(w.observer, newWatcher(o))
	}
	for i, f := range cfg.Faults {
		if c, ok := f.(FaultCloner); ok {
			f = c.CloneFault()
		}
		w.faults = append(w.faults, faultRun{fault: f, rand: NewRand(cfg.Seed, forFault, uint64(i))})
	}
	w.watch()
	for i := range w.faults {
		if err := w.nextFault(i); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// watch notes what a handler and a message need beyond the least.
func (w *World) watch() {
	w.wanted = 0
	for _, o := range w.observer {
		w.wanted |= o.wants
	}
	w.watched = w.cfg.Strict || len(w.props) > 0 || w.wants(Deliver) || w.wants(BadgeSet)
	w.careful = w.cfg.Strict || w.wants(Send) || len(w.edited) > 0 || len(w.cuts) > 0 || len(w.lying.now) > 0 || w.omitsSends()
}

// Observe adds an observer, which sees what happens from now on.
func (w *World) Observe(o Observer) {
	w.observer = append(w.observer, newWatcher(o))
	w.watch()
}

// View returns a look at the world as it is, now and later.
func (w *World) View() View { return View{w} }

// Now returns true time.
func (w *World) Now() Time { return w.now }

// loop executes events up to and including time until, at most max of them; it returns how many. A panic in a
// handler, a limit, a fallen property end the run: see Err.
func (w *World) loop(until Time, max uint64) (done uint64) {
	w.enterLoop()
	defer w.leaveLoop()
	for w.starting < len(w.nodes) && done < max {
		w.boot(NodeID(w.starting))
		if done++; w.over {
			return done
		}
	}
	for done < max {
		if w.hole != noSlot {
			w.fillHole()
		}
		var k key
		if w.queue.radix == nil {
			k = w.queue.tree.nodes[1]
		} else {
			k = w.queue.radix.min()
		}
		if k.time > uint64(until) {
			return done
		}
		t := Time(k.time)
		s := &w.slots[k.slot()]
		if s.kind >= slotTimer && !w.ripe(k, s) {
			continue
		}
		if t == w.now {
			if w.instant++; w.instant > w.cfg.Limits.Instant {
				panic(limitHit{fmt.Sprintf("%d events without time moving", w.cfg.Limits.Instant)})
			}
		} else {
			w.now, w.instant = t, 0
		}
		if done++; w.handlers >= w.cfg.Limits.Events {
			panic(limitHit{fmt.Sprintf("%d events", w.cfg.Limits.Events)})
		}
		if s.kind <= slotWords {
			w.arrive(k.slot(), s)
		} else {
			w.other(k.slot(), s)
		}
		if w.over {
			return done
		}
	}
	return done
}

// arrive executes the delivery of the message in a slot.
func (w *World) arrive(i uint32, s *slot) {
	n := &w.nodes[s.to]
	if n.status&^statusClock != statusUp || len(w.cuts) > 0 {
		if !w.admit(i, s, n) {
			return
		}
	}
	to, from := s.to, s.from
	w.handlers++
	w.count.Delivered++
	w.records++
	w.digest.add(uint64(w.now), uint64(Deliver)<<56|uint64(s.copy)<<48|uint64(uint32(to)), uint64(uint32(from))<<32|uint64(s.k))
	if w.watched {
		w.arrived(i, s)
	}
	value, words, boxed := s.value, s.words, s.kind == slotMessage
	if w.queue.radix == nil {
		w.hole = i
	} else {
		w.take(i)
	}
	env := w.enter(to)
	switch {
	case boxed:
		n.proc.Receive(env, from, value)
	case n.words != nil:
		n.words.ReceiveWords(env, from, words)
	default:
		n.proc.Receive(env, from, words)
	}
	if w.watched || w.crashing {
		w.after(env)
	}
}

// admit decides what becomes of a message whose receiver is not simply up, or that a cut may stop. It is false if the
// message is not to be handled now.
func (w *World) admit(i uint32, s *slot, n *node) bool {
	switch {
	case n.status&statusUp == 0:
		w.dropArriving(i, Dead)
		return false
	case len(w.cuts) > 0 && !w.held && s.from != s.to && w.severed(s.from, s.to):
		w.dropArriving(i, Partition)
		return false
	case n.status&statusTroubled != 0 && !w.held && s.from != s.to && w.omitted(receiving, s):
		w.dropArriving(i, Omission)
		return false
	case n.status&statusPaused != 0:
		w.holdBack(i, s.to)
		return false
	case n.status&statusTroubled != 0 && !w.served && w.cold[s.to].server.work > 0:
		w.detach(i)
		w.queueUp(s.to, job{slot: i})
		return false
	}
	return true
}

// arrived is the part of a delivery that only strict mode and observers need.
func (w *World) arrived(i uint32, m *slot) {
	v := m.message()
	if w.cfg.Strict {
		p := fingerprint(v)
		w.content.add(uint64(uint32(m.to)), p, uint64(w.now))
		if p != w.prints[i] {
			w.blame(m.to)
			panic(misuse{fmt.Sprintf("message %v (%T) was changed after it was sent: messages are immutable",
				MessageName{m.from, m.to, uint64(m.k)}, v)})
		}
	}
	if w.wants(Deliver) {
		w.tell(Event{Kind: Deliver, Node: m.to, From: m.from, To: m.to, K: uint64(m.k), Copy: m.copy, Link: m.link, Value: v})
	}
}

// other executes an event that is not a delivery.
func (w *World) other(i uint32, s *slot) {
	switch s.kind {
	case slotTimer:
		w.fire(i, s)
	case slotFault:
		n := int(s.k)
		w.take(i)
		w.applyFault(n)
	case slotDurable:
		to, number := s.to, s.words.A
		w.take(i)
		w.completeWrite(to, number)
	case slotSend, slotSendWords:
		w.leaveDisk(i)
	case slotHeld, slotHeldWords:
		s.kind -= slotHeld - slotMessage
		w.held = true
		w.arrive(i, s)
		w.held = false
	case slotWorkedOn, slotWorkedOnWords:
		s.kind -= slotWorkedOn - slotMessage
		w.held, w.served = true, true
		w.arrive(i, s)
		w.held, w.served = false, false
	case slotWorked:
		to, turn := s.to, s.words.A
		w.take(i)
		w.worked(to, turn)
	}
}

// enter prepares the Env of a handler.
func (w *World) enter(id NodeID) *Env {
	env := &w.env
	if w.cfg.Strict {
		env = &Env{}
		w.current = env
	}
	env.w, env.id, env.barrier = w, id, 0
	if w.nodes[id].status&statusArmed != 0 {
		w.crashing, w.tried, w.left = true, false, w.cold[id].armed
	}
	return env
}

// after is what follows a handler: the planned crash, the badge, the properties, the poison.
func (w *World) after(env *Env) {
	id := env.id
	if w.cfg.Strict {
		env.w = nil
	}
	if w.crashing {
		w.crashing = false
		if w.tried {
			w.nodes[id].status &^= statusArmed
			w.crash(id)
		}
	}
	if w.wants(BadgeSet) {
		w.showBadge(id)
	}
	w.check(id)
}

// countdown is called for each effect of a handler in which the node is to crash: the world while effects still
// happen, then nil.
func (w *World) countdown() *World {
	w.tried = true
	if w.left == 0 {
		return nil
	}
	w.left--
	return w
}

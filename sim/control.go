package sim

import (
	"fmt"
	"time"
)

// faultRun is one Fault under way.
type faultRun struct {
	fault Fault
	rand  Rand
	act   Action
}

// nextFault asks a fault for its next action and queues it.
func (w *World) nextFault(i int) error {
	f := &w.faults[i]
	at, act, ok := f.fault.Next(w.now, View{w}, &f.rand)
	if !ok {
		f.act = nil
		return nil
	}
	if at < w.now || act == nil {
		return fmt.Errorf("sim: Config.Faults[%d] (%T) wants action %v at %v, want an action at %v or later", i, f.fault, act, at, w.now)
	}
	f.act = act
	s := w.alloc()
	w.slots[s].kind, w.slots[s].k = slotFault, uint32(i)
	w.queue.push(key{uint64(min(at, Never-1)), w.rank(s)})
	return nil
}

func (w *World) applyFault(i int) {
	w.blame(Nobody)
	w.handlers++
	w.faults[i].act.Apply(&Control{View{w}})
	w.check(Nobody)
	w.blame(Nobody)
	if err := w.nextFault(i); err != nil {
		panic(misuse{err.Error()})
	}
}

// Control is what an Action acts through. It can also look (View). It panics on a node that does not exist.
type Control struct{ View }

// Crash takes a node down.
func (c *Control) Crash(id NodeID) { c.w.crash(id) }

// CrashDuring arms a crash inside the next handler of a node that has an effect, after k of its effects.
func (c *Control) CrashDuring(id NodeID, k int) {
	n := c.w.node(id)
	if k < 0 {
		panic(misuse{fmt.Sprintf("a crash of %v after effect %d was planned, want 0 or more", id, k)})
	}
	if n.status&statusUp != 0 {
		n.status |= statusArmed
		c.w.coldOf(id).armed = k
	}
}

// Recover starts a crashed node again.
func (c *Control) Recover(id NodeID) { c.w.recoverNode(id) }

// Pause stops a node with its state kept.
func (c *Control) Pause(id NodeID) {
	n := c.w.node(id)
	if n.status&(statusUp|statusPaused) == statusUp {
		n.status |= statusPaused
		if c.w.coldOf(id).server.busy {
			c.w.pauseWork(id)
		}
		c.w.mark(Event{Kind: Paused, Node: id})
	}
}

// Resume lets a paused node go on.
func (c *Control) Resume(id NodeID) {
	w, n := c.w, c.w.node(id)
	if n.status&statusPaused == 0 {
		return
	}
	n.status &^= statusPaused
	w.mark(Event{Kind: Resumed, Node: id})
	if w.cold[id].server.work > 0 {
		w.resumeWork(id)
		return
	}
	w.handleWaiting(id)
}

// handleWaiting has a node handle at once what waits for it, in order.
func (w *World) handleWaiting(id NodeID) {
	x := w.cold[id]
	for _, i := range x.waiting {
		s := &w.slots[i]
		k := key{uint64(w.now), w.rank(i)}
		if s.kind == slotDead {
			s.kind, s.words = slotTimer, Words{A: k.time, B: k.rank, C: k.time}
		} else {
			s.kind += slotHeld - slotMessage
		}
		w.queue.push(k)
	}
	x.waiting = nil
}

// Cut begins a partition.
func (c *Control) Cut(cut Cut) {
	w := c.w
	a := activeCut{cut: cut, from: w.setOf(cut.From), to: w.setOf(cut.To)}
	w.cuts = append(w.cuts, a)
	w.watch()
	w.mark(Event{Kind: CutMade, Node: Nobody, Text: cut.Name, Cut: &a.cut})
}

// Heal ends the cuts, the lies and the other conditions of that name; an empty name ends all.
func (c *Control) Heal(name string) {
	w := c.w
	var kept []activeCut
	for _, a := range w.cuts {
		if name != "" && a.cut.Name != name {
			kept = append(kept, a)
			continue
		}
		w.mark(Event{Kind: CutHealed, Node: Nobody, Text: a.cut.Name})
	}
	w.cuts = kept
	w.watch()
	c.honest(name)
	w.healConditions(name)
}

// StepWall steps a node's wall clock.
func (c *Control) StepWall(id NodeID, by time.Duration) {
	c.w.node(id)
	c.w.stepWall(id, Local(by))
}

// Record says what an action did that has no kind of its own.
func (c *Control) Record(node NodeID, text string) {
	if node != Nobody {
		c.w.node(node)
	}
	c.w.mark(Event{Kind: Custom, Node: node, Text: text})
}

// node returns a node that an action names.
func (w *World) node(id NodeID) *node {
	if uint32(id) >= uint32(len(w.nodes)) {
		panic(misuse{fmt.Sprintf("an action names %v, want n0 to n%d", id, len(w.nodes)-1)})
	}
	return &w.nodes[id]
}

// activeCut is a Cut in force, with its sides as sets.
type activeCut struct {
	cut      Cut
	from, to nodeSet
}

// nodeSet is a set of nodes, a bit each.
type nodeSet []uint64

func (s nodeSet) has(id NodeID) bool { return s[id>>6]>>(id&63)&1 != 0 }

func (w *World) setOf(ids []NodeID) nodeSet {
	s := make(nodeSet, (len(w.nodes)+63)/64)
	for _, id := range ids {
		w.node(id)
		s[id>>6] |= 1 << (id & 63)
	}
	return s
}

// boot runs the first Init of a node.
func (w *World) boot(id NodeID) {
	w.starting++
	w.start(id)
}

// start makes a node's process and runs its Init.
func (w *World) start(id NodeID) {
	n := &w.nodes[id]
	w.blame(id)
	n.proc = w.cfg.New(id)
	if n.proc == nil {
		panic(misuse{fmt.Sprintf("Config.New(%v) returned nil, want a Process", id)})
	}
	n.words, _ = n.proc.(WordReceiver)
	n.status |= statusUp
	w.handlers++
	w.mark(Event{Kind: Init, Node: id})
	env := w.enter(id)
	n.proc.Init(env)
	if w.watched || w.crashing {
		w.after(env)
	}
}

func (w *World) recoverNode(id NodeID) {
	n := w.node(id)
	if n.status&statusUp != 0 || int(id) >= w.starting {
		return
	}
	n.incarnation++
	w.mark(Event{Kind: Recovered, Node: id})
	w.start(id)
}

// crash takes a node down: its process, timers and undelivered backlog are gone, writes in flight meet their fate.
func (w *World) crash(id NodeID) {
	n := w.node(id)
	if n.status&statusUp == 0 {
		return
	}
	stop(n.proc)
	n.proc, n.words, n.spare = nil, nil, 0
	n.status &= statusClock | statusTroubled
	w.count.Crashes++
	w.mark(Event{Kind: Crashed, Node: id})
	if w.cfg.FailStop != nil {
		w.coldOf(id).failed = w.now
	}
	if w.badges != nil {
		w.badges[id] = badge{}
	}
	x := w.cold[id]
	if x == nil {
		return
	}
	w.settleWrites(id)
	waiting := append(w.abandon(id), x.waiting...)
	x.waiting = nil
	for _, i := range waiting {
		if s := &w.slots[i]; s.kind == slotDead {
			w.forget(i, s)
		} else {
			m := *s
			w.release(i)
			w.drop(&m, Dead, w.now)
		}
	}
}

// stop ends what a process, or one that is wrapped in it, holds beyond its memory: a Script's coroutine.
func stop(p Process) {
	for p != nil {
		if s, ok := p.(*script); ok {
			s.stop()
		}
		w, ok := p.(Wrapper)
		if !ok {
			return
		}
		p = w.Inner()
	}
}

package sim

import (
	"fmt"
	"time"
)

// Env is all that a handler can see of, and do to, the world outside its process. What it does is an effect: effects
// take place in the order of the calls, as one atomic step, unless a crash is planned between them (CrashDuring). It
// is valid only until the handler returns, and must not be kept.
type Env struct {
	w  *World
	id NodeID

	barrier Time // messages sent now wait for writes until then; 0 for none
}

// Timer names a pending timer. The zero Timer is none.
type Timer uint64

// world checks that the Env may still be used. Strict mode takes w away when the handler returns.
func (e *Env) world() *World {
	if e.w == nil {
		e.kept()
	}
	return e.w
}

//go:noinline
func (e *Env) kept() {
	panic(misuse{fmt.Sprintf("the Env of %v was kept and used after its handler had returned", e.id)})
}

// ID returns the node's own name.
func (e *Env) ID() NodeID { return e.id }

// Nodes returns the number of nodes, this one included. They are 0 to Nodes()-1.
func (e *Env) Nodes() int { return len(e.world().nodes) }

// Peers returns all other nodes, in ring order from the next one. The slice is shared: do not change it.
func (e *Env) Peers() []NodeID { return e.world().peersOf(e.id) }

// Now returns what the node's monotonic clock shows. It never steps, and drifts as the hardware does. Timers run on it.
func (e *Env) Now() Local { return e.world().local(e.id) }

// Wall returns what the node's wall clock shows: it may be wrong, and step backwards.
func (e *Env) Wall() Local { return e.world().wall(e.id) }

// StepWall adds by to the node's wall clock, as a time synchronisation daemon does.
func (e *Env) StepWall(by time.Duration) {
	if w := e.effect(); w != nil {
		w.stepWall(e.id, Local(by))
	}
}

// Incarnation is 0 at the first start of the node and counts its recoveries.
func (e *Env) Incarnation() int { return int(e.world().nodes[e.id].incarnation) }

// Rand returns the node's own stream of random numbers. It goes on across crashes.
func (e *Env) Rand() *Rand { return e.world().nodeRand(e.id) }

// Send sends m to a node. It may be lost, duplicated, late or overtaken, as the network decides; the sender learns
// nothing of that. A message to oneself arrives after no time and is never lost. After a Persist in the same handler,
// the message leaves only when that write is durable, and never if the node crashes before.
func (e *Env) Send(to NodeID, m Message) {
	w := e.w
	if m == nil || w == nil || w.crashing || e.barrier != 0 || uint32(to) >= uint32(len(w.nodes)) {
		e.sendSlowly(to, m, Words{})
		return
	}
	i := w.hole
	if i == noSlot {
		i = w.alloc()
	}
	w.hole = noSlot
	s := &w.slots[i]
	s.kind, s.value = slotMessage, m
	w.launch(i, e.id, to)
}

// SendWords is Send for an unboxed message. The two repeat each other: what they share, in a function of its own, would
// be one more call on the way of every message.
func (e *Env) SendWords(to NodeID, m Words) {
	w := e.w
	if w == nil || w.crashing || e.barrier != 0 || uint32(to) >= uint32(len(w.nodes)) {
		e.sendSlowly(to, unboxed{}, m)
		return
	}
	i := w.hole
	if i == noSlot {
		i = w.alloc()
	}
	w.hole = noSlot
	s := &w.slots[i]
	s.kind, s.words = slotWords, m
	w.launch(i, e.id, to)
}

// unboxed stands for a message that is in Words.
type unboxed struct{}

// sendSlowly is a send with something to see to: a mistake, a planned crash, a write to wait for.
func (e *Env) sendSlowly(to NodeID, m Message, words Words) {
	w := e.effect()
	switch {
	case w == nil:
		return
	case m == nil:
		panic(misuse{fmt.Sprintf("%v sent a nil message to %v", e.id, to)})
	case uint32(to) >= uint32(len(w.nodes)):
		panic(misuse{fmt.Sprintf("%v sent a message to %v, want n0 to n%d", e.id, to, len(w.nodes)-1)})
	}
	i := w.alloc()
	s := &w.slots[i]
	if m == (unboxed{}) {
		s.kind, s.words = slotWords, words
	} else {
		s.kind, s.value = slotMessage, m
	}
	if e.barrier != 0 {
		w.delaySend(i, e.id, to, e.barrier)
		return
	}
	w.launch(i, e.id, to)
}

// Broadcast sends m to all Peers, in order.
func (e *Env) Broadcast(m Message) {
	for _, p := range e.Peers() {
		e.Send(p, m)
	}
}

// After arms a timer: when d has passed on the node's own clock, its Timeout is called with tag. A negative d counts
// as 0. A crash ends all timers.
func (e *Env) After(d time.Duration, tag any) Timer { return e.world().setTimer(e.id, d, tag) }

// Reset re-arms a timer to fire d from now with the tag it has, and reports whether it was still pending. It is the
// cheap way to put off a timeout.
func (e *Env) Reset(t Timer, d time.Duration) bool { return e.world().resetTimer(e.id, t, d) }

// Cancel stops a timer and reports whether it was still pending.
func (e *Env) Cancel(t Timer) bool { return e.world().cancelTimer(e.id, t) }

// Persist writes value to the node's durable storage under key. It becomes durable after the Disk's latency; until
// then a crash may lose or tear it. Messages sent later in the same handler wait for it; those sent earlier do not.
// The value is immutable from now on, as a message is. A nil value removes the key.
func (e *Env) Persist(key string, value any) {
	if w := e.effect(); w != nil {
		w.persist(e, key, value)
	}
}

// Recall returns what the node last wrote under key: also what is not durable yet, as a page cache would; after a
// crash what survived. It may be a Torn.
func (e *Env) Recall(key string) (value any, ok bool) { return e.world().recall(e.id, key) }

// Note says something to observers: a string, or a value that prints well.
func (e *Env) Note(v any) {
	if w := e.effect(); w != nil {
		w.note(e.id, v)
	}
}

// Notef is Note of a formatted string. It formats only if somebody observes, or in strict mode.
func (e *Env) Notef(format string, args ...any) {
	if w := e.effect(); w != nil {
		if !w.wants(Note) && !w.cfg.Strict {
			w.note(e.id, nil)
			return
		}
		w.note(e.id, fmt.Sprintf(format, args...))
	}
}

// effect counts an effect and returns the world, or nil if a crash in this handler comes before it.
func (e *Env) effect() *World {
	w := e.world()
	if w.crashing {
		return w.countdown()
	}
	return w
}

package sim

import (
	"fmt"
	"math"
	"time"
)

// A pending timer's slot holds in words.A when it is due, in words.B its rank in the order of ties, and in words.C
// the time of its key in the queue. The two times differ after a re-arm to a later time: the key stays where it is,
// and moves on when it surfaces. Reset, and Cancel followed by After, thus cost a few stores, and the trace is the
// same as if the key had moved.
const genBits = 40 // of a Timer, above the slot: the number of the timer

func (s *slot) generation() uint64 { return uint64(s.copy)<<32 | uint64(s.k) }

// due is the true time at which d will have passed on the node's clock.
func (w *World) due(id NodeID, d time.Duration) Time {
	d = max(d, 0)
	if w.nodes[id].status&statusClock == 0 {
		return w.now.Add(d)
	}
	c := w.cold[id].clock
	l := c.Read(w.now)
	at := l + Local(d)
	if at < l {
		return Never - 1
	}
	return max(c.When(at), w.now)
}

func (w *World) setTimer(id NodeID, d time.Duration, tag any) Timer {
	due := min(w.due(id, d), Never-1)
	n := &w.nodes[id]
	i := n.spare - 1
	fresh := n.spare == 0 || w.slots[i].words.C > uint64(due)
	if fresh {
		i = w.alloc()
	} else {
		n.spare = 0
	}
	w.timers++
	s := &w.slots[i]
	s.kind, s.to, s.from, s.value = slotTimer, id, NodeID(n.incarnation), tag
	s.k, s.copy = uint32(w.timers), uint8(w.timers>>32)
	rank := w.arm(i, s, due)
	if fresh {
		s.keys, s.words.C = 1, uint64(due)
		w.queue.push(key{uint64(due), rank})
	}
	return Timer((w.timers&(1<<genBits-1))<<slotBits | uint64(i))
}

// aim gives a timer a new due time.
func (w *World) aim(i uint32, s *slot, due Time) (rank uint64) {
	rank = w.rank(i)
	if w.cfg.Shuffle {
		rank = w.tie(1<<63|uint64(uint32(s.to)), mix(uint64(due))+s.generation(), i)
	}
	s.words.A, s.words.B = uint64(due), rank
	return rank
}

// arm gives a timer a new due time, and records it.
func (w *World) arm(i uint32, s *slot, due Time) (rank uint64) {
	rank = w.aim(i, s, due)
	w.records++
	s.link = w.records
	if w.wants(TimerSet) {
		w.tell(Event{Kind: TimerSet, Node: s.to, At: due, Value: s.value})
	}
	return rank
}

// pending returns the slot of a node's timer, nil if it is not pending.
func (w *World) pending(id NodeID, t Timer) *slot {
	i := uint64(t) & slotMask
	if i >= uint64(len(w.slots)) || t == 0 {
		return nil
	}
	s := &w.slots[i]
	if s.kind != slotTimer || s.generation() != uint64(t)>>slotBits || s.to != id || uint32(s.from) != w.nodes[id].incarnation {
		return nil
	}
	return s
}

func (w *World) resetTimer(id NodeID, t Timer, d time.Duration) bool {
	s := w.pending(id, t)
	if s == nil {
		return false
	}
	i := uint32(uint64(t) & slotMask)
	due := min(w.due(id, d), Never-1)
	w.advance(s, key{uint64(due), w.arm(i, s, due)})
	return true
}

// advance sees to it that a timer that was given the final key k is not overlooked: if its key in the queue is later, or it
// has none because it waits at a slow node, it gets an earlier one.
func (w *World) advance(s *slot, k key) {
	if k.time >= s.words.C {
		return
	}
	if s.keys == math.MaxUint16 {
		panic(limitHit{fmt.Sprintf("a timer of %v re-armed to ever earlier times %d times", s.to, s.keys)})
	}
	w.queue.push(k) // a tournament moves the key; a radix heap now has one more
	if w.queue.radix != nil && s.words.C != onHold {
		s.keys++
	}
	s.words.C = k.time
}

func (w *World) cancelTimer(id NodeID, t Timer) bool {
	s := w.pending(id, t)
	if s == nil {
		return false
	}
	w.records++
	if w.wants(TimerStopped) {
		w.tell(Event{Kind: TimerStopped, Node: id, Link: s.link, Value: s.value})
	}
	s.kind, s.value = slotDead, nil
	i := uint32(uint64(t) & slotMask)
	if s.words.C == onHold {
		w.forget(i, s)
	} else if n := &w.nodes[id]; n.spare == 0 {
		n.spare = i + 1
	} else if w.queue.radix == nil {
		w.queue.tree.remove(i)
		w.release(i)
	}
	return true
}

// forget lets go of a timer that was held back and is no more.
func (w *World) forget(i uint32, s *slot) {
	s.value = nil
	if s.keys--; s.keys == 0 {
		w.release(i)
	}
}

// ripe reports whether the event of the least key, which is not a message, is to be executed. If not, its key was
// that of a timer that was cancelled, re-armed or lost in a crash, and has been seen to.
func (w *World) ripe(k key, s *slot) bool {
	if s.kind > slotDead {
		return true
	}
	n := &w.nodes[s.to]
	live := s.kind == slotTimer && n.status&statusUp != 0 && uint32(s.from) == n.incarnation
	final := key{s.words.A, s.words.B}
	if live && k == final {
		return true
	}
	i := k.slot()
	s.keys--
	switch {
	case live && (s.keys == 0 || k.time == s.words.C):
		w.unqueue(i, final)
		s.keys++
		s.words.C = final.time
	case s.keys == 0:
		w.unqueue(i, never)
		w.release(i)
	default:
		w.unqueue(i, never)
	}
	if !live && n.spare == i+1 {
		n.spare = 0
	}
	return false
}

// unqueue replaces the least key, that of slot i, by another of the same slot, or by none.
func (w *World) unqueue(i uint32, by key) {
	if w.queue.radix == nil {
		w.queue.tree.set(i, by)
		return
	}
	w.queue.radix.pop()
	if by != never {
		w.queue.radix.push(by)
	}
}

// prompt decides about a timer that falls due on a node that is paused or in trouble. It is false if the timer is not to
// be handled now.
func (w *World) prompt(i uint32, s *slot, n *node) bool {
	if n.status&statusPaused != 0 {
		s.kind = slotDead // while it waits, and counts as one of its keys, others that surface mean nothing
		w.holdBack(i, s.to)
		return false
	}
	v := &w.cold[s.to].server
	if v.work > 0 && v.ready != s.link {
		w.delayTimer(i, s)
		return false
	}
	return true
}

// fire executes a timer.
func (w *World) fire(i uint32, s *slot) {
	id := s.to
	n := &w.nodes[id]
	if n.status&(statusPaused|statusTroubled) != 0 && !w.prompt(i, s, n) {
		return
	}
	s.keys--
	tag, link := s.value, s.link
	s.kind = slotDead
	if s.keys == 0 {
		w.take(i)
	} else {
		s.value = nil
		w.detach(i)
	}
	w.handlers++
	w.count.Timeouts++
	w.records++
	w.digest.add(uint64(w.now), uint64(Timeout)<<56|uint64(uint32(id)), link)
	if w.wants(Timeout) {
		w.tell(Event{Kind: Timeout, Node: id, Link: link, Value: tag})
	}
	env := w.enter(id)
	n.proc.Timeout(env, tag)
	if w.watched || w.crashing {
		w.after(env)
	}
}

package sim

import (
	"fmt"
	"time"
)

// Slow is a performance failure (Cristian 1991): the node does everything Factor times slower than a node whose handlers
// take Work. What arrives and what falls due waits in order; the node works on it for Work x Factor, and the handler runs
// when that is done. A node that gets more than it can do has an ever longer queue: a gray failure, up but of little use.
// Its disk, too, is slower by the factor. When it ends, what waits is handled at once, in order.
//
// The Init of a recovery is exempt, and so is a timer that is stopped or set anew while it waits. A pause stops the work.
// Of several at once the Factors multiply, and the largest Work counts.
type Slow struct {
	Name   string
	Node   NodeID
	Factor float64       // at least 1
	Work   time.Duration // 0: handlers take no time, and only the disk is slow
}

func (a Slow) Apply(c *Control) { c.begin(a) }
func (a Slow) Label() string    { return a.Name }
func (a Slow) subject() NodeID  { return a.Node }
func (a Slow) String() string {
	with := ""
	if a.Work != 0 {
		with = fmt.Sprintf("with handlers of %v", a.Work)
	}
	return words("slow", a.Node.String(), fmt.Sprintf("by %v", a.Factor), with, as(a.Name))
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a Slow) Validate(nodes int) error {
	p := wrongs{of: "Slow"}
	p.node(a.Node, nodes)
	p.factor(a.Factor)
	if a.Work < 0 {
		p.add("Work is %v, want 0 or more", a.Work)
	}
	return p.err()
}

// load is what makes a node slow, all together.
type load struct {
	work   time.Duration
	factor float64 // 0 stands for 1
	disk   float64 // 0 stands for 1
}

func (l *load) add(work time.Duration, factor float64) {
	l.work = max(l.work, work)
	l.factor = float64(max(l.factor, 1) * factor)
}

func (l *load) diskFactor() float64 { return float64(max(l.factor, 1) * max(l.disk, 1)) }

// handler is how long a handler takes.
func (l *load) handler() time.Duration {
	if l.work == 0 {
		return 0
	}
	return scaled(l.work, l.factor)
}

// scaled returns d times f, at least 1 ns, at most some 146 years.
func scaled(d time.Duration, f float64) time.Duration {
	x := float64(float64(d) * f)
	return time.Duration(max(1, min(x, 1<<62)))
}

// server is a node that is slow: what waits, in order, of which it works on the first.
type server struct {
	work  time.Duration // what a handler takes; 0: the node is not slow
	queue []job
	busy  bool
	due   Time          // busy: when it will be done with the first
	left  time.Duration // paused while busy: what it has still to do
	turn  uint64        // numbers its ends and beginnings of work: what comes of another one is void
	ready uint64        // the arming of the timer that it is done with, to be fired
}

// job is a message or a timer that waits. Neither has a key in the queue of events.
type job struct {
	slot uint32
	link uint64 // of a timer: its arming; 0 for a message
}

// onHold stands in words.C of a timer that waits at a slow node.
const onHold = ^uint64(0)

// load makes a node's handlers take so long from now on.
func (w *World) load(id NodeID, work time.Duration) {
	x := w.cold[id]
	was := x.server.work
	x.server.work = work
	if was > 0 && work == 0 {
		w.dismiss(id)
	}
}

// queueUp lets what has come to a slow node wait for its turn. Its key is no longer in the queue of events.
func (w *World) queueUp(id NodeID, j job) {
	v := &w.cold[id].server
	v.queue = append(v.queue, j)
	if !v.busy {
		w.work(id)
	}
}

// work begins with the first of what waits.
func (w *World) work(id NodeID) {
	v := &w.cold[id].server
	for len(v.queue) > 0 && w.void(v.queue[0]) {
		v.queue = v.queue[1:]
	}
	v.busy = len(v.queue) > 0
	if v.busy {
		v.due = min(w.now.Add(v.work), Never-1)
		w.expect(id)
	}
}

// expect queues the end of a slow node's present work.
func (w *World) expect(id NodeID) {
	v := &w.cold[id].server
	v.turn++
	i := w.alloc()
	s := &w.slots[i]
	s.kind, s.to, s.words.A = slotWorked, id, v.turn
	w.queue.push(key{uint64(v.due), w.rank(i)})
}

// worked is the end of a piece of work: its handler may run. The next begins when that has, since it may stop a timer
// that waits.
func (w *World) worked(id NodeID, turn uint64) {
	v := &w.cold[id].server
	switch {
	case turn != v.turn:
		return
	case !v.busy:
		if w.nodes[id].status&statusPaused == 0 {
			w.work(id)
		}
		return
	case w.void(v.queue[0]):
		w.work(id)
		return
	}
	j := v.queue[0]
	v.queue = v.queue[1:]
	v.busy, v.due = false, w.now
	k := key{uint64(w.now), w.rank(j.slot)}
	s := &w.slots[j.slot]
	if j.link != 0 {
		v.ready = j.link
		s.words = Words{A: k.time, B: k.rank, C: k.time}
	} else {
		s.kind += slotWorkedOn - slotMessage
	}
	w.queue.push(k)
	w.expect(id)
}

// void reports whether a job is a timer that was stopped or set anew while it waited.
func (w *World) void(j job) bool {
	s := &w.slots[j.slot]
	return j.link != 0 && (s.kind != slotTimer || s.words.C != onHold || s.link != j.link)
}

// delayTimer lets a timer that has fallen due wait at its slow node.
func (w *World) delayTimer(i uint32, s *slot) {
	w.detach(i)
	s.words.B, s.words.C = 0, onHold // it counts as one of its keys; no other that surfaces is its final one: there may be two alike
	w.queueUp(s.to, job{i, s.link})
}

// pauseWork stops a slow node's work.
func (w *World) pauseWork(id NodeID) {
	v := &w.cold[id].server
	v.left = v.due.Sub(w.now)
	v.turn++
}

// resumeWork lets a slow node go on: with what it had begun, and then with what came meanwhile.
func (w *World) resumeWork(id NodeID) {
	x := w.cold[id]
	v := &x.server
	for _, i := range x.waiting {
		s := &w.slots[i]
		j := job{slot: i}
		if s.kind == slotDead {
			s.kind, s.words.B, s.words.C, j.link = slotTimer, 0, onHold, s.link
		}
		v.queue = append(v.queue, j)
	}
	x.waiting = nil
	if v.busy {
		v.due = min(w.now.Add(v.left), Never-1)
		w.expect(id)
		return
	}
	w.work(id)
}

// dismiss ends a node's being slow: all that waits is handled at once, or when the node is no longer paused.
func (w *World) dismiss(id NodeID) {
	x := w.cold[id]
	queue := x.server.queue
	x.server = server{turn: x.server.turn}
	var first []uint32
	for _, j := range queue {
		if w.void(j) {
			continue
		}
		if j.link != 0 {
			w.slots[j.slot].kind = slotDead
		}
		first = append(first, j.slot)
	}
	x.waiting = append(first, x.waiting...)
	if w.nodes[id].status&statusPaused == 0 {
		w.handleWaiting(id)
	}
}

// abandon is what a crash makes of a slow node's work. It returns what was lost, as if the node had been paused.
func (w *World) abandon(id NodeID) (lost []uint32) {
	v := &w.cold[id].server
	for _, j := range v.queue {
		if w.void(j) {
			continue
		}
		if j.link != 0 {
			w.slots[j.slot].kind = slotDead
		}
		lost = append(lost, j.slot)
	}
	*v = server{work: v.work, turn: v.turn}
	return lost
}

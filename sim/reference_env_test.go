package sim_test

import (
	"time"

	"lightcone/sim"
)

// refEnv is the reference's Env.
type refEnv struct {
	r        *reference
	n        *refNode
	crashing bool
	left     int
	tried    bool
	waits    bool // messages wait for writes, until barrier
	barrier  sim.Time
}

func (e *refEnv) ID() sim.NodeID   { return e.n.id }
func (e *refEnv) Now() sim.Local   { return e.n.clock.Read(e.r.now) }
func (e *refEnv) Wall() sim.Local  { return e.Now() + e.n.step }
func (e *refEnv) Incarnation() int { return e.n.incarnation }

// effect reports whether an effect still happens.
func (e *refEnv) effect() bool {
	e.tried = true
	if e.crashing {
		e.left--
		return e.left >= 0
	}
	return true
}

func (e *refEnv) StepWall(by time.Duration) {
	if e.effect() {
		e.r.act(sim.StepWall{Node: e.n.id, By: by})
	}
}

func (e *refEnv) Note(v any) {
	if e.effect() {
		e.r.record(sim.Event{Kind: sim.Note, Node: e.n.id, Value: v})
	}
}

func (e *refEnv) SendWords(to sim.NodeID, m sim.Words) { e.Send(to, m) }
func (e *refEnv) Send(to sim.NodeID, m sim.Message) {
	if !e.effect() {
		return
	}
	if !e.waits {
		e.r.launch(e.n.id, to, m)
		return
	}
	incarnation := e.n.incarnation
	e.r.at(e.barrier, func() {
		if e.n.up && e.n.incarnation == incarnation {
			e.r.launch(e.n.id, to, m)
		} else {
			e.r.stats.Unsent++
		}
	})
}

func (e *refEnv) After(d time.Duration, tag any) sim.Timer {
	t := &refTimer{node: e.n.id, incarnation: e.n.incarnation, tag: tag}
	e.r.timers = append(e.r.timers, t)
	e.arm(t, d)
	return sim.Timer(len(e.r.timers))
}

func (e *refEnv) arm(t *refTimer, d time.Duration) {
	due := e.n.clock.When(e.Now() + sim.Local(max(d, 0)))
	t.version++
	t.pending = true
	version := t.version
	t.link = e.r.record(sim.Event{Kind: sim.TimerSet, Node: e.n.id, At: due, Value: t.tag})
	e.r.at(due, func() {
		if t.pending && t.version == version && e.n.up && e.n.incarnation == t.incarnation {
			e.r.fire(e.n, t)
		}
	})
}

func (r *reference) fire(n *refNode, t *refTimer) {
	version := t.version
	h := refHeld{lose: func() {}, handle: func() {
		if !t.pending || t.version != version || n.incarnation != t.incarnation {
			return // after a resumption, before its turn: cancelled, re-armed or lost in a crash
		}
		t.pending = false
		r.stats.Timeouts++
		r.record(sim.Event{Kind: sim.Timeout, Node: n.id, Link: t.link, Value: t.tag})
		r.handle(n, func(h host) { n.proc.timeout(h, t.tag) })
	}}
	if n.paused {
		n.held = append(n.held, h)
		return
	}
	h.handle()
}

func (e *refEnv) timer(t sim.Timer) *refTimer {
	if t == 0 {
		return nil
	}
	x := e.r.timers[t-1]
	if !x.pending || x.node != e.n.id || x.incarnation != e.n.incarnation {
		return nil
	}
	return x
}

func (e *refEnv) Reset(t sim.Timer, d time.Duration) bool {
	x := e.timer(t)
	if x != nil {
		e.arm(x, d)
	}
	return x != nil
}

func (e *refEnv) Cancel(t sim.Timer) bool {
	x := e.timer(t)
	if x != nil {
		x.pending = false
		e.r.record(sim.Event{Kind: sim.TimerStopped, Node: e.n.id, Link: x.link, Value: x.tag})
	}
	return x != nil
}

func (e *refEnv) Persist(key string, value any) {
	if !e.effect() {
		return
	}
	r, n := e.r, e.n
	n.written++
	r.stats.Writes++
	x := &refWrite{key, value, r.record(sim.Event{Kind: sim.Persist, Node: n.id, Text: key, Value: value})}
	done := max(r.now.Add(r.disk.Latency(r.now, n.id, key, value, nil)), n.last)
	if done == r.now && len(n.flight) == 0 {
		r.durable(n, x)
		return
	}
	n.flight, n.last = append(n.flight, x), done
	e.waits, e.barrier = true, done
	r.at(done, func() {
		if len(n.flight) > 0 && n.flight[0] == x {
			n.flight = n.flight[1:]
			r.durable(n, x)
		}
	})
}

func (r *reference) durable(n *refNode, x *refWrite) {
	n.data[x.key] = x.value
	r.record(sim.Event{Kind: sim.Durable, Node: n.id, Text: x.key, Value: x.value, Link: x.link})
}

func (e *refEnv) Recall(key string) (any, bool) {
	for i := len(e.n.flight) - 1; i >= 0; i-- {
		if e.n.flight[i].key == key {
			return e.n.flight[i].value, true
		}
	}
	v, ok := e.n.data[key]
	return v, ok
}

package detector

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// Process is a node of a failure detector: it sends heartbeats, or answers for them, and suspects those whose
// heartbeats stay out.
type Process struct {
	cfg      Config
	origin   sim.Local // of the schedule of heartbeats, or questions
	next     int64     // the number of the next one
	watchers []sim.NodeID
	watched  []watched
	version  uint64
	counts   Counts
}

// Counts is what a node did since it last started.
type Counts struct {
	Sent        int // heartbeats, answers included
	Received    int
	Suspicions  int // S-transitions
	Corrections int // T-transitions
}

// watched is a node that is monitored.
type watched struct {
	id        sim.NodeID
	monitor   Monitor
	suspected bool
	timer     sim.Timer // due when the monitor's deadline is over
}

// Timer tags.
type (
	beat  struct{}
	check struct{ of sim.NodeID }
)

// New returns a process for a valid configuration.
func New(c Config) *Process { return &Process{cfg: c} }

// Init starts the schedule of heartbeats, and trusts everybody for the moment.
func (p *Process) Init(env *sim.Env) {
	now := p.now(env)
	if p.cfg.algorithm() != NFDS {
		p.origin = now
	}
	p.next = -floorDiv(-int64(now-p.origin), int64(p.cfg.Interval))
	for _, q := range env.Peers() {
		if p.cfg.monitors(q, env.ID(), env.Nodes()) {
			p.watchers = append(p.watchers, q)
		}
	}
	for _, q := range p.cfg.monitored(env.ID(), env.Nodes()) {
		p.watched = append(p.watched, watched{id: q, monitor: p.cfg.NewMonitor(now)})
		p.judge(env, &p.watched[len(p.watched)-1])
	}
	p.onBeat(env)
}

// Receive takes a heartbeat or answers a question.
func (p *Process) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Heartbeat:
		p.onHeartbeat(env, from, m)
	case Query:
		p.counts.Sent++
		env.Send(from, Answer{env.Incarnation(), m.Seq, m.Incarnation})
	case Answer:
		if m.Asked == env.Incarnation() {
			p.onHeartbeat(env, from, m.heartbeat())
		}
	default:
		panic(fmt.Sprintf("detector: message is a %T, want a Heartbeat, a Query or an Answer", m))
	}
}

// Timeout sends the next heartbeats, or sees whether a node is to be suspected.
func (p *Process) Timeout(env *sim.Env, tag any) {
	switch tag := tag.(type) {
	case beat:
		p.onBeat(env)
	case check:
		if w := p.find(tag.of); w != nil {
			p.judge(env, w)
		}
	}
}

// now reads the clock that the algorithm goes by: the wall clock, which may be synchronised, or the monotonic one.
func (p *Process) now(env *sim.Env) sim.Local {
	if p.cfg.algorithm() == NFDS {
		return env.Wall()
	}
	return env.Now()
}

// onBeat sends the heartbeats or questions that are due, and waits for the next. After a pause it sends the latest only.
// A wall clock that was set back makes it wait on.
func (p *Process) onBeat(env *sim.Env) {
	now := p.now(env)
	if seq := floorDiv(int64(now-p.origin), int64(p.cfg.Interval)); seq >= p.next {
		p.next = seq + 1
		p.send(env, seq)
	}
	due := p.origin + sim.Local(p.next*int64(p.cfg.Interval))
	env.After(due.Sub(now), beat{})
}

// send asks those whom the process monitors, or tells those who monitor it.
func (p *Process) send(env *sim.Env, seq int64) {
	if p.cfg.algorithm() == Ping {
		for i := range p.watched {
			env.Send(p.watched[i].id, Query{env.Incarnation(), seq})
		}
		return
	}
	p.counts.Sent += len(p.watchers)
	var h sim.Message = Heartbeat{env.Incarnation(), seq}
	for _, q := range p.watchers {
		env.Send(q, h)
	}
}

func (p *Process) onHeartbeat(env *sim.Env, from sim.NodeID, h Heartbeat) {
	w := p.find(from)
	if w == nil {
		return
	}
	p.counts.Received++
	w.monitor.Heartbeat(h, p.now(env))
	p.judge(env, w)
}

// judge compares the clock with the deadline of a node: the node is trusted at its deadline, and suspected a nanosecond
// later.
func (p *Process) judge(env *sim.Env, w *watched) {
	left := w.monitor.Deadline() - p.now(env)
	if suspected := left < 0; suspected != w.suspected {
		w.suspected = suspected
		p.version++
		if suspected {
			p.counts.Suspicions++
			env.Note(Suspected{w.id})
		} else {
			p.counts.Corrections++
			env.Note(Trusted{w.id})
		}
	}
	switch wait := later(left, 1).Sub(0); {
	case w.suspected:
		env.Cancel(w.timer)
	case !env.Reset(w.timer, wait):
		w.timer = env.After(wait, check{w.id})
	}
}

// find returns a monitored node, nil if it is none.
func (p *Process) find(id sim.NodeID) *watched {
	i, ok := slices.BinarySearchFunc(p.watched, id, func(w watched, id sim.NodeID) int { return int(w.id) - int(id) })
	if !ok {
		return nil
	}
	return &p.watched[i]
}

// Suspects reports whether the process suspects q. It does not suspect whom it does not monitor.
func (p *Process) Suspects(q sim.NodeID) bool {
	w := p.find(q)
	return w != nil && w.suspected
}

// Suspected returns the nodes that the process suspects, in order.
func (p *Process) Suspected() (all []sim.NodeID) {
	for i := range p.watched {
		if p.watched[i].suspected {
			all = append(all, p.watched[i].id)
		}
	}
	return all
}

// Monitor returns the monitor of q, to look at; nil if the process does not monitor it.
func (p *Process) Monitor(q sim.NodeID) Monitor {
	if w := p.find(q); w != nil {
		return w.monitor
	}
	return nil
}

// Counts returns what the process did since it started.
func (p *Process) Counts() Counts { return p.counts }

// Version changes with what the process suspects (sim.Versioned).
func (p *Process) Version() uint64 { return p.version }

// Clone returns an independent copy.
func (p *Process) Clone() sim.Process {
	c := *p
	c.watched = slices.Clone(p.watched)
	for i := range c.watched {
		c.watched[i].monitor = c.watched[i].monitor.Clone()
	}
	return &c
}

// Badge shows whom the process suspects.
func (p *Process) Badge() (role, text string) {
	if len(p.watched) == 0 {
		return "", ""
	}
	return badge(p.Suspected())
}

// badge is the badge of who suspects these.
func badge(suspected []sim.NodeID) (role, text string) {
	if len(suspected) == 0 {
		return "trusting", "all"
	}
	var b strings.Builder
	for i, q := range suspected {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(q.String())
	}
	return "suspecting", b.String()
}

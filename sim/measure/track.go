package measure

import (
	"slices"

	"lightcone/sim"
)

// Track follows one service through one run. Its fields are set before Attach.
type Track struct {
	Serving  func(sim.View) bool // the service can serve now
	Servers  int                 // nodes 0 to Servers-1 are the service's; 0: all. What happens on others is not looked at
	Majority int                 // how many servers a decision needs: outages are accounted to terms; 0: they are not
	From     sim.Time            // what was before is not measured
	Settled  bool                // nor what was before the service serves, with all servers up, for the first time since

	started  bool // has taken over one world
	primed   bool // has looked at it once
	settled  sim.Time
	marks    []mark
	versions []version
	active   []Fault
	ended    bool   // the last fault event was the end of one,
	last     string // and this one
	nodes    []node
	cuts     int // in force
}

// Serving returns a track of the service of all nodes that serves while pred holds.
func Serving(pred func(sim.View) bool) *Track { return &Track{Serving: pred} }

// Attach lets the track watch the worlds of a configuration: the first that is made of it.
func (t *Track) Attach(cfg *sim.Config) {
	cfg.Properties = append(slices.Clip(cfg.Properties), t.Property())
	cfg.Observers = append(slices.Clip(cfg.Observers), t)
}

// PropertyName is the name of the claim by which a track looks at a world.
const PropertyName = "availability is measured"

// Property returns the claim by which the track sees the world after every step. It never falls.
func (t *Track) Property() sim.Property {
	return sim.Property{Name: PropertyName, Mode: sim.Always, Fresh: func() func(sim.View) error {
		if t.started { // a fork, or another world
			return func(sim.View) error { return nil }
		}
		t.started, t.settled = true, sim.Never
		return t.look
	}}
}

// mark is a state of the service, from a time on until the next.
type mark struct {
	at    sim.Time
	up    bool
	term  Term
	blame []Fault // of the first mark of an outage
	after string  // likewise
}

// version is that of a server's process, as it was when it was last looked at.
type version struct {
	incarnation int
	number      uint64
	known       bool
}

// look takes down the state after a step.
func (t *Track) look(v sim.View) error {
	if t.primed && !t.changed(v) {
		return nil
	}
	if !t.primed {
		t.prime(v)
	}
	now := v.Now()
	m := mark{at: now, up: t.Serving(v)}
	if m.up && t.settled == sim.Never && now >= t.From && t.allUp(v) {
		t.settled = now
	}
	n := len(t.marks)
	if n > 0 && t.marks[n-1].at == now { // only the last state of an instant lasts
		n--
		t.marks = t.marks[:n]
	}
	if !m.up && t.Majority > 0 {
		m.term = t.term(v, n)
	}
	if n > 0 && t.marks[n-1].up == m.up && t.marks[n-1].term == m.term {
		return nil
	}
	if !m.up && (n == 0 || t.marks[n-1].up) {
		m.blame, m.after = slices.Clone(t.active), t.last
	}
	t.marks = append(t.marks, m)
	return nil
}

func (t *Track) prime(v sim.View) {
	t.primed = true
	if t.Servers == 0 {
		t.Servers = v.Nodes()
	}
	t.versions = make([]version, t.Servers)
	for len(t.nodes) < t.Servers {
		t.nodes = append(t.nodes, node{})
	}
}

// changed reports whether a step may have changed what the predicate is about.
func (t *Track) changed(v sim.View) bool {
	id := v.Touched()
	if id == sim.Nobody {
		return true
	}
	if int(id) >= t.Servers {
		return false
	}
	p, ok := v.Process(id).(sim.Versioned)
	if !ok { // it is down, or has no version
		t.versions[id] = version{}
		return true
	}
	now := version{v.Incarnation(id), p.Version(), true}
	if t.versions[id] == now {
		return false
	}
	t.versions[id] = now
	return true
}

func (t *Track) allUp(v sim.View) bool {
	for id := range sim.NodeID(t.Servers) {
		if !v.Works(id) {
			return false
		}
	}
	return t.cuts == 0
}

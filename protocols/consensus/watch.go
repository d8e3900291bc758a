package consensus

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// change is what a judge is told: what became of one server.
type change struct {
	view    sim.View
	id      sim.NodeID
	node    Node // nil: it is down
	started bool // seen for the first time in this incarnation
}

// claim makes an Always property of a judge that is told of every change, one at a time, and says what is wrong.
func claim(name string, servers int, judge func() func(change) error) sim.Property {
	return sim.Property{Name: name, Mode: sim.Always, OnChange: true, Fresh: func() func(sim.View) error {
		return (&watch{see: judge(), servers: make([]watched, servers)}).check
	}}
}

// wish makes a property of something that is to happen once. The judge says when it has.
func wish(name string, mode sim.Mode, servers int, judge func() func(change) bool) sim.Property {
	missing := errors.New("not seen")
	return sim.Property{Name: name, Mode: mode, OnChange: true, Fresh: func() func(sim.View) error {
		happened, met := false, judge()
		w := &watch{servers: make([]watched, servers), see: func(c change) error {
			happened = happened || met(c)
			return nil
		}}
		return func(v sim.View) error {
			if err := w.check(v); err != nil || happened {
				return err
			}
			return missing
		}
	}}
}

// watch finds out which servers changed. A step touches one node, so a step without a change costs a few nanoseconds.
type watch struct {
	see     func(change) error
	servers []watched
	primed  bool // has looked at all of them once
}

// watched is a server as it was when it was last looked at.
type watched struct {
	node        Node // nil: down
	version     uint64
	incarnation int
}

func (w *watch) check(v sim.View) error {
	id := v.Touched()
	if w.primed && id != sim.Nobody {
		if int(id) >= len(w.servers) {
			return nil
		}
		return w.look(v, id)
	}
	w.primed = true
	for id := range sim.NodeID(len(w.servers)) {
		if err := w.look(v, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) look(v sim.View, id sim.NodeID) error {
	s := &w.servers[id]
	switch up := v.Up(id); {
	case !up && s.node == nil:
		return nil
	case !up:
		s.node = nil
		return w.see(change{view: v, id: id})
	case s.node == nil || v.Incarnation(id) != s.incarnation:
		n, ok := v.Process(id).(Node)
		if !ok {
			return fmt.Errorf("%v runs a %T, want a consensus.Node", id, v.Process(id))
		}
		*s = watched{n, n.Version(), v.Incarnation(id)}
		return w.see(change{v, id, n, true})
	}
	version := s.node.Version()
	if version == s.version {
		return nil
	}
	s.version = version
	return w.see(change{v, id, s.node, false})
}

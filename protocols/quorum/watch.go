package quorum

import (
	"errors"
	"slices"

	"lightcone/sim"
)

// server is a Dynamo or an ABD.
type server interface {
	core() *replica
	writers(key string) int // how many writes of a key it coordinates
}

// replicaOn returns the server on a node, nil if it is down or no server.
func replicaOn(v sim.View, id sim.NodeID) *replica {
	if s, ok := v.Process(id).(server); ok {
		return s.core()
	}
	return nil
}

// watch follows the journals of all servers.
type watch struct {
	nodes []watched
	// tell is called once for everything that happened, and restarted whenever a server started.
	tell      func(v sim.View, id sim.NodeID, r *replica, h *happening) error
	restarted func(id sim.NodeID, r *replica) error
}

// watched is how far a server's journal has been read.
type watched struct {
	started bool
	life    int
	happens uint64
}

func (w *watch) check(v sim.View) error {
	if w.nodes == nil {
		w.nodes = make([]watched, v.Nodes())
	}
	if id := v.Touched(); id != sim.Nobody && w.nodes[id].started {
		return w.look(v, id)
	}
	for id := range sim.NodeID(v.Nodes()) {
		if err := w.look(v, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) look(v sim.View, id sim.NodeID) error {
	r := replicaOn(v, id)
	if r == nil {
		return nil
	}
	n := &w.nodes[id]
	if life := v.Incarnation(id); !n.started || n.life != life {
		*n = watched{started: true, life: life, happens: r.happens}
		if w.restarted != nil {
			return w.restarted(id, r)
		}
		return nil
	}
	if n.happens == r.happens {
		return nil
	}
	fresh := r.since(n.happens)
	n.happens = r.happens
	for i := range fresh {
		if err := w.tell(v, id, r, &fresh[i]); err != nil {
			return err
		}
	}
	return nil
}

// always makes a claim that is checked on everything that happens.
func always(name string, fresh func() *watch) sim.Property {
	return sim.Property{Name: name, Mode: sim.Always, Fresh: func() func(sim.View) error { return fresh().check }}
}

var errUnseen = errors.New("it did not happen")

// sometimes claims that something happens.
func sometimes(name string, w what) sim.Property {
	return sim.Property{Name: name, Mode: sim.Sometimes, Check: func(v sim.View) error {
		if id := v.Touched(); id != sim.Nobody {
			if r := replicaOn(v, id); r != nil && slices.ContainsFunc(r.recent, func(h happening) bool { return h.what == w }) {
				return nil
			}
		}
		return errUnseen
	}}
}

package generals

import (
	"fmt"
	"maps"
	"slices"

	"lightcone/sim"
)

// commander is the node that commands.
const commander sim.NodeID = 0

// Process is one general. Messages of round k, from 1 to m+1, have a path of k generals.
type Process struct {
	Obeyed bool  // it has decided: the commander at once, a lieutenant after the last round
	Obeys  Order // what

	cfg   Config
	id    sim.NodeID
	round int // rounds that are over
	done  bool

	heard map[string]Order // OM: the order that came by a path
	seen  [2]bool          // SM: V_i, the orders that came
}

// Obedience is a general's note of what it obeys.
type Obedience struct{ Order Order }

func (o Obedience) String() string { return "obeys: " + o.Order.String() }

// Init starts the campaign. Who was down meanwhile takes no part.
func (p *Process) Init(env *sim.Env) {
	p.id = env.ID()
	if env.Incarnation() > 0 || int(p.id) >= p.cfg.Generals {
		p.done = true
		return
	}
	p.heard = map[string]Order{}
	switch {
	case p.id != commander:
		env.After(p.cfg.Start+p.cfg.Round, nil)
	case p.cfg.Start > 0:
		env.After(p.cfg.Start, nil)
	default:
		p.command(env)
	}
}

// command is step (1) of both algorithms.
func (p *Process) command(env *sim.Env) {
	for to := range p.others(nil) {
		if p.cfg.Signed {
			env.Send(to, KeyOf(p.id).Order(p.cfg.Order))
		} else {
			env.Send(to, Oral{[]sim.NodeID{p.id}, p.cfg.Order})
		}
	}
	p.obey(env, p.cfg.Order)
}

// Timeout begins the campaign, for the commander; for a lieutenant it ends a round.
func (p *Process) Timeout(env *sim.Env, _ any) {
	if p.id == commander {
		p.command(env)
		return
	}
	p.round++
	if p.round <= p.cfg.M {
		env.After(p.cfg.Round, nil)
		if !p.cfg.Signed {
			p.relay(env)
		}
		return
	}
	if p.cfg.Signed {
		p.obey(env, p.choice())
	} else {
		p.obey(env, p.result([]sim.NodeID{commander}))
	}
}

func (p *Process) obey(env *sim.Env, o Order) {
	p.Obeyed, p.Obeys, p.done = true, o, true
	env.Note(Obedience{o})
}

// Receive handles an order.
func (p *Process) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Oral:
		p.onOral(from, m)
	case Signed:
		p.onSigned(env, from, m)
	default:
		panic(fmt.Sprintf("generals: message is a %T, want an Oral or a Signed", m))
	}
}

// came reports whether a message may have come by a path to this lieutenant from its last general, in time.
func (p *Process) came(path []sim.NodeID, from sim.NodeID) bool {
	k := len(path)
	if p.done || k <= p.round || k > p.cfg.M+1 || path[0] != commander || path[k-1] != from || slices.Contains(path, p.id) {
		return false
	}
	for i, id := range path {
		if id < 0 || int(id) >= p.cfg.Generals || slices.Contains(path[:i], id) {
			return false
		}
	}
	return true
}

// others yields all generals but this one, and but those of a path.
func (p *Process) others(path []sim.NodeID) func(yield func(sim.NodeID) bool) {
	return func(yield func(sim.NodeID) bool) {
		for id := range sim.NodeID(p.cfg.Generals) {
			if id != p.id && !slices.Contains(path, id) && !yield(id) {
				return
			}
		}
	}
}

// Clone returns an independent copy.
func (p *Process) Clone() sim.Process {
	c := *p
	c.heard = maps.Clone(p.heard)
	return &c
}

// Badge shows the general's rank and, once it has decided, what it obeys.
func (p *Process) Badge() (role, text string) {
	role = "lieutenant"
	if p.id == commander {
		role = "commander"
	}
	if p.Obeyed {
		text = p.Obeys.String()
	}
	return role, text
}

package fault

import (
	"slices"
	"strings"

	"lightcone/sim"
)

// census counts what ails each node, and holds the number of those in trouble to a budget.
type census struct {
	budget Budget
	ails   []int
	until  []sim.Time   // when each, being well, has settled
	turned []sim.NodeID // who fell ill or became well since this was emptied
}

func newCensus(nodes int, b Budget) census {
	return census{budget: b, ails: make([]int, nodes), until: make([]sim.Time, nodes)}
}

func (c *census) knows(node sim.NodeID) bool { return node >= 0 && int(node) < len(c.ails) }

func (c *census) busy(node sim.NodeID, now sim.Time) bool {
	return c.ails[node] > 0 || now < c.until[node]
}

// count returns how many are in trouble, or have not settled.
func (c *census) count(now sim.Time) int {
	n := 0
	for node := range c.ails {
		if c.busy(sim.NodeID(node), now) {
			n++
		}
	}
	return n
}

// admits reports whether all of some may be in trouble too. Who is already is no further one.
func (c *census) admits(whom []sim.NodeID, now sim.Time) bool {
	if c.budget.F == 0 {
		return true
	}
	further := 0
	for i, node := range whom {
		if c.knows(node) && !c.busy(node, now) && !slices.Contains(whom[:i], node) {
			further++
		}
	}
	return further == 0 || c.count(now)+further <= c.budget.F
}

func (c *census) add(whom ...sim.NodeID) {
	for _, node := range whom {
		if !c.knows(node) {
			continue
		}
		if c.ails[node]++; c.ails[node] == 1 {
			c.turned = append(c.turned, node)
		}
	}
}

func (c *census) remove(now sim.Time, whom ...sim.NodeID) {
	for _, node := range whom {
		if !c.knows(node) {
			continue
		}
		if c.ails[node]--; c.ails[node] == 0 {
			c.until[node] = now.Add(c.budget.Settle)
			c.turned = append(c.turned, node)
		}
	}
}

// patients follows a plan, entry by entry: who is in trouble by the rules of the engine.
type patients struct {
	census
	down    []bool // crashed, or to crash inside a handler
	sure    []bool // crashed for certain
	paused  []bool
	lasting map[string][][]sim.NodeID // whom it ails that lasts, by what ends it
}

func newPatients(nodes int, b Budget) *patients {
	return &patients{newCensus(nodes, b), make([]bool, nodes), make([]bool, nodes), make([]bool, nodes), map[string][][]sim.NodeID{}}
}

// apply makes the change of an entry. Nodes that are not there are ignored.
func (p *patients) apply(e sim.At) {
	switch a := e.Action.(type) {
	case sim.Pause:
		if p.knows(a.Node) && !p.sure[a.Node] {
			p.set(p.paused, a.Node, true, e.Time)
		}
	case sim.Resume:
		p.set(p.paused, a.Node, false, e.Time)
	case sim.Recover:
		if p.set(p.down, a.Node, false, e.Time); p.knows(a.Node) {
			p.sure[a.Node] = false
		}
	case sim.Heal:
		p.heal(a, e.Time)
	default:
		if node, ok := stops(a); ok {
			p.crash(node, e)
			return
		}
		p.drop(a.String(), e.Time)
		if undo := Undo(a); undo != nil {
			p.begin(undo.String(), p.budget.Of.ails(a))
		}
	}
}

// set makes a node have a condition or not.
func (p *patients) set(condition []bool, node sim.NodeID, on bool, now sim.Time) {
	if !p.knows(node) || condition[node] == on {
		return
	}
	if condition[node] = on; on {
		p.add(node)
	} else {
		p.remove(now, node)
	}
}

// crash ends a pause, unless it is one that waits for a handler.
func (p *patients) crash(node sim.NodeID, e sim.At) {
	p.set(p.down, node, true, e.Time)
	if _, later := e.Action.(sim.CrashDuring); !later && p.knows(node) {
		p.sure[node] = true
		p.set(p.paused, node, false, e.Time)
	}
}

func (p *patients) begin(name string, whom []sim.NodeID) {
	if len(whom) > 0 {
		p.lasting[name] = append(p.lasting[name], whom)
		p.add(whom...)
	}
}

// heal ends all of that name; without one it ends all that any heal ends.
func (p *patients) heal(h sim.Heal, now sim.Time) {
	if h.Name != "" {
		p.drop(h.String(), now)
		return
	}
	for name := range p.lasting { //det:ok what is dropped is counted only
		if strings.HasPrefix(name, h.String()) {
			p.drop(name, now)
		}
	}
}

func (p *patients) drop(name string, now sim.Time) {
	for _, whom := range p.lasting[name] {
		p.remove(now, whom...)
	}
	delete(p.lasting, name)
}

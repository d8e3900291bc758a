package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Condition is an action whose effect lasts: a node is slow, omits messages, its disk is full, the network is disturbed.
// Heal ends it by its name, as it ends a Cut. Any number hold at once, and what they do adds up, as each says. They stay
// with the machine through crashes and recoveries.
type Condition interface {
	Action
	Label() string            // its name: several may share one, and end together
	Validate(nodes int) error // all that is wrong with it, in a world of that many nodes
	subject() NodeID          // whom it befalls; Nobody: the network
}

// condition is a Condition in force.
type condition struct {
	is   Condition
	key  uint64  // names its draws
	left int     // how often it still strikes; below 0: any number of times
	from nodeSet // Disturb: its sides; nil is all
	to   nodeSet // Disturb, and the peers of an omission
}

// begin puts a condition in force.
func (c *Control) begin(is Condition) {
	w := c.w
	if err := is.Validate(len(w.nodes)); err != nil {
		panic(misuse{err.Error()})
	}
	id := is.subject()
	x := condition{is: is, key: hashName(is.Label()), left: -1}
	switch a := is.(type) {
	case OmitSends:
		x.limit(a.Max)
		x.to = w.someOf(a.Peers)
	case OmitReceives:
		x.limit(a.Max)
		x.to = w.someOf(a.Peers)
	case LoseWrites:
		x.limit(a.Max)
	case TearWrites:
		x.limit(a.Max)
	case Disturb:
		x.from, x.to = w.someOf(a.From), w.someOf(a.To)
	}
	c.Record(id, is.String())
	w.conditions = append(slices.Clip(w.conditions), x)
	w.reconsider(id)
}

// limit bounds how often the condition strikes, if n is not 0.
func (x *condition) limit(n int) {
	if n > 0 {
		x.left = n
	}
}

// strike reports whether the condition, which strikes with probability p, does so, by a stream of the case at hand.
func (x *condition) strike(p float64, r Rand) bool {
	if x.left == 0 || !r.Bool(p) {
		return false
	}
	if x.left > 0 {
		x.left--
	}
	return true
}

// healConditions ends the conditions of that name, all for the empty one.
func (w *World) healConditions(name string) {
	var over []condition
	w.conditions = slices.DeleteFunc(slices.Clone(w.conditions), func(x condition) bool {
		ends := name == "" || x.is.Label() == name
		if ends {
			over = append(over, x)
		}
		return ends
	})
	for _, x := range over {
		w.mark(Event{Kind: Custom, Node: x.is.subject(), Text: "heal " + x.is.Label()})
		w.reconsider(x.is.subject())
	}
}

// reconsider works out what the conditions in force come to, for one node or, for Nobody, for the network.
func (w *World) reconsider(id NodeID) {
	w.reroute()
	w.watch()
	if id == Nobody {
		return
	}
	var receives, full bool
	var sum load
	ppm := 0
	for i := range w.conditions {
		if w.conditions[i].is.subject() != id {
			continue
		}
		switch a := w.conditions[i].is.(type) {
		case OmitReceives:
			receives = true
		case Slow:
			sum.add(a.Work, a.Factor)
		case SlowDisk:
			sum.disk = float64(sum.diskFactor() * a.Factor)
		case FullDisk:
			full = true
		case Drift:
			ppm += a.PPM
		}
	}
	x := w.coldOf(id)
	x.store.factor = sum.diskFactor()
	if full != x.store.full {
		w.fill(id, full)
	}
	if ppm = max(ppm, -MaxDrift); ppm != x.driftPPM() {
		w.warp(id, int64(ppm), 0)
	}
	work := sum.handler()
	n := &w.nodes[id]
	n.status &^= statusTroubled
	if receives || work > 0 {
		n.status |= statusTroubled
	}
	w.load(id, work)
}

// someOf is a set of the listed nodes, nil for all.
func (w *World) someOf(ids []NodeID) nodeSet {
	if ids == nil {
		return nil
	}
	return w.setOf(ids)
}

// in reports whether a set has a node; nil has all.
func (s nodeSet) in(id NodeID) bool { return s == nil || s.has(id) }

// hashName turns a name into a word of a stream's name.
func hashName(s string) uint64 {
	h := uint64(len(s))
	for i := range len(s) {
		h = mix(h*golden + uint64(s[i]) + 1)
	}
	return h
}

// wrongs collects what is wrong with an action.
type wrongs struct {
	of   string
	errs []error
}

func (p *wrongs) add(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("sim: "+p.of+"."+format, args...))
}

func (p *wrongs) err() error { return errors.Join(p.errs...) }

func (p *wrongs) node(id NodeID, nodes int) {
	if id < 0 || int(id) >= nodes {
		p.add("Node is %v, want n0 to n%d", id, nodes-1)
	}
}

func (p *wrongs) nodes(field string, ids []NodeID, nodes int) {
	if ids != nil && len(ids) == 0 {
		p.add("%s is empty, want at least 1 node, or nil for all", field)
	}
	for i, id := range ids {
		if id < 0 || int(id) >= nodes {
			p.add("%s[%d] is %v, want n0 to n%d", field, i, id, nodes-1)
		} else if slices.Contains(ids[:i], id) {
			p.add("%s[%d] is %v, which is there already", field, i, id)
		}
	}
}

func (p *wrongs) chance(field string, x float64) {
	if !(x > 0 && x <= 1) {
		p.add("%s is %v, want more than 0, at most 1", field, x)
	}
}

// factor checks how many times slower something is. What is beyond maxFactor is in the wrong unit.
func (p *wrongs) factor(x float64) {
	if !(x >= 1 && x <= maxFactor) {
		p.add("Factor is %v, want 1 to %v", x, float64(maxFactor))
	}
}

const maxFactor = 1e9

func (p *wrongs) most(n int) {
	if n < 0 {
		p.add("Max is %d, want at least 1, or 0 for no bound", n)
	}
}

// words joins the parts of an action's text that are there.
func words(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// as is the part of a condition's text that names it.
func as(name string) string {
	if name == "" {
		return ""
	}
	return "as " + name
}

// atMost is the part of a condition's text that bounds how often it strikes.
func atMost(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("at most %d", n)
}

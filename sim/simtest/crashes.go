package simtest

import (
	"fmt"
	"strings"

	"lightcone/sim"
)

// crashes lets a node crash after each effect of each kind of handler, and recover: it must not panic then or later.
func (c *contract) crashes() string {
	for _, h := range c.handlers() {
		for after := range h.effects + 1 {
			if broken := c.crashIn(h, after); broken != "" {
				return broken
			}
		}
	}
	return ""
}

// handled is one handler that a run executes.
type handled struct {
	step    uint64 // executed events before it
	node    sim.NodeID
	what    string // its kind and the type of its message or tag
	text    string
	effects int
}

// sort is what tells one kind of handler from another.
func (h handled) sort() string { return fmt.Sprint(h.node, h.what, h.effects) }

// handlers returns the handlers of the run that have effects, one of each sort, but for the first Inits: no crash can
// be planned for a node that has not started.
func (c *contract) handlers() []handled {
	var list []handled
	var now handled
	counter := sim.ObserverFunc(func(e *sim.Event) {
		switch {
		case e.Kind.Handler():
			now.node, now.what, now.text = e.Node, fmt.Sprintf("%v %T", e.Kind, e.Value), Describe(e)
		case e.Node == now.node && isEffect(e.Kind):
			now.effects++
		}
	})
	w := c.world(counter)
	defer w.Close()
	seen := map[string]bool{}
	for now.step = 0; now.step < contractEvents; now.step++ {
		if c.cfg.Until > 0 && w.NextTime() > c.cfg.Until || !w.Step() {
			break
		}
		if now.effects > 0 && now.step >= uint64(c.cfg.Nodes) && !seen[now.sort()] {
			seen[now.sort()] = true
			list = append(list, now)
		}
		now = handled{step: now.step, node: sim.Nobody}
	}
	return list
}

// isEffect reports whether events of this kind are effects as CrashDuring counts them.
func isEffect(k sim.Kind) bool {
	return k == sim.Send || k == sim.Persist || k == sim.Note || k == sim.WallStepped
}

// crashIn runs up to a handler, lets it crash its node, goes on for a while, recovers the node, and goes on to the end.
func (c *contract) crashIn(h handled, after int) string {
	const down = 5 // events until the recovery
	w := c.world()
	w.Steps(h.step)
	w.Act(sim.CrashDuring{Node: h.node, After: after})
	w.Steps(1 + down)
	w.Act(sim.Recover{Node: h.node})
	c.finish(w)
	if e, ok := w.Err().(*sim.Error); ok && e.Verdict == sim.Panicked {
		return strings.TrimSpace(fmt.Sprintf("crash: %v crashed after effect %d of %d of a handler (%s) and recovered; then %v\n%s",
			h.node, after, h.effects, h.text, e, e.Stack))
	}
	return ""
}

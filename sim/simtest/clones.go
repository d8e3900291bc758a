package simtest

import (
	"fmt"

	"lightcone/sim"
)

// clones forks a run at several points: each clone must be like its original, go the same way, and leave the original
// alone. Where some nodes have processes that are no sim.Cloner, no fork is possible, and the clones of the others are
// looked at only.
func (c *contract) clones() string {
	cloners := 0
	for id := range sim.NodeID(c.cfg.Nodes) {
		if _, ok := c.cfg.New(id).(sim.Cloner); ok {
			cloners++
		}
	}
	if cloners == 0 {
		return ""
	}
	whole := c.run()
	if whole.result.Err != nil {
		return "" // other rules say so
	}
	step := max(1, whole.result.Events/forkPoints)
	for n := uint64(0); n < whole.result.Events; n += step {
		if broken := c.cloneAfter(n, whole, cloners == c.cfg.Nodes); broken != "" {
			return fmt.Sprintf("%s (forked after %d events)", broken, n)
		}
	}
	return ""
}

// cloneAfter clones the processes of a run after n events and, if it can be forked, compares fork and original with the
// whole run.
func (c *contract) cloneAfter(n uint64, whole *stream, forks bool) string {
	original, fork := &stream{}, &stream{}
	w := c.world(original)
	defer w.Close()
	w.Steps(n)
	before := states(w)
	if broken := incomplete(w, before); broken != "" || !forks {
		return broken
	}
	f, err := w.Fork(fork)
	if err != nil {
		return err.Error()
	}
	past := len(original.events)
	c.finish(f)
	for id, s := range states(w) {
		if d := differs(before[id], s); d != "" {
			return fmt.Sprintf("shared clone state: running the clone changed its original on %v: %s", sim.NodeID(id), d)
		}
	}
	if i := firstDifference(whole.events[past:], fork.events); i >= 0 {
		return "incomplete clone: it goes another way than its original: " + parting(whole.events[past:], fork.events, i)
	}
	c.finish(w)
	if i := firstDifference(whole.events, original.events); i >= 0 {
		return "shared clone state: after its clone has run, the original goes another way: " + parting(whole.events, original.events, i)
	}
	return ""
}

// states returns the contents of all processes of a world.
func states(w *sim.World) [][]leaf {
	v := w.View()
	s := make([][]leaf, v.Nodes())
	for id := range s {
		s[id] = leaves(v.Process(sim.NodeID(id)))
	}
	return s
}

// incomplete says which process's clone is not like its original, and whether making it changed the original.
func incomplete(w *sim.World, before [][]leaf) string {
	v := w.View()
	for id := range sim.NodeID(v.Nodes()) {
		p, ok := v.Process(id).(sim.Cloner)
		if !ok {
			continue
		}
		if d := differs(before[id], leaves(p.Clone())); d != "" {
			return fmt.Sprintf("incomplete clone: that of %v is not like its original: %s", id, d)
		}
		if d := differs(before[id], leaves(v.Process(id))); d != "" {
			return fmt.Sprintf("shared clone state: making a clone changed its original on %v: %s", id, d)
		}
	}
	return ""
}

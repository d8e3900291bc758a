package experiments

import (
	"cmp"
	"slices"
	"time"

	"lightcone/sim"
)

// reign is a time in which a node has a role, such as leader, as its badge shows it.
type reign struct {
	node     sim.NodeID
	from, to sim.Time
}

// reignWatch is an observer that takes down who has a role, and when. A node that goes down loses it.
type reignWatch struct {
	role   string
	open   map[sim.NodeID]sim.Time
	reigns []reign
	last   map[sim.NodeID]string
	begun  map[string]int // how often a node took each role
}

func newReignWatch(role string) *reignWatch {
	return &reignWatch{role: role, open: map[sim.NodeID]sim.Time{}, last: map[sim.NodeID]string{}, begun: map[string]int{}}
}

// Wants says which events it needs.
func (w *reignWatch) Wants(k sim.Kind) bool { return k == sim.BadgeSet || k == sim.Crashed }

// Observe takes down the beginning or the end of a reign.
func (w *reignWatch) Observe(e *sim.Event) {
	from, reigns := w.open[e.Node]
	switch has := e.Kind == sim.BadgeSet && e.Role == w.role; {
	case has && !reigns:
		w.open[e.Node] = e.Time
	case !has && reigns:
		delete(w.open, e.Node)
		w.reigns = append(w.reigns, reign{e.Node, from, e.Time})
	}
	if e.Kind == sim.BadgeSet && e.Role != w.last[e.Node] {
		w.begun[e.Role]++
	}
	w.last[e.Node] = e.Role
}

// settle ends the reigns that last until the end of the run, and returns all in the order of their beginnings.
func (w *reignWatch) settle(end sim.Time) []reign {
	for id, from := range w.open {
		w.reigns = append(w.reigns, reign{id, from, end})
	}
	clear(w.open)
	slices.SortFunc(w.reigns, func(a, b reign) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.node, b.node)) })
	return w.reigns
}

// overlap returns for how long nobody reigns until the end, and for how long more than one does.
func overlap(reigns []reign, end sim.Time) (none, several time.Duration) {
	type turn struct {
		at sim.Time
		by int
	}
	var turns []turn
	for _, r := range reigns {
		turns = append(turns, turn{r.from, 1}, turn{r.to, -1})
	}
	slices.SortFunc(turns, func(a, b turn) int { return cmp.Compare(a.at, b.at) })
	at, n := sim.Time(0), 0
	for _, t := range append(turns, turn{end, 0}) {
		switch d := t.at.Sub(at); {
		case n == 0:
			none += d
		case n > 1:
			several += d
		}
		at, n = t.at, n+t.by
	}
	return none, several
}

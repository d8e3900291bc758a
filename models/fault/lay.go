package fault

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// lay turns outages into a plan in order of time. Where several outages hold a node down, or paused, it is so as long
// as any of them lasts. At one time ends come before beginnings, and otherwise the order is that in which the outages
// were drawn. An outage that would put one node too many in trouble is left out.
func lay(drawn []Outage, nodes int, budget Budget) Plan {
	s := sweep{holds: make([]hold, nodes), refused: make([]bool, len(drawn)), census: newCensus(nodes, budget)}
	for _, e := range edges(drawn) {
		switch o := drawn[e.outage]; {
		case s.refused[e.outage]:
		case e.end:
			s.census.remove(o.To, budget.Of.ails(o.Action)...)
			s.end(o)
		case !s.census.admits(budget.Of.ails(o.Action), o.From):
			s.refused[e.outage] = true
		default:
			if lasts(o.Action) {
				s.census.add(budget.Of.ails(o.Action)...)
			}
			s.begin(o)
		}
	}
	return s.plan
}

// lasts reports whether what an action begins has an end.
func lasts(a sim.Action) bool { return Undo(a) != nil }

// edge is where an outage begins or ends.
type edge struct {
	at     sim.Time
	end    bool
	outage int
}

func edges(drawn []Outage) []edge {
	var list []edge
	for i, o := range drawn {
		list = append(list, edge{at: o.From, outage: i})
		if o.To != sim.Never && lasts(o.Action) {
			list = append(list, edge{at: o.To, end: true, outage: i})
		}
	}
	//det:ok a total order: an outage is longer than nothing
	slices.SortFunc(list, func(a, b edge) int {
		if c := cmp.Compare(a.at, b.at); c != 0 {
			return c
		}
		if a.end != b.end {
			if a.end {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.outage, b.outage)
	})
	return list
}

// hold is what keeps one node from working.
type hold struct {
	crash int  // outages that keep it down, those midway included
	pause int  // outages that keep it paused
	sure  bool // it is down for certain: a crash midway may still be to come
}

// sweep lays edges in order of time.
type sweep struct {
	plan    Plan
	holds   []hold
	refused []bool
	census  census
}

func (s *sweep) add(t sim.Time, a sim.Action) { s.plan = append(s.plan, sim.At{Time: t, Action: a}) }

// begin lays the beginning of an outage.
func (s *sweep) begin(o Outage) {
	node, ok := stops(o.Action)
	if !ok {
		s.add(o.From, o.Action)
		return
	}
	h := &s.holds[node]
	switch o.Action.(type) {
	case sim.Pause:
		if h.pause++; h.pause == 1 {
			s.add(o.From, o.Action)
		}
	default:
		_, later := o.Action.(sim.CrashDuring)
		h.crash++
		if !h.sure || losesDisk(o.Action) {
			s.add(o.From, o.Action)
		}
		h.sure = h.sure || !later
	}
}

// end lays the end of an outage.
func (s *sweep) end(o Outage) {
	node, ok := stops(o.Action)
	if !ok {
		s.add(o.To, Undo(o.Action))
		return
	}
	h := &s.holds[node]
	if _, pause := o.Action.(sim.Pause); pause {
		if h.pause--; h.pause == 0 {
			s.add(o.To, sim.Resume{Node: node})
		}
	} else if h.crash--; h.crash == 0 {
		s.recover(o.To, node)
	}
}

// recover brings a node back: paused, if it is held so. A crash midway that found no handler to interrupt strikes now,
// since it must not wait beyond its outage.
func (s *sweep) recover(t sim.Time, node sim.NodeID) {
	h := &s.holds[node]
	if !h.sure {
		s.add(t, sim.Crash{Node: node})
	}
	h.sure = false
	s.add(t, sim.Recover{Node: node})
	if h.pause > 0 {
		s.add(t, sim.Pause{Node: node})
	}
}

// stops returns the node that an action keeps from working, if it is one that does.
func stops(a sim.Action) (sim.NodeID, bool) {
	switch a := a.(type) {
	case sim.Crash:
		return a.Node, true
	case sim.CrashDuring:
		return a.Node, true
	case sim.LoseDisk:
		return a.Node, true
	case sim.OldDisk:
		return a.Node, true
	case sim.Pause:
		return a.Node, true
	}
	return sim.Nobody, false
}

// losesDisk reports whether an action changes the disk of a node even if it is down.
func losesDisk(a sim.Action) bool {
	switch a.(type) {
	case sim.LoseDisk, sim.OldDisk:
		return true
	}
	return false
}

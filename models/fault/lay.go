package fault

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// lay turns outages into a plan in order of time. Where several outages hold a node down, or paused, it is so as long
// as any of them lasts. At one time ends come before beginnings, and otherwise the order is that in which the outages
// were drawn.
func lay(drawn []Outage, nodes, maxDown int) Plan {
	s := sweep{holds: make([]hold, nodes), refused: make([]bool, len(drawn)), maxDown: maxDown}
	for _, e := range edges(drawn) {
		switch o := drawn[e.outage]; {
		case s.refused[e.outage]:
		case e.end:
			s.end(o)
		default:
			s.refused[e.outage] = !s.begin(o)
		}
	}
	return s.plan
}

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
		if o.To != sim.Never && Undo(o.Action) != nil {
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

func (h hold) any() bool { return h.crash+h.pause > 0 }

// sweep lays edges in order of time.
type sweep struct {
	plan    Plan
	holds   []hold
	refused []bool
	down    int // nodes that are held
	maxDown int
}

func (s *sweep) add(t sim.Time, a sim.Action) { s.plan = append(s.plan, sim.At{Time: t, Action: a}) }

// begin lays the beginning of an outage, unless it would be one too many.
func (s *sweep) begin(o Outage) bool {
	node, ok := stops(o.Action)
	if !ok {
		s.add(o.From, o.Action)
		return true
	}
	h := &s.holds[node]
	if !h.any() {
		if s.maxDown > 0 && s.down == s.maxDown {
			return false
		}
		s.down++
	}
	switch o.Action.(type) {
	case sim.Pause:
		if h.pause++; h.pause == 1 {
			s.add(o.From, o.Action)
		}
	default:
		_, certain := o.Action.(sim.Crash)
		h.crash++
		if !h.sure {
			s.add(o.From, o.Action)
		}
		h.sure = h.sure || certain
	}
	return true
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
	if !h.any() {
		s.down--
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
	case sim.Pause:
		return a.Node, true
	}
	return sim.Nobody, false
}

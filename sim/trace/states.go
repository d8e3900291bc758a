package trace

import (
	"strings"

	"lightcone/sim"
)

// addStates adds crashes, pauses and roles, also those that began before the window.
func (l *layout) addStates() {
	states := make([]nodeState, len(l.lanes))
	for row := range states {
		states[row] = nodeState{down: -1, paused: -1, role: -1}
	}
	for i := range l.sel.trace.Events {
		e := l.event(i)
		if e.Time > l.sel.to {
			break
		}
		if e.Node == sim.Nobody || l.row[e.Node] < 0 || !l.visible(i) {
			continue
		}
		l.follow(&states[l.row[e.Node]], i)
	}
	for row := range states {
		l.endSpans(&states[row], row, 1)
	}
}

// visible reports whether the viewer sees event i, in the window or before it.
func (l *layout) visible(i int) bool {
	past, node := l.sel.past, l.event(i).Node
	return past == nil || node != sim.Nobody && l.sel.order.index[i] < past[node]
}

// nodeState is what lasts on a lane: the events that began it, -1 for none.
type nodeState struct {
	down, paused, role int
	before             string // the role that it had last, without a gap
	durable            bool
	disk               bool
}

func (l *layout) follow(s *nodeState, i int) {
	e := l.event(i)
	row, x := l.row[e.Node], l.place(i)
	switch e.Kind {
	case sim.Durable:
		s.durable = true
		if s.down >= 0 {
			s.disk = true
		}
	case sim.WriteLost:
		s.disk = s.disk || e.Fate != sim.WriteGone
	case sim.BadgeSet:
		l.endRole(s, row, x)
		if e.Role != "" {
			s.role = i
		} else {
			s.before = ""
		}
	case sim.Crashed:
		l.endSpans(s, row, x)
		s.down, s.disk, s.before = i, s.durable, ""
	case sim.Paused:
		s.paused = i
	case sim.Recovered, sim.Resumed:
		l.endPause(s, row, x)
		l.endDown(s, row, x)
	}
}

// place is where event i is, or if that is before the window its edge.
func (l *layout) place(i int) float64 {
	if l.event(i).Time < l.sel.from {
		return 0
	}
	return l.axis.at(i)
}

func (l *layout) endSpans(s *nodeState, row int, x float64) {
	l.endRole(s, row, x)
	l.endPause(s, row, x)
	l.endDown(s, row, x)
}

func (l *layout) endRole(s *nodeState, row int, x float64) {
	if s.role < 0 {
		return
	}
	e := l.event(s.role)
	r := span{row: row, x0: l.place(s.role), x1: x, state: spanRole, letter: letterOf(e.Role), label: brief(e.Role), from: s.role}
	if e.Text != "" {
		r.label += ", " + brief(e.Text)
	}
	if s.before == e.Role {
		r.letter, r.label = "", brief(e.Text)
	}
	l.addSpan(r)
	s.role, s.before = -1, e.Role
}

func (l *layout) endPause(s *nodeState, row int, x float64) {
	if s.paused >= 0 {
		l.addSpan(span{row: row, x0: l.place(s.paused), x1: x, state: spanPaused, label: "paused", from: s.paused})
		s.paused = -1
	}
}

func (l *layout) endDown(s *nodeState, row int, x float64) {
	if s.down >= 0 {
		l.addSpan(span{row: row, x0: l.place(s.down), x1: x, state: spanDown, label: "down", disk: s.disk, from: s.down})
		s.down = -1
	}
}

// addSpan adds a span unless it ended before the window.
func (l *layout) addSpan(s span) {
	if s.x1 > s.x0 || l.sel.shown[s.from] {
		l.spans = append(l.spans, s)
	}
}

// letterOf is the letter by which a role is known on a lane.
func letterOf(role string) string {
	for _, r := range role {
		return strings.ToUpper(string(r))
	}
	return ""
}

// addBands adds the partitions that held in the window.
func (l *layout) addBands() {
	if l.o.View == AsNode {
		return
	}
	var open []int
	for i := range l.sel.trace.Events {
		e := l.event(i)
		if e.Time > l.sel.to {
			break
		}
		switch e.Kind {
		case sim.CutMade:
			open = append(open, i)
		case sim.CutHealed:
			for n, c := range open {
				if l.event(c).Text == e.Text {
					if e.Time >= l.sel.from {
						l.addBand(c, i)
					}
					open = append(open[:n], open[n+1:]...)
					break
				}
			}
		}
	}
	for _, c := range open {
		l.addBand(c, -1)
	}
}

// addBand adds a partition from the event that made it to the one that healed it, -1 for the end of the window.
func (l *layout) addBand(made, healed int) {
	e := l.event(made)
	b := band{label: partition(e.Text), event: made, side: make([]string, len(l.lanes))}
	b.label += " " + sides(e.Cut)
	for _, id := range l.lanes {
		x0, x1 := 0.0, 1.0
		if e.Time >= l.sel.from {
			x0 = l.edge(id, made)
		}
		if healed >= 0 {
			x1 = l.edge(id, healed)
		}
		b.x0, b.x1 = append(b.x0, x0), append(b.x1, max(x0, x1))
	}
	for n, set := range [2][]sim.NodeID{e.Cut.From, e.Cut.To} {
		for _, id := range set {
			if row := l.row[id]; row >= 0 {
				b.side[row] = [...]string{"A", "B"}[n]
			}
		}
	}
	l.bands = append(l.bands, b)
}

// edge is where an event of no lane is on a lane.
func (l *layout) edge(id sim.NodeID, i int) float64 {
	if l.o.Mapping == OwnClock || l.o.Mapping == WallClock {
		return l.axis.onLane(id, l.event(i).Time)
	}
	return l.axis.at(i)
}

package trace

import (
	"cmp"
	"math/bits"
	"slices"

	"lightcone/sim"
)

// axis maps time to place: 0 is the beginning of the window and 1 its end.
type axis struct {
	mapping Mapping
	sel     *selection
	lo, hi  int64   // the time, true or a clock's, at 0 and at 1
	moment  []int   // of each event: its moment
	moments []place // in order
}

// place is where a moment of true time is drawn in a mapping by order.
type place struct {
	time sim.Time
	x    float64
}

// newAxis lays out the shown events.
func newAxis(s *selection, m Mapping) *axis {
	a := &axis{mapping: m, sel: s, lo: int64(s.from), hi: int64(s.to)}
	a.findMoments()
	switch m {
	case Rank:
		a.byRank()
	case Compressed:
		a.byGaps()
	case OwnClock, WallClock:
		a.clockRange()
	}
	return a
}

// findMoments groups events into moments: a handler and its effects are one. A copy that was lost on its way has a
// moment of its own when it died.
func (a *axis) findMoments() {
	leads := a.leaders()
	//det:ok a total order: an event leads once
	slices.SortFunc(leads, func(x, y leader) int { return cmp.Or(cmp.Compare(x.time, y.time), cmp.Compare(x.event, y.event)) })
	a.moments = make([]place, len(leads))
	a.moment = make([]int, len(a.sel.shown))
	for i := range a.moment {
		a.moment[i] = -1
	}
	dies := make([]bool, len(a.moment))
	for n, m := range leads {
		a.moments[n].time = m.time
		a.moment[m.event] = n
		dies[m.event] = m.dies
	}
	current := -1
	for i, m := range a.moment {
		switch {
		case !a.sel.shown[i] || dies[i]:
		case m >= 0:
			current = m
		default:
			a.moment[i] = current
		}
	}
}

// leader is the first event of a moment.
type leader struct {
	time  sim.Time
	event int
	dies  bool // a copy that died on its way: its moment is not that of its record, and nothing joins it
}

// leaders returns the first events of all moments, in order of their records.
func (a *axis) leaders() []leader {
	events := a.sel.trace.Events
	var leads []leader
	last := -1 // the event, not a loss, before
	for i := range events {
		e := &events[i]
		if !a.sel.shown[i] {
			continue
		}
		loss := e.Kind == sim.Drop
		if loss && a.lossDelay(i) > 0 {
			leads = append(leads, leader{e.At, i, true})
			continue
		}
		joins := last >= 0 && events[last].Time == e.Time && !e.Kind.Handler() && (e.Node == events[last].Node || loss && e.From == events[last].Node)
		if !joins {
			leads = append(leads, leader{e.Time, i, false})
		}
		if !loss || !joins {
			last = i
		}
	}
	return leads
}

// lossDelay is how long after it was sent a lost copy died.
func (a *axis) lossDelay(i int) int64 {
	e := &a.sel.trace.Events[i]
	if s := a.sel.trace.Cause(i); s >= 0 {
		return int64(e.At - a.sel.trace.Events[s].Time)
	}
	return int64(e.At - e.Time)
}

// byRank gives each moment one step.
func (a *axis) byRank() {
	n := float64(max(len(a.moments), 1))
	for i := range a.moments {
		a.moments[i].x = (float64(i) + 0.5) / n
	}
}

// byGaps makes the gap before a moment one step and another for each time it is twice the least gap.
func (a *axis) byGaps() {
	least := int64(0)
	for i := 1; i < len(a.moments); i++ {
		if g := int64(a.moments[i].time - a.moments[i-1].time); g > 0 && (least == 0 || g < least) {
			least = g
		}
	}
	total := 0.5
	for i := range a.moments {
		if i > 0 {
			total += 1
			if g := int64(a.moments[i].time - a.moments[i-1].time); g > 0 {
				total += mul(0.5, log2(float64(g)/float64(least)))
			}
		}
		a.moments[i].x = total
	}
	total += 0.5
	for i := range a.moments {
		a.moments[i].x /= total
	}
}

// log2 is a logarithm good enough to draw by, and the same on every platform: exact at powers of two and linear
// between.
func log2(v float64) float64 {
	if v < 1 {
		return 0
	}
	n := uint64(min(v, 1<<62))
	k := bits.Len64(n) - 1
	return float64(k) + float64(n-1<<k)/float64(uint64(1)<<k)
}

// clockRange sets the range of the nodes' clocks in the window.
func (a *axis) clockRange() {
	first := true
	for i := range a.sel.trace.Events {
		if !a.sel.shown[i] || a.sel.trace.Events[i].Node == sim.Nobody {
			continue
		}
		c := a.clock(i)
		if first {
			a.lo, a.hi, first = c, c, false
		}
		a.lo, a.hi = min(a.lo, c), max(a.hi, c)
	}
}

// clock is what the clock of event i's node showed.
func (a *axis) clock(i int) int64 {
	if a.mapping == WallClock {
		return int64(a.sel.trace.Events[i].Wall)
	}
	return int64(a.sel.trace.Events[i].Local)
}

// scale maps a time to its place in proportion.
func (a *axis) scale(t int64) float64 {
	if a.hi <= a.lo {
		return 0.5
	}
	return min(max(float64(t-a.lo)/float64(a.hi-a.lo), 0), 1)
}

// at returns the place of event i; of a lost copy, where it was when it died.
func (a *axis) at(i int) float64 {
	e := &a.sel.trace.Events[i]
	switch a.mapping {
	case TrueTime:
		if e.Kind == sim.Drop {
			return a.scale(int64(e.At))
		}
		return a.scale(int64(e.Time))
	case OwnClock, WallClock:
		if e.Kind == sim.Drop {
			return a.onLane(e.From, e.At)
		}
		if e.Node == sim.Nobody {
			return a.scale(int64(e.Time))
		}
		return a.scale(a.clock(i))
	}
	if m := a.moment[i]; m >= 0 {
		return a.moments[m].x
	}
	return a.between(e.Time)
}

// onLane returns the place of a moment of true time on a node's lane.
func (a *axis) onLane(id sim.NodeID, t sim.Time) float64 {
	switch a.mapping {
	case TrueTime:
		return a.scale(int64(t))
	case OwnClock, WallClock:
		return a.scale(a.showing(id, t))
	}
	return a.between(t)
}

// showing is what the node's clock shows at a time: what it did at the event before, and as much later; before the
// first event, what it did then, and as much earlier.
func (a *axis) showing(id sim.NodeID, t sim.Time) int64 {
	lane := a.sel.order.Lane(id)
	if len(lane) == 0 {
		return int64(t)
	}
	n, _ := slices.BinarySearchFunc(lane, t, func(i int32, t sim.Time) int {
		if a.sel.trace.Events[i].Time > t {
			return 1
		}
		return -1
	})
	i := int(lane[max(n-1, 0)])
	return a.clock(i) + int64(t-a.sel.trace.Events[i].Time)
}

// between returns the place of a time in a mapping by order: that of the moment, or between those before and after.
func (a *axis) between(t sim.Time) float64 {
	n, ok := slices.BinarySearchFunc(a.moments, t, func(p place, t sim.Time) int { return cmp.Compare(p.time, t) })
	switch {
	case ok:
		return a.moments[n].x
	case n == 0:
		return 0
	case n == len(a.moments):
		return 1
	}
	p, q := a.moments[n-1], a.moments[n]
	f := float64(t-p.time) / float64(q.time-p.time)
	return p.x + mul(f, q.x-p.x)
}

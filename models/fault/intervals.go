package fault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"lightcone/sim"
)

// Interval is a stretch of time in which a node is down: from From until To. To is sim.Never if it has not come back.
type Interval struct {
	Node     sim.NodeID
	From, To sim.Time
}

func (v Interval) String() string {
	if v.To == sim.Never {
		return fmt.Sprintf("%v down from %v", v.Node, v.From)
	}
	return fmt.Sprintf("%v down from %v to %v", v.Node, v.From, v.To)
}

// Intervals say when which node is down, in order of From and then of node. Those of one node do not overlap; one may
// begin when another ends.
type Intervals []Interval

// Validate reports all that is wrong with the intervals, for a world of that many nodes; 0 is any number.
func (v Intervals) Validate(nodes int) error {
	var errs []error
	last := make(map[sim.NodeID]int)
	for i, a := range v {
		bad := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("fault: Intervals[%d].%s", i, fmt.Sprintf(format, args...)))
		}
		if a.Node < 0 || nodes > 0 && int(a.Node) >= nodes {
			bad("Node is %v, want %s", a.Node, rangeOf(nodes))
		}
		if a.From < 0 {
			bad("From is %v, want 0 or later", a.From)
		}
		if a.To <= a.From {
			bad("To is %v, want later than From, %v", a.To, a.From)
		}
		if i > 0 && order(v[i-1], a) > 0 {
			bad("From is %v of %v, want no earlier than %v of %v before it", a.From, a.Node, v[i-1].From, v[i-1].Node)
		}
		if k, ok := last[a.Node]; ok && a.From < v[k].To {
			bad("From is %v, want no earlier than the end of Intervals[%d] of %v, %v", a.From, k, a.Node, v[k].To)
		}
		last[a.Node] = i
	}
	return errors.Join(errs...)
}

func rangeOf(nodes int) string {
	if nodes == 0 {
		return "n0 or more"
	}
	return fmt.Sprintf("n0 to n%d", nodes-1)
}

// order is that of a list: by beginning, then by node.
func order(a, b Interval) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Node, b.Node))
}

// inOrder returns the intervals in order, without empty ones.
func (v Intervals) inOrder() Intervals {
	v = slices.DeleteFunc(v, func(a Interval) bool { return a.From == a.To })
	slices.SortStableFunc(v, order)
	return v
}

// Of returns when a node is down.
func (v Intervals) Of(node sim.NodeID) Spans {
	var spans Spans
	for _, a := range v {
		if a.Node == node {
			spans = append(spans, Span{a.From, a.To})
		}
	}
	return spans
}

// Down returns how long a node is down until a time, to the nanosecond.
func (v Intervals) Down(node sim.NodeID, until sim.Time) time.Duration {
	return v.Of(node).Clip(0, until).Total()
}

// Outages returns when, until a time, works is false of the nodes that are up at the moment: when a system is down that
// depends on its nodes in that way, and on nothing else. works must not keep its argument, whose length is nodes.
func (v Intervals) Outages(nodes int, until sim.Time, works func(up []bool) bool) Spans {
	up := make([]bool, nodes)
	for i := range up {
		up[i] = true
	}
	var outages Spans
	at, well := sim.Time(0), works(up)
	changes := v.changes()
	for i, c := range changes {
		if c.at >= until {
			break
		}
		if int(c.node) < nodes {
			up[c.node] = c.up
		}
		if i+1 < len(changes) && changes[i+1].at == c.at {
			continue
		}
		if !well {
			outages = outages.append(Span{at, c.at})
		}
		at, well = c.at, works(up)
	}
	if !well && at < until {
		outages = outages.append(Span{at, until})
	}
	return slices.DeleteFunc(outages, func(s Span) bool { return s.From == s.To })
}

// change is where a node goes down or comes up.
type change struct {
	at   sim.Time
	node sim.NodeID
	up   bool
}

// changes returns all changes in order of time; of a node that goes down as it comes up, the latter first.
func (v Intervals) changes() []change {
	list := make([]change, 0, 2*len(v))
	for _, a := range v {
		list = append(list, change{a.From, a.Node, false})
		if a.To != sim.Never {
			list = append(list, change{a.To, a.Node, true})
		}
	}
	slices.SortStableFunc(list, func(a, b change) int {
		if a.at == b.at && a.up != b.up {
			if a.up {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.at, b.at)
	})
	return list
}

package fault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lightcone/sim"
)

// Plan is every fault of a run, in order of time: data that prints, parses back, and can be edited. Times are absolute
// and cuts are healed by name, so removing an entry changes no other.
type Plan []sim.At

// String returns the plan as text, an entry a line: see ParsePlan.
func (p Plan) String() string {
	var b strings.Builder
	for _, e := range p {
		b.WriteString(Line(e))
		b.WriteByte('\n')
	}
	return b.String()
}

// Line returns an entry as a line of text, such as "1.5s crash n2".
func Line(e sim.At) string { return fmt.Sprintf("%v %v", e.Time, e.Action) }

// MarshalText returns the plan as text.
func (p Plan) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Plan) UnmarshalText(text []byte) error {
	q, err := ParsePlan(string(text))
	if err == nil {
		*p = q
	}
	return err
}

// Schedule returns the plan as a fault for Config.Faults.
func (p Plan) Schedule() sim.Schedule { return sim.Schedule(p) }

// Validate reports all that is wrong with the plan, for a world of that many nodes. A valid plan of the actions of
// package sim prints to text that parses back to it.
func (p Plan) Validate(nodes int) error {
	var errs []error
	for i, e := range p {
		q := problems{law: fmt.Sprintf("Plan[%d]", i)}
		if e.Time < 0 {
			q.add("Time is %v, want 0 or later", e.Time)
		}
		if i > 0 && e.Time < p[i-1].Time {
			q.add("Time is %v, want no earlier than the entry before it, at %v", e.Time, p[i-1].Time)
		}
		q.action("Action", e.Action, nodes)
		errs = append(errs, q.errs...)
	}
	return errors.Join(errs...)
}

// Merge returns the entries of several plans as one. Of entries at the same time those of the earlier argument come
// first.
func Merge(plans ...Plan) Plan {
	all := slices.Concat(plans...)
	slices.SortStableFunc(all, func(a, b sim.At) int { return cmp.Compare(a.Time, b.Time) })
	return all
}

// Down returns how long a node is down until a time, by its crashes and recoveries: see Intervals.
func (p Plan) Down(node sim.NodeID, until sim.Time) time.Duration {
	return p.Intervals(int(node)+1, until).Down(node, until)
}

// Intervals returns when each node is down, by its crashes and recoveries before a time: a trace that a Trace replays. A
// crash inside a handler counts from the moment it is armed. A node that is down at that time is in an open interval.
func (p Plan) Intervals(nodes int, until sim.Time) Intervals {
	var list Intervals
	x := newPatients(nodes, Budget{Of: Stopped})
	open := make(map[sim.NodeID]int) // where a node's interval is in the list
	p.without(pauses).follow(x, until, func(node sim.NodeID, now sim.Time) {
		switch k, ok := open[node]; {
		case x.down[node] && !ok:
			open[node] = len(list)
			list = append(list, Interval{node, now, sim.Never})
		case !x.down[node] && ok:
			list[k].To = now
			delete(open, node)
		}
	})
	return list.inOrder()
}

// Troubles returns when each node is in trouble of a class, by the entries before a time. Whatever ails a node at once,
// or from one moment on the next, is one interval.
func (p Plan) Troubles(nodes int, until sim.Time, of Trouble) Intervals {
	var list Intervals
	x := newPatients(nodes, Budget{Of: of})
	last := make(map[sim.NodeID]int)
	p.follow(x, until, func(node sim.NodeID, now sim.Time) {
		k, ok := last[node]
		switch ill := x.ails[node] > 0; {
		case !ill && ok:
			list[k].To = now
		case ill && ok && list[k].To == now:
			list[k].To = sim.Never
		case ill && (!ok || list[k].To < now):
			last[node] = len(list)
			list = append(list, Interval{node, now, sim.Never})
		}
	})
	return list.inOrder()
}

func pauses(a sim.Action) bool {
	_, ok := a.(sim.Pause)
	return ok
}

// without returns the plan without some actions.
func (p Plan) without(some func(sim.Action) bool) Plan {
	return slices.DeleteFunc(slices.Clone(p), func(e sim.At) bool { return some(e.Action) })
}

// follow calls turned for every node that an entry before a time may have made well or unwell.
func (p Plan) follow(x *patients, until sim.Time, turned func(node sim.NodeID, now sim.Time)) {
	for _, e := range p {
		if e.Time >= until {
			return
		}
		x.turned = x.turned[:0]
		x.apply(e)
		for _, node := range x.turned {
			turned(node, e.Time)
		}
	}
}

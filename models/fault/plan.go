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

// Down returns how long a node is down until a time, by its crashes and recoveries. A crash inside a handler counts
// from the moment it is armed.
func (p Plan) Down(node sim.NodeID, until sim.Time) time.Duration {
	var sum time.Duration
	since, down := sim.Time(0), false
	for _, e := range p {
		if e.Time >= until {
			break
		}
		was := down
		switch a := e.Action.(type) {
		case sim.Crash:
			down = down || a.Node == node
		case sim.CrashDuring:
			down = down || a.Node == node
		case sim.Recover:
			down = down && a.Node != node
		}
		if down && !was {
			since = e.Time
		} else if was && !down {
			sum += e.Time.Sub(since)
		}
	}
	if down {
		sum += until.Sub(since)
	}
	return sum
}

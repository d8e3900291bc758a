package fault

import (
	"iter"

	"lightcone/sim"
)

// Trace is a law that draws nothing: it replays intervals, such as those of a log of real failures, to the nanosecond.
// What is down in the trace at the end of the window comes back then; what has not come back in the trace does not come
// back at all.
type Trace struct {
	Name      string // default: trace
	Kind      Kind   // what befalls a node in each of its intervals, of any kind but Stop
	Degree    Degree // how bad it is, for the kinds that take it
	Intervals Intervals
}

// Validate reports all that is wrong with the law.
func (l Trace) Validate(nodes int) error {
	p := problems{law: "Trace"}
	p.name(l.Name)
	p.kind(l.Kind, l.Degree, nodes)
	if err := l.Intervals.Validate(nodes); err != nil {
		p.errs = append(p.errs, err)
	}
	return p.err()
}

// Outages yields the intervals that are not over when the window begins.
func (l Trace) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		k := make(map[sim.NodeID]int)
		for _, v := range l.Intervals {
			k[v.Node]++
			if v.From >= w.Until || v.To <= w.From {
				continue
			}
			o := Outage{From: max(v.From, w.From), To: v.To, Action: strike{kind: l.Kind, degree: l.Degree}.on(w, v.Node, k[v.Node])}
			if !yield(o) {
				return
			}
		}
	}
}

func (l Trace) label() string { return or(l.Name, "trace") }

package rare

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"lightcone/models/fault"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// Map takes the times of a compressed run to those of the run that it stands for.
type Map struct {
	knots  []knot
	end    sim.Time // of the compressed run
	until  sim.Time // of the real one
	window sim.Time
}

// knot is the time of a transition, and the start of a window: compressed and real. Until the next one both run alike;
// what was cut out lies just before it.
type knot struct{ at, real sim.Time }

// Compress cuts every gap between transitions of a plan that is longer than the window down to the window; so is the
// time before the first of them, and after the last until the end. Entries at until and later are left out. The Map
// takes the times of a run under the new plan, which ends at Map.End, back to those of the old.
func Compress(plan fault.Plan, until sim.Time, window time.Duration) (fault.Plan, *Map, error) {
	var errs []error
	if window <= 0 {
		errs = append(errs, fmt.Errorf("rare: Compress: window is %v, want more than 0", window))
	}
	if until <= 0 || until == sim.Never {
		errs = append(errs, fmt.Errorf("rare: Compress: until is %v, want a time after the start", until))
	}
	m := &Map{until: until, window: sim.Time(window), knots: []knot{{0, 0}}}
	var short fault.Plan
	last := knot{}
	for i, e := range plan {
		if e.Time < last.real {
			errs = append(errs, fmt.Errorf("rare: Compress: plan[%d] is at %v, want no earlier than the entry before it, at %v", i, e.Time, last.real))
			break
		}
		if e.Time >= until {
			break
		}
		if e.Time > last.real {
			last = knot{last.at + min(m.window, e.Time-last.real), e.Time}
			m.knots = append(m.knots, last)
		}
		short = append(short, sim.At{Time: last.at, Action: e.Action})
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	m.end = last.at + min(m.window, until-last.real)
	return short, m, nil
}

// End returns when the compressed run ends.
func (m *Map) End() sim.Time { return m.end }

// Real returns the real time of a time of the compressed run. At a transition it is that of the transition: what was cut
// out just before belongs to the state in which the window ended.
func (m *Map) Real(t sim.Time) sim.Time {
	if t >= m.end {
		return m.until
	}
	k := m.knots[m.before(t)]
	return k.real + (t - k.at)
}

// before returns the place of the last knot at or before a time of the compressed run.
func (m *Map) before(t sim.Time) int {
	return sort.Search(len(m.knots), func(i int) bool { return m.knots[i].at > t }) - 1
}

// Windows returns how many gaps were cut.
func (m *Map) Windows() int {
	n := 0
	for i := range m.knots {
		if m.cut(i) {
			n++
		}
	}
	return n
}

// cut reports whether something was cut out after the i-th knot.
func (m *Map) cut(i int) bool {
	to := knot{m.end, m.until}
	if i+1 < len(m.knots) {
		to = m.knots[i+1]
	}
	return to.real-m.knots[i].real > to.at-m.knots[i].at
}

// windowEnd returns when the window that begins at the i-th knot ends, in the compressed run.
func (m *Map) windowEnd(i int) sim.Time {
	if i+1 < len(m.knots) {
		return m.knots[i+1].at
	}
	return m.end
}

// Report returns what a track of the compressed run measured, in real time.
func (m *Map) Report(r *measure.Report) *measure.Report {
	real := &measure.Report{Span: m.span(r.Span), Transient: m.span(r.Transient)}
	for _, o := range r.Outages {
		o.Span = m.span(o.Span)
		o.Blame, o.Parts = slices.Clone(o.Blame), slices.Clone(o.Parts)
		for i := range o.Blame {
			o.Blame[i].Since = m.Real(o.Blame[i].Since)
		}
		for i := range o.Parts {
			o.Parts[i].Span = m.span(o.Parts[i].Span)
		}
		real.Outages = append(real.Outages, o)
	}
	for _, n := range r.Nodes {
		real.Nodes = append(real.Nodes, measure.Node{Down: m.spans(n.Down), Paused: m.spans(n.Paused)})
	}
	return real
}

func (m *Map) span(s measure.Span) measure.Span {
	return measure.Span{From: m.Real(s.From), To: m.Real(s.To)}
}

func (m *Map) spans(list []measure.Span) []measure.Span {
	var real []measure.Span
	for _, s := range list {
		real = append(real, m.span(s))
	}
	return real
}

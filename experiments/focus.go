package experiments

import (
	"slices"

	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/trace"
)

// Bounds of what a picture of a failure shows.
const (
	focusEvents = 120
	focusAfter  = 12
	focusMost   = 400 // of a span that is longer the end is shown
)

// focus points the picture of a run that failed to where it did, unless the study has its own: the events before and a
// few after, all on one page.
func (o *Outcome) focus() {
	if p := &o.Picture; o.Trace == nil || p.From != 0 || p.To != 0 || p.Marks != nil {
		return
	}
	from, to, mark, ok := o.fell()
	events := o.Trace.Events
	if !ok || len(events) == 0 {
		return
	}
	at := func(t sim.Time) int {
		i, _ := slices.BinarySearchFunc(events, t, func(e trace.Event, t sim.Time) int { return int(min(1, max(-1, e.Time-t))) })
		return i
	}
	last := min(at(to+1)+focusAfter, len(events)) - 1
	first := max(0, last-focusEvents)
	if from > 0 {
		first = min(max(at(from)-focusAfter, last-focusMost, 0), last)
	}
	o.Picture.From, o.Picture.To = events[first].Time, events[last].Time+1
	if _, ok := o.Trace.Index(mark.id); ok {
		o.Picture.Marks = []trace.Mark{{Events: []uint64{mark.id}, Caption: mark.caption}}
	}
}

// fallen is the event after which a property fell.
type fallen struct {
	id      uint64
	caption string
}

// fell returns the time in which the first check that failed did: of a property the moment, of what clients saw that of
// the operations that show it.
func (o *Outcome) fell() (from, to sim.Time, mark fallen, ok bool) {
	for _, r := range o.Result.Properties {
		if r.Verdict == sim.Violation {
			return 0, r.Time, fallen{r.Event, r.Name + " falls"}, true
		}
	}
	if len(o.witnesses) > 0 {
		if ops := o.witnesses[0].Ops; len(ops) > 0 {
			from, to = span(ops)
			return from, to, mark, true
		}
	}
	return 0, 0, mark, false
}

// span is the time from the first invocation to the last that is known of operations.
func span(ops check.History) (from, to sim.Time) {
	from = ops[0].Invoke
	for i := range ops {
		to = max(to, ops[i].Invoke)
		if ops[i].Return != sim.Never {
			to = max(to, ops[i].Return)
		}
	}
	return from, to
}

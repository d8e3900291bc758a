package overload

import (
	"math"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
)

// Second is what happened in one second of a run.
type Second struct {
	Asked    int // operations that clients asked for
	Served   int // of these, so many were answered in time, then or later
	Attempts int // requests that left clients
	Answered int // operations that were answered in time, whenever they were asked for: the goodput
}

// Watch is an observer that counts by the second. What it calls in time is an answer within Good of when the operation
// was asked for.
type Watch struct {
	Good    time.Duration
	Seconds []Second

	open     map[operation]sim.Time // when it was asked for
	troubled bool
	from, to sim.Time // the first and the last fault
}

// operation names an operation of a client.
type operation struct {
	client sim.NodeID
	id     uint64
}

// NewWatch returns an observer for one run.
func NewWatch(good time.Duration) *Watch { return &Watch{Good: good, open: map[operation]sim.Time{}} }

// Wants says which events it needs.
func (w *Watch) Wants(k sim.Kind) bool { return k == sim.Note || k == sim.Send || k >= sim.Crashed }

// Observe counts an event.
func (w *Watch) Observe(e *sim.Event) {
	switch v := e.Value.(type) {
	case kv.Request:
		if e.Kind == sim.Send {
			w.at(e.Time).Attempts++
		}
	case kv.Invoked:
		w.open[operation{e.Node, v.ID}] = e.Time
		w.at(e.Time).Asked++
	case kv.Returned:
		w.onReturned(e, v)
	}
	if e.Kind >= sim.Crashed {
		if !w.troubled {
			w.troubled, w.from = true, e.Time
		}
		w.to = e.Time
	}
}

func (w *Watch) onReturned(e *sim.Event, v kv.Returned) {
	op := operation{e.Node, v.ID}
	asked, ok := w.open[op]
	delete(w.open, op)
	if ok && v.Outcome == check.OK && e.Time.Sub(asked) <= w.Good {
		w.at(asked).Served++
		w.at(e.Time).Answered++
	}
}

// at returns the second that a time is in.
func (w *Watch) at(t sim.Time) *Second {
	i := int(t / sim.Time(time.Second))
	for len(w.Seconds) <= i {
		w.Seconds = append(w.Seconds, Second{})
	}
	return &w.Seconds[i]
}

// Enough is the share of the operations of a second that have to be served for all to be well, and Settled for how long
// that has to be so at the end of a run that has recovered.
const (
	Enough  = 0.95
	Settled = 5 // seconds
)

// Report is what an outage did, from the first fault of a run to the last. Seconds count whole; those at the end whose
// operations may still be answered in time do not count. Shares of nothing are NaN.
type Report struct {
	Outage    bool
	From, To  sim.Time
	Before    float64       // attempts a second, in the second half of the time before the outage
	Served    [3]float64    // the share of operations served: of those asked for before the outage, during and after it
	Peak      float64       // 1 and the most retries in a second since the outage began, as a share of Before
	Amplified float64       // attempts for each operation after the outage
	Recovered bool          // Enough were served in each of the last seconds, Settled of them or more
	After     time.Duration // how long after the outage the last second ended in which fewer were; 0 if there is none
}

// Report returns what the outage did in a run that ended at a time.
func (w *Watch) Report(end sim.Time) Report {
	const second = sim.Time(time.Second)
	r := Report{Outage: w.troubled, From: w.from, To: w.to}
	judged := min(len(w.Seconds), max(0, int((end-sim.Time(w.Good))/second)))
	from, to := min(int(w.from/second), judged), min(int((w.to+second-1)/second), judged)
	if !w.troubled {
		from, to = judged, judged
	}
	before := sum(w.Seconds[from/2 : from])
	during, after := sum(w.Seconds[from:to]), sum(w.Seconds[to:judged])
	r.Before = float64(before.Attempts) / float64(from-from/2)
	r.Served = [3]float64{before.share(), during.share(), after.share()}
	r.Amplified = float64(after.Attempts) / float64(after.Asked)
	if !w.troubled {
		r.Peak = math.NaN()
		return r
	}
	last := to - 1 // the last second that is not well
	for i := from; i < judged; i++ {
		s := &w.Seconds[i]
		r.Peak = max(r.Peak, 1+float64(s.Attempts-s.Asked)/r.Before)
		if i >= to && float64(s.Served) < float64(Enough*float64(s.Asked)) {
			last = i
		}
	}
	r.Recovered = judged-1-last >= Settled
	if last >= to {
		r.After = (sim.Time(last+1) * second).Sub(w.to)
	}
	return r
}

func sum(list []Second) (t Second) {
	for _, s := range list {
		t.Asked += s.Asked
		t.Served += s.Served
		t.Attempts += s.Attempts
		t.Answered += s.Answered
	}
	return t
}

// share is the share of the operations that were served.
func (s Second) share() float64 { return float64(s.Served) / float64(s.Asked) }

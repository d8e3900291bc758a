package rare

import (
	"fmt"
	"sort"
	"time"

	"lightcone/sim"
	"lightcone/sim/measure"
)

// Quiet says how quiet the time was that a run with windows left out: whether the state in which each window ended was
// one that would have lasted.
type Quiet struct {
	Windows   int           // gaps that were cut
	Disturbed int           // of them, those in whose second half the service went up or down
	Unsettled int           // of them, those that ended while a connected majority had no leader yet
	First     sim.Time      // real time of the first window that was disturbed or unsettled; sim.Never if none was
	Timer     time.Duration // the longest timer that any process set, if it was looked at
	window    time.Duration
}

// maxDisturbed is the share of windows that may be disturbed: what happens late in one of a thousand windows would
// rarely have happened after it.
const maxDisturbed = 1e-3

// Err returns why the time that was left out cannot be taken to be quiet; nil if it can.
func (q Quiet) Err() error {
	switch {
	case q.Unsettled > 0:
		return fmt.Errorf("rare: %d of %d windows of %v end before a connected majority serves, the first of them at %v: want a longer window", q.Unsettled, q.Windows, q.window, q.First)
	case float64(q.Disturbed) > float64(maxDisturbed*float64(q.Windows)):
		return fmt.Errorf("rare: in %d of %d windows of %v the service changes in the second half, at %v first: want at most 1 in 1000, with a longer window", q.Disturbed, q.Windows, q.window, q.First)
	case q.Timer > q.window:
		return fmt.Errorf("rare: a process sets a timer of %v: want windows longer than that, which are %v", q.Timer, q.window)
	}
	return nil
}

// Quiet looks at the report of a compressed run, in its own time.
func (m *Map) Quiet(r *measure.Report) Quiet {
	q := Quiet{Windows: m.Windows(), First: sim.Never, window: time.Duration(m.window)}
	disturbed := map[int]bool{}
	for _, o := range r.Outages {
		for _, t := range []sim.Time{o.From, o.To} {
			if i := m.before(t); t > r.From && t < m.end && t != m.knots[i].at && m.cut(i) && t >= m.windowEnd(i)-m.window/2 && !disturbed[i] {
				disturbed[i] = true
				q.Disturbed++
				q.First = min(q.First, m.Real(t))
			}
		}
		for _, p := range o.Parts {
			if p.Term != measure.Failover && p.Term != measure.CatchUp {
				continue
			}
			for i := sort.Search(len(m.knots), func(i int) bool { return m.windowEnd(i) > p.From }); i < len(m.knots) && m.windowEnd(i) <= p.To; i++ {
				if m.cut(i) {
					q.Unsettled++
					q.First = min(q.First, m.Real(p.From))
				}
			}
		}
	}
	return q
}

// add adds what another world came to.
func (q *Quiet) add(o Quiet) {
	if q.window == 0 {
		q.First = sim.Never
	}
	q.window = o.window
	q.Windows += o.Windows
	q.Disturbed += o.Disturbed
	q.Unsettled += o.Unsettled
	q.First = min(q.First, o.First)
	q.Timer = max(q.Timer, o.Timer)
}

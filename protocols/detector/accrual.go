package detector

import (
	"math"
	"time"

	"lightcone/sim"
)

// intervals is the sampling window of an accrual detector: the last intervals between arrivals of heartbeats.
//
// Before the first arrival it has two, a quarter below and above the interval at which heartbeats are sent, as Akka's
// does. They go like others when the window is full.
type intervals struct {
	newest
	last sim.Local // the latest arrival, at first the start
	seen []time.Duration
	next int
}

func newIntervals(start sim.Local, eta time.Duration, n int) intervals {
	w := intervals{last: start, seen: make([]time.Duration, 0, n)}
	if n > 1 {
		w.count(eta - eta/4)
		w.count(eta + eta/4)
	} else {
		w.count(eta)
	}
	return w
}

// heartbeat reports whether h is a new arrival. What lies between two lives of a node is no interval.
func (w *intervals) heartbeat(h Heartbeat, at sim.Local) bool {
	newer, first := w.take(h)
	if !newer {
		return false
	}
	if !first {
		w.count(at.Sub(w.last))
	}
	w.last = at
	return true
}

func (w *intervals) count(d time.Duration) {
	if len(w.seen) < cap(w.seen) {
		w.seen = append(w.seen, d)
		return
	}
	w.seen[w.next] = d
	w.next = (w.next + 1) % len(w.seen)
}

// moments returns the mean of the window and its standard deviation, in nanoseconds: that of the window itself, as of a
// population.
func (w *intervals) moments() (mean, sd float64) {
	n := float64(len(w.seen))
	var sum time.Duration
	for _, d := range w.seen {
		sum += d
	}
	mean = float64(sum) / n
	squares := 0.0
	for _, d := range w.seen {
		e := float64(d) - mean
		squares += float64(e * e)
	}
	return mean, math.Sqrt(squares / n)
}

func (w intervals) clone() intervals {
	w.seen = append(make([]time.Duration, 0, cap(w.seen)), w.seen...)
	return w
}

// Normal is the monitor of Phi (Hayashibara, Defago, Yared and Katayama 2004, section 4).
type Normal struct {
	intervals
	score    float64 // the normal quantile at which the threshold is reached
	minSD    float64
	mean, sd float64
	deadline sim.Local
}

// NewNormal returns a monitor over a window of n intervals that suspects when phi is above threshold.
func NewNormal(start sim.Local, eta time.Duration, n int, threshold float64, minSD time.Duration) *Normal {
	m := &Normal{intervals: newIntervals(start, eta, n), score: NormalScore(threshold), minSD: float64(minSD)}
	m.fit()
	return m
}

// fit takes the moments of the window, and from them the deadline.
func (m *Normal) fit() {
	m.mean, m.sd = m.moments()
	m.sd = max(m.sd, m.minSD)
	m.deadline = later(m.last, ceil(m.mean+float64(m.score*m.sd)))
}

// Heartbeat fits the law anew.
func (m *Normal) Heartbeat(h Heartbeat, at sim.Local) {
	if m.heartbeat(h, at) {
		m.fit()
	}
}

// Phi returns the level of suspicion. Without any spread in the window it is 0 up to the mean, and infinite after it.
func (m *Normal) Phi(now sim.Local) float64 {
	late := float64(now-m.last) - m.mean
	switch {
	case m.sd > 0:
		return NormalLevel(late / m.sd)
	case late > 0:
		return math.Inf(1)
	}
	return 0
}

// Deadline is when phi reaches the threshold.
func (m *Normal) Deadline() sim.Local { return m.deadline }

// Clone returns an independent copy.
func (m *Normal) Clone() Monitor {
	c := *m
	c.intervals = m.intervals.clone()
	return &c
}

// Exponential is the monitor of PhiExponential: a silence of t has probability exp(-t/mean), so that phi grows in
// proportion to it.
type Exponential struct {
	intervals
	threshold float64
	mean      float64
	deadline  sim.Local
}

// NewExponential returns a monitor over a window of n intervals that suspects when phi is above threshold.
func NewExponential(start sim.Local, eta time.Duration, n int, threshold float64) *Exponential {
	m := &Exponential{intervals: newIntervals(start, eta, n), threshold: threshold}
	m.fit()
	return m
}

func (m *Exponential) fit() {
	m.mean, _ = m.moments()
	m.deadline = later(m.last, ceil(float64(m.threshold*math.Ln10*m.mean)))
}

// Heartbeat fits the law anew.
func (m *Exponential) Heartbeat(h Heartbeat, at sim.Local) {
	if m.heartbeat(h, at) {
		m.fit()
	}
}

// Phi returns the level of suspicion.
func (m *Exponential) Phi(now sim.Local) float64 {
	return float64(now-m.last) / m.mean / math.Ln10
}

// Deadline is when phi reaches the threshold.
func (m *Exponential) Deadline() sim.Local { return m.deadline }

// Clone returns an independent copy.
func (m *Exponential) Clone() Monitor {
	c := *m
	c.intervals = m.intervals.clone()
	return &c
}

// ceil rounds a number of nanoseconds up, within what a duration holds.
func ceil(ns float64) time.Duration {
	if ns >= float64(longest)*100 {
		return longest * 100
	}
	return time.Duration(math.Ceil(ns))
}

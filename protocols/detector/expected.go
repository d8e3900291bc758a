package detector

import (
	"math"
	"time"

	"lightcone/sim"
)

// Expected is the monitor of NFDE (Chen, Toueg and Aguilera 2002, figure 9 and section 6.3). Heartbeat i is good until
// alpha after the expected arrival EA of heartbeat i+1. The sender's clock is not known, so that EA is estimated from
// the last n arrivals A of heartbeats s:
//
//	EA(i+1) = (i+1)*eta + mean of (A - s*eta)
//
// Every arrival counts for the mean, that of an overtaken heartbeat too.
type Expected struct {
	newest
	eta, alpha time.Duration
	window     []arrival // of the last heartbeats, a ring
	next       int       // where the next one goes
	base       sim.Local // what all late are counted from: A - s*eta of the first one
	sum        sim.Local // of late
	deadline   sim.Local
}

// arrival is a heartbeat and by how much A - s*eta exceeds the base.
type arrival struct {
	seq  int64
	late sim.Local
}

// NewExpected returns a monitor over a window of n heartbeats. It trusts at first as if a heartbeat was expected now.
func NewExpected(start sim.Local, eta, alpha time.Duration, n int) *Expected {
	return &Expected{eta: eta, alpha: alpha, window: make([]arrival, 0, n), deadline: later(later(start, eta), alpha)}
}

// Heartbeat counts the arrival and, of a newer heartbeat, puts off the deadline.
func (m *Expected) Heartbeat(h Heartbeat, at sim.Local) {
	newer, first := m.take(h)
	if h.Incarnation != m.last.Incarnation {
		return
	}
	offset := at - sim.Local(h.Seq*int64(m.eta))
	if first {
		m.window, m.next, m.sum, m.base = m.window[:0], 0, 0, offset
	}
	m.count(arrival{h.Seq, offset - m.base})
	if newer {
		m.deadline = later(m.Arrival(h.Seq+1), m.alpha)
	}
}

// count puts an arrival in the window.
func (m *Expected) count(a arrival) {
	if len(m.window) < cap(m.window) {
		m.window = append(m.window, a)
	} else {
		m.sum -= m.window[m.next].late
		m.window[m.next] = a
		m.next = (m.next + 1) % len(m.window)
	}
	m.sum += a.late
}

// Arrival returns when heartbeat i is expected, once there has been one.
func (m *Expected) Arrival(i int64) sim.Local {
	mean := floorDiv(int64(m.sum), int64(max(1, len(m.window))))
	return m.base + sim.Local(mean) + sim.Local(i*int64(m.eta))
}

// Estimate returns what the window says of the link: the share of heartbeats that are missing among its numbers, and the
// variance of the delays in seconds squared (section 5.2, and 6.2). It is what Requirements.NFDU asks for, so that a
// detector can be configured anew when the link changes. A mean delay cannot be known from one clock's arrivals. Both are
// NaN for less than two arrivals.
func (m *Expected) Estimate() (loss, variance float64) {
	n := len(m.window)
	if n < 2 {
		return math.NaN(), math.NaN()
	}
	first, last := m.window[0].seq, m.window[0].seq
	mean, squares := float64(m.sum)/float64(n), 0.0
	for _, a := range m.window {
		first, last = min(first, a.seq), max(last, a.seq)
		e := (float64(a.late) - mean) / 1e9
		squares += float64(e * e)
	}
	return max(0, 1-float64(n)/float64(last-first+1)), squares / float64(n-1)
}

// Deadline is alpha after the expected arrival of the heartbeat after the newest.
func (m *Expected) Deadline() sim.Local { return m.deadline }

// Clone returns an independent copy.
func (m *Expected) Clone() Monitor {
	c := *m
	c.window = append(make([]arrival, 0, cap(m.window)), m.window...)
	return &c
}

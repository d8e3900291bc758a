package detector

import (
	"slices"
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
	late       []sim.Local // A - s*eta - base of the last heartbeats, a ring
	next       int         // where the next one goes
	base       sim.Local   // that of the first one
	sum        sim.Local
	deadline   sim.Local
}

// NewExpected returns a monitor over a window of n heartbeats. It trusts at first as if a heartbeat was expected now.
func NewExpected(start sim.Local, eta, alpha time.Duration, n int) *Expected {
	return &Expected{eta: eta, alpha: alpha, late: make([]sim.Local, 0, n), deadline: later(later(start, eta), alpha)}
}

// Heartbeat counts the arrival and, of a newer heartbeat, puts off the deadline.
func (m *Expected) Heartbeat(h Heartbeat, at sim.Local) {
	newer, first := m.take(h)
	if h.Incarnation != m.last.Incarnation {
		return
	}
	offset := at - sim.Local(h.Seq*int64(m.eta))
	if first {
		m.late, m.next, m.sum, m.base = m.late[:0], 0, 0, offset
	}
	m.count(offset - m.base)
	if newer {
		m.deadline = later(m.Arrival(h.Seq+1), m.alpha)
	}
}

// count puts an arrival in the window.
func (m *Expected) count(late sim.Local) {
	if len(m.late) < cap(m.late) {
		m.late = append(m.late, late)
	} else {
		m.sum -= m.late[m.next]
		m.late[m.next] = late
		m.next = (m.next + 1) % len(m.late)
	}
	m.sum += late
}

// Arrival returns when heartbeat i is expected, once there has been one.
func (m *Expected) Arrival(i int64) sim.Local {
	mean := floorDiv(int64(m.sum), int64(max(1, len(m.late))))
	return m.base + sim.Local(mean) + sim.Local(i*int64(m.eta))
}

// Deadline is alpha after the expected arrival of the heartbeat after the newest.
func (m *Expected) Deadline() sim.Local { return m.deadline }

// Clone returns an independent copy.
func (m *Expected) Clone() Monitor {
	c := *m
	c.late = append(make([]sim.Local, 0, cap(m.late)), slices.Clone(m.late)...)
	return &c
}

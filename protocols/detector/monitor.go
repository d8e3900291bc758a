package detector

import (
	"math/bits"
	"time"

	"lightcone/sim"
)

// Monitor is the arithmetic of a failure detector, without the messages and timers: what the heartbeats of one node say
// about how long it is trusted. It is a pure state machine, and times are those of the monitoring node's clock.
//
// All algorithms here are of one form, and differ in one number. The node is trusted up to the deadline, that instant
// included, and suspected after it; only a heartbeat moves the deadline.
type Monitor interface {
	// Heartbeat tells it that a heartbeat arrived. Times of arrival do not decrease.
	Heartbeat(h Heartbeat, at sim.Local)
	// Deadline returns until when the node is trusted unless another heartbeat comes.
	Deadline() sim.Local
	// Clone returns an independent copy.
	Clone() Monitor
}

// Accrual is a Monitor that also says how much it suspects.
type Accrual interface {
	Monitor
	// Phi returns the level of suspicion at a time not before the last heartbeat: -log10 of the probability, by the law
	// fitted to the heartbeats so far, that a live node is silent for so long.
	Phi(now sim.Local) float64
}

// newest is the newest heartbeat so far: that of the latest incarnation with the highest number.
type newest struct {
	any  bool
	last Heartbeat
}

// take reports whether h is newer than all before, and whether it is the first of its incarnation.
func (n *newest) take(h Heartbeat) (newer, first bool) {
	first = !n.any || h.Incarnation > n.last.Incarnation
	newer = first || h.Incarnation == n.last.Incarnation && h.Seq > n.last.Seq
	if newer {
		n.any, n.last = true, h
	}
	return newer, first
}

// Plain is the monitor of Timeout and of Growing.
type Plain struct {
	newest
	Timeout  time.Duration // after the last heartbeat
	step     time.Duration
	deadline sim.Local
}

// NewTimeout returns a monitor that suspects after a silence longer than timeout. A mistake, which is a heartbeat after
// the deadline of a node that was not started anew, adds step to the timeout.
func NewTimeout(start sim.Local, timeout, step time.Duration) *Plain {
	return &Plain{Timeout: timeout, step: step, deadline: later(start, timeout)}
}

// Heartbeat grants another timeout.
func (m *Plain) Heartbeat(h Heartbeat, at sim.Local) {
	before := m.any
	newer, first := m.take(h)
	if !newer {
		return
	}
	if mistake := at > m.deadline && !(first && before); mistake {
		m.Timeout = min(m.Timeout+m.step, longest)
	}
	m.deadline = later(at, m.Timeout)
}

// Deadline is a timeout after the last heartbeat.
func (m *Plain) Deadline() sim.Local { return m.deadline }

// Clone returns an independent copy.
func (m *Plain) Clone() Monitor {
	c := *m
	return &c
}

// later adds a duration to a time of a clock, up to the end of time.
func later(t sim.Local, d time.Duration) sim.Local {
	if u := t + sim.Local(d); d < 0 || u >= t {
		return u
	}
	return 1<<63 - 1
}

// floorDiv returns a/b rounded down, for b above 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// mulDiv returns a*b/c and the remainder; the largest quotient if it does not fit.
func mulDiv(a, b, c uint64) (quotient, remainder uint64) {
	hi, lo := bits.Mul64(a, b)
	if hi >= c {
		return 1<<64 - 1, 0
	}
	return bits.Div64(hi, lo, c)
}

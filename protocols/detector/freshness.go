package detector

import (
	"time"

	"lightcone/sim"
)

// Freshness is the monitor of NFDS and of Ping (Chen, Toueg and Aguilera 2002, figure 6). Heartbeat i leaves at
// origin + i*eta, by the monitor's own clock; its freshness point tau_i is delta later; and from tau_i to tau_(i+1) the
// node is trusted if a heartbeat i or later has come. So heartbeat i is good until tau_(i+1), however long it took.
type Freshness struct {
	newest
	origin     sim.Local
	eta, delta time.Duration
	deadline   sim.Local
}

// NewFreshness returns a monitor that starts at start, and trusts until the freshness point of the first heartbeat that
// leaves at start or later.
func NewFreshness(origin, start sim.Local, eta, delta time.Duration) *Freshness {
	m := &Freshness{origin: origin, eta: eta, delta: delta}
	m.deadline = m.point(-floorDiv(-int64(start-origin), int64(eta)))
	return m
}

// point returns tau_i.
func (m *Freshness) point(i int64) sim.Local {
	return later(m.origin+sim.Local(i*int64(m.eta)), m.delta)
}

// Heartbeat puts the deadline to the freshness point after that of the heartbeat.
func (m *Freshness) Heartbeat(h Heartbeat, _ sim.Local) {
	if newer, _ := m.take(h); newer {
		m.deadline = max(m.deadline, m.point(h.Seq+1))
	}
}

// Deadline is the next freshness point at which the newest heartbeat is too old.
func (m *Freshness) Deadline() sim.Local { return m.deadline }

// Clone returns an independent copy.
func (m *Freshness) Clone() Monitor {
	c := *m
	return &c
}

package hlc

import (
	"fmt"

	"lightcone/sim"
)

// Timestamp is the hybrid logical time of an event: L, the greatest wall reading in its causal past, and C, which
// counts the events of one L.
type Timestamp struct {
	L sim.Local
	C uint64
}

// Before orders timestamps lexicographically. If e happened before f, then e's is before f's.
func (t Timestamp) Before(u Timestamp) bool {
	if t.L != u.L {
		return t.L < u.L
	}
	return t.C < u.C
}

func (t Timestamp) String() string { return fmt.Sprintf("%v+%d", t.L, t.C) }

// Clock is the hybrid clock of process j: l.j and c.j. The zero Clock has seen no event.
//
// Figure 5 begins with l.j = 0, which is below all that a clock shows that counts from an epoch. A simulated wall clock
// can show less than 0, so here l.j begins below everything.
type Clock struct {
	now     Timestamp
	started bool
}

// Last returns the timestamp of the last event; the zero Timestamp if there was none.
func (c *Clock) Last() Timestamp { return c.now }

// Restore sets the clock to the timestamp of the last event before a crash, as it was stored.
func (c *Clock) Restore(last Timestamp) { c.now, c.started = last, true }

// Tick stamps a local event or the sending of a message, when the wall clock shows pt (figure 5, "Send or local
// event").
func (c *Clock) Tick(pt sim.Local) Timestamp {
	if !c.started || pt > c.now.L {
		return c.set(pt, 0)
	}
	return c.set(c.now.L, c.now.C+1)
}

// Receive stamps the receipt of a message that carries m, when the wall clock shows pt (figure 5, "Receive event of
// message m").
func (c *Clock) Receive(pt sim.Local, m Timestamp) Timestamp {
	before := c.now
	if !c.started {
		before = Timestamp{L: min(pt, m.L) - 1}
	}
	l := max(before.L, m.L, pt)
	switch {
	case l == before.L && l == m.L:
		return c.set(l, max(before.C, m.C)+1)
	case l == before.L:
		return c.set(l, before.C+1)
	case l == m.L:
		return c.set(l, m.C+1)
	}
	return c.set(l, 0)
}

func (c *Clock) set(l sim.Local, n uint64) Timestamp {
	c.now, c.started = Timestamp{l, n}, true
	return c.now
}

package lamport

import (
	"fmt"

	"lightcone/sim"
)

// Time is what a logical clock shows: a number of no unit, C(a) of the paper.
type Time uint64

// Clock is the logical clock C_i of one process. The zero Clock has seen no event.
type Clock struct{ time Time }

// Now returns the time of the last event.
func (c *Clock) Now() Time { return c.time }

// Restore sets the clock to the time of the last event before a crash, as it was stored.
func (c *Clock) Restore(last Time) { c.time = last }

// Tick stamps an event inside the process: the clock advances between any two successive events (IR1).
func (c *Clock) Tick() Time {
	c.time++
	return c.time
}

// Send stamps the sending of a message m, which carries the stamp as T_m (IR2 a).
func (c *Clock) Send() Time { return c.Tick() }

// Receive stamps the receipt of a message with T_m: the clock becomes at least what it was and more than T_m (IR2 b).
func (c *Clock) Receive(tm Time) Time {
	c.time = max(c.time, tm)
	return c.Tick()
}

// Stamp is the time of an event and the process that it happened in. No two events have the same.
type Stamp struct {
	Time Time
	Node sim.NodeID
}

// Before is the total order => of the events of a system: by time, then by process.
func (s Stamp) Before(t Stamp) bool {
	if s.Time != t.Time {
		return s.Time < t.Time
	}
	return s.Node < t.Node
}

func (s Stamp) String() string { return fmt.Sprintf("%d@%v", s.Time, s.Node) }

package vector

import (
	"slices"

	"lightcone/sim"
)

// Clock is the vector clock of one process. The stamps that it returns are copies.
type Clock struct {
	id   sim.NodeID
	time Vector
}

// NewClock returns the clock of process id among nodes processes, which has seen no event.
func NewClock(id sim.NodeID, nodes int) *Clock { return &Clock{id: id, time: make(Vector, nodes)} }

// Tick stamps an event inside the process: its own component advances.
func (c *Clock) Tick() Vector {
	c.time[c.id]++
	return slices.Clone(c.time)
}

// Send stamps the sending of a message, which carries the stamp.
func (c *Clock) Send() Vector { return c.Tick() }

// Receive stamps the receipt of a message that carries m: first all that m knows is known here too, then the own
// component advances.
func (c *Clock) Receive(m Vector) Vector {
	c.time = c.time.Merge(m)
	return c.Tick()
}

// Restore sets the clock to the time of the last event before a crash, as it was stored.
func (c *Clock) Restore(last Vector) { c.time = slices.Clone(last) }

// Clone returns an independent copy.
func (c *Clock) Clone() *Clock { return &Clock{c.id, slices.Clone(c.time)} }

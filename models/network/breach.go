package network

import (
	"fmt"

	"lightcone/sim"
)

// Breach is a message that broke a claim.
type Breach struct {
	Claim     Claim
	Message   sim.MessageName
	Sent      sim.Time
	Due       sim.Time  // sim.Never: the claim has no bound
	Arrived   sim.Time  // sim.Never: it did not
	Cause     sim.Cause // why the network lost a copy of it, sim.Delivered if it did not
	Overtaker uint64    // FIFO: the record of the sending of the later message that overtook it; else 0

	record uint64 // of its sending
}

// Error names the message, when it was sent, what became of it, and what the claim wants.
func (b *Breach) Error() string {
	return fmt.Sprintf("network: %v, sent at %v, %s: the run was not %v", b.Message, b.Sent, b.fate(), b.Claim)
}

// arrived adds to the breach of a message that was overdue when it came after all.
func (b *Breach) arrived(m *certified, now sim.Time) {
	if b.record == m.record && b.Arrived == sim.Never {
		b.Arrived = now
	}
}

func (b *Breach) fate() string {
	switch {
	case b.Overtaker != 0:
		return fmt.Sprintf("arrived at %v, want it before the message sent in event %d", b.Arrived, b.Overtaker)
	case b.Arrived != sim.Never:
		return fmt.Sprintf("arrived at %v, want %s", b.Arrived, b.want())
	case b.Cause != sim.Delivered:
		return fmt.Sprintf("was lost (%v), want it delivered %s", b.Cause, b.want())
	}
	return fmt.Sprintf("did not arrive, want it %s", b.want())
}

func (b *Breach) want() string {
	if b.Due == sim.Never {
		return "some time"
	}
	return fmt.Sprintf("by %v", b.Due)
}

// Tally counts what a Certifier has seen.
type Tally struct {
	Sent    int // messages
	Arrived int // of these, with at least one copy
	Excused int // did not arrive, as the claim allows or by a failure of a process
	Open    int // neither: on the way, waiting at a paused node, or in breach
}

// Tally returns the counts so far.
func (c *Certifier) Tally() Tally {
	t := Tally{Sent: len(c.sent)}
	for i := range c.sent {
		switch m := &c.sent[i]; {
		case m.arrived:
			t.Arrived++
		case m.excused:
			t.Excused++
		default:
			t.Open++
		}
	}
	return t
}

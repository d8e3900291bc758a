package network

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// Certifier is an Observer that certifies a run: that the network kept a Claim, or else which message was the first
// that broke it.
//
//	model := network.Synchronous{Inner: network.LAN(), Delta: time.Second}
//	certifier := network.NewCertifier(model.Claim())
//	... run a world with Network: model, Observers: {certifier}, ending at end ...
//	err := certifier.Err(end) // nil, or a *Breach
//
// Each delivery must come within the bound, and every message that fell due before the end must have come; none may be
// lost unless the claim allows it; with FIFO, none may be overtaken by a later one of its link.
//
// Failures of processes are not the network's: a message is excused if its receiver was down or either end omitted it,
// and one that arrives at a paused receiver waits without blame until that resumes. A partition is the network's: what
// it loses breaks the claim. So does what an edit of the run removes.
//
// A certifier serves one run, and takes 40 bytes for each message of it.
type Certifier struct {
	claim     Claim
	sent      []certified // in the order of their records
	judged    int         // the first so many of sent have fallen due and been judged
	pauses    []pause     // by node
	delivered map[link]uint64
	breach    *Breach
}

// certified is what is known of one message.
type certified struct {
	record   uint64 // of its sending
	at       sim.Time
	k        uint64
	from, to sim.NodeID
	lost     sim.Cause // why the network lost a copy, if it did
	arrived  bool      // a copy did
	excused  bool      // a copy was lost that may be
}

// pause is the latest pause of a node.
type pause struct {
	now   bool
	until sim.Time // when the one before ended
}

// NewCertifier returns a certifier for one run.
func NewCertifier(c Claim) *Certifier {
	return &Certifier{claim: c, delivered: make(map[link]uint64)}
}

// Property is the claim as a property of the world: a run ends at its first breach. Err still is needed after the run.
func (c *Certifier) Property() sim.Property {
	check := func(sim.View) error { return c.verdict() }
	return sim.Property{Name: c.claim.String(), Mode: sim.Always, Check: check}
}

// Observe takes note of an event.
func (c *Certifier) Observe(e *sim.Event) {
	c.judge(e.Time)
	switch e.Kind {
	case sim.Send:
		c.sent = append(c.sent, certified{record: e.ID, at: e.Time, k: e.K, from: e.From, to: e.To})
	case sim.Deliver:
		c.onDeliver(e)
	case sim.Drop:
		c.onDrop(e)
	case sim.Paused:
		c.pause(e.Node).now = true
	case sim.Crashed:
		c.pause(e.Node).now = false
	case sim.Resumed:
		*c.pause(e.Node) = pause{until: e.Time}
	}
}

func (c *Certifier) onDeliver(e *sim.Event) {
	m := c.find(e.Link)
	if m == nil {
		return
	}
	m.arrived = true
	if due := c.claim.Due(m.at); e.Time > due && c.pause(m.to).until != e.Time {
		c.breaks(m, e.Time, 0)
		c.breach.arrived(m, e.Time)
	}
	if c.claim.FIFO {
		c.inOrder(m, e.Time)
	}
}

// inOrder checks that no message sent later arrived earlier on the link.
func (c *Certifier) inOrder(m *certified, now sim.Time) {
	l := link{m.from, m.to}
	if last := c.delivered[l]; last > m.record {
		c.breaks(m, now, last)
		return
	}
	c.delivered[l] = m.record
}

func (c *Certifier) onDrop(e *sim.Event) {
	m := c.find(e.Link)
	switch {
	case m == nil:
	case e.Cause == sim.Dead || e.Cause == sim.Omission:
		m.excused = true
	case c.claim.EarlyLoss && m.at < c.claim.GST:
		m.excused = true
	default:
		m.lost = e.Cause
	}
}

// judge passes judgement on what fell due before now. It comes before every event is looked at, so that what was
// overdue when a pause began has been judged by then.
func (c *Certifier) judge(now sim.Time) {
	for ; c.judged < len(c.sent); c.judged++ {
		m := &c.sent[c.judged]
		if c.claim.Due(m.at) >= now {
			return
		}
		waits := c.pause(m.to).now && m.lost == sim.Delivered // settled by its delivery, or by Err
		if !m.arrived && !m.excused && !waits {
			c.breaks(m, sim.Never, 0)
		}
	}
}

// Err returns the certificate of a run that ended at the given time: nil, or the first *Breach.
func (c *Certifier) Err(end sim.Time) error {
	c.judge(end)
	for i := range c.sent {
		m := &c.sent[i]
		overdue := i < c.judged && !c.pause(m.to).now
		if !m.arrived && !m.excused && (overdue || m.lost != sim.Delivered) {
			c.breaks(m, sim.Never, 0)
		}
	}
	return c.verdict()
}

// verdict avoids an error that holds a nil *Breach.
func (c *Certifier) verdict() error {
	if c.breach == nil {
		return nil
	}
	return c.breach
}

// breaks notes a breach, if it is the first.
func (c *Certifier) breaks(m *certified, arrived sim.Time, overtaker uint64) {
	if c.breach != nil {
		return
	}
	c.breach = &Breach{
		Claim:   c.claim,
		Message: sim.MessageName{From: m.from, To: m.to, K: m.k},
		Sent:    m.at, Arrived: arrived, Due: c.claim.Due(m.at),
		Cause: m.lost, Overtaker: overtaker,
		record: m.record,
	}
}

func (c *Certifier) find(record uint64) *certified {
	i, ok := slices.BinarySearchFunc(c.sent, record, func(m certified, r uint64) int { return cmp.Compare(m.record, r) })
	if !ok {
		return nil
	}
	return &c.sent[i]
}

func (c *Certifier) pause(node sim.NodeID) *pause {
	for int(node) >= len(c.pauses) {
		c.pauses = append(c.pauses, pause{})
	}
	return &c.pauses[node]
}

package kv

import (
	"fmt"
	"maps"
	"slices"

	"lightcone/sim"
)

// Counts are what happened to a client in this life.
type Counts struct {
	Asked, OK, Failed, Unknown int // operations; those that are missing in the sum are under way
	Attempts                   int // requests sent, registrations, redirects and hedges included
	Redirects                  int // requests sent because a server named the leader
	Hedges                     int // requests sent to a second server
	Registrations              int // sessions asked for
	Expired                    int // operations whose session was not known any more
	Throttled                  int // retries and hedges that the budget did not allow
	Late                       int // replies that came after their operation had ended
}

// Add returns the sum of two counts.
func (a Counts) Add(b Counts) Counts {
	a.Asked += b.Asked
	a.OK += b.OK
	a.Failed += b.Failed
	a.Unknown += b.Unknown
	a.Attempts += b.Attempts
	a.Redirects += b.Redirects
	a.Hedges += b.Hedges
	a.Registrations += b.Registrations
	a.Expired += b.Expired
	a.Throttled += b.Throttled
	a.Late += b.Late
	return a
}

// CountsOf returns the sum of the counts of all clients that are up.
func CountsOf(v sim.View) Counts {
	var sum Counts
	for id := range sim.NodeID(v.Nodes()) {
		if c, ok := v.Process(id).(*Client); ok {
			sum = sum.Add(c.Counts)
		}
	}
	return sum
}

// Clone returns an independent copy.
func (c *Client) Clone() sim.Process {
	d := *c
	d.Latencies = slices.Clone(c.Latencies)
	d.contacts = slices.Clone(c.contacts)
	d.lanes = slices.Clone(c.lanes)
	d.queue = slices.Clone(c.queue)
	d.seen = maps.Clone(c.seen)
	return &d
}

// Badge says how many operations are under way, and whom the first of them is with.
func (c *Client) Badge() (role, text string) {
	n := c.underWay()
	if n == 0 {
		return "client", "idle"
	}
	for i := range c.lanes {
		l := &c.lanes[i]
		switch {
		case !l.busy:
			continue
		case n > 1:
			return "client", fmt.Sprintf("%d under way", n)
		case l.call.waiting:
			return "client", "backs off"
		}
		return "client", fmt.Sprintf("asks %v", l.call.target)
	}
	return "client", "idle"
}

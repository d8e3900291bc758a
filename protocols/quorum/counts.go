package quorum

import "lightcone/sim"

// Counts is what a server has counted since it last started.
type Counts struct {
	Gets, Puts     int // answered OK
	Unavailable    int // requests that the server could not serve
	Uncertain      int // writes that may or may not take effect
	Repaired       int // replicas' entries that a read brought up to date
	HintsKept      int // versions that were kept for another server
	HintsDelivered int // and reached it
	Siblings       int // reads that found more than one version
	Syncs          int // comparisons of Merkle trees that were begun
	Compared       int // nodes of Merkle trees that were sent
	Exchanged      int // entries that anti-entropy sent
	Mended         int // entries that anti-entropy changed
	Collected      int // tombstones that were thrown away
}

func (c *Counts) add(d Counts) {
	c.Gets += d.Gets
	c.Puts += d.Puts
	c.Unavailable += d.Unavailable
	c.Uncertain += d.Uncertain
	c.Repaired += d.Repaired
	c.HintsKept += d.HintsKept
	c.HintsDelivered += d.HintsDelivered
	c.Siblings += d.Siblings
	c.Syncs += d.Syncs
	c.Compared += d.Compared
	c.Exchanged += d.Exchanged
	c.Mended += d.Mended
	c.Collected += d.Collected
}

// CountsOf sums up what the servers that are up have counted.
func CountsOf(v sim.View) Counts {
	var c Counts
	for id := range sim.NodeID(v.Nodes()) {
		if r := replicaOn(v, id); r != nil {
			c.add(r.Counts)
		}
	}
	return c
}

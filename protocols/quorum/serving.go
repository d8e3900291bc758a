package quorum

import "lightcone/sim"

// Serving reports whether a read and a write of any key, asked for now at the right server, would be answered, if
// everything stayed as it is: some server reaches, both ways, a read and a write quorum of the replicas of every key.
// Where stand-ins count (Sloppy), the next servers that it reaches take the places of replicas that it does not.
func (c Config) Serving(v sim.View) bool {
	r := c.ring()
	for id := range sim.NodeID(c.Servers) {
		if v.Works(id) && c.coordinates(v, r, id) {
			return true
		}
	}
	return false
}

func (c Config) coordinates(v sim.View, r ring, id sim.NodeID) bool {
	for span := range r.ranges {
		var got Set
		spare := 0
		for i := range r.servers {
			switch reached := v.Reaches(id, r.server(span, i)); {
			case reached && i < r.replicas:
				got = got.With(i)
			case reached && c.Sloppy:
				spare++
			}
		}
		for i := 0; i < r.replicas && spare > 0; i++ {
			if !got.Has(i) {
				got = got.With(i)
				spare--
			}
		}
		if !c.Quorums.Read(got) || !c.Quorums.Write(got) {
			return false
		}
	}
	return true
}

// Serving reports whether a read of any client and a write of any client, asked for now at the right server, would be
// answered, if everything stayed as it is: some server reaches, both ways, a read and a write quorum, and so does every
// server to which the writes of some client are bound (SingleWriter: server 0; Home: all of them).
func (c ABDConfig) Serving(v sim.View) bool {
	c = c.withDefaults()
	some, all := false, true
	for id := range sim.NodeID(c.Servers) {
		can := c.coordinates(v, id)
		some = some || can
		all = all && can
	}
	switch {
	case c.Home:
		return all
	case c.SingleWriter:
		return some && c.coordinates(v, 0)
	}
	return some
}

func (c ABDConfig) coordinates(v sim.View, id sim.NodeID) bool {
	if !v.Works(id) {
		return false
	}
	var got Set
	for other := range sim.NodeID(c.Servers) {
		if v.Reaches(id, other) {
			got = got.With(int(other))
		}
	}
	return c.Quorums.Read(got) && c.Quorums.Write(got)
}

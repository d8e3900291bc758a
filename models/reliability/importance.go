package reliability

import "math"

// Importance says how much one part matters to the system. What is relative to the unavailability of the system is NaN
// if that is 0.
type Importance struct {
	Part int // its index in Parts
	// Birnbaum is the probability that the system works if the part does, and does not if the part does not: the
	// derivative of the unavailability by that of the part.
	Birnbaum float64
	// Criticality is the probability that the part is down and the system would work if it were not, given that the
	// system is down (Lambert 1975).
	Criticality float64
	// FussellVesely is the probability that a minimal cut set with the part in it is down as a whole, given that the
	// system is down (Fussell 1975, Vesely), computed exactly. NaN if that takes too large a decision diagram.
	FussellVesely float64
	// RAW and RRW are the risk achievement and the risk reduction worth (Vesely, Davis, Denning and Saltos 1983): by what
	// factor the unavailability grows if the part is down for sure, and by what it falls if the part is always up.
	RAW, RRW float64
}

// Importance returns the importance of each part, in the order of Parts.
func (d *Diagram) Importance() ([]Importance, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return nil, err
	}
	return c.importance(), nil
}

func (c *decisions) importance() []Importance {
	down, up := c.probabilities()
	system := down[c.root]
	birnbaum := c.birnbaum(down, up)
	list := make([]Importance, len(c.parts))
	for i := range list {
		p, q := c.p[c.level[i]], c.q[c.level[i]]
		b := birnbaum[i]
		list[i] = Importance{Part: i, Birnbaum: b, Criticality: min(b*q/system, 1), RAW: (system + float64(p*b)) / system,
			RRW: system / c.without(i, down, b)}
	}
	c.fussellVesely(list, system)
	return list
}

// without returns the unavailability if part i were always up: by subtraction if that leaves most digits.
func (c *decisions) without(i int, down []float64, birnbaum float64) float64 {
	level := c.level[i]
	if less := down[c.root] - float64(birnbaum*c.q[level]); less > down[c.root]/4 {
		return less
	}
	p, q := c.p[level], c.q[level]
	c.p[level], c.q[level] = 1, 0
	down, _ = c.probabilities()
	c.p[level], c.q[level] = p, q
	return down[c.root]
}

// fussellVesely computes of each part the probability that a minimal cut set with it is down. A set of parts that are
// down has one if some of them, without the part, do not bring the system down and with it do. So this is the closure,
// towards more parts that are down, of the states in which the part is critical.
func (c *decisions) fussellVesely(list []Importance, system float64) {
	nodes, limit := len(c.nodes), c.limit
	c.limit, c.steps = min(maxNodes, 1<<18+8*nodes), 0
	defer func() { c.limit, c.full = limit, false }()
	cl := closure{c.bdd, map[[2]int32]int32{}}
	events, scratch := make([]int32, len(list)), make([]int32, c.root+1)
	for i := range list {
		events[i] = cl.ofPart(c.level[i], scratch)
		if c.full {
			events[i] = -1
		}
	}
	_, up := c.probabilities()
	for i, e := range events {
		list[i].FussellVesely = math.NaN()
		if e >= 0 {
			list[i].FussellVesely = c.q[c.level[i]] * up[e] / system
		}
	}
	c.truncate(nodes)
}

// truncate forgets all nodes but the first n.
func (c *decisions) truncate(n int) {
	c.nodes = c.nodes[:n]
	c.unique, c.cache = make([]int32, 1<<8), make([]iteEntry, 1<<8)
	for 2*n > len(c.unique) {
		c.unique, c.cache = make([]int32, 2*len(c.unique)), make([]iteEntry, 2*len(c.cache))
	}
	c.rehash()
}

// ofPart finds the states in which, if some parts that are down may be up as well, the part of a level is critical to
// the system; to is scratch, one for each node up to the root.
func (c closure) ofPart(level int32, to []int32) int32 {
	for i := range to {
		switch n := c.nodes[i]; {
		case n.level > level:
			to[i] = isDown
		case n.level == level:
			to[i] = c.of(n.down, n.up)
		default:
			to[i] = c.node(n.level, c.or(to[n.down], to[n.up]), to[n.up])
		}
	}
	return to[len(to)-1]
}

// closure finds the states in which, if some parts that are down may be up as well, one function is down and a larger one
// up.
type closure struct {
	*bdd
	memo map[[2]int32]int32
}

func (c closure) of(a, b int32) int32 {
	switch {
	case a == b || c.full:
		return isDown
	case a == isDown:
		return isUp // b is up if all parts are
	case b == isUp:
		return c.not(a)
	}
	key := [2]int32{a, b}
	r, ok := c.memo[key]
	if !ok {
		top := min(c.nodes[a].level, c.nodes[b].level)
		up := c.of(c.below(a, top, true), c.below(b, top, true))
		r = c.node(top, c.or(c.of(c.below(a, top, false), c.below(b, top, false)), up), up)
		c.memo[key] = r
	}
	return r
}

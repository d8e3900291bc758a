package reliability

import "math"

// Result is what a diagram comes to in the steady state. Frequency and what follows from it are NaN if a part that
// matters has no mean times.
type Result struct {
	Availability   float64
	Unavailability float64 // without the cancellation of 1 - Availability
	Frequency      float64 // of failures, per hour
	MUT, MDT       float64 // mean up and down time, hours; infinite for a system that never fails, or is never up again
}

// Evaluate computes what the diagram comes to, exactly but for rounding: every term is positive, so that the error of
// the unavailability is a few units in the last place for each level of the decision diagram, however small it is. An
// error means that the diagram is wrong (Validate) or that its decision diagram is too large.
func (d *Diagram) Evaluate() (Result, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return Result{}, err
	}
	return c.evaluate(), nil
}

func (c *decisions) evaluate() Result {
	down, up := c.probabilities()
	r := Result{Availability: up[c.root], Unavailability: down[c.root]}
	r.Frequency = c.frequency(c.birnbaum(down, up))
	r.MUT, r.MDT = times(r.Availability, r.Unavailability, r.Frequency)
	return r
}

// times returns the mean up and down times.
func times(up, down, frequency float64) (mut, mdt float64) {
	switch {
	case frequency > 0:
		return up / frequency, down / frequency
	case frequency == 0 && down == 0:
		return math.Inf(1), 0
	case frequency == 0 && up == 0:
		return 0, math.Inf(1)
	}
	return math.NaN(), math.NaN()
}

// probabilities returns of each node the probability of being down, and of being up, below it.
func (c *decisions) probabilities() (down, up []float64) {
	down, up = make([]float64, len(c.nodes)), make([]float64, len(c.nodes))
	down[isDown], up[isUp] = 1, 1
	for i := 2; i < len(c.nodes); i++ {
		n := c.nodes[i]
		p, q := c.p[n.level], c.q[n.level]
		down[i] = float64(q*down[n.down]) + float64(p*down[n.up])
		up[i] = float64(q*up[n.down]) + float64(p*up[n.up])
	}
	return down, up
}

// birnbaum returns of each part the probability that the system is up if it is, and down if it is not.
func (c *decisions) birnbaum(down, up []float64) []float64 {
	reach := make([]float64, len(c.nodes)) // the probability of coming to a node
	reach[c.root] = 1
	b := make([]float64, len(c.parts))
	g := gap{c.bdd, c.p, c.q, down, up, map[[2]int32]float64{}, 0}
	for i := len(c.nodes) - 1; i >= 2; i-- {
		if reach[i] == 0 {
			continue
		}
		n := c.nodes[i]
		reach[n.down] += float64(c.q[n.level] * reach[i])
		reach[n.up] += float64(c.p[n.level] * reach[i])
		b[c.part[n.level]] += float64(reach[i] * g.between(n.down, n.up))
	}
	return b
}

// gap computes the probability that one function is down where a larger one is up.
type gap struct {
	*bdd
	p, q     []float64
	down, up []float64
	memo     map[[2]int32]float64
	work     int
}

// between subtracts if that leaves most digits, and else looks where the difference comes from.
func (g *gap) between(a, b int32) float64 {
	const most = 1. / 64 // of the digits lost: 6 bits
	if d := g.down[a] - g.down[b]; d >= most*g.down[a] {
		return d
	}
	if d := g.up[b] - g.up[a]; d >= most*g.up[b] {
		return d
	}
	if a == b {
		return 0
	}
	key := [2]int32{a, b}
	if v, ok := g.memo[key]; ok {
		return v
	}
	if g.work++; g.work > stepsPerNode*len(g.nodes)+maxBlocks {
		return max(g.down[a]-g.down[b], 0)
	}
	top := min(g.nodes[a].level, g.nodes[b].level)
	v := float64(g.q[top]*g.between(g.below(a, top, false), g.below(b, top, false))) +
		float64(g.p[top]*g.between(g.below(a, top, true), g.below(b, top, true)))
	g.memo[key] = v
	return v
}

// frequency returns how often the system fails per hour: a part fails at its own frequency, and that fails the system
// if it is up with the part and down without (Birnbaum 1969, Schneeweiss 1981).
func (c *decisions) frequency(birnbaum []float64) float64 {
	sum := 0.
	for i, p := range c.parts {
		if birnbaum[i] > 0 {
			sum += float64(birnbaum[i] * p.Frequency())
		}
	}
	return sum
}

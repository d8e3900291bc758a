package reliability

import "fmt"

// Absorption is how a chain first comes into a set of states.
type Absorption struct {
	Mean        float64   // the time until it does, in hours
	Probability []float64 // of each state: that it comes into the set there; 0 for a state outside
}

// Absorption returns how the chain first comes into a set of states (nil: the states without a way out), starting from a
// distribution. It is an error if it may never come there. Both results are accurate relative to themselves: they are
// found without subtraction.
func (c *Chain) Absorption(start []float64, into func(state int) bool) (Absorption, error) {
	if err := c.checkStart(start); err != nil {
		return Absorption{}, err
	}
	target, err := c.targets(start, into)
	if err != nil {
		return Absorption{}, err
	}
	open := c.stopped(target)
	gone, earned := make([]bool, len(target)), make([]float64, len(target))
	reached := open.reached(start)
	for s := range gone {
		gone[s], earned[s] = reached[s] && !target[s], 1
	}
	e, err := open.only(reached).eliminate(gone, earned)
	if err != nil {
		return Absorption{}, err
	}
	return Absorption{Mean: e.mean(start, gone), Probability: e.entries(start, target)}, nil
}

// mean returns the time spent in the states that went. Of such a state s, total(s) m(s) = weight(s) + sum rate(s,j) m(j).
func (e *elimination) mean(start []float64, gone []bool) float64 {
	m, sum := make([]float64, len(start)), 0.
	for i := len(e.order) - 1; i >= 0; i-- {
		s := e.order[i]
		m[s] = e.weight[s]
		for _, r := range e.out[s] {
			if gone[r.to] {
				m[s] += float64(r.per * m[r.to])
			}
		}
		m[s] /= e.total[s]
		sum += float64(start[s] * m[s])
	}
	return sum
}

// entries lets the probability of the start flow through the states that went, in the order in which they did: whatever
// is in a state leaves it as its rates say, to states that went later, or to a target.
func (e *elimination) entries(start []float64, target []bool) []float64 {
	p := append([]float64(nil), start...)
	for _, s := range e.order {
		for _, r := range e.out[s] {
			p[r.to] += float64(p[s] * (r.per / e.total[s]))
		}
	}
	for s := range p {
		if !target[s] {
			p[s] = 0
		}
	}
	return p
}

// targets returns the set as a slice, and an error if it may not be reached.
func (c *Chain) targets(start []float64, into func(state int) bool) ([]bool, error) {
	target := make([]bool, len(c.out))
	for s := range target {
		target[s] = into == nil && len(c.out[s]) == 0 || into != nil && into(s)
	}
	reaches := c.reaches(target)
	for s, r := range c.stopped(target).reached(start) {
		if r && !reaches[s] {
			return nil, fmt.Errorf("reliability: Chain: from %s no state of the set is reached, want one", c.StateName(s))
		}
	}
	return target, nil
}

// stopped returns the chain that stays where it first meets a target.
func (c *Chain) stopped(target []bool) *Chain {
	w := &Chain{names: c.names, out: append([][]rate(nil), c.out...)}
	for s, t := range target {
		if t {
			w.out[s] = nil
		}
	}
	return w
}

// only returns the chain without the rates of the states that are not kept.
func (c *Chain) only(kept []bool) *Chain {
	w := &Chain{names: c.names, out: make([][]rate, len(c.out))}
	for s, k := range kept {
		if k {
			w.out[s] = c.out[s]
		}
	}
	return w
}

// reached returns the states that the chain may come to.
func (c *Chain) reached(start []float64) []bool {
	found := make([]bool, len(start))
	var queue []int
	meet := func(s int) {
		if !found[s] {
			found[s] = true
			queue = append(queue, s)
		}
	}
	for s, p := range start {
		if p > 0 {
			meet(s)
		}
	}
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, r := range c.out[s] {
			meet(r.to)
		}
	}
	return found
}

package reliability

import (
	"fmt"
	"strings"
)

// Steady returns the probability of each state in the long run. It does not depend on the start, and it is an error if
// it would: if the chain can end in one or the other of two sets of states that it never leaves. A state that the
// chain leaves for good has probability 0; all others are accurate relative to themselves, to about 1e-14.
func (c *Chain) Steady() ([]float64, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	closed := c.closed()
	if len(closed) > 1 {
		return nil, fmt.Errorf("reliability: Chain: it ends in %s or in %s, want one set of states that it never leaves", c.list(closed[0]), c.list(closed[1]))
	}
	class := closed[0]
	inner := make([]bool, len(c.out))
	for _, s := range class[1:] {
		inner[s] = true
	}
	e, err := c.within(class).eliminate(inner, nil)
	if err != nil {
		return nil, err
	}
	p := make([]float64, len(c.out))
	p[class[0]] = 1
	sum := 1.
	for i := len(e.order) - 1; i >= 0; i-- {
		s := e.order[i]
		flow := 0.
		for _, r := range e.in[s] {
			flow += float64(p[r.to] * r.per)
		}
		p[s] = flow / e.total[s]
		sum += p[s]
	}
	for s := range p {
		p[s] /= sum
	}
	return p, nil
}

// within returns the chain without the rates of the states that are not in a closed class.
func (c *Chain) within(class []int) *Chain {
	w := &Chain{names: c.names, out: make([][]rate, len(c.out))}
	for _, s := range class {
		w.out[s] = c.out[s]
	}
	return w
}

// list names some states for an error message.
func (c *Chain) list(states []int) string {
	const most = 4
	names := make([]string, 0, most)
	for i, s := range states {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(states)-most))
			break
		}
		names = append(names, c.StateName(s))
	}
	return "{" + strings.Join(names, " ") + "}"
}

// Frequency returns how often per hour a chain that is distributed as p enters, or leaves, a set of states: it leaves at
// the sum of the rates that lead out of it. In the long run both are equal.
func (c *Chain) Frequency(p []float64, in func(state int) bool) float64 {
	sum := 0.
	c.Rates(func(from, to int, per float64) {
		if in(from) && !in(to) {
			sum += float64(p[from] * per)
		}
	})
	return sum
}

// Evaluate returns what the chain says of a system that works in some of its states.
func (c *Chain) Evaluate(works func(state int) bool) (Result, error) {
	p, err := c.Steady()
	if err != nil {
		return Result{}, err
	}
	up, down := 0., 0.
	for s, q := range p {
		if works(s) {
			up += q
		} else {
			down += q
		}
	}
	f := c.Frequency(p, works)
	mut, mdt := times(up, down, f)
	return Result{Availability: up, Unavailability: down, Frequency: f, MUT: mut, MDT: mdt}, nil
}

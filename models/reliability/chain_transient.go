package reliability

import (
	"fmt"
	"math"
)

// maxWork bounds the multiplications of one transient solution: some ten seconds.
const maxWork = 4e9

// Transient returns the distribution at time t of a chain that starts with another one, by uniformisation: the chain
// moves, or stays, at the jumps of a Poisson process as fast as its fastest state (Jensen 1953), so that all is a sum
// of positive terms. Probabilities down to 1e-15 are accurate relative to themselves, to about 1e-13; smaller ones may
// be too small. The time it takes grows as t times the fastest rate, and there is a limit to it.
func (c *Chain) Transient(start []float64, t float64) ([]float64, error) {
	sum := make([]float64, len(c.out))
	err := c.uniformise(start, t, func(v []float64, weight, _ float64) {
		for i, x := range v {
			sum[i] += float64(weight * x)
		}
	})
	return sum, err
}

// Occupancy returns the time, expected, that a chain that starts with a distribution spends in each state until time t:
// the integral of Transient, in hours. Over t it is the interval availability.
func (c *Chain) Occupancy(start []float64, t float64) ([]float64, error) {
	sum := make([]float64, len(c.out))
	err := c.uniformise(start, t, func(v []float64, _, time float64) {
		for i, x := range v {
			sum[i] += float64(time * x)
		}
	})
	return sum, err
}

// Passage returns the probability that the chain has come into a set of states by time t: with the states in which a
// system is down for a set, its unreliability F(t).
func (c *Chain) Passage(start []float64, into func(state int) bool, t float64) (float64, error) {
	target := make([]bool, len(c.out))
	for s := range target {
		target[s] = into(s)
	}
	stopped := c.stopped(target)
	stopped.errs = c.errs
	p, err := stopped.Transient(start, t)
	sum := 0.
	for s, in := range target {
		if in {
			sum += p[s]
		}
	}
	return sum, err
}

// uniformise calls add with the distribution after k = 0, 1, ... jumps, the probability that k is how many there are by
// time t, and the time that is spent between the k-th jump and the next, within t.
func (c *Chain) uniformise(start []float64, t float64, add func(v []float64, weight, time float64)) error {
	if err := c.checkStart(start); err != nil {
		return err
	}
	if !(t >= 0 && t <= math.MaxFloat64/4) {
		return fmt.Errorf("reliability: Chain: t is %v, want a finite number of hours, at least 0", t)
	}
	exits, fastest, rates := make([]float64, len(c.out)), 0., len(c.out)
	for s := range c.out {
		exits[s] = c.exit(s)
		fastest = max(fastest, exits[s])
		rates += len(c.out[s])
	}
	if work := float64(fastest * t * float64(rates)); work > maxWork {
		return fmt.Errorf("reliability: Chain: %d states with %d rates over %v h at up to %v per hour are too large: %.3g multiplications, want at most %.3g",
			len(c.out), rates-len(c.out), t, fastest, work, float64(maxWork))
	}
	if float64(fastest*t) == 0 {
		add(start, 1, t)
		return nil
	}
	first, weights := poisson(float64(fastest*t), min(len(c.out), 100))
	later := tails(weights)
	v, next := append([]float64(nil), start...), make([]float64, len(start))
	for k := range first + len(weights) {
		weight, time := 0., 1/fastest
		if k >= first {
			weight, time = weights[k-first], later[k-first]/fastest
		}
		add(v, weight, time)
		c.jump(next, v, exits, fastest)
		v, next = next, v
	}
	return nil
}

// jump sets next to v after one jump.
func (c *Chain) jump(next, v, exits []float64, fastest float64) {
	for s, x := range v {
		next[s] = float64(x * ((fastest - exits[s]) / fastest))
	}
	for s, x := range v {
		if x == 0 {
			continue
		}
		for _, r := range c.out[s] {
			next[r.to] += float64(x * (r.per / fastest))
		}
	}
}

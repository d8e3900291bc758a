package reliability

import (
	"fmt"
	"math"
)

// MarshallOlkinMTTF returns the mean time to failure, without repair, of two parts in parallel that fail at rates l1 and
// l2 for themselves and at rate l12 together (Marshall and Olkin 1967).
func MarshallOlkinMTTF(l1, l2, l12 float64) float64 {
	return 1/(l1+l12) + 1/(l2+l12) - 1/(l1+l2+l12)
}

// Lifetime returns the mean time to the first failure, in hours, of a system whose parts are all up at first, fail after
// times that are exponential with their MTTF, and are not repaired. It integrates the reliability to 12 digits or so. An
// error means that a part that matters has no MTTF, or that the system is too large.
func (d *Diagram) Lifetime() (float64, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return 0, err
	}
	if err := c.timed("Lifetime"); err != nil {
		return 0, err
	}
	shortest := math.Inf(1)
	for _, p := range c.parts {
		if p.MTTF > 0 {
			shortest = min(shortest, p.MTTF)
		}
	}
	if math.IsInf(shortest, 1) {
		if _, up := c.probabilities(); up[c.root] == 1 {
			return shortest, nil
		}
		return 0, nil
	}
	p, q := c.p, c.q
	defer func() { c.p, c.q = p, q }()
	return overHalfLine(shortest, func(t float64) float64 {
		c.p, c.q = c.survival(t)
		_, up := c.probabilities()
		return up[c.root]
	}), nil
}

// timed reports parts that matter and have no mean times, though they are neither always up nor always down.
func (c *decisions) timed(what string) error {
	down, up := c.probabilities()
	for i, b := range c.birnbaum(down, up) {
		if p := c.parts[i]; b > 0 && p.MTTF == 0 && p.Q > 0 && p.Q < 1 {
			return fmt.Errorf("reliability: %s: part %q has no MTTF and MTTR, want both", what, p.Name)
		}
	}
	return nil
}

// survival returns, by level, the probabilities of being up and down at a time if nothing is repaired.
func (c *decisions) survival(t float64) (p, q []float64) {
	p, q = make([]float64, len(c.part)), make([]float64, len(c.part))
	for level, part := range c.part {
		p[level], q[level] = 1-c.parts[part].Q, c.parts[part].Q
		if mttf := c.parts[part].MTTF; mttf > 0 {
			p[level], q[level] = exp(-t/mttf), -expm1(-t/mttf)
		}
	}
	return p, q
}

// overHalfLine integrates a smooth, decaying f from 0 to infinity by the double exponential rule (Takahasi and Mori
// 1974), with t = scale exp(pi/2 sinh x).
func overHalfLine(scale float64, f func(t float64) float64) float64 {
	const step = 1. / 32
	sum := 0.
	for i := -4 / step; i <= 4/step; i++ {
		x := float64(i * step)
		grow, shrink := exp(x), exp(-x)
		t := float64(scale * exp(float64(math.Pi/4*(grow-shrink))))
		if v := f(t); v > 0 {
			sum += float64(v * t * (math.Pi / 4) * (grow + shrink))
		}
	}
	return float64(sum * step)
}

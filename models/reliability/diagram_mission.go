package reliability

import (
	"fmt"
	"math"
)

// Mission is what a diagram comes to in its first hours, if all of its parts are up at the start and fail and are
// repaired after exponential times, each by its own crew. A part without mean times is down with its probability all
// along, and counts at the start too.
type Mission struct {
	Hours float64
	// Unrepaired is the probability that the system is down at the end if nothing is ever repaired: 1 - R(t).
	Unrepaired float64
	// Failed is the probability that the system is down at least once, with repair: exactly by a Markov chain of all
	// states, if it is small enough (Exact), or else 1 - exp(-h), h the integral of w/A, where w is the frequency of failures and A
	// the availability at each moment (Vesely 1970), which is close if repairs are short.
	Failed float64
	Exact  bool
	// FailedLow and FailedHigh enclose Failed: the largest unavailability at any moment, and the expected number of
	// failures with what is down at the start.
	FailedLow, FailedHigh float64
	Unavailability        float64 // at the end, with repair
	Downtime              float64 // hours down, expected
	Failures              float64 // of the system, expected
}

// chainParts bounds the parts of a diagram whose chain of 2^n states is built.
const chainParts = 8

// Mission computes the first hours of a diagram. An error means that a part that matters has no mean times, or that the
// diagram is wrong or too large.
func (d *Diagram) Mission(hours float64) (Mission, error) {
	if !(hours > 0 && hours <= math.MaxFloat64/4) {
		return Mission{}, fmt.Errorf("reliability: Mission: hours is %v, want more than 0, and finite", hours)
	}
	c, err := d.compile(maxNodes)
	if err != nil {
		return Mission{}, err
	}
	if err := c.timed("Mission"); err != nil {
		return Mission{}, err
	}
	m := Mission{Hours: hours}
	p, q := c.p, c.q
	defer func() { c.p, c.q = p, q }()
	c.p, c.q = c.survival(hours)
	down, _ := c.probabilities()
	m.Unrepaired = down[c.root]
	c.integrate(&m)
	if exact, ok := d.chainFailed(hours); ok {
		m.Failed, m.Exact = exact, true
	}
	m.FailedHigh = min(m.FailedHigh, 1)
	return m, nil
}

// point returns, by level, the probabilities of being up and down at a time, with repair.
func (c *decisions) point(t float64) (p, q []float64) {
	p, q = make([]float64, len(c.part)), make([]float64, len(c.part))
	for level, part := range c.part {
		x := c.parts[part]
		p[level], q[level] = 1-x.Q, x.Q
		switch {
		case x.MTTF > 0 && x.MTTR > 0:
			rate := float64(t * (1/x.MTTF + 1/x.MTTR))
			q[level] = float64(x.Q * -expm1(-rate))
			p[level] = x.MTTF/(x.MTTF+x.MTTR) + float64(x.Q*exp(-rate))
		case x.MTTF > 0:
			p[level], q[level] = 1, 0
		}
	}
	return p, q
}

// moment returns the unavailability, and the frequency of failures, at a time.
func (c *decisions) moment(t float64) (down, up, frequency float64) {
	c.p, c.q = c.point(t)
	downs, ups := c.probabilities()
	for part, b := range c.birnbaum(downs, ups) {
		if mttf := c.parts[part].MTTF; mttf > 0 && b > 0 {
			frequency += float64(b*c.p[c.level[part]]) / mttf
		}
	}
	return downs[c.root], ups[c.root], frequency
}

// integrate adds up over the mission what changes with time, by Gauss's rule of 5 points in pieces that grow from a
// fraction of the shortest mean time to repair.
func (c *decisions) integrate(m *Mission) {
	nodes := [...]float64{0, .5384693101056831, -.5384693101056831, .9061798459386640, -.9061798459386640}
	weights := [...]float64{.5688888888888889, .4786286704993665, .4786286704993665, .2369268850561891, .2369268850561891}
	shortest := m.Hours
	for _, p := range c.parts {
		if p.MTTR > 0 {
			shortest = min(shortest, p.MTTF, p.MTTR)
		}
	}
	start, _, _ := c.moment(0)
	hazard := 0.
	m.FailedLow = start
	for from, piece := 0., max(shortest/4, float64(m.Hours*1e-12)); from < m.Hours; piece = float64(piece * 1.25) {
		to := min(from+piece, m.Hours)
		half := (to - from) / 2
		for i, x := range nodes {
			down, up, frequency := c.moment(from + float64(half*(1+x)))
			w := float64(half * weights[i])
			m.Downtime += float64(w * down)
			m.Failures += float64(w * frequency)
			if up > 0 {
				hazard += float64(w*frequency) / up
			}
			m.FailedLow = max(m.FailedLow, down)
		}
		from = to
	}
	m.Unavailability, _, _ = c.moment(m.Hours)
	m.FailedLow = max(m.FailedLow, m.Unavailability)
	m.FailedHigh = start + m.Failures
	m.Failed = start + float64((1-start)*-expm1(-hazard))
}

// chainFailed returns the probability that a small system has been down, by the Markov chain of its states.
func (d *Diagram) chainFailed(hours float64) (float64, bool) {
	moves := 0. // jumps that are expected within the mission
	var timed []int
	for i, p := range d.parts {
		switch {
		case p.MTTF > 0 && p.MTTR > 0:
			moves += hours/p.MTTF + hours/p.MTTR
			timed = append(timed, i)
		case p.MTTF > 0 || p.Q > 0 && p.Q < 1:
			return 0, false
		}
	}
	if len(timed) > chainParts || moves > 2e5 {
		return 0, false
	}
	works := func(state uint32) bool {
		up := make([]bool, len(d.parts))
		for i, p := range d.parts {
			up[i] = p.Q < 1
		}
		for bit, i := range timed {
			up[i] = state>>bit&1 == 0
		}
		return d.Works(up)
	}
	const failed = 1 << 31
	chain, states, err := Explore(uint32(0), func(from uint32, move func(uint32, float64)) {
		if from == failed || !works(from) {
			return
		}
		for bit, i := range timed {
			to, rate := from^1<<bit, 1/d.parts[i].MTTF
			if from>>bit&1 == 1 {
				rate = 1 / d.parts[i].MTTR
			}
			if !works(to) {
				to = failed
			}
			move(to, rate)
		}
	})
	if err != nil {
		return 0, false
	}
	p, err := chain.Passage(chain.At(0), func(s int) bool { return states[s] == failed || !works(states[s]) }, hours)
	return p, err == nil
}

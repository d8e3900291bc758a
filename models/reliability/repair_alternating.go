package reliability

import (
	"errors"
	"math"
)

// Alternating is one part that is up at first, and fails and is repaired at constant rates.
type Alternating struct{ MTTF, MTTR float64 }

// Validate reports everything that is wrong with it.
func (a Alternating) Validate() error {
	return errors.Join(positive("Alternating", "MTTF", a.MTTF), positive("Alternating", "MTTR", a.MTTR))
}

// Unavailability returns the share of time down in the long run.
func (a Alternating) Unavailability() float64 { return a.MTTR / (a.MTTF + a.MTTR) }

// relaxation is the rate at which the start is forgotten.
func (a Alternating) relaxation() float64 { return 1/a.MTTF + 1/a.MTTR }

// Point returns the probability of being down at time t.
func (a Alternating) Point(t float64) float64 {
	return float64(a.Unavailability() * -expm1(float64(-a.relaxation()*t)))
}

// Interval returns the mean share of the time from 0 to t that is spent down.
func (a Alternating) Interval(t float64) float64 {
	x := float64(a.relaxation() * t)
	if x > .1 {
		return float64(a.Unavailability() * (1 + expm1(-x)/x))
	}
	sum, term := 0., x/2 // 1 - (1 - exp(-x))/x = x/2! - x^2/3! + ...
	for k := 3.; sum+term != sum; k++ {
		sum += term
		term = -term * x / k
	}
	return float64(a.Unavailability() * sum)
}

// UptimeVariance returns v such that the share of a long time t that a part is up has variance v/t, for any laws of
// times up and down (Takacs 1957): (var(up) E[down]^2 + var(down) E[up]^2) / (E[up] + E[down])^3. It is in hours.
func UptimeVariance(up, down Law) float64 {
	u, vu := up.Moments()
	d, vd := down.Moments()
	cycle := u + d
	a, b := d/cycle, u/cycle
	return float64(float64(float64(vu*a)*a)+float64(float64(vd*b)*b)) / cycle
}

// UptimeHalfWidth returns half of the normal interval of the share of time up that an observation of length t gives.
func UptimeHalfWidth(up, down Law, t, level float64) float64 {
	checkLevel("UptimeHalfWidth", level)
	return float64(normalQuantile(level) * math.Sqrt(UptimeVariance(up, down)/t))
}

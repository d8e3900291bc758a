package renewal

import (
	"math"

	"lightcone/models/dist"
)

// hazard is the cumulative hazard of a law: -ln P(X > t). A clock that has run for a time a strikes within the next x
// with probability 1 - e^-(H(a+x) - H(a)).
type hazard interface {
	at(t float64) float64
	inverse(h float64) float64 // the least t with at(t) >= h
}

// hazardOf returns the cumulative hazard of a law of times; nil for a law with steps, whose clock cannot be hastened by
// a factor.
func hazardOf(d dist.Dist) hazard {
	switch d := d.(type) {
	case dist.Exponential:
		return constant{d.Mean}
	case dist.Weibull:
		return power{d.Scale, d.Shape}
	}
	if smooth(d) {
		return general{d}
	}
	return nil
}

// smooth reports whether a law has a density.
func smooth(d dist.Dist) bool {
	switch d := d.(type) {
	case dist.Exponential, dist.Weibull, dist.Gamma, dist.Erlang, dist.LogNormal, dist.Normal, dist.Pareto, dist.Uniform:
		return true
	case dist.Shifted:
		return smooth(d.Of)
	case dist.Scaled:
		return smooth(d.Of)
	case dist.Truncated:
		return smooth(d.Of)
	case dist.Mixture:
		for _, p := range d.Parts {
			if !smooth(p.Of) {
				return false
			}
		}
		return true
	}
	return false
}

// constant is that of the exponential law.
type constant struct{ mean float64 }

func (c constant) at(t float64) float64      { return t / c.mean }
func (c constant) inverse(h float64) float64 { return float64(h * c.mean) }

// power is that of the Weibull law.
type power struct{ scale, shape float64 }

func (p power) at(t float64) float64 { return dist.Pow(t/p.scale, p.shape) }
func (p power) inverse(h float64) float64 {
	return float64(p.scale * dist.Pow(h, 1/p.shape))
}

// general goes by the probabilities of a law. They round at 1e-16, so that a hazard of 20 has 7 digits left.
type general struct{ dist.Dist }

func (g general) at(t float64) float64      { return -dist.Log1p(-g.CDF(t)) }
func (g general) inverse(h float64) float64 { return g.Quantile(math.Min(1, -dist.Expm1(-h))) }

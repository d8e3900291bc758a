package dist

import (
	"errors"
	"fmt"
	"math"

	"lightcone/sim"
)

// Mixture draws from one of its parts, chosen by weight: a fast path and a slow one.
type Mixture struct{ Parts []Part }

// Part is one law of a Mixture. Weights need not add up to 1: a part's probability is its weight over their sum.
type Part struct {
	Weight float64
	Of     Dist
}

// Sample draws the part, then one number from it.
func (m Mixture) Sample(r *sim.Rand) float64 {
	u := float64(r.Float64() * m.total())
	last := len(m.Parts) - 1
	for i := range last {
		if u < m.Parts[i].Weight {
			return m.Parts[i].Of.Sample(r)
		}
		u -= m.Parts[i].Weight
	}
	return m.Parts[last].Of.Sample(r)
}

func (m Mixture) total() float64 {
	total := 0.0
	for i := range m.Parts {
		total += m.Parts[i].Weight
	}
	return total
}

// Moments returns the mean and the variance.
func (m Mixture) Moments() (mean, variance float64) {
	total := m.total()
	for _, p := range m.Parts {
		mean += float64(p.Weight / total * Mean(p.Of))
	}
	if math.IsInf(mean, 0) {
		return mean, math.Inf(1)
	}
	for _, p := range m.Parts {
		partMean, partVar := p.Of.Moments()
		off := partMean - mean
		variance += float64(p.Weight / total * (partVar + float64(off*off)))
	}
	return mean, variance
}

// CDF returns the probability of a value of at most x.
func (m Mixture) CDF(x float64) float64 {
	sum := 0.0
	for _, p := range m.Parts {
		sum += float64(p.Weight * p.Of.CDF(x))
	}
	return math.Min(sum/m.total(), 1)
}

// Quantile returns the least x with CDF(x) >= p, found by halving between the quantiles of the parts.
func (m Mixture) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, part := range m.Parts {
		x := part.Of.Quantile(p)
		lo, hi = math.Min(lo, x), math.Max(hi, x)
	}
	switch p {
	case 0:
		return lo
	case 1:
		return hi
	}
	return leastFloat(lo, hi, func(x float64) bool { return m.CDF(x) >= p })
}

// Validate demands at least one part, weights above 0 and valid laws.
func (m Mixture) Validate() error {
	errs := []error{m.check()}
	for i, p := range m.Parts {
		errs = append(errs, validate(fmt.Sprintf("Mixture.Parts[%d].Of", i), p.Of))
	}
	return errors.Join(errs...)
}

func (m Mixture) check() error {
	p := problems{law: "Mixture"}
	if len(m.Parts) == 0 {
		p.add("Parts", "empty", "at least one part")
	}
	for i, part := range m.Parts {
		p.positive(fmt.Sprintf("Parts[%d].Weight", i), part.Weight)
	}
	return p.err()
}

func (m Mixture) String() string { return Format(m, Numbers) }

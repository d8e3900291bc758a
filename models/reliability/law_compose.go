package reliability

import (
	"errors"
	"fmt"
	"math"
	"sort"
)

// Mixture is the law of a time that follows Laws[i] with probability Weights[i]: of exponential laws it is the
// hyperexponential law.
type Mixture struct {
	Weights []float64
	Laws    []Law
}

// Hyperexponential mixes exponential laws with given means.
func Hyperexponential(weights, means []float64) Mixture {
	m := Mixture{Weights: weights}
	for _, mean := range means {
		m.Laws = append(m.Laws, Exponential{mean})
	}
	return m
}

func (m Mixture) sum(f func(Law) float64) float64 {
	sum := 0.
	for i, l := range m.Laws {
		sum += float64(m.Weights[i] * f(l))
	}
	return sum
}

func (m Mixture) CDF(x float64) float64 { return m.sum(func(l Law) float64 { return l.CDF(x) }) }
func (m Mixture) Survival(x float64) float64 {
	return m.sum(func(l Law) float64 { return Survival(l, x) })
}
func (m Mixture) Excess(x float64) float64   { return m.sum(func(l Law) float64 { return excess(l, x) }) }
func (m Mixture) Quantile(p float64) float64 { return quantile(m, p, m.Laws) }
func (m Mixture) Moments() (mean, variance float64) {
	mean = m.sum(Mean)
	return mean, m.sum(func(l Law) float64 {
		a, v := l.Moments()
		return v + float64((a-mean)*(a-mean))
	})
}

// Validate reports what is wrong with the mixture itself.
func (m Mixture) Validate() error {
	var errs []error
	sum := 0.
	for i, w := range m.Weights {
		if !(w >= 0 && w <= 1) {
			errs = append(errs, fmt.Errorf("reliability: Mixture.Weights[%d] is %v, want 0 to 1", i, w))
		}
		sum += w
	}
	if len(m.Weights) != len(m.Laws) || len(m.Laws) == 0 {
		errs = append(errs, fmt.Errorf("reliability: Mixture has %d weights for %d laws, want one for each", len(m.Weights), len(m.Laws)))
	} else if math.Abs(sum-1) > 1e-9 {
		errs = append(errs, fmt.Errorf("reliability: Mixture.Weights sum to %v, want 1", sum))
	}
	return errors.Join(errs...)
}

// First is the law of the first of several independent times: competing risks. Their hazards add up.
type First struct{ Laws []Law }

func (f First) CDF(x float64) float64 {
	sum := 0.
	for _, l := range f.Laws {
		sum += CumulativeHazard(l, x)
	}
	return -expm1(-sum)
}

func (f First) Survival(x float64) float64 {
	product := 1.
	for _, l := range f.Laws {
		product = float64(product * Survival(l, x))
	}
	return product
}

func (f First) Quantile(p float64) float64 { return quantile(f, p, f.Laws) }

func (f First) Moments() (mean, variance float64) {
	scale := math.Inf(1)
	for _, l := range f.Laws {
		scale = min(scale, Mean(l))
	}
	mean = integrateFrom(f.Survival, 0, scale)
	second := integrateFrom(func(x float64) float64 { return float64(2 * x * f.Survival(x)) }, 0, scale)
	return mean, second - float64(mean*mean)
}

// quantile inverts the CDF of a law made of others by bisection: from 0 to the largest of theirs.
func quantile(l Law, p float64, of []Law) float64 {
	hi := 0.
	for _, m := range of {
		hi = max(hi, m.Quantile(p))
	}
	if math.IsInf(hi, 1) || hi <= 0 {
		return hi
	}
	const steps = 1 << 52
	i := sort.Search(steps, func(i int) bool { return l.CDF(float64(hi*(float64(i)/steps))) >= p })
	return float64(hi * (float64(i) / steps))
}

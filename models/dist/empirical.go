package dist

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"lightcone/sim"
)

// Empirical draws one of a list of measured values, each as likely as it is frequent. Make one with NewEmpirical.
type Empirical struct{ values []float64 } // ascending

// NewEmpirical returns the law of the given values, which it copies; their order does not matter.
func NewEmpirical(values []float64) (Empirical, error) {
	e := Empirical{values: slices.Clone(values)}
	slices.Sort(e.values)
	return e, e.Validate()
}

// Sample draws one of the values.
func (e Empirical) Sample(r *sim.Rand) float64 { return e.values[r.IntN(len(e.values))] }

// Moments returns the mean and the variance of the values: the law's own, not an estimate of another's.
func (e Empirical) Moments() (mean, variance float64) {
	n := float64(len(e.values))
	for _, x := range e.values {
		mean += x / n
	}
	for _, x := range e.values {
		variance += float64((x-mean)*(x-mean)) / n
	}
	return mean, variance
}

// CDF returns the share of values of at most x.
func (e Empirical) CDF(x float64) float64 {
	if x != x {
		return x
	}
	above := sort.Search(len(e.values), func(i int) bool { return e.values[i] > x })
	return float64(above) / float64(len(e.values))
}

// Quantile returns the least value x with CDF(x) >= p.
func (e Empirical) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	n := len(e.values)
	i := sort.Search(n-1, func(i int) bool { return float64(i+1)/float64(n) >= p })
	return e.values[i]
}

// Validate demands at least one value, all finite.
func (e Empirical) Validate() error {
	if len(e.values) == 0 {
		return errors.New("dist: Empirical has no values, want at least 1")
	}
	p := problems{law: "Empirical"}
	for i, x := range e.values {
		p.finite(fmt.Sprintf("values[%d]", i), x)
	}
	return p.err()
}

func (e Empirical) String() string { return Format(e, Numbers) }

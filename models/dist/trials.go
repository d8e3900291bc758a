package dist

import (
	"math"

	"lightcone/sim"
)

// Bernoulli is 1 with probability P, else 0.
type Bernoulli struct{ P float64 }

// Sample draws 0 or 1.
func (b Bernoulli) Sample(r *sim.Rand) float64 {
	if r.Bool(b.P) {
		return 1
	}
	return 0
}

// Moments returns the mean and the variance.
func (b Bernoulli) Moments() (mean, variance float64) { return b.P, float64(b.P * (1 - b.P)) }

// CDF returns the probability of a value of at most x.
func (b Bernoulli) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 0:
		return 0
	case x < 1:
		return 1 - b.P
	}
	return 1
}

// Quantile returns the least of 0 and 1 with CDF >= p; the end of the support for p = 1.
func (b Bernoulli) Quantile(p float64) float64 {
	switch {
	case !isProbability(p):
		return math.NaN()
	case p <= 1-b.P:
		return 0
	}
	return 1
}

// Validate demands a probability.
func (b Bernoulli) Validate() error {
	p := problems{law: "Bernoulli"}
	p.within("P", b.P, 0, 1)
	return p.err()
}

func (b Bernoulli) String() string { return Format(b, Numbers) }

// Geometric counts the trials, each a success with probability P, up to and with the first success: 1, 2, ...
type Geometric struct {
	P float64 // 1e-12 to 1
}

// Sample draws one count.
func (g Geometric) Sample(r *sim.Rand) float64 {
	return 1 + math.Floor(standardExponential(r)/-Log1p(-g.P))
}

// Moments returns the mean and the variance.
func (g Geometric) Moments() (mean, variance float64) { return 1 / g.P, (1 - g.P) / g.P / g.P }

// CDF returns the probability of a count of at most x.
func (g Geometric) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 1:
		return 0
	case g.P == 1:
		return 1
	}
	return -Expm1(float64(math.Floor(x) * Log1p(-g.P)))
}

// Quantile returns the least count k with CDF(k) >= p.
func (g Geometric) Quantile(p float64) float64 {
	switch {
	case !isProbability(p):
		return math.NaN()
	case g.P == 1:
		return 1
	case p == 1:
		return math.Inf(1)
	}
	k := math.Max(1, math.Ceil(Log1p(-p)/Log1p(-g.P)))
	if k > 1 && g.CDF(k-1) >= p { // rounding may be off by one
		return k - 1
	}
	if g.CDF(k) < p {
		return k + 1
	}
	return k
}

// Validate demands a probability of at least 1e-12.
func (g Geometric) Validate() error {
	p := problems{law: "Geometric"}
	p.within("P", g.P, 1e-12, 1)
	return p.err()
}

func (g Geometric) String() string { return Format(g, Numbers) }

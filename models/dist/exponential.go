package dist

import (
	"math"

	"lightcone/sim"
)

// Exponential is the law without memory: the time to the next event of a Poisson process. Density e^(-x/Mean)/Mean for
// x >= 0; the rate is 1/Mean.
type Exponential struct{ Mean float64 }

// Sample draws one number.
func (e Exponential) Sample(r *sim.Rand) float64 { return float64(e.Mean * standardExponential(r)) }

// Moments returns the mean and the variance.
func (e Exponential) Moments() (mean, variance float64) { return e.Mean, float64(e.Mean * e.Mean) }

// CDF returns the probability of a value of at most x.
func (e Exponential) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return -Expm1(-x / e.Mean)
}

// Quantile returns the x with CDF(x) = p.
func (e Exponential) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	return float64(-Log1p(-p) * e.Mean)
}

// Validate demands a Mean above 0.
func (e Exponential) Validate() error {
	p := problems{law: "Exponential"}
	p.positive("Mean", e.Mean)
	return p.err()
}

func (e Exponential) String() string { return Format(e, Numbers) }

// Weibull is Scale * E^(1/Shape) for an exponential E of mean 1: times to failure whose hazard falls (Shape < 1, infant
// mortality), stays (1, exponential) or rises (> 1, wear).
type Weibull struct {
	Scale float64
	Shape float64 // 0.05 to 1000
}

// Sample draws one number.
func (w Weibull) Sample(r *sim.Rand) float64 {
	return float64(w.Scale * Exp(Log(standardExponential(r))/w.Shape))
}

// Moments returns the mean and the variance.
func (w Weibull) Moments() (mean, variance float64) {
	g1, g2 := Exp(Lgamma(1+1/w.Shape)), Exp(Lgamma(1+2/w.Shape))
	return float64(w.Scale * g1), float64(float64(w.Scale*w.Scale) * (g2 - float64(g1*g1)))
}

// CDF returns the probability of a value of at most x.
func (w Weibull) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return -Expm1(-Pow(x/w.Scale, w.Shape))
}

// Quantile returns the x with CDF(x) = p.
func (w Weibull) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	return float64(w.Scale * Pow(-Log1p(-p), 1/w.Shape))
}

// Validate demands a Scale above 0 and a Shape from 0.05 to 1000.
func (w Weibull) Validate() error {
	p := problems{law: "Weibull"}
	p.positive("Scale", w.Scale)
	p.within("Shape", w.Shape, 0.05, 1000)
	return p.err()
}

func (w Weibull) String() string { return Format(w, Numbers) }

// Pareto has a tail that falls as a power: P(X > x) = (Min/x)^Alpha for x >= Min. Its mean is infinite for Alpha <= 1,
// its variance for Alpha <= 2.
type Pareto struct {
	Min   float64
	Alpha float64 // 0.1 to 1e6
}

// Sample draws one number.
func (p Pareto) Sample(r *sim.Rand) float64 {
	return float64(p.Min * Exp(standardExponential(r)/p.Alpha))
}

// Moments returns the mean and the variance.
func (p Pareto) Moments() (mean, variance float64) {
	mean, variance = math.Inf(1), math.Inf(1)
	a := p.Alpha
	if a > 1 {
		mean = float64(p.Min * (a / (a - 1)))
	}
	if a > 2 {
		variance = float64(float64(p.Min*p.Min)*a) / float64((a-1)*(a-1)) / (a - 2)
	}
	return mean, variance
}

// CDF returns the probability of a value of at most x.
func (p Pareto) CDF(x float64) float64 {
	if x <= p.Min {
		return 0
	}
	return -Expm1(float64(-p.Alpha * Log(x/p.Min)))
}

// Quantile returns the x with CDF(x) = p.
func (p Pareto) Quantile(prob float64) float64 {
	if !isProbability(prob) {
		return math.NaN()
	}
	return float64(p.Min * Exp(-Log1p(-prob)/p.Alpha))
}

// Validate demands a Min above 0 and an Alpha from 0.1 to 1e6.
func (p Pareto) Validate() error {
	all := problems{law: "Pareto"}
	all.positive("Min", p.Min)
	all.within("Alpha", p.Alpha, 0.1, 1e6)
	return all.err()
}

func (p Pareto) String() string { return Format(p, Numbers) }

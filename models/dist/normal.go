package dist

import "lightcone/sim"

// Normal is the law of Gauss with the given Mean and standard deviation SD.
type Normal struct{ Mean, SD float64 }

// Sample draws one number.
func (n Normal) Sample(r *sim.Rand) float64 { return n.Mean + float64(n.SD*standardNormal(r)) }

// Moments returns the mean and the variance.
func (n Normal) Moments() (mean, variance float64) { return n.Mean, float64(n.SD * n.SD) }

// CDF returns the probability of a value of at most x.
func (n Normal) CDF(x float64) float64 { return phi((x - n.Mean) / n.SD) }

// Quantile returns the x with CDF(x) = p.
func (n Normal) Quantile(p float64) float64 { return n.Mean + float64(n.SD*phiInverse(p)) }

// Validate demands a finite Mean and an SD above 0.
func (n Normal) Validate() error {
	p := problems{law: "Normal"}
	p.finite("Mean", n.Mean)
	p.positive("SD", n.SD)
	return p.err()
}

func (n Normal) String() string { return Format(n, Numbers) }

// LogNormal is Median * e^(Sigma Z) for a standard normal Z: a product of many small factors.
type LogNormal struct {
	Median float64
	Sigma  float64 // standard deviation of the logarithm, at most 10
}

// LogNormalOf returns the log-normal law of the given mean and standard deviation, both above 0.
func LogNormalOf(mean, sd float64) LogNormal {
	v := Log1p(float64((sd / mean) * (sd / mean)))
	return LogNormal{Median: float64(mean * Exp(float64(-0.5*v))), Sigma: Sqrt(v)}
}

// Sample draws one number.
func (l LogNormal) Sample(r *sim.Rand) float64 {
	return float64(l.Median * Exp(float64(l.Sigma*standardNormal(r))))
}

// Moments returns the mean and the variance.
func (l LogNormal) Moments() (mean, variance float64) {
	v := float64(l.Sigma * l.Sigma)
	mean = float64(l.Median * Exp(float64(0.5*v)))
	return mean, float64(float64(mean*mean) * Expm1(v))
}

// CDF returns the probability of a value of at most x.
func (l LogNormal) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return phi(Log(x/l.Median) / l.Sigma)
}

// Quantile returns the x with CDF(x) = p.
func (l LogNormal) Quantile(p float64) float64 {
	return float64(l.Median * Exp(float64(l.Sigma*phiInverse(p))))
}

// Validate demands a Median above 0 and a Sigma above 0, at most 10.
func (l LogNormal) Validate() error {
	p := problems{law: "LogNormal"}
	p.positive("Median", l.Median)
	p.within("Sigma", l.Sigma, 1e-9, 10)
	return p.err()
}

func (l LogNormal) String() string { return Format(l, Numbers) }

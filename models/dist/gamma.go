package dist

import (
	"math"

	"lightcone/sim"
)

// Gamma has density proportional to x^(Shape-1) e^(-x Shape/Mean) for x >= 0; its scale is Mean/Shape. Shifted by the
// time of flight it is what round trips look like.
type Gamma struct {
	Mean  float64
	Shape float64 // 0.01 to 1e9
}

// Sample draws one number: Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, ACM TOMS 26(3), 2000.
func (g Gamma) Sample(r *sim.Rand) float64 {
	return float64(g.Mean / g.Shape * standardGamma(g.Shape, r))
}

// standardGamma draws from the gamma law of scale 1.
func standardGamma(shape float64, r *sim.Rand) float64 {
	boost := 1.0
	if shape < 1 {
		boost = Exp(-standardExponential(r) / shape)
		shape++
	}
	d := shape - 1.0/3
	c := 1 / Sqrt(float64(9*d))
	for {
		x := standardNormal(r)
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = float64(float64(v*v) * v)
		u, x2 := r.Float64(), float64(x*x)
		if u < 1-float64(0.0331*float64(x2*x2)) || Log(u) < float64(0.5*x2)+float64(d*(1-v+Log(v))) {
			return float64(float64(d*v) * boost)
		}
	}
}

// Moments returns the mean and the variance.
func (g Gamma) Moments() (mean, variance float64) { return g.Mean, float64(g.Mean / g.Shape * g.Mean) }

// CDF returns the probability of a value of at most x.
func (g Gamma) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return GammaP(g.Shape, float64(x/g.Mean*g.Shape))
}

// Quantile returns the x with CDF(x) = p.
func (g Gamma) Quantile(p float64) float64 {
	return float64(g.Mean / g.Shape * gammaInverse(g.Shape, p))
}

// Validate demands a Mean above 0 and a Shape from 0.01 to 1e9.
func (g Gamma) Validate() error {
	p := problems{law: "Gamma"}
	p.positive("Mean", g.Mean)
	p.within("Shape", g.Shape, 0.01, 1e9)
	return p.err()
}

func (g Gamma) String() string { return Format(g, Numbers) }

// Erlang is the sum of Stages exponentials of mean Mean/Stages: a gamma law of whole shape.
type Erlang struct {
	Mean   float64
	Stages int // at least 1, at most 1e9
}

const maxStages = 1e9

func (e Erlang) gamma() Gamma { return Gamma{Mean: e.Mean, Shape: float64(e.Stages)} }

// Sample draws one number.
func (e Erlang) Sample(r *sim.Rand) float64 { return e.gamma().Sample(r) }

// Moments returns the mean and the variance.
func (e Erlang) Moments() (mean, variance float64) { return e.gamma().Moments() }

// CDF returns the probability of a value of at most x.
func (e Erlang) CDF(x float64) float64 { return e.gamma().CDF(x) }

// Quantile returns the x with CDF(x) = p.
func (e Erlang) Quantile(p float64) float64 { return e.gamma().Quantile(p) }

// Validate demands a Mean above 0 and 1 to 1e9 Stages.
func (e Erlang) Validate() error {
	p := problems{law: "Erlang"}
	p.positive("Mean", e.Mean)
	p.whole("Stages", float64(e.Stages), 1, maxStages)
	return p.err()
}

func (e Erlang) String() string { return Format(e, Numbers) }

// gammaInverse returns the y with GammaP(a, y) = p, by Newton's method inside a bracket: on log P against log y in the
// lower half, where P is nearly a power, and on log Q against y in the upper, where Q is nearly an exponential.
func gammaInverse(a, p float64) float64 {
	switch {
	case !isProbability(p):
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	}
	lo, hi := 0.0, math.Inf(1)
	y := gammaGuess(a, p)
	for range 200 {
		P, Q := gammaPQ(a, y)
		below := P < p
		if p > 0.5 {
			below = Q > 1-p
		}
		if below {
			lo = y
		} else {
			hi = y
		}
		slope := float64(a * Exp(logPoisson(a, y))) // y times the density
		var next float64
		if p > 0.5 {
			next = y + float64(y*(Log(Q/(1-p))*Q/slope))
		} else {
			next = float64(y * Exp(Log(p/P)*P/slope))
		}
		if math.Abs(next-y) <= 0x1p-51*y {
			return next
		}
		if !(next > lo && next < hi) {
			next = lo + float64((math.Min(hi, float64(2*y)+1)-lo)*0.5)
		}
		if next == y || next == 0 {
			break
		}
		y = next
	}
	return y
}

// gammaGuess starts gammaInverse: Wilson and Hilferty's cube where it is positive, else the leading term of the series.
func gammaGuess(a, p float64) float64 {
	cube := 1 - 1/(9*a) + phiInverse(p)/(3*Sqrt(a))
	if a >= 1 && cube > 0.1 {
		return float64(float64(a*cube) * float64(cube*cube))
	}
	return math.Max(Exp((Log(p)+Lgamma(a+1))/a), 0x1p-1000)
}

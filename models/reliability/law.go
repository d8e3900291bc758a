package reliability

import "math"

// Law is the law of a time to failure or to repair. The laws of lightcone's models/dist satisfy it as they are; Gonum
// adapts those of gonum. Any one unit of time will do.
type Law interface {
	// CDF returns the probability of a time of at most x.
	CDF(x float64) float64
	// Quantile returns the least x with CDF(x) >= p.
	Quantile(p float64) float64
	// Moments returns the mean and the variance, +Inf where they diverge.
	Moments() (mean, variance float64)
}

// What a law may know exactly, and is else found from its CDF.
type (
	survivor interface{ Survival(x float64) float64 } // 1 - CDF, to all digits
	dense    interface{ Prob(x float64) float64 }     // the density
	exceeder interface{ Excess(x float64) float64 }   // the integral of Survival from x on
)

// Survival returns R(x), the probability of a time of more than x.
func Survival(l Law, x float64) float64 {
	if s, ok := l.(survivor); ok {
		return s.Survival(x)
	}
	return 1 - l.CDF(x)
}

// Mean returns the mean of the law.
func Mean(l Law) float64 {
	mean, _ := l.Moments()
	return mean
}

// CumulativeHazard returns H(x) = -log R(x).
func CumulativeHazard(l Law, x float64) float64 {
	if p := l.CDF(x); p < .5 {
		return -log1p(-p)
	}
	return -log(Survival(l, x))
}

// Hazard returns h(x) = f(x)/R(x), the rate of failing at age x: from the density if the law has one, and else from
// differences of H, to about 1e-8.
func Hazard(l Law, x float64) float64 {
	if d, ok := l.(dense); ok {
		return d.Prob(x) / Survival(l, x)
	}
	slope := func(h float64) float64 { return (CumulativeHazard(l, x+h) - CumulativeHazard(l, x-h)) / (2 * h) }
	h := float64(2e-3 * x)
	return (float64(4*slope(h/2)) - slope(h)) / 3
}

// Conditional returns R(x | age), the probability that what has survived to an age survives x more.
func Conditional(l Law, x, age float64) float64 { return Survival(l, age+x) / Survival(l, age) }

// ResidualLife returns the mean time that is left to what has survived to an age.
func ResidualLife(l Law, age float64) float64 { return excess(l, age) / Survival(l, age) }

// excess integrates R from x on.
func excess(l Law, x float64) float64 {
	if e, ok := l.(exceeder); ok {
		return e.Excess(x)
	}
	return integrateFrom(func(y float64) float64 { return Survival(l, y) }, x, Mean(l))
}

// integrateFrom integrates f from a to infinity by the double exponential formula (Takahasi and Mori 1974), with scale
// as the size of what matters. For smooth functions it is good to 1e-12; at a jump it is not.
func integrateFrom(f func(float64) float64, a, scale float64) float64 {
	const reach, finest = 4.3, 1. / 128
	last := math.NaN()
	for step := .25; ; step /= 2 {
		sum := 0.
		for i := -int(reach / step); i <= int(reach/step); i++ {
			u := float64(float64(i) * step)
			x := scale * exp(math.Pi/2*math.Sinh(u)) //det:ok shown, never drawn from
			if y := f(a + x); y != 0 {
				sum += float64(y * float64(x*math.Cosh(u))) //det:ok shown, never drawn from
			}
		}
		sum = float64(sum * float64(math.Pi/2*step))
		if math.Abs(sum-last) <= 1e-15*sum || step <= finest {
			return sum
		}
		last = sum
	}
}

// Gonum adapts a law of gonum's distuv.
func Gonum(d GonumLaw) Law { return gonumLaw{d} }

// GonumLaw is what the continuous laws of gonum's distuv have.
type GonumLaw interface {
	CDF(x float64) float64
	Survival(x float64) float64
	Prob(x float64) float64
	Quantile(p float64) float64
	Mean() float64
	Variance() float64
}

type gonumLaw struct{ GonumLaw }

func (g gonumLaw) Moments() (mean, variance float64) { return g.Mean(), g.Variance() }

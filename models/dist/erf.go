package dist

import "math"

const (
	sqrtPi  = 1.77245385090551602729816748334
	sqrt2Pi = 2.50662827463100050241576528481
)

// Erf returns the error function of x, with a relative error below 2e-15.
func Erf(x float64) float64 {
	switch {
	case x < 0:
		return -Erf(-x)
	case x < 0.75 || x != x:
		return erfSmall(x)
	}
	return 1 - Erfc(x)
}

// Erfc returns 1 - Erf(x) without cancellation, with a relative error below 1e-14.
func Erfc(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 0:
		return 1 + Erf(-x)
	case x < 0.75:
		return 1 - erfSmall(x)
	case x > 27.3:
		return 0
	}
	return float64(gauss(x) * millsErf(x))
}

// gauss returns e^(-x^2), the square kept in two parts.
func gauss(x float64) float64 {
	x2 := float64(x * x)
	return expSum(-x2, -math.FMA(x, x, -x2))
}

// erfSmall sums Abramowitz and Stegun 7.1.6, all of whose terms have the sign of x.
func erfSmall(x float64) float64 {
	return float64(float64(2/sqrtPi*x) * float64(gauss(x)*gammaSeries(0.5, float64(x*x))))
}

// millsErf returns Erfc(x) e^(x^2) for x >= 0.75.
func millsErf(x float64) float64 { return float64(x / sqrtPi * gammaFraction(0.5, float64(x*x))) }

// phi returns the standard normal distribution function.
func phi(z float64) float64 { return float64(0.5 * Erfc(-z/math.Sqrt2)) }

// phiInverse returns the standard normal quantile, with a relative error below 1e-14 of max(1, |z|) for p above 1e-300.
//
// It starts from Abramowitz and Stegun 26.2.23, off by at most 4.5e-4, and takes two steps of Halley's method, each of
// which cubes the error.
func phiInverse(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0.5:
		return 0
	case p > 0.5:
		return -phiInverse(1 - p) // exact
	case p == 0:
		return math.Inf(-1)
	}
	t := Sqrt(float64(-2 * Log(p)))
	num := float64((float64(0.010328*t)+0.802853)*t) + 2.515517
	den := float64((float64((float64(0.001308*t)+0.189269)*t)+1.432788)*t) + 1
	z := num/den - t
	for range 2 {
		density := gauss(z/math.Sqrt2) / sqrt2Pi
		if density < 0x1p-1000 {
			break
		}
		e := (phi(z) - p) / density
		z -= e / (1 + float64(0.5*float64(z*e)))
	}
	return z
}

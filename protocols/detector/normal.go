package detector

import "math"

// NormalLevel returns -log10 P(Z > z) for a standard normal Z: phi of a silence that is z standard deviations longer
// than the mean. It is exact to 1e-13, or relatively so where it is above 1, and the same bits on every platform.
//
// The tail is P(Z > z) = density(z) * R(z) with Mills' ratio R, of which only the logarithm is needed, so that nothing
// underflows, however far out.
func NormalLevel(z float64) float64 {
	if z < -9 {
		return 0 // to 1e-19
	}
	return max(0, float64(z*z)/2/math.Ln10+logRootTwoPi-log(mills(z))/math.Ln10)
}

// logRootTwoPi is log10 sqrt(2 pi).
const logRootTwoPi = 0.39908993417905752478

// rootHalfPi is sqrt(pi / 2).
const rootHalfPi = 1.25331413731550025121

// mills returns P(Z > z) / density(z), for z of -9 or more.
//
// From 2 on it is Laplace's continued fraction 1/(z + 1/(z + 2/(z + 3/(z + ...)))) (Abramowitz and Stegun 26.2.14).
// Below it is what is left of the whole half-line after the series of the other part (26.2.11), whose terms are of one
// sign; at 2 that costs a factor of 25 in precision, and below 0 none.
func mills(z float64) float64 {
	if z >= 2 {
		f := z
		for k := 150; k > 0; k-- {
			f = z + float64(k)/f
		}
		return 1 / f
	}
	squared := float64(z * z)
	whole, term := 1.0, 1.0 // exp(z^2 / 2)
	for k := 1.0; term/whole > 1e-18; k++ {
		term = float64(term*squared) / 2 / k
		whole += term
	}
	part, odd := z, z // z + z^3/3 + z^5/(3*5) + ...
	for k := 3.0; math.Abs(odd) > 1e-18*math.Abs(part); k += 2 {
		odd = float64(odd*squared) / k
		part += odd
	}
	return float64(rootHalfPi*whole) - part
}

// NormalScore returns the z at which NormalLevel is level, for a level above 0: by Newton's method from a point on the
// right of it. NormalLevel is convex and increasing, so the steps go left and never past it.
func NormalScore(level float64) float64 {
	z := math.Sqrt(float64(2*math.Ln10*level)) + 1
	for range 100 {
		slope := 1 / mills(z) / math.Ln10
		next := z - (NormalLevel(z)-level)/slope
		if !(next < z) {
			break
		}
		z = max(next, -9)
	}
	return z
}

// log returns the natural logarithm of x above 0, with an error below 2e-16 or 4e-16 of its value, whichever is more:
// of x = 2^k m, with m near 1, it is k log 2 + 2 artanh((m-1)/(m+1)).
func log(x float64) float64 {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = m+m, k-1
	}
	s := (m - 1) / (m + 1)
	squared := float64(s * s)
	series := 0.0
	for n := 25.0; n >= 1; n -= 2 {
		series = 1/n + float64(squared*series)
	}
	return float64(float64(k)*math.Ln2) + float64(2*s*series)
}

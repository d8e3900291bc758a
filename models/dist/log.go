package dist

import "math"

const sqrt2 = 0x1.6a09e667f3bcdp+0

// atanhCoef are 2/3, 2/5, ..., 2/27.
var atanhCoef = func() (c [13]float64) {
	for i := range c {
		c[i] = 2 / float64(2*i+3)
	}
	return c
}()

// atanhTail returns 2*atanh(s)/s - 2 for z = s^2 <= 0.0295: the even function R of the logarithm,
// log((1+s)/(1-s)) = 2s + s*R(s^2). Its terms run from z on in two chains.
func atanhTail(z float64) float64 {
	z2 := float64(z * z)
	even, odd := atanhCoef[12], atanhCoef[11]
	for i := 10; i >= 2; i -= 2 {
		even = float64(even*z2) + atanhCoef[i]
		odd = float64(odd*z2) + atanhCoef[i-1]
	}
	even = float64(even*z2) + atanhCoef[0]
	return float64(z * (even + float64(odd*z)))
}

// split returns k and m with x = m * 2^k and sqrt(1/2) < m <= sqrt(2), for a finite x above 0.
func split(x float64) (m, k float64) {
	e := 0
	if x < 0x1p-1022 {
		x = float64(x * 0x1p54)
		e = -54
	}
	b := math.Float64bits(x)
	e += int(b>>52) - 1023
	m = math.Float64frombits(b&(1<<52-1) | 1023<<52)
	if m > sqrt2 {
		m /= 2
		e++
	}
	return m, float64(e)
}

// Log returns the natural logarithm of x, within 1 unit in the last place: NaN below 0, -Inf at 0.
//
// With x = 2^k (1+f) and s = f/(2+f), log(1+f) = 2 atanh(s) = f - (f^2/2 - s (f^2/2 + R(s^2))).
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, k := split(x)
	f := m - 1
	s := f / (2 + f)
	half := float64(float64(0.5*f) * f)
	tail := float64(s*(half+atanhTail(float64(s*s)))) + float64(k*ln2Lo)
	return float64(k*ln2Hi) - ((half - tail) - f)
}

// Log1p returns log(1+x) within 3 units in the last place, also where x is near 0.
func Log1p(x float64) float64 {
	u := 1 + x
	switch {
	case u == 1:
		return x
	case u != u || u <= 0 || u > math.MaxFloat64:
		return Log(u)
	}
	lost := x - (u - 1) // what the sum rounded away
	if x > 1 {
		lost = 1 - (u - x)
	}
	return Log(u) + lost/u
}

// logMinus returns log(1+t) - t, relatively accurate also where t is near 0.
func logMinus(t float64) float64 {
	if t < -0.29 || t > 0.41 {
		return Log1p(t) - t
	}
	s := t / (2 + t)
	return -float64(s * (t - atanhTail(float64(s*s))))
}

// logSum returns log(x) as a sum of two numbers, to about 2^-64 of its value, for a finite x above 0.
func logSum(x float64) (hi, lo float64) {
	m, k := split(x)
	f := m - 1
	d := m + 1
	s := f / d
	sLo := (math.FMA(-s, d, f) - float64(s*(m-(d-1)))) / d

	// u = R(s^2)/2 = z/3 + (z^2/5 + z^3/7 + ...), its first term in two parts.
	const third, thirdLo = 0x1.5555555555555p-2, 0x1.5555555555555p-56
	z := float64(s * s)
	zLo := math.FMA(s, s, -z) + float64(2*float64(s*sLo))
	t := float64(z * third)
	tLo := math.FMA(z, third, -t) + float64(z*thirdLo) + float64(zLo*third)
	rest := float64(float64(z*z) * fifths(z))
	u, uLo := sum(t, rest)
	uLo += tLo

	// log(m) = 2s + 2s u.
	p := float64(2 * float64(s*u))
	pLo := math.FMA(float64(2*s), u, -p) + float64(2*(float64(s*uLo)+float64(sLo*u)))
	a, aLo := sum(float64(2*s), p)
	aLo += float64(2*sLo) + pLo
	if k == 0 {
		return sum(a, aLo)
	}
	hi, lo = sum(float64(k*ln2Hi), a)
	return sum(hi, lo+(aLo+float64(k*ln2Lo)))
}

// fifths returns 1/5 + z/7 + z^2/9 + ... for 0 <= z <= 0.0295.
func fifths(z float64) float64 {
	p := 0.0
	for i := 12; i >= 1; i-- {
		p = float64(p*z) + atanhCoef[i]
	}
	return p / 2
}

// sum returns a + b and what its rounding lost, for |a| >= |b|.
func sum(a, b float64) (hi, lo float64) {
	hi = a + b
	return hi, (a - hi) + b
}

package dist

import "math"

const halfLog2Pi = 0.918938533204672741780329736406 // log(2 pi)/2

// binetCoef are B(2k) / (2k (2k-1)), k = 1..8, of Stirling's series (Abramowitz and Stegun 6.1.40).
var binetCoef = [8]float64{
	1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400,
}

// binet returns Binet's function log Gamma(x) - (x-1/2) log x + x - log(2 pi)/2 for x > 0, with an absolute error
// below 1e-14.
func binet(x float64) float64 {
	if x < 10 {
		return Lgamma(x) - stirling(x)
	}
	w := 1 / float64(x*x)
	p := 0.0
	for i := len(binetCoef) - 1; i >= 0; i-- {
		p = float64(p*w) + binetCoef[i]
	}
	return p / x
}

func stirling(x float64) float64 { return (float64((x-0.5)*Log(x)) - x) + halfLog2Pi }

// Lgamma returns log Gamma(x) for x > 0, with an error below 1e-14 or 2e-15 of its value, whichever is more; NaN below
// 0, +Inf at 0.
func Lgamma(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0 || math.IsInf(x, 1):
		return math.Inf(1)
	case x == 1 || x == 2:
		return 0
	case x >= 10:
		return stirling(x) + binet(x)
	}
	product := 1.0 // Gamma(x) = Gamma(x+n) / (x (x+1) ... (x+n-1))
	for ; x < 10; x++ {
		product = float64(product * x)
	}
	return (stirling(x) + binet(x)) - Log(product)
}

// logPoisson returns log(x^a e^-x / Gamma(a+1)) for a >= 0, x > 0: the logarithm of Poisson's probability of a at mean
// x, without the cancellation of its plain form (Loader, Fast and Accurate Computation of Binomial Probabilities,
// 2000).
func logPoisson(a, x float64) float64 {
	if a == 0 {
		return -x
	}
	deviance := -float64(a * logMinus((x-a)/a))
	if x < a/8 { // (x-a)/a near -1 would lose the digits of x
		deviance = (x - a) - float64(a*Log(x/a))
	}
	return -deviance - binet(a) - (halfLog2Pi + float64(0.5*Log(a)))
}

// GammaP returns the regularised lower incomplete gamma function P(a, x) and GammaQ its complement Q(a, x) = 1 - P(a,
// x), for a > 0 and x >= 0, with a relative error below 1e-12 for a from 0.01 to 1e6 wherever the result is above
// 1e-300. The cost grows with the square root of a.
func GammaP(a, x float64) float64 {
	p, _ := gammaPQ(a, x)
	return p
}

// GammaQ returns 1 - GammaP(a, x) without cancellation.
func GammaQ(a, x float64) float64 {
	_, q := gammaPQ(a, x)
	return q
}

func gammaPQ(a, x float64) (p, q float64) {
	switch {
	case x != x || !(a > 0) || x < 0:
		return math.NaN(), math.NaN()
	case x == 0:
		return 0, 1
	case math.IsInf(x, 1):
		return 1, 0
	}
	front := Exp(logPoisson(a, x))
	if x < a+1 {
		p = math.Min(float64(front*gammaSeries(a, x)), 1)
		return p, 1 - p
	}
	q = math.Min(float64(float64(front*a)*gammaFraction(a, x)), 1)
	return 1 - q, q
}

// gammaSeries returns P(a, x) Gamma(a+1) / (x^a e^-x) = 1 + x/(a+1) + x^2/((a+1)(a+2)) + ..., for x < a+1.
func gammaSeries(a, x float64) float64 {
	term, total := 1.0, 1.0
	for n := a + 1; term > total*0x1p-54; n++ {
		term = float64(term*x) / n
		total += term
	}
	return total
}

// gammaFraction returns Q(a, x) Gamma(a) / (x^a e^-x), the continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- ...)) by Lentz's
// method (Numerical Recipes, section 6.2), for x not much below a+1.
func gammaFraction(a, x float64) float64 {
	const tiny = 1e-300
	b := x + 1 - a
	if b == 0 {
		b = tiny
	}
	c, d := 1/tiny, 1/b
	h := d
	for i := 1.0; i < 1e7; i++ {
		an := float64(i * (a - i))
		b += 2
		d = float64(an*d) + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + an/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		step := float64(d * c)
		h = float64(h * step)
		if math.Abs(step-1) < 0x1p-52 {
			break
		}
	}
	return h
}

package dist

import "math"

// Sqrt returns the square root of x, correctly rounded: the one elementary function that every platform agrees on.
func Sqrt(x float64) float64 { return math.Sqrt(x) }

// Pow returns x^y for x >= 0, within 1 unit in the last place (subnormal results within 1 unit of theirs). Pow(x, 0)
// and Pow(1, y) are 1; Pow of a negative x is NaN.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y || x < 0:
		return math.NaN()
	case x == 0 || math.IsInf(x, 1):
		if (x == 0) == (y > 0) {
			return 0
		}
		return math.Inf(1)
	case math.Abs(y) > 0x1p64: // |log x| >= 2^-53: the result is beyond every finite number
		if (x > 1) == (y > 0) {
			return math.Inf(1)
		}
		return 0
	}
	hi, lo := logSum(x)
	p := float64(y * hi)
	return expSum(p, math.FMA(y, hi, -p)+float64(y*lo))
}

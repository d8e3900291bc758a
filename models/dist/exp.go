package dist

import "math"

// The elementary functions of this package round every product explicitly, float64(x*y), so that no compiler fuses it
// with an addition. Where two roundings must become one they say so with math.FMA, which means the same everywhere.

// ln2Hi holds the first 42 bits of ln 2: its product with an exponent of a float64 is exact.
const (
	ln2Hi = 0x1.62e42fefa38p-1
	ln2Lo = math.Ln2 - ln2Hi
)

// The largest and smallest arguments of Exp whose result is neither infinite nor 0.
const (
	expMax = 709.782712893384
	expMin = -745.1332191019412
)

// expCoef are 1/2!, 1/3!, ..., 1/15!: Taylor's series truncates at 2^-62 for |r| <= ln(2)/2.
var expCoef = func() (c [14]float64) {
	f := 1.0
	for i := range c {
		f = float64(f * float64(i+2)) // exact: 15! < 2^53
		c[i] = 1 / f
	}
	return c
}()

// Exp returns e^x, within 1 unit in the last place (subnormal results within 1 unit of theirs).
func Exp(x float64) float64 { return expSum(x, 0) }

// expSum returns e^(x+lo), where lo is a correction far smaller than x.
func expSum(x, lo float64) float64 {
	switch {
	case x != x:
		return x
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	}
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	hi := x - float64(k*ln2Hi)
	low := float64(k*ln2Lo) - lo
	r := hi - low
	c := (hi - r) - low
	return scaleBy2(1+(r+(float64(float64(r*r)*expTail(r))+c)), int(k))
}

// expTail returns (e^r - 1 - r) / r^2 for |r| <= 1/2: even and odd powers apart, so that the two chains overlap.
func expTail(r float64) float64 {
	r2 := float64(r * r)
	even, odd := expCoef[12], expCoef[13]
	for i := 10; i >= 0; i -= 2 {
		even = float64(even*r2) + expCoef[i]
		odd = float64(odd*r2) + expCoef[i+1]
	}
	return even + float64(odd*r)
}

// scaleBy2 returns x * 2^k for x around 1 and -1080 <= k <= 1024, rounding at most once.
func scaleBy2(x float64, k int) float64 {
	switch {
	case k < -1000:
		return float64(float64(x*pow2(k+1000)) * pow2(-1000))
	case k > 1000:
		return float64(float64(x*pow2(1000)) * pow2(k-1000))
	}
	return float64(x * pow2(k))
}

func pow2(k int) float64 { return math.Float64frombits(uint64(1023+k) << 52) }

// Expm1 returns e^x - 1 within 3 units in the last place, also where x is near 0.
func Expm1(x float64) float64 {
	if math.Abs(x) > 0.5 {
		return Exp(x) - 1
	}
	return x + float64(float64(x*x)*expTail(x))
}

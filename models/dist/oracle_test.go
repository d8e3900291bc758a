package dist

import (
	"math"
	"math/big"
)

// The oracle: elementary functions in arbitrary precision, by the plainest series that work.

func bigFloat(prec uint, x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }

// bigExp returns e^x by Taylor's series at x/2^k, squared k times.
func bigExp(x *big.Float) *big.Float {
	const halvings = 20
	prec := x.Prec() + 2*halvings
	r := new(big.Float).SetPrec(prec).Set(x)
	r.SetMantExp(r, -halvings)
	total, term := bigFloat(prec, 1), bigFloat(prec, 1)
	for n := 1; n < 100000; n++ {
		term.Mul(term, r)
		term.Quo(term, bigFloat(prec, float64(n)))
		if term.Sign() == 0 || term.MantExp(nil) < -int(prec) {
			break
		}
		total.Add(total, term)
	}
	for range halvings {
		total.Mul(total, total)
	}
	return new(big.Float).SetPrec(x.Prec()).Set(total)
}

// bigLog returns log(x) by Newton's method y += x e^-y - 1 from the standard library's logarithm, of which only
// a few digits are needed.
func bigLog(x *big.Float) *big.Float {
	prec := x.Prec()
	m := new(big.Float)
	e := x.MantExp(m)
	f, _ := m.Float64()
	y := bigFloat(prec, math.Log(f)+float64(e)*math.Ln2)
	for range 5 {
		g := bigExp(new(big.Float).Neg(y))
		g.Mul(g, x)
		g.Sub(g, bigFloat(prec, 1))
		y.Add(y, g)
	}
	return y
}

// bigPi returns pi by Machin's formula 16 atan(1/5) - 4 atan(1/239).
func bigPi(prec uint) *big.Float {
	atan := func(n float64) *big.Float { // of 1/n
		total, power := bigFloat(prec, 0), bigFloat(prec, 1/n)
		power.Quo(bigFloat(prec, 1), bigFloat(prec, n))
		for k := 0; power.MantExp(nil) > -int(prec)-10; k++ {
			t := new(big.Float).Quo(power, bigFloat(prec, float64(2*k+1)))
			if k%2 == 1 {
				t.Neg(t)
			}
			total.Add(total, t)
			power.Quo(power, bigFloat(prec, n*n))
		}
		return total
	}
	a, b := atan(5), atan(239)
	a.Mul(a, bigFloat(prec, 16))
	b.Mul(b, bigFloat(prec, 4))
	return a.Sub(a, b)
}

// bigErf returns erf(x) = 2/sqrt(pi) sum (-1)^n x^(2n+1) / (n! (2n+1)), with bits enough to survive the cancellation.
func bigErf(x *big.Float) *big.Float {
	prec := x.Prec()
	x2 := new(big.Float).Mul(x, x)
	total, term := bigFloat(prec, 0), new(big.Float).Set(x)
	for n := 0; n < 100000 && term.MantExp(nil) > -int(prec); n++ {
		total.Add(total, new(big.Float).Quo(term, bigFloat(prec, float64(2*n+1))))
		term.Mul(term, x2)
		term.Quo(term, bigFloat(prec, -float64(n+1)))
	}
	total.Mul(total, bigFloat(prec, 2))
	return total.Quo(total, new(big.Float).Sqrt(bigPi(prec)))
}

// ulps returns |got - want| in units in the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	unit := math.Nextafter(math.Abs(w), math.Inf(1)) - math.Abs(w)
	diff := new(big.Float).SetPrec(200).Sub(bigFloat(200, got), want)
	d, _ := diff.Float64()
	if math.IsInf(got, 0) || got != got {
		return math.Inf(1)
	}
	return math.Abs(d) / unit
}

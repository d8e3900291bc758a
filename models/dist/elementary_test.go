package dist

import (
	"math"
	"math/big"
	"testing"

	"lightcone/sim"
)

// TestElementaryAgainstArbitraryPrecision holds every elementary function to the error that its comment states.
func TestElementaryAgainstArbitraryPrecision(t *testing.T) {
	const prec = 240
	one := bigFloat(prec, 1)
	exp := func(x float64) *big.Float { return bigExp(bigFloat(prec, x)) }
	log := func(x float64) *big.Float { return bigLog(bigFloat(prec, x)) }
	between := func(lo, hi float64) func(u float64) float64 {
		return func(u float64) float64 { return lo + (hi-lo)*u }
	}
	decades := func(lo, hi float64) func(u float64) float64 { // 2^lo to 2^hi
		return func(u float64) float64 { return math.Exp2(lo + (hi-lo)*u) }
	}
	for _, c := range []struct {
		name  string
		f     func(float64) float64
		truth func(float64) *big.Float
		at    func(u float64) float64
		ulps  float64
	}{
		{"Exp", Exp, exp, between(-1, 1), 1},
		{"Exp/wide", Exp, exp, between(-745, 709.7), 1},
		{"Expm1", Expm1, func(x float64) *big.Float { e := exp(x); return e.Sub(e, one) }, between(-2, 2), 3},
		{"Expm1/small", Expm1, func(x float64) *big.Float { e := exp(x); return e.Sub(e, one) }, decades(-60, -1), 3},
		{"Log/near 1", Log, log, between(0.5, 2), 1},
		{"Log/wide", Log, log, decades(-1074, 1023), 1},
		{"Log1p", Log1p, func(x float64) *big.Float { v := bigFloat(prec, x); return bigLog(v.Add(v, one)) }, between(-0.99, 3), 3},
		{"Log1p/small", Log1p, func(x float64) *big.Float { v := bigFloat(prec, x); return bigLog(v.Add(v, one)) }, decades(-60, 3), 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := sim.NewRand(1)
			worst, where := 0.0, 0.0
			for range 1500 {
				x := c.at(r.Float64())
				if e := ulps(c.f(x), c.truth(x)); e > worst {
					worst, where = e, x
				}
			}
			t.Logf("largest error %.3f ulp, at %v", worst, where)
			if worst > c.ulps {
				t.Errorf("error is %.3f ulp at %v, want at most %v", worst, where, c.ulps)
			}
		})
	}
}

func TestPowAgainstArbitraryPrecision(t *testing.T) {
	const prec = 240
	r := sim.NewRand(2)
	worst := 0.0
	for i := range 3000 {
		x := math.Exp2(2000*r.Float64() - 1000)
		if i%3 == 0 {
			x = 0.9 + 0.2*r.Float64()
		}
		y := 700 / math.Log(x) * (2*r.Float64() - 1) // x^y between e^-700 and e^700
		if i%2 == 0 {
			y = 4*r.Float64() - 2
		}
		l := bigLog(bigFloat(prec, x))
		want := bigExp(l.Mul(l, bigFloat(prec, y)))
		if w, _ := want.Float64(); w < 0x1p-1022 || math.IsInf(w, 0) {
			continue
		}
		e := ulps(Pow(x, y), want)
		worst = max(worst, e)
		if e > 1 {
			t.Fatalf("Pow(%v, %v) is off by %.3f ulp, want at most 1", x, y, e)
		}
	}
	t.Logf("largest error %.3f ulp", worst)
}

func TestErfAgainstArbitraryPrecision(t *testing.T) {
	const prec = 2400 // x^2 = 676 cancels 975 bits, and as many are left below
	one := bigFloat(prec, 1)
	for _, x := range []float64{1e-10, 0.01, 0.3, 0.6, 0.7499, 0.75, 0.9, 1, 1.3, 2, 2.5, 3, 4, 5, 8, 12.5, 20, 26} {
		erf := bigErf(bigFloat(prec, x))
		erfc := new(big.Float).Sub(one, erf)
		relative(t, "Erf", x, Erf(x), erf, 2e-15)
		relative(t, "Erfc", x, Erfc(x), erfc, 1e-14)
		relative(t, "Erfc", -x, Erfc(-x), new(big.Float).Add(one, erf), 1e-14)
	}
}

func relative(t *testing.T, name string, x, got float64, want *big.Float, tolerance float64) {
	t.Helper()
	w, _ := want.Float64()
	if e := math.Abs(got-w) / math.Abs(w); !(e <= tolerance) {
		t.Errorf("%s(%v) is %v, want %v: relative error %.2g, want at most %.2g", name, x, got, w, e, tolerance)
	}
}

func TestElementarySpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Exp(0)", Exp(0), 1},
		{"Exp(710)", Exp(710), inf},
		{"Exp(-746)", Exp(-746), 0},
		{"Exp(Inf)", Exp(inf), inf},
		{"Exp(-Inf)", Exp(-inf), 0},
		{"Exp(NaN)", Exp(nan), nan},
		{"Exp(-744.5)", Exp(-744.5), 5e-324},
		{"Expm1(0)", Expm1(0), 0},
		{"Expm1(-Inf)", Expm1(-inf), -1},
		{"Log(1)", Log(1), 0},
		{"Log(0)", Log(0), -inf},
		{"Log(Inf)", Log(inf), inf},
		{"Log(-1)", Log(-1), nan},
		{"Log(NaN)", Log(nan), nan},
		{"Log1p(0)", Log1p(0), 0},
		{"Log1p(-1)", Log1p(-1), -inf},
		{"Log1p(-2)", Log1p(-2), nan},
		{"Pow(0, 2)", Pow(0, 2), 0},
		{"Pow(0, -2)", Pow(0, -2), inf},
		{"Pow(0, 0)", Pow(0, 0), 1},
		{"Pow(Inf, -1)", Pow(inf, -1), 0},
		{"Pow(Inf, 1)", Pow(inf, 1), inf},
		{"Pow(2, 10)", Pow(2, 10), 1024},
		{"Pow(2, -1074)", Pow(2, -1074), 5e-324},
		{"Pow(2, 1024)", Pow(2, 1024), inf},
		{"Pow(1+eps, 1e300)", Pow(1+0x1p-52, 1e300), inf},
		{"Pow(1+eps, -1e300)", Pow(1+0x1p-52, -1e300), 0},
		{"Pow(-1, 2)", Pow(-1, 2), nan},
		{"Pow(10, 3)", Pow(10, 3), 1000},
		{"Erf(0)", Erf(0), 0},
		{"Erf(Inf)", Erf(inf), 1},
		{"Erfc(Inf)", Erfc(inf), 0},
		{"Erfc(-Inf)", Erfc(-inf), 2},
		{"Lgamma(1)", Lgamma(1), 0},
		{"Lgamma(2)", Lgamma(2), 0},
		{"Lgamma(0)", Lgamma(0), inf},
		{"GammaP(1, 0)", GammaP(1, 0), 0},
		{"GammaQ(1, Inf)", GammaQ(1, inf), 0},
	} {
		if c.got != c.want && !(c.got != c.got && c.want != c.want) {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
}

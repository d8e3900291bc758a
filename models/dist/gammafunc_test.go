package dist

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/sim"
)

// TestLgamma compares with the standard library, itself within a few units in the last place.
func TestLgamma(t *testing.T) {
	r := sim.NewRand(1)
	for range 20000 {
		x := math.Exp2(60*r.Float64() - 30)
		want, _ := math.Lgamma(x)
		if got := Lgamma(x); math.Abs(got-want) > math.Max(1e-14, 2e-15*math.Abs(want)) {
			t.Fatalf("Lgamma(%v) is %v, want %v", x, got, want)
		}
	}
}

// TestIncompleteGammaOfWholeShape sums Poisson's probabilities: Q(n, x) = e^-x (1 + x + ... + x^(n-1)/(n-1)!).
func TestIncompleteGammaOfWholeShape(t *testing.T) {
	for _, n := range []int{1, 2, 5, 20, 100} {
		for _, ratio := range []float64{0.1, 0.5, 0.9, 1, 1.1, 2, 5} {
			x := ratio * float64(n)
			term, sum := 1.0, 0.0
			for k := 1; k <= n; k++ {
				sum += term
				term *= x / float64(k)
			}
			if got, want := GammaQ(float64(n), x), math.Exp(-x)*sum; math.Abs(got-want) > 1e-12*want {
				t.Errorf("GammaQ(%d, %v) is %v, want %v", n, x, got, want)
			}
		}
	}
}

// TestIncompleteGammaAgainstGonum covers broken shapes, both tails and large arguments.
func TestIncompleteGammaAgainstGonum(t *testing.T) {
	r := sim.NewRand(2)
	for range 5000 {
		a := math.Exp2(24*r.Float64() - 6)
		x := a * math.Exp2(4*r.Float64()-2)
		if a > 100 {
			x = a + 6*math.Sqrt(a)*(2*r.Float64()-1)
		}
		if got, want := GammaP(a, x), mathext.GammaIncReg(a, x); math.Abs(got-want) > 1e-9*want {
			t.Fatalf("GammaP(%v, %v) is %v, want %v", a, x, got, want)
		}
		if got, want := GammaQ(a, x), mathext.GammaIncRegComp(a, x); math.Abs(got-want) > 1e-9*want {
			t.Fatalf("GammaQ(%v, %v) is %v, want %v", a, x, got, want)
		}
	}
}

func TestGammaInverse(t *testing.T) {
	for _, a := range []float64{0.01, 0.1, 0.5, 1, 1.5, 3, 30, 1e4, 1e7} {
		for _, p := range []float64{1e-12, 1e-6, 0.01, 0.3, 0.5, 0.50001, 0.9, 0.999, 1 - 1e-9, 1 - 1e-14} {
			y := gammaInverse(a, p)
			P, Q := gammaPQ(a, y)
			if y < 1e-290 { // below the smallest number whose P is p
				continue
			}
			if math.Abs(P-p) > 1e-11*p || math.Abs(Q-(1-p)) > 1e-11*(1-p)+1e-15 {
				t.Errorf("shape %v: P and Q of the %v quantile %v are %v, %v", a, p, y, P, Q)
			}
		}
	}
}

func TestNormalQuantile(t *testing.T) {
	r := sim.NewRand(3)
	for range 20000 {
		p := math.Exp2(-60 * r.Float64())
		z := Normal{0, 1}.Quantile(p)
		if back := (Normal{0, 1}).CDF(z); math.Abs(back-p) > 1e-13*p {
			t.Fatalf("CDF(Quantile(%v)) is %v", p, back)
		}
		if want := (distuv.Normal{Mu: 0, Sigma: 1}).Quantile(p); math.Abs(z-want) > 1e-13*math.Max(1, math.Abs(want)) {
			t.Fatalf("Quantile(%v) is %v, want %v", p, z, want)
		}
	}
}

// TestMonotone walks up every function in small steps: none may fall by more than its stated error.
func TestMonotone(t *testing.T) {
	for _, c := range []struct {
		name   string
		f      func(float64) float64
		lo, hi float64
		slack  float64 // relative
	}{
		{"Exp", Exp, -3, 3, 0x1p-52},
		{"Log", Log, 0.01, 5, 0x1p-52},
		{"Erf", Erf, -4, 4, 4e-15},
		{"Gamma.CDF", Gamma{2, 2.5}.CDF, 0, 12, 1e-12},
		{"Poisson.CDF", Poisson{5}.CDF, -1, 30, 1e-12},
		{"Normal.Quantile", Normal{0, 1}.Quantile, 0.001, 0.999, 1e-14},
	} {
		const steps = 20000
		before := math.Inf(-1)
		for i := range steps + 1 {
			x := c.lo + (c.hi-c.lo)*float64(i)/steps
			y := c.f(x)
			if y < before-c.slack*math.Max(math.Abs(y), 1e-3) {
				t.Errorf("%s falls from %v to %v at %v", c.name, before, y, x)
			}
			before = math.Max(before, y)
		}
	}
}

// TestLeastFloat covers both signs and both zeros.
func TestLeastFloat(t *testing.T) {
	for _, want := range []float64{-1e300, -3, -5e-324, 5e-324, 1, 2.5, 1e300} {
		got := leastFloat(-math.MaxFloat64, math.MaxFloat64, func(x float64) bool { return x >= want })
		if got != want {
			t.Errorf("least float at or above %v is %v", want, got)
		}
	}
	if got := leastCount(0, 1<<40, func(k float64) bool { return k*k >= 1e12 }); got != 1e6 {
		t.Errorf("least count with a square of 1e12 or more is %v, want 1e6", got)
	}
}

func TestLogNormalOf(t *testing.T) {
	mean, variance := LogNormalOf(10, 3).Moments()
	if !near(mean, 10, 1e-14) || !near(variance, 9, 1e-13) {
		t.Errorf("moments are %v, %v, want 10, 9", mean, variance)
	}
}

// TestIncompleteGammaInArbitraryPrecision holds GammaP and GammaQ to their stated error: for a whole a, Q(a, x) is the
// sum of Poisson's first a probabilities.
func TestIncompleteGammaInArbitraryPrecision(t *testing.T) {
	const prec = 400
	for _, c := range []struct{ a, x float64 }{
		{1, 0.01}, {1, 50}, {2, 0.75}, {3, 600}, {9, 4}, {11, 30}, {100, 60}, {100, 150}, {1e4, 9.7e3}, {1e4, 1.03e4}, {1e5, 0.99e5}, {1e5, 1.01e5},
	} {
		x := bigFloat(prec, c.x)
		term, q := bigFloat(prec, 1), bigFloat(prec, 0)
		for k := 1.0; k <= c.a; k++ {
			q.Add(q, term)
			term.Mul(term, x)
			term.Quo(term, bigFloat(prec, k))
		}
		q.Mul(q, bigExp(bigFloat(prec, -c.x)))
		p := bigFloat(prec, 1)
		p.Sub(p, q)
		relative(t, "GammaP", c.x, GammaP(c.a, c.x), p, 1e-12)
		relative(t, "GammaQ", c.x, GammaQ(c.a, c.x), q, 1e-12)
	}
}

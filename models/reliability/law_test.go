package reliability_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/models/dist"
	rel "lightcone/models/reliability"
)

var laws = []rel.Law{
	rel.Exponential{MTTF: 3}, rel.Weibull{Shape: .6, Scale: 2}, rel.Weibull{Shape: 3, Scale: 2}, rel.LogNormal{Median: 1, Sigma: .8},
	rel.Gamma{Shape: .5, Scale: 2}, rel.Gamma{Shape: 4, Scale: .5}, rel.Lomax{Scale: 2, Shape: 3.5}, rel.Pareto{Least: 1, Shape: 3.5},
	rel.Hyperexponential([]float64{.9, .1}, []float64{1, 10}),
	rel.First{Laws: []rel.Law{rel.Weibull{Shape: .5, Scale: 5}, rel.Exponential{MTTF: 4}}},
	rel.Gonum(distuv.Weibull{K: 2, Lambda: 3}), dist.Weibull{Shape: 1.5, Scale: 2},
}

// What was burnt in lasts longer: with a falling hazard a node of a month has more life before it than a new one.
func ExampleResidualLife() {
	node := rel.Weibull{Shape: .7, Scale: 1000}
	fmt.Printf("new %.0f h, after 500 h another %.0f h\n", rel.Mean(node), rel.ResidualLife(node, 500))
	// Output:
	// new 1266 h, after 500 h another 1690 h
}

func TestLaws(t *testing.T) {
	for _, l := range laws {
		t.Run(fmt.Sprintf("%T%v", l, l), func(t *testing.T) {
			mean, variance := l.Moments()
			for _, p := range []float64{.001, .1, .5, .9, .999} {
				x := l.Quantile(p)
				require.InEpsilon(t, p, l.CDF(x), 1e-9)
				require.InDelta(t, 1, l.CDF(x)+rel.Survival(l, x), 1e-12)
				require.InEpsilon(t, math.Exp(-rel.CumulativeHazard(l, x)), rel.Survival(l, x), 1e-12)
				h := 1e-5 * x
				require.InEpsilon(t, (l.CDF(x+h)-l.CDF(x-h))/(2*h)/rel.Survival(l, x), rel.Hazard(l, x), 1e-4)
			}
			// By quantiles: the mean of a law is the integral of its quantile function, and its residual life that from
			// an age on.
			integral := func(f func(x float64) float64) float64 {
				return quad.Fixed(func(u float64) float64 { // p = u^2 (3 - 2u) takes the ends gently
					return f(l.Quantile(u*u*(3-2*u))) * 6 * u * (1 - u)
				}, 0, 1, 400, quad.Legendre{}, 0)
			}
			require.InEpsilon(t, mean, integral(func(x float64) float64 { return x }), 1e-3)
			require.InEpsilon(t, mean, rel.ResidualLife(l, 0), 1e-9)
			require.InEpsilon(t, variance, integral(func(x float64) float64 { return (x - mean) * (x - mean) }), .05)
			age := l.Quantile(.3)
			left := integral(func(x float64) float64 { return max(x-age, 0) }) / rel.Survival(l, age)
			require.InEpsilon(t, left, rel.ResidualLife(l, age), 2e-3)
		})
	}
}

// The laws of models/dist are laws here, and the same ones.
func TestLawsOfDist(t *testing.T) {
	for _, pair := range [][2]rel.Law{
		{dist.Exponential{Mean: 3}, rel.Exponential{MTTF: 3}},
		{dist.Weibull{Shape: .7, Scale: 2}, rel.Weibull{Shape: .7, Scale: 2}},
		{dist.Gamma{Shape: 2.5, Mean: 5}, rel.Gamma{Shape: 2.5, Scale: 2}},
		{dist.LogNormal{Median: 2, Sigma: 1.4}, rel.LogNormal{Median: 2, Sigma: 1.4}},
	} {
		a, b := pair[0], pair[1]
		ma, va := a.Moments()
		mb, vb := b.Moments()
		require.InEpsilon(t, ma, mb, 1e-12)
		require.InEpsilon(t, va, vb, 1e-12)
		for _, x := range []float64{.1, 1, 5, 20} {
			require.InEpsilon(t, a.CDF(x), b.CDF(x), 1e-11)
			require.InEpsilon(t, rel.Hazard(a, x), rel.Hazard(b, x), 1e-6)
			require.InEpsilon(t, rel.ResidualLife(a, x), rel.ResidualLife(b, x), 1e-6)
		}
	}
}

func TestCompetingRisks(t *testing.T) {
	f := rel.First{Laws: []rel.Law{rel.Exponential{MTTF: 2}, rel.Exponential{MTTF: 3}, rel.Exponential{MTTF: 6}}}
	mean, variance := f.Moments()
	require.InEpsilon(t, 1, mean, 1e-12)
	require.InEpsilon(t, 1, variance, 1e-10)
	require.InEpsilon(t, 1, rel.Hazard(f, .7), 1e-7)
}

// A mixture of exponential laws whose rates follow a gamma law is Lomax's.
func TestLomaxIsAMixture(t *testing.T) {
	l, rates := rel.Lomax{Scale: 2, Shape: 3}, rel.Gamma{Shape: 3, Scale: .5}
	mixed := quad.Fixed(func(rate float64) float64 { return rates.Prob(rate) * math.Exp(-rate*1.5) }, 0, 40, 500, quad.Legendre{}, 0)
	require.InEpsilon(t, mixed, l.Survival(1.5), 1e-10)
	_, variance := rel.Lomax{Scale: 1, Shape: 1.5}.Moments()
	require.True(t, math.IsInf(variance, 1))
}

func TestRenewals(t *testing.T) {
	require.InEpsilon(t, 7./3, rel.ErlangRenewals(1, 3, 7), 1e-13, "Poisson")
	for _, at := range []float64{.1, 1, 3, 20} { // Erlang-2 in closed form
		require.InEpsilon(t, at/2-.25+math.Exp(-2*at)/4, rel.ErlangRenewals(2, 1, at), 1e-11)
	}
	for shape := 1; shape <= 5; shape++ {
		want, law := rel.ErlangRenewals(shape, 1, 6), rel.Gamma{Shape: float64(shape), Scale: 1}
		coarse, fine := sure(rel.Renewals(law, 6, 200)), sure(rel.Renewals(law, 6, 400))
		require.InDelta(t, want, fine, 2e-4)
		if shape > 1 {
			require.Greater(t, math.Abs(coarse-want), 3*math.Abs(fine-want), "second order")
		}
	}
	require.InDelta(t, 3, sure(rel.Renewals(rel.Fixed{Value: 2}, 7, 700)), 1e-12)
	_, err := rel.Renewals(laws[0], -1, 10)
	require.ErrorContains(t, err, "t is -1")
	_, err = rel.Renewals(rel.Fixed{Value: .001}, 10, 10)
	require.ErrorContains(t, err, "a renewal takes less than a step")
}

func TestLawErrors(t *testing.T) {
	require.EqualError(t, rel.Weibull{Shape: -1, Scale: 0}.Validate(), "reliability: Weibull.Shape is -1, want a finite number, more than 0\n"+
		"reliability: Weibull.Scale is 0, want a finite number, more than 0")
	require.EqualError(t, rel.Hyperexponential([]float64{.5, .2}, []float64{1, 2}).Validate(), "reliability: Mixture.Weights sum to 0.7, want 1")
	require.Error(t, rel.Mixture{Weights: []float64{1}}.Validate())
}

func TestAlternating(t *testing.T) {
	require.InEpsilon(t, one.Unavailability(), one.Point(1e4), 1e-12)
	require.InEpsilon(t, 1e-9/1000, one.Point(1e-9), 1e-9, "it has had no time but to fail")
	require.InEpsilon(t, one.Interval(.1/.101*.9999), one.Interval(.1/.101*1.0001), 3e-4, "the series meets the formula")
	require.InEpsilon(t, 2*.001*.1/math.Pow(.101, 3), rel.UptimeVariance(rel.Exponential{MTTF: 1000}, rel.Exponential{MTTF: 10}), 1e-13)
	require.Error(t, rel.Alternating{MTTF: 1}.Validate())
}

// The probability that a month meets its target, by counting failures one by one and by inverting numerically.
func TestDowntimeWithin(t *testing.T) {
	a := rel.Alternating{MTTF: 720, MTTR: .5}
	require.InEpsilon(t, 1-a.DowntimeWithin(.72, 720), a.DowntimeBeyond(.72, 720), 1e-12)
	require.InEpsilon(t, math.Exp(-1), a.DowntimeWithin(0, 720), 1e-12, "no failure at all")
	require.Equal(t, 1., a.DowntimeWithin(720, 720))

	up, down := rel.Exponential{MTTF: 720}, rel.Exponential{MTTF: .5}
	require.InDelta(t, a.DowntimeWithin(.72, 720), sure(rel.DowntimeWithin(up, down, .72, 720, 200)), 2e-5)
	b := rel.Alternating{MTTF: 10, MTTR: 1}
	coarse := sure(rel.DowntimeWithin(rel.Exponential{MTTF: 10}, rel.Exponential{MTTF: 1}, 8, 100, 100))
	fine := sure(rel.DowntimeWithin(rel.Exponential{MTTF: 10}, rel.Exponential{MTTF: 1}, 8, 100, 200))
	require.InDelta(t, b.DowntimeWithin(8, 100), fine, 2e-4)
	require.Greater(t, math.Abs(coarse-b.DowntimeWithin(8, 100)), 2.5*math.Abs(fine-b.DowntimeWithin(8, 100)))

	// Repairs of one length: at most so many failures.
	always := sure(rel.DowntimeWithin(up, rel.Fixed{Value: .5}, 1.2, 720, 400))
	lambda := (720 - 1.2) / 720
	require.InDelta(t, math.Exp(-lambda)*(1+lambda+lambda*lambda/2), always, 1e-4)
	_, err := rel.DowntimeWithin(up, down, 2, 1, 0)
	require.EqualError(t, err, "reliability: DowntimeWithin: 2 of 1 hours, want more than 0 of more than that\n"+
		"reliability: DowntimeWithin: steps is 0, want 2 to 8192")
}

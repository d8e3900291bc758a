package dist

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/sim"
)

// follows reports a sample that does not follow a distribution function, by the test of Kolmogorov and Smirnov for
// continuous laws and of Pearson (chi-square) for laws of counts, at the given significance.
func follows(x []float64, cdf func(float64) float64, counts bool) error {
	slices.Sort(x)
	if counts {
		return chiSquare(x, cdf)
	}
	return kolmogorovSmirnov(x, cdf)
}

// kolmogorovSmirnov compares sqrt(n) D with the asymptotic critical value sqrt(log(2/significance)/2).
func kolmogorovSmirnov(sorted []float64, cdf func(float64) float64) error {
	n, worst, where := float64(len(sorted)), 0.0, 0.0
	for i, x := range sorted {
		f := cdf(x)
		if d := math.Max(float64(i+1)/n-f, f-float64(i)/n); d > worst {
			worst, where = d, x
		}
	}
	critical := math.Sqrt(math.Log(2/significance) / 2)
	if got := worst * math.Sqrt(n); !(got <= critical) {
		return fmt.Errorf("sqrt(n) D is %.3f, at %v, want at most %.3f", got, where, critical)
	}
	return nil
}

// chiSquare bins whole values so that 50 or more are expected in each.
func chiSquare(sorted []float64, cdf func(float64) float64) error {
	n := float64(len(sorted))
	statistic, bins, begin, from := 0.0, 0, 0, 0.0
	last := sorted[len(sorted)-1]
	for k := sorted[0]; ; k++ {
		to := cdf(k)
		if expected := n * (to - from); expected < 50 && k < last {
			continue
		}
		if k >= last || n*(1-to) < 50 {
			to = 1
		}
		end := begin
		for end < len(sorted) && (sorted[end] <= k || to == 1) {
			end++
		}
		expected := n * (to - from)
		if expected > 0 {
			statistic += (float64(end-begin) - expected) * (float64(end-begin) - expected) / expected
			bins++
		} else if end > begin {
			return fmt.Errorf("%d values at or below %v, want none", end-begin, k)
		}
		if begin, from = end, to; to == 1 {
			break
		}
	}
	if bins == 1 {
		return nil // the law is constant, and so were the values
	}
	critical := distuv.ChiSquared{K: float64(bins - 1)}.Quantile(1 - significance)
	if !(statistic <= critical) {
		return fmt.Errorf("chi-square of %d bins is %.1f, want at most %.1f", bins, statistic, critical)
	}
	return nil
}

func momentsOf(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / float64(len(x))
}

// meanAgrees reports a sample mean further than 4 standard errors from the given one.
func meanAgrees(x []float64, mean, variance float64) error {
	got, _ := momentsOf(x)
	if allowed := 4*math.Sqrt(variance/float64(len(x))) + 1e-12*math.Abs(mean); !(math.Abs(got-mean) <= allowed) {
		return fmt.Errorf("mean is %v, want %v within %v", got, mean, allowed)
	}
	return nil
}

// TestFitRejectsWrongLaws plants laws that are off by little, and a sampler that is: the checks above must see them.
func TestFitRejectsWrongLaws(t *testing.T) {
	exponential := distuv.Exponential{Rate: 1}.CDF
	poisson := poissonCase("", 12)
	for _, c := range []struct {
		name   string
		law    Dist
		cdf    func(float64) float64
		counts bool
	}{
		{"exponential, mean 3 % off", Exponential{1.03}, exponential, false},
		{"gamma, shape 4 % off", Gamma{1, 1.04}, exponential, false},
		{"weibull, shape 3 % off", Weibull{1, 1.03}, exponential, false},
		{"normal, mean off by 0.02 sd", Normal{0.02, 1}, distuv.Normal{Mu: 0, Sigma: 1}.CDF, false},
		{"normal, sd 5 % off", Normal{0, 1.05}, distuv.Normal{Mu: 0, Sigma: 1}.CDF, false},
		{"a hole in the exponential", holed{Exponential{1}}, exponential, false},
		{"poisson, mean 1 % off", Poisson{12.12}, poisson.cdf, true},
		{"zipf, exponent 2 % off", newZipf(1000, 1.12), zipfCase("", 1000, 1.1).cdf, true},
		{"geometric, p 2 % off", Geometric{0.204}, func(x float64) float64 { return 1 - math.Pow(0.8, math.Max(math.Floor(x), 0)) }, true},
		{"one count in 10 is off by 1", holed{Poisson{12}}, poisson.cdf, true},
	} {
		if err := follows(draw(c.law, 1), c.cdf, c.counts); err == nil {
			t.Errorf("%s: not seen", c.name)
		}
	}
	if err := meanAgrees(draw(Exponential{1.02}, 1), 1, 1); err == nil {
		t.Error("a mean 2 % off: not seen")
	}
}

// holed is a law whose sampler is wrong once in 10 draws.
type holed struct{ Dist }

func (h holed) Sample(r *sim.Rand) float64 {
	x := h.Dist.Sample(r)
	if r.IntN(10) == 0 {
		x++
	}
	return x
}

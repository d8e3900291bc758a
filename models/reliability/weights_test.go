package reliability_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// tail estimates P(X > 20) = 2.06e-9 of an exponential X of mean 1, drawn with another mean, by the ratio of densities.
func tail(r *rand.Rand, n int, mean float64) *reliability.Weighted {
	var w reliability.Weighted
	for range n {
		x := mean * r.ExpFloat64()
		hit := 0.0
		if x > 20 {
			hit = 1
		}
		w.Add(math.Log(mean)-x+x/mean, hit)
	}
	return &w
}

func TestCoverageOfImportanceSampling(t *testing.T) {
	truth := math.Exp(-20)
	interval := func(r *rand.Rand) reliability.Estimate {
		e, _ := tail(r, 2000, 20).Estimate(level) // a refusal covers nothing
		return e
	}
	testCoverage(t, []covering{
		{name: "Weighted", truth: truth, make: interval},
		{name: "Share", truth: truth / 5, make: func(r *rand.Rand) reliability.Estimate {
			var length reliability.Tally
			for range 100 {
				length.Add(5 * r.ExpFloat64())
			}
			e, _ := tail(r, 2000, 20).Share(&length, level)
			return e
		}},
	})
}

// Forced much too hard, the estimate is refused, and unforced too: of a hundred runs none gives a wrong interval.
func TestForcedTooHardIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		mean       float64
		diagnostic string
	}{
		"mean weight": {1e5, "mean weight"}, "not forced": {1, "effective sample size"}, "too little": {3, "effective sample size"},
	} {
		for i := range 100 {
			e, err := tail(rand.New(rand.NewPCG(uint64(i), 1)), 2000, c.mean).Estimate(level)
			var refusal *reliability.Refusal
			require.True(t, errors.As(err, &refusal), "%s: %v", name, e)
			require.True(t, math.IsNaN(e.Low) && math.IsNaN(e.High))
			require.False(t, math.IsInf(e.Value, 0))
		}
		_, err := tail(rand.New(rand.NewPCG(1, 1)), 2000, c.mean).Estimate(level)
		require.ErrorContains(t, err, c.diagnostic)
	}
}

// What is not seen cannot be diagnosed by the weights alone if all is well with them; one observation that decides can.
func TestOneWeightDecides(t *testing.T) {
	var w reliability.Weighted
	for range 1000 {
		w.Add(0, 1)
	}
	require.NoError(t, w.Err())
	w.Add(0, 1000)
	require.ErrorContains(t, w.Err(), "effective sample size is 4")
	for range 5000 {
		w.Add(0, 1)
	}
	require.ErrorContains(t, w.Err(), "effective sample size is 48")
	for range 2000 {
		w.Add(0, 1)
	}
	require.ErrorContains(t, w.Err(), "largest share is 0.111, want at most 0.1")
}

func TestWeights(t *testing.T) {
	var w reliability.Weights
	require.Zero(t, w.ESS())
	require.Zero(t, w.Largest())
	mean, _ := w.Mean()
	require.True(t, math.IsNaN(mean))
	for _, x := range []float64{1, 2, 0, 5} {
		w.Add(math.Log(x))
	}
	require.InDelta(t, 8, w.Sum(), 1e-12)
	require.InDelta(t, 64./30, w.ESS(), 1e-12)
	require.InDelta(t, 5./8, w.Largest(), 1e-12)
	mean, se := w.Mean()
	require.InDelta(t, 2, mean, 1e-12)
	require.InDelta(t, math.Sqrt(14./3/4), se, 1e-12) // off the mean: 1, 0, 2, 3; squares 14
}

// Weights far beyond what a float64 holds have an effective sample size like any others.
func TestExtremeWeights(t *testing.T) {
	for _, shift := range []float64{-5000, 0, 5000} {
		var up, down, a, b reliability.Weights
		for i := range 10 {
			up.Add(shift + float64(i))
			down.Add(shift + float64(9-i))
			if i < 4 {
				a.Add(shift + float64(i))
			} else {
				b.Add(shift + float64(i))
			}
		}
		a.Merge(&b)
		b.Merge(&reliability.Weights{})
		for _, w := range []*reliability.Weights{&up, &down, &a} {
			require.InEpsilon(t, math.Pow(math.E+1, 1)*(math.E-1)*math.Pow(1-math.Exp(-10), 2)/math.Pow(math.E-1, 2)/(1-math.Exp(-20)), w.ESS(), 1e-12)
			require.InEpsilon(t, (1-math.Exp(-1))/(1-math.Exp(-10)), w.Largest(), 1e-12)
			require.Equal(t, 10, w.N())
		}
	}
}

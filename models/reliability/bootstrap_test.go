package reliability_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

const resamples = 199

func TestCoverageOfBootstraps(t *testing.T) {
	mean30 := func(f func(xs []float64, r *rand.Rand) reliability.Estimate) func(r *rand.Rand) reliability.Estimate {
		return func(r *rand.Rand) reliability.Estimate { return f(exponentials(r, 30, 1), r) }
	}
	percentile := func(xs []float64, r *rand.Rand) reliability.Estimate {
		return reliability.Percentile(xs, mean, resamples, level, r)
	}
	testCoverage(t, []covering{
		{name: "percentile, 60 normal", make: func(r *rand.Rand) reliability.Estimate { return percentile(normals(r, 60), r) }},
		{name: "percentile, 30 exponential", truth: 1, low: .895, high: .935, make: mean30(percentile)},
		{name: "BCa, 30 exponential", truth: 1, low: .91, high: .95, make: mean30(func(xs []float64, r *rand.Rand) reliability.Estimate {
			return reliability.BCa(xs, mean, resamples, level, r)
		})},
		{name: "BCa, 100 exponential", truth: 1, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.BCa(exponentials(r, 100, 1), mean, resamples, level, r)
		}},
		{name: "studentised, 30 exponential", truth: 1, make: mean30(func(xs []float64, r *rand.Rand) reliability.Estimate {
			return reliability.Studentised(xs, resamples, level, r)
		})},
	})
}

// Cycles are observations too: resampled in pairs they give the interval that Ratio gives.
func TestBootstrapOfCycles(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	up, down := exponentials(r, 400, 99), exponentials(r, 400, 1)
	cycles := make([][2]float64, len(up))
	for i := range cycles {
		cycles[i] = [2]float64{up[i], down[i]}
	}
	got := reliability.BCa(cycles, func(cs [][2]float64) float64 {
		var u, d float64
		for _, c := range cs {
			u, d = u+c[0], d+c[1]
		}
		return d / (u + d)
	}, 999, level, r)
	want := reliability.Ratio(up, down, level)
	require.InEpsilon(t, want.Value, got.Value, 1e-12)
	require.InEpsilon(t, want.Low, got.Low, .02)
	require.InEpsilon(t, want.High, got.High, .02)
}

func TestBootstrapWithoutVariation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	same := []float64{2, 2, 2}
	require.True(t, reliability.Percentile(same, mean, 99, level, r).Covers(2))
	require.True(t, math.IsNaN(reliability.BCa(same, mean, 99, level, r).Low))
	require.True(t, math.IsNaN(reliability.Studentised(same, 99, level, r).Low))
	require.True(t, math.IsNaN(reliability.Percentile(nil, mean, 99, level, r).Low))
	require.True(t, math.IsNaN(reliability.BCa(nil, mean, 99, level, r).Low))
}

// The same seed gives the same interval, another seed another.
func TestBootstrapIsSeeded(t *testing.T) {
	xs := exponentials(rand.New(rand.NewPCG(1, 1)), 20, 1)
	of := func(seed uint64) reliability.Estimate {
		return reliability.Percentile(xs, mean, 99, level, rand.New(rand.NewPCG(seed, 1)))
	}
	require.Equal(t, of(1), of(1))
	require.NotEqual(t, of(1), of(2))
}

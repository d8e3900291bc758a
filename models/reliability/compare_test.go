package reliability_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// designs draws what two designs suffer under the same n faults: the second a tenth less.
func designs(r *rand.Rand, n int) (a, b []float64) {
	for _, x := range exponentials(r, n, 10) {
		a = append(a, x+r.NormFloat64()/10+1)
		b = append(b, .9*x+r.NormFloat64()/10+1)
	}
	return a, b
}

func TestCoverageOfComparisons(t *testing.T) {
	testCoverage(t, []covering{
		{name: "Paired", truth: 1, make: func(r *rand.Rand) reliability.Estimate {
			a, b := designs(r, 200)
			return reliability.Paired(a, b, level)
		}},
		{name: "Unpaired", truth: 5, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.Unpaired(exponentials(r, 60, 10), exponentials(r, 90, 5), level)
		}},
		{name: "RatioOfMeans", truth: 11. / 10, make: func(r *rand.Rand) reliability.Estimate {
			a, b := designs(r, 200)
			return reliability.RatioOfMeans(a, b, level)
		}},
	})
}

// Common random numbers find a tenth where independent runs find nothing.
func TestCommonRandomNumbers(t *testing.T) {
	a, b := designs(rand.New(rand.NewPCG(1, 1)), 200)
	_, other := designs(rand.New(rand.NewPCG(2, 2)), 200)
	paired, unpaired := reliability.Paired(a, b, level), reliability.Unpaired(a, other, level)
	require.Greater(t, paired.Low, 0.)
	require.True(t, unpaired.Covers(0), unpaired)
	require.Less(t, 5*(paired.High-paired.Low), unpaired.High-unpaired.Low)
	same := reliability.Unpaired([]float64{1, 1}, []float64{1, 1}, level)
	require.True(t, same.Covers(0))
}

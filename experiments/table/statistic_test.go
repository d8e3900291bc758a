package table

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMeanHasStudentsInterval(t *testing.T) {
	e := Mean.Of([]float64{1, 2, math.NaN(), 3, 4, 5}, 0.95)
	require.Equal(t, 3.0, e.Value)
	require.Equal(t, 5, e.N)
	require.InDelta(t, math.Sqrt(2.5)/math.Sqrt(5), e.Error, 1e-12)
	require.InDelta(t, 2.776445, (e.High-e.Value)/e.Error, 1e-5, "t with 4 degrees of freedom, from tables")
	require.Equal(t, "Student", e.Method)
}

func TestTooFewRunsHaveNoInterval(t *testing.T) {
	for _, s := range []Statistic{Mean, Median, Quantile(0.99), Nonzero} {
		for _, xs := range [][]float64{nil, {math.NaN()}, {7}, {7, math.NaN()}} {
			e := s.Of(xs, Confidence)
			require.False(t, e.Known(), "%v of %v: %+v", s, xs, e)
			require.Equal(t, len(present(xs)), e.N)
		}
		require.Equal(t, s != Nonzero, s.Of([]float64{7}, Confidence).Value == 7)
	}
	require.False(t, SD.Of([]float64{7}, Confidence).Known())
	require.True(t, math.IsNaN(SD.Of([]float64{7}, Confidence).Value))
	require.False(t, Share(0, 0, Confidence).Known())
}

func TestAllTheSameIsSaid(t *testing.T) {
	e := Mean.Of([]float64{0.1, 0.1, 0.1}, Confidence)
	require.Equal(t, Estimate{Value: 0.1, Low: 0.1, High: 0.1, Level: Confidence, N: 3, Method: "all the same"}, e)
}

func TestAnInfiniteValueMakesTheMeanInfiniteAndNotTheMedian(t *testing.T) {
	xs := []float64{1, 2, math.Inf(1), 3, 4}
	require.True(t, math.IsInf(Mean.Of(xs, Confidence).Value, 1))
	require.False(t, Mean.Of(xs, Confidence).Known())
	require.Equal(t, 3.0, Median.Of(xs, Confidence).Value)
}

func TestQuantilesOfFewRunsAreOpen(t *testing.T) {
	xs := make([]float64, 100)
	for i := range xs {
		xs[i] = float64(i + 1)
	}
	e := Quantile(0.99).Of(xs, Confidence)
	require.Equal(t, 99.0, e.Value)
	require.True(t, math.IsInf(e.High, 1), "the 99th percentile of 100 runs has no upper end: %+v", e)
	m := Median.Of(xs, Confidence)
	require.Equal(t, []float64{50, 40, 61}, []float64{m.Value, m.Low, m.High}, "ranks 40 and 61 of 100, as tables of order statistics have them")
}

func TestStatisticsAreReadAsTheyAreWritten(t *testing.T) {
	for _, s := range []string{"mean", "median", "p90", "p99", "p99.9", "p0.1", "share", "sd", "min", "max"} {
		got, err := ParseStatistic(s)
		require.NoError(t, err)
		require.Equal(t, s, got.String())
	}
	p50, err := ParseStatistic("p50")
	require.NoError(t, err)
	require.Equal(t, Median, p50)
	for s, want := range map[string]string{
		"meen": "nearest is mean", "p100": "between p0 and p100", "p": "such as p99", "p0x1": "such as p99", "": "want mean, median",
	} {
		_, err := ParseStatistic(s)
		require.ErrorContains(t, err, want)
	}
}

// covered draws samples and counts how often the interval covers the truth: it must as often as it says, give or take 4
// standard errors, or at least so often if the method is conservative.
func covered(t *testing.T, conservative bool, truth float64, sample func(*rand.Rand) Estimate) {
	t.Helper()
	const rounds = 4000
	hits, r := 0, rand.New(rand.NewPCG(1, 2))
	for range rounds {
		if e := sample(r); e.Low <= truth && truth <= e.High {
			hits++
		}
	}
	share := float64(hits) / rounds
	slack := 4 * math.Sqrt(Confidence*(1-Confidence)/rounds)
	require.Greater(t, share, Confidence-slack)
	if !conservative {
		require.Less(t, share, Confidence+slack)
	}
}

func normals(r *rand.Rand, n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = r.NormFloat64()
	}
	return xs
}

func TestIntervalsCoverAsOftenAsTheySay(t *testing.T) {
	t.Run("mean of 3", func(t *testing.T) {
		covered(t, false, 0, func(r *rand.Rand) Estimate { return Mean.Of(normals(r, 3), Confidence) })
	})
	t.Run("mean of 30", func(t *testing.T) {
		covered(t, false, 0, func(r *rand.Rand) Estimate { return Mean.Of(normals(r, 30), Confidence) })
	})
	t.Run("median of 41", func(t *testing.T) {
		covered(t, true, 0, func(r *rand.Rand) Estimate { return Median.Of(normals(r, 41), Confidence) })
	})
	t.Run("p90 of 100 exponential times", func(t *testing.T) {
		covered(t, true, math.Log(10), func(r *rand.Rand) Estimate {
			xs := make([]float64, 100)
			for i := range xs {
				xs[i] = r.ExpFloat64()
			}
			return Quantile(0.9).Of(xs, Confidence)
		})
	})
	t.Run("share of 60 runs", func(t *testing.T) {
		covered(t, true, 0.13, func(r *rand.Rand) Estimate {
			k := 0
			for range 60 {
				if r.Float64() < 0.13 {
					k++
				}
			}
			return Share(k, 60, Confidence)
		})
	})
	t.Run("paired difference", func(t *testing.T) {
		covered(t, false, 1, func(r *rand.Rand) Estimate { return paired(twins(r, 8, 1)).Estimate })
	})
	t.Run("unpaired difference", func(t *testing.T) {
		covered(t, true, 0, func(r *rand.Rand) Estimate { return unpaired(seeded(normals(r, 6)), seeded(normals(r, 14))).Estimate })
	})
}

// twins are two samples on the same seeds, which share most of what they vary by; the second is larger by a difference.
func twins(r *rand.Rand, n int, by float64) (a, b sample) {
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		common := 10 * r.NormFloat64()
		x[i], y[i] = common+r.NormFloat64(), common+r.NormFloat64()+by
	}
	return seeded(x), seeded(y)
}

// seeded is a sample with seeds from 1.
func seeded(values []float64) sample {
	s := sample{values: values}
	for i := range values {
		s.seeds = append(s.seeds, uint64(i+1))
	}
	return s
}

func TestAgreementIsJudgedByFourErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	xs := normals(r, 400) // the mean's standard error is .05
	e := Mean.Of(xs, Confidence)
	for errors, want := range map[float64]bool{0: true, 3.9: true, -3.9: true, 4.2: false, -4.2: false} {
		agrees, known := Mean.Agrees(xs, e.Value+errors*e.Error, 0)
		require.True(t, known)
		require.Equal(t, want, agrees, "%v standard errors off", errors)
	}
	agrees, _ := Mean.Agrees(xs, e.Value+5*e.Error, e.Error)
	require.True(t, agrees, "what is expected is itself sampled: 5 are within 4 times the root of 2")
	_, known := Mean.Agrees(xs[:1], 0, 0)
	require.False(t, known, "one run can agree with anything")
	_, known = Mean.Agrees(xs, math.NaN(), 0)
	require.False(t, known)
	agrees, known = Mean.Agrees([]float64{5, 5, 5}, 5, 0)
	require.True(t, agrees && known)
	agrees, known = Mean.Agrees([]float64{5, 5, 5}, 5.001, 0)
	require.True(t, !agrees && known, "a count that is the same in all runs is exact")
	agrees, known = Median.Agrees(xs, 0, 0)
	require.True(t, agrees && known)
	agrees, known = Median.Agrees(xs, 0.5, 0)
	require.True(t, !agrees && known)
}

// TestFewRunsDoNotDisagreeByChance has three runs each: by 4 plain standard errors, 6 % would differ from the truth.
func TestFewRunsDoNotDisagreeByChance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	wrong := 0
	for range 2000 {
		if agrees, _ := Mean.Agrees(normals(r, 3), 0, 0); !agrees {
			wrong++
		}
	}
	require.LessOrEqual(t, wrong, 2)
}

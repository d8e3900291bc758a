package workload_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/workload"
	"lightcone/sim"
)

func gaps(a workload.Arrivals, n int) []float64 {
	r := sim.NewRand(1, sim.ForStudy)
	x := make([]float64, n)
	for i := range x {
		x[i] = a.Gap(&r).Seconds()
	}
	return x
}

// kolmogorov fails the test if the sample is not of the law: the distance has probability 0.001 (Kolmogorov's limit,
// 1.95/sqrt(n)) if it is.
func kolmogorov(t *testing.T, sample []float64, cdf func(float64) float64) {
	t.Helper()
	slices.Sort(sample)
	n, far := float64(len(sample)), 0.0
	for i, x := range sample {
		f := cdf(x)
		far = max(far, math.Abs(f-float64(i)/n), math.Abs(f-float64(i+1)/n))
	}
	require.Less(t, far, 1.95/math.Sqrt(n))
}

func TestPoissonGapsAreExponential(t *testing.T) {
	kolmogorov(t, gaps(workload.Poisson(50), 20_000), func(x float64) float64 { return -math.Expm1(-50 * x) })
}

// hyperexponential returns the law of the gaps of an interrupted Poisson process: exponential with rate r1 with
// probability p, else with rate r2 (Kuczura, 1973).
func hyperexponential(b workload.Bursts) (p, r1, r2 float64) {
	rate, off, on := b.Peak, 1/b.On.Seconds(), 1/b.Off.Seconds() // of arrivals, of going off, of going on
	root := math.Sqrt((rate+on+off)*(rate+on+off) - 4*rate*on)
	r1, r2 = (rate+on+off+root)/2, (rate+on+off-root)/2
	return (rate - r2) / (r1 - r2), r1, r2
}

func TestBurstGapsAreHyperexponential(t *testing.T) {
	b := workload.Bursts{Peak: 100, On: 50 * time.Millisecond, Off: 200 * time.Millisecond}
	p, r1, r2 := hyperexponential(b)
	kolmogorov(t, gaps(b, 20_000), func(x float64) float64 { return -p*math.Expm1(-r1*x) - (1-p)*math.Expm1(-r2*x) })
}

func TestConstantGaps(t *testing.T) {
	r := sim.NewRand(1)
	require.Equal(t, 4*time.Millisecond, workload.Constant(250).Gap(&r))
	require.Equal(t, 333333333*time.Nanosecond, workload.Constant(3).Gap(&r))
	first := make([]float64, 20_000)
	for i := range first {
		first[i] = workload.Constant(250).First(&r).Seconds()
	}
	kolmogorov(t, first, func(x float64) float64 { return x / 0.004 })
}

// counts returns the mean and the variance of the number of arrivals before a time, over many processes.
func counts(a workload.Arrivals, before time.Duration, runs int) (mean, variance float64) {
	r := sim.NewRand(2, sim.ForStudy)
	sum, squares := 0.0, 0.0
	for range runs {
		n := 0.0
		for at := a.First(&r); at < before; at += a.Gap(&r) {
			n++
		}
		sum, squares = sum+n, squares+n*n
	}
	mean = sum / float64(runs)
	return mean, squares/float64(runs) - mean*mean
}

// A process that has been going on for ever has rate x time arrivals in any time on average, from its start on.
func TestArrivalsAreStationary(t *testing.T) {
	for name, a := range map[string]workload.Arrivals{
		"poisson":  workload.Poisson(30),
		"constant": workload.Constant(30),
		"bursts":   workload.Bursts{Peak: 120, On: 50 * time.Millisecond, Off: 150 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, 30.0, a.Rate())
			const runs = 5000
			for _, before := range []time.Duration{20 * time.Millisecond, 500 * time.Millisecond} {
				mean, variance := counts(a, before, runs)
				require.InDelta(t, 30*before.Seconds(), mean, 4*math.Sqrt(variance/runs))
			}
		})
	}
}

// How much the counts of a Markov-modulated Poisson process vary: with the rate being Peak for a share p of the time and
// its autocovariance Peak^2 p(1-p) e^(-a t), a = 1/On + 1/Off, the variance of the count in t is
// Peak p t + 2 Peak^2 p(1-p)/a (t - (1-e^(-a t))/a) (Fischer and Meier-Hellstern, 1993).
func TestBurstsVaryAsTheyShould(t *testing.T) {
	b := workload.Bursts{Peak: 120, On: 50 * time.Millisecond, Off: 150 * time.Millisecond}
	const time_, runs = 1.0, 20_000
	p, a := 0.25, 1/b.On.Seconds()+1/b.Off.Seconds()
	want := b.Peak*p*time_ + 2*b.Peak*b.Peak*p*(1-p)/a*(time_-(1-math.Exp(-a*time_))/a)
	_, got := counts(b, time.Second, runs)
	require.InEpsilon(t, want, got, 4*math.Sqrt(2.5/runs), "the variance of a variance is about 2/n for nearly normal counts")

	_, poisson := counts(workload.Poisson(30), time.Second, runs)
	require.InEpsilon(t, 30, poisson, 4*math.Sqrt(2.1/runs))
	require.Greater(t, want, 5*30.0, "bursts are what the comparison is about")
}

func TestArrivalsReportEverything(t *testing.T) {
	for name, c := range map[string]struct {
		a    workload.Arrivals
		want []string
	}{
		"no rate":  {workload.Poisson(0), []string{"workload: Poisson is 0 a second, want 1e-09 to 1e+09"}},
		"not one":  {workload.Constant(math.NaN()), []string{"Constant is NaN a second"}},
		"nothing":  {workload.Bursts{}, []string{"Bursts.Peak is 0 a second", "Bursts.On is 0s", "Bursts.Off is 0s"}},
		"too rare": {workload.Bursts{Peak: 1, On: time.Microsecond, Off: time.Second}, []string{"want 0.001 arrivals in a burst or more"}},
		"too long": {workload.Bursts{Peak: 1, On: 48 * time.Hour, Off: time.Second}, []string{"Bursts.On is 48h0m0s, want more than 0, at most 24h0m0s"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.a.Validate()
			for _, w := range c.want {
				require.ErrorContains(t, err, w)
			}
		})
	}
	require.NoError(t, workload.Bursts{Peak: 100, On: time.Second, Off: time.Second}.Validate())
}

package reliability_test

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/models/reliability"
)

var replications = flag.Int("reliability.replications", 2000, "how often each interval is made to measure how often it covers")

const level = .95

// covering is an interval of which it is tested how often it covers the truth.
type covering struct {
	name      string
	truth     float64
	low, high float64 // of the coverage; 0, 0 is .935 to .965
	make      func(r *rand.Rand) reliability.Estimate
}

// coverageOf makes the interval over and over.
func coverageOf(c covering, n int) float64 {
	covered := 0
	for i := range n {
		if c.make(rand.New(rand.NewPCG(uint64(i), 7))).Covers(c.truth) {
			covered++
		}
	}
	return float64(covered) / float64(n)
}

func testCoverage(t *testing.T, cases []covering) {
	n := *replications
	slack := 0.0
	if testing.Short() {
		n = min(n, 200)
		slack = 3 * math.Sqrt(level*(1-level)/float64(n))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.low == 0 && c.high == 0 {
				c.low, c.high = .935, .965
			}
			got := coverageOf(c, n)
			t.Logf("covers %.4f of %d", got, n)
			if got < c.low-slack || got > c.high+slack {
				t.Errorf("covers the truth in %.4f of %d replications, want %v to %v", got, n, c.low, c.high)
			}
		})
	}
}

func exponentials(r *rand.Rand, n int, mean float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = mean * r.ExpFloat64()
	}
	return xs
}

func normals(r *rand.Rand, n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = r.NormFloat64()
	}
	return xs
}

func binomial(r *rand.Rand, n int, p float64) (k int) {
	for range n {
		if r.Float64() < p {
			k++
		}
	}
	return k
}

func poisson(r *rand.Rand, mean float64) (k int) {
	for t := r.ExpFloat64(); t < mean; t += r.ExpFloat64() {
		k++
	}
	return k
}

func TestCoverageOfIntervals(t *testing.T) {
	testCoverage(t, []covering{
		{name: "Wilson", truth: .1, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.Wilson(binomial(r, 200, .1), 200, level)
		}},
		{name: "Clopper-Pearson is conservative", truth: .3, low: .95, high: .985, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.ClopperPearson(binomial(r, 100, .3), 100, level)
		}},
		{name: "Rate is conservative", truth: .2, low: .95, high: .985, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.Rate(poisson(r, .2*50), 50, level)
		}},
		{name: "Student, normal", make: func(r *rand.Rand) reliability.Estimate {
			return reliability.Student(normals(r, 5), level)
		}},
		{name: "Student, exponential", truth: 3, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.Student(exponentials(r, 150, 3), level)
		}},
		{name: "OrderStatistics is conservative, median", truth: math.Ln2, low: .945, high: .985, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.OrderStatistics(exponentials(r, 100, 1), .5, level)
		}},
		{name: "OrderStatistics is conservative, p99", truth: -math.Log(.01), low: .945, high: .99, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.OrderStatistics(exponentials(r, 800, 1), .99, level)
		}},
	})
}

// The intervals for counts cover with a probability that can be summed up exactly: Clopper and Pearson's and the Poisson
// interval never less than the level, Wilson's the level on average over p.
func TestExactCoverage(t *testing.T) {
	const n = 40
	wilson := 0.0
	const points = 99
	var cp, score [n + 1]reliability.Estimate
	for k := range cp {
		cp[k], score[k] = reliability.ClopperPearson(k, n, level), reliability.Wilson(k, n, level)
	}
	for i := 1; i <= points; i++ {
		p := float64(i) / (points + 1)
		law := distuv.Binomial{N: n, P: p}
		exact := 0.0
		for k := range n + 1 {
			if cp[k].Covers(p) {
				exact += law.Prob(float64(k))
			}
			if score[k].Covers(p) {
				wilson += law.Prob(float64(k)) / points
			}
		}
		require.GreaterOrEqual(t, exact, level, "Clopper-Pearson at %v", p)
	}
	require.InDelta(t, level, wilson, .005)
	var rates [200]reliability.Estimate
	for k := range rates {
		rates[k] = reliability.Rate(k, 2, level)
	}
	for mean := .5; mean < 30; mean += .5 {
		law := distuv.Poisson{Lambda: mean}
		exact := 0.0
		for k := range rates {
			if rates[k].Covers(mean / 2) {
				exact += law.Prob(float64(k))
			}
		}
		require.GreaterOrEqual(t, exact, level, "Rate at %v", mean)
	}
}

// Published values: Newcombe, Statistics in Medicine 17, 1998, table I, methods 3 and 5; Garwood's 95 % limits for no
// event and for 10 are in every table of the Poisson law.
func TestPublishedIntervals(t *testing.T) {
	for _, c := range []struct {
		got       reliability.Estimate
		low, high float64
	}{
		{reliability.Wilson(81, 263, level), .2553, .3662},
		{reliability.Wilson(15, 148, level), .0624, .1605},
		{reliability.Wilson(0, 20, level), 0, .1611},
		{reliability.Wilson(1, 29, level), .0061, .1718},
		{reliability.ClopperPearson(81, 263, level), .2527, .3676},
		{reliability.ClopperPearson(15, 148, level), .0578, .1617},
		{reliability.ClopperPearson(0, 20, level), 0, .1684},
		{reliability.ClopperPearson(1, 29, level), .0009, .1776},
	} {
		require.InDelta(t, c.low, c.got.Low, 5e-5, c.got)
		require.InDelta(t, c.high, c.got.High, 5e-5, c.got)
	}
	require.InDelta(t, 3.689, reliability.Rate(0, 1, level).High, 5e-4)
	require.InDelta(t, 4.795, reliability.Rate(10, 1, level).Low, 5e-4)
	require.InDelta(t, 18.390, reliability.Rate(10, 1, level).High, 5e-4)
	// Student's quantiles: Fisher, Yates, Statistical Tables; the expansion for many degrees meets the exact one for few.
	five := reliability.Student([]float64{1, 2, 3, 4, 5}, level) // t(4) = 2.7764, standard error sqrt(2.5/5)
	require.InDelta(t, 3-2.776445*math.Sqrt(.5), five.Low, 1e-5)
}

// The ends for the median of 100 numbers are those of rank 40 and 61 (David, Nagaraja: 40th and 61st, .9648).
func TestOrderStatisticsRanks(t *testing.T) {
	xs := make([]float64, 100)
	for i := range xs {
		xs[i] = float64(100 - i)
	}
	e := reliability.OrderStatistics(xs, .5, level)
	require.Equal(t, []float64{50, 40, 61}, []float64{e.Value, e.Low, e.High})
	e = reliability.OrderStatistics(xs[:50], .99, level)
	require.True(t, math.IsInf(e.High, 1), e)
	full := make([]float64, 368)
	require.Zero(t, reliability.OrderStatistics(full, .99, level).High)
	require.True(t, math.IsInf(reliability.OrderStatistics(full[1:], .99, level).High, 1))
}

func TestNines(t *testing.T) {
	e := reliability.Estimate{Value: .001, Low: .0001, High: .01}.Nines()
	require.InDelta(t, 3, e.Value, 1e-12)
	require.InDelta(t, 2, e.Low, 1e-12)
	require.InDelta(t, 4, e.High, 1e-12)
	require.True(t, math.IsInf(reliability.Estimate{}.Nines().Value, 1))
	a := reliability.Estimate{Value: .25, Low: .125, High: .5}.Complement()
	require.Equal(t, reliability.Estimate{Value: .75, Low: .5, High: .875}, a)
}

func TestIntervalsWithoutEvidence(t *testing.T) {
	require.True(t, reliability.Wilson(0, 0, level).Covers(.7))
	require.True(t, reliability.ClopperPearson(0, 0, level).Covers(.7))
	for _, e := range []reliability.Estimate{
		reliability.Student(nil, level), reliability.Student([]float64{1}, level), reliability.OrderStatistics(nil, .5, level),
		reliability.Ratio(nil, nil, level), reliability.Ratio([]float64{1}, []float64{1}, level), reliability.Paired([]float64{1}, []float64{2}, level),
		reliability.Unpaired([]float64{1}, []float64{2}, level), reliability.RatioOfMeans([]float64{1}, []float64{2}, level),
	} {
		require.True(t, math.IsNaN(e.Low) && math.IsNaN(e.High), e)
		require.False(t, e.Covers(1), e)
	}
	for name, f := range map[string]func(){
		"Wilson: k is 4 of n = 3":                      func() { reliability.Wilson(4, 3, level) },
		"ClopperPearson: level is 95":                  func() { reliability.ClopperPearson(1, 3, 95) },
		"Rate: -1 events":                              func() { reliability.Rate(-1, 1, level) },
		"OrderStatistics: p is 1":                      func() { reliability.OrderStatistics(nil, 1, level) },
		"BatchMeans: batches is 3":                     func() { reliability.BatchMeans([]float64{1, 2}, 3, level) },
		"Paired: 1 and 2 numbers":                      func() { reliability.Paired(make([]float64, 1), make([]float64, 2), level) },
		"Cycles has 1 times up and 2 down":             func() { reliability.Ratio(make([]float64, 1), make([]float64, 2), level) },
		"Percentile: resamples is 0":                   func() { reliability.Percentile(nil, mean, 0, level, nil) },
		"Weights.Add: logarithm is NaN":                func() { new(reliability.Weights).Add(math.NaN()) },
		"Weighted.Add: observation is -1":              func() { new(reliability.Weighted).Add(0, -1) },
		"Cycles.Down[1] is -1":                         func() { reliability.Ratio([]float64{1, 1}, []float64{1, -1}, level) },
		"Cycles has 2 times up and 1 down, open: true": func() { reliability.Cycles{Up: make([]float64, 2), Down: make([]float64, 1), Open: true}.Tally() },
	} {
		func() {
			defer func() { require.ErrorContains(t, asError(recover()), name) }()
			f()
		}()
	}
}

func asError(x any) error {
	switch x := x.(type) {
	case error:
		return x
	case string:
		return &text{x}
	}
	return nil
}

type text struct{ s string }

func (t *text) Error() string { return t.s }

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

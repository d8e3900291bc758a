package reliability_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// Four outages: 396 hours up, 4 down.
func ExampleCycles() {
	c := reliability.Cycles{Up: []float64{90, 110, 120, 76}, Down: []float64{.5, 1.5, .8, 1.2}}
	u := c.Unavailability(.95)
	fmt.Printf("U   %.4f [%.4f, %.4f]\n", u.Value, u.Low, u.High)
	n := u.Nines()
	fmt.Printf("nines %.1f [%.2f, %.2f]\n", n.Value, n.Low, n.High)
	fmt.Printf("MUT %.0f, MDT %.0f\n", c.MUT(.95).Value, c.MDT(.95).Value)
	// Output:
	// U   0.0100 [0.0047, 0.0210]
	// nines 2.0 [1.68, 2.33]
	// MUT 99, MDT 1
}

func lognormals(r *rand.Rand, n int, median, sigma float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = median * math.Exp(sigma*r.NormFloat64())
	}
	return xs
}

func TestCoverageOfCycles(t *testing.T) {
	exponential := func(n int) func(r *rand.Rand) reliability.Cycles {
		return func(r *rand.Rand) reliability.Cycles {
			return reliability.Cycles{Up: exponentials(r, n, 99), Down: exponentials(r, n, 1)}
		}
	}
	lognormal := func(n int) func(r *rand.Rand) reliability.Estimate {
		return func(r *rand.Rand) reliability.Estimate {
			return reliability.Ratio(exponentials(r, n, 99), lognormals(r, n, 1, 1.4), level)
		}
	}
	meanRepair := math.Exp(1.4 * 1.4 / 2)
	testCoverage(t, []covering{
		{name: "20 cycles", truth: .01, make: func(r *rand.Rand) reliability.Estimate { return exponential(20)(r).Unavailability(level) }},
		{name: "100 cycles", truth: .01, make: func(r *rand.Rand) reliability.Estimate { return exponential(100)(r).Unavailability(level) }},
		{name: "availability", truth: .99, make: func(r *rand.Rand) reliability.Estimate { return exponential(30)(r).Availability(level) }},
		{name: "mostly down", truth: .99, make: func(r *rand.Rand) reliability.Estimate {
			return reliability.Ratio(exponentials(r, 30, 1), exponentials(r, 30, 99), level)
		}},
		{name: "MUT", truth: 99, make: func(r *rand.Rand) reliability.Estimate { return exponential(100)(r).MUT(level) }},
		{name: "MDT", truth: 1, make: func(r *rand.Rand) reliability.Estimate { return exponential(100)(r).MDT(level) }},
		{name: "frequency", truth: .01, make: func(r *rand.Rand) reliability.Estimate { return exponential(100)(r).Frequency(level) }},
		{name: "nines", truth: 2, make: func(r *rand.Rand) reliability.Estimate { return exponential(100)(r).Unavailability(level).Nines() }},
		{name: "100 cycles, long tail", low: .89, high: .92, truth: meanRepair / (99 + meanRepair), make: lognormal(100)},
		{name: "1000 cycles, long tail", low: .925, high: .955, truth: meanRepair / (99 + meanRepair), make: lognormal(1000)},
	})
}

// horizon lets a system alternate until time ends, in the middle of whatever is going on.
func horizon(r *rand.Rand, end, up, down float64) (c reliability.Cycles) {
	for now := 0.0; ; {
		x, y := up*r.ExpFloat64(), down*r.ExpFloat64()
		if now += x; now >= end {
			c.Up = append(c.Up, x-(now-end))
			return c
		}
		c.Up = append(c.Up, x)
		if now += y; now >= end {
			c.Down, c.Open = append(c.Down, y-(now-end)), true
			return c
		}
		c.Down = append(c.Down, y)
	}
}

// A record that ends at a given time ends within a cycle, more likely a long one. With the rest counted, the interval
// covers; dropped, the unavailability of short records comes out too low by a fifth. From up at time 0, the time down
// until T is U T - U (1 - e^(-(a+b)T)) / (a+b) on average, for rates a and b of failure and repair.
func TestTheLastCycleCounts(t *testing.T) {
	const up, down, end = 9, 1, 300
	a, b := 1./up, 1./down
	truth := .1 - .1*(1-math.Exp(-(a+b)*end))/(a+b)/end
	testCoverage(t, []covering{
		{name: "unavailability", truth: .1, make: func(r *rand.Rand) reliability.Estimate { return horizon(r, end, up, down).Unavailability(level) }},
		{name: "MUT", truth: up, make: func(r *rand.Rand) reliability.Estimate { return horizon(r, end, up, down).MUT(level) }},
		{name: "MDT", truth: down, make: func(r *rand.Rand) reliability.Estimate { return horizon(r, end, up, down).MDT(level) }},
	})
	var counted, dropped reliability.Tally
	const short = 20
	shortTruth := .1 - .1*(1-math.Exp(-(a+b)*short))/(a+b)/short
	for i := range 20_000 {
		c := horizon(rand.New(rand.NewPCG(uint64(i), 9)), short, up, down)
		all, lost := c.Tally().Time()
		require.InDelta(t, short, all+lost, 1e-9)
		counted.Add(lost / short)
		complete := len(c.Down)
		if c.Open {
			complete--
		}
		if complete > 0 {
			dropped.Add(reliability.Ratio(c.Up[:complete], c.Down[:complete], level).Value)
		} else {
			dropped.Add(0)
		}
	}
	require.InDelta(t, shortTruth, counted.Mean(), 4*counted.StandardError())
	require.Greater(t, math.Abs(dropped.Mean()-shortTruth), 8*dropped.StandardError(), "what is dropped shows")
	require.Less(t, truth, .1)
}

// Merged tallies are that of all cycles.
func TestMergeCycles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	up, down := exponentials(r, 100, 9), exponentials(r, 100, 1)
	whole := reliability.Cycles{Up: up, Down: down, Open: true}
	a, b := reliability.Cycles{Up: up[:30], Down: down[:30]}.Tally(), reliability.Cycles{Up: up[30:], Down: down[30:], Open: true}.Tally()
	var merged reliability.CycleTally
	merged.Merge(a)
	merged.Merge(b)
	for _, of := range []func(*reliability.CycleTally) reliability.Estimate{
		func(t *reliability.CycleTally) reliability.Estimate { return t.Unavailability(level) },
		func(t *reliability.CycleTally) reliability.Estimate { return t.MUT(level) },
		func(t *reliability.CycleTally) reliability.Estimate { return t.MDT(level) },
		func(t *reliability.CycleTally) reliability.Estimate { return t.Frequency(level) },
	} {
		want, got := of(whole.Tally()), of(&merged)
		require.InEpsilon(t, want.Value, got.Value, 1e-12)
		require.InEpsilon(t, want.Low, got.Low, 1e-12)
		require.InEpsilon(t, want.High, got.High, 1e-12)
		require.Equal(t, 99, got.N)
	}
}

// ar1 is a series with mean 0 in which each number keeps phi of the one before.
func ar1(r *rand.Rand, n int, phi float64) []float64 {
	xs := make([]float64, n)
	x := r.NormFloat64() / math.Sqrt(1-phi*phi)
	for i := range xs {
		xs[i] = x
		x = phi*x + r.NormFloat64()
	}
	return xs
}

func TestCoverageOfBatchMeans(t *testing.T) {
	testCoverage(t, []covering{
		{name: "batches", make: func(r *rand.Rand) reliability.Estimate { return reliability.BatchMeans(ar1(r, 1000, .8), 20, level) }},
		{name: "as if independent", low: .4, high: .55, make: func(r *rand.Rand) reliability.Estimate { return reliability.Student(ar1(r, 1000, .8), level) }},
		{name: "batches that are too short", low: .6, high: .75, make: func(r *rand.Rand) reliability.Estimate { return reliability.BatchMeans(ar1(r, 1000, .8), 333, level) }},
	})
	r := rand.New(rand.NewPCG(1, 1))
	xs := ar1(r, 20_000, .8)
	require.InDelta(t, .8, reliability.Lag1(xs), .02)
	require.Less(t, math.Abs(reliability.Lag1(reliability.BatchesOf(xs, 20))), 2/math.Sqrt(20))
	require.Greater(t, reliability.Lag1(reliability.BatchesOf(xs, 5000)), 8/math.Sqrt(5000), "batches of four are not independent, and it shows")
}

// Requests at a service fail together: for the same record of outages, the binomial interval on its requests pretends to
// know far more than the interval on its cycles does.
func TestBinomialIntervalOnRequestsUndercovers(t *testing.T) {
	const up, down, cycles, perHour = 99, 1, 50, 10
	requests := func(c reliability.Cycles, r *rand.Rand) (failed, all int) {
		for i := range c.Up {
			lost := poisson(r, perHour*c.Down[i])
			failed += lost
			all += lost + int(perHour*c.Up[i])
		}
		return failed, all
	}
	record := func(r *rand.Rand) reliability.Cycles {
		return reliability.Cycles{Up: exponentials(r, cycles, up), Down: exponentials(r, cycles, down)}
	}
	testCoverage(t, []covering{
		{name: "on cycles", truth: .01, make: func(r *rand.Rand) reliability.Estimate { return record(r).Unavailability(level) }},
		{name: "on requests", truth: .01, low: .3, high: .45, make: func(r *rand.Rand) reliability.Estimate {
			failed, all := requests(record(r), r)
			return reliability.Wilson(failed, all, level)
		}},
	})
}

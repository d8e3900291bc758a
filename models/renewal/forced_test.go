package renewal_test

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
)

// Four parts, each down for 1e-3 of the time, of which one must be up: down for 1e-12.
func ExampleSystem_Rare() {
	s := renewal.System{Works: func(up []bool) bool { return up[0] || up[1] || up[2] || up[3] }}
	for range 4 {
		s.Parts = append(s.Parts, renewal.Part{Up: dist.Exponential{Mean: 999}, Down: dist.Exponential{Mean: 1}})
	}
	r, err := s.Rare(renewal.Rare{Seed: 1, Stop: &reliability.RelativeStop{Width: .1}})
	if err != nil {
		panic(err)
	}
	u, err := r.Unavailability(.95)
	fmt.Println(u.Covers(1e-12), u.RelativeHalfWidth() <= .1, err)
	// Output: true true <nil>
}

func rare(t testing.TB, s renewal.System, r renewal.Rare) *renewal.Rarely {
	t.Helper()
	got, err := s.Rare(r)
	require.NoError(t, err)
	return got
}

// covers demands that a forced estimate's interval of level .9999 has the truth.
func covers(t *testing.T, truth float64, of func(level float64) (reliability.Estimate, error)) {
	t.Helper()
	e, err := of(.9999)
	require.NoError(t, err)
	require.True(t, e.Covers(truth), "%v, want %v", e, truth)
	require.Less(t, e.RelativeHalfWidth(), .6, e)
}

// Forced cycles give what waiting gives, where waiting is possible, and what the formulas give where it is not.
func TestForcingAgainstBruteForce(t *testing.T) {
	s := replicas(2, 1, exponential(99), exponential(1)) // 1e-4
	brute := run(t, s, renewal.Run{Seed: 1, Outages: cycles() / 10}).Unavailability(.95)
	forced := rare(t, s, renewal.Rare{Seed: 1, Cycles: 20_000})
	e, err := forced.Unavailability(.95)
	require.NoError(t, err)
	z := math.Abs(math.Log(e.Value / brute.Value))
	require.Less(t, z, 4/1.96*math.Hypot(e.RelativeHalfWidth(), brute.RelativeHalfWidth()), "forced %v, brute %v", e, brute)
	covers(t, 1e-4, forced.Unavailability)
	covers(t, 2*.01*.01, forced.Frequency)
	t.Logf("brute %v, forced %v", brute, e)
}

func TestForcingOfRareOutages(t *testing.T) {
	for _, c := range []struct {
		n, need int
		mttf    float64
	}{{2, 1, 9999}, {3, 1, 9999}, {4, 1, 999}, {3, 2, 9999}, {5, 3, 999}, {7, 4, 9999}} {
		s := replicas(c.n, c.need, exponential(c.mttf), exponential(1))
		u, f := birthDeath(c.n, c.need, c.n, c.mttf, 1)
		got := rare(t, s, renewal.Rare{Seed: 1, Cycles: 20_000})
		covers(t, u, got.Unavailability)
		covers(t, f, got.Frequency)
		e, _ := got.Unavailability(.95)
		t.Logf("%d of %d: %.3g, interval ±%.1f %%", c.need, c.n, e.Value, 100*e.RelativeHalfWidth())
		s.Crews = 1
		u, _ = birthDeath(c.n, c.need, 1, c.mttf, 1)
		got = rare(t, s, renewal.Rare{Seed: 2, Cycles: 20_000})
		covers(t, u, got.Unavailability)
	}
}

// The laws need not be exponential: with a crew for each part, only the means decide. The parts have ages when a cycle
// starts, and repairs a long tail.
func TestForcingOfAnyLaws(t *testing.T) {
	if testing.Short() {
		t.Skip("a second")
	}
	for name, c := range map[string]struct{ up, down dist.Dist }{
		"weibull":   {dist.Weibull{Scale: 999 / math.Gamma(1+1/.7), Shape: .7}, exponential(1)},
		"lognormal": {exponential(999), dist.LogNormalOf(1, 1.5)},
		"gamma":     {dist.Gamma{Mean: 999, Shape: 2}, dist.Constant{Value: 1}},
		"uniform":   {dist.Uniform{Lo: 499, Hi: 1499}, dist.Uniform{Lo: .5, Hi: 1.5}},
	} {
		got := rare(t, replicas(3, 1, c.up, c.down), renewal.Rare{Seed: 3, Cycles: 20_000})
		e, err := got.Unavailability(.9999)
		require.NoError(t, err, name)
		t.Logf("%s: %v ESS %.0f", name, e, got.Down.Hits.ESS())
		require.True(t, e.Covers(1e-9), "%s: %v, want 1e-9", name, e)
	}
}

// Very unequal parts: what seldom fails, but brings all down alone, is seen as well.
func TestForcingOfUnequalParts(t *testing.T) {
	s := replicas(3, 0, exponential(99), exponential(1))
	s.Parts[2].Up = exponential(1e9)
	s.Works = func(up []bool) bool { return up[2] && (up[0] || up[1]) }
	pair, single := 1e-4, 1/(1e9+1)
	covers(t, pair+single-pair*single, rare(t, s, renewal.Rare{Seed: 1, Cycles: 20_000}).Unavailability)
	s.Works = func(up []bool) bool { return up[2] }
	covers(t, single, rare(t, s, renewal.Rare{Seed: 1, Cycles: 20_000}).Unavailability)
}

// Shocks are hastened like failures.
func TestForcingOfShocks(t *testing.T) {
	const own, common, repair = 1e-5, 1e-8, 1.
	s := replicas(2, 1, exponential(1/own), exponential(1/repair))
	s.Shocks = []renewal.Shock{{Every: exponential(1 / common), Parts: []int{0, 1}, Hit: 1}}
	p1 := (2*own + common) / repair
	p2 := (common + p1*(own+common)) / (2 * repair)
	covers(t, p2/(1+p1+p2), rare(t, s, renewal.Rare{Seed: 1, Cycles: 20_000}).Unavailability)
}

// The expectation of the weight is 1, and that of what is weighted does not depend on how hard is forced.
func TestWeightsAverageOne(t *testing.T) {
	for _, f := range []renewal.Forcing{{}, {Failures: .1}, {Failures: 3}, {First: .7}, {Multiply: 20}} {
		got := rare(t, replicas(3, 1, exponential(99), exponential(1)), renewal.Rare{Forcing: f, Seed: 9, Cycles: 20_000})
		mean, se := got.Down.All.Mean()
		require.InDelta(t, 1, mean, 4*se, "%+v", f)
	}
}

// Forced far too hard, the estimate is refused, every time.
func TestOverForcingIsRefused(t *testing.T) {
	s := replicas(2, 1, exponential(9999), exponential(1))
	for _, f := range []renewal.Forcing{{Failures: 30}, {Multiply: 1e6}, {First: 50}} {
		for seed := range uint64(20) {
			got := rare(t, s, renewal.Rare{Forcing: f, Seed: seed, Cycles: 2000})
			e, err := got.Unavailability(.95)
			var refusal *reliability.Refusal
			require.True(t, errors.As(err, &refusal), "%+v: %v", f, e)
			require.True(t, math.IsNaN(e.Low), e)
		}
	}
	got := rare(t, s, renewal.Rare{Forcing: renewal.Forcing{Failures: 30}, Seed: 1, Cycles: 2000})
	require.ErrorContains(t, got.Down.Err(), "mean weight is")
}

// A cycle goes from all up to all up, in order, and its time down is that of its transitions.
func TestCycles(t *testing.T) {
	s := replicas(3, 2, exponential(99), exponential(1))
	s.Crews = 2
	list, err := s.Forced(renewal.Forcing{}, 4)
	require.NoError(t, err)
	n := 0
	for c := range list {
		up, down, last, outages := []bool{true, true, true}, 0.0, 0.0, 0
		for _, x := range c.Transitions {
			require.GreaterOrEqual(t, x.At, last)
			if !s.Works(up) {
				down += x.At - last
			}
			was := s.Works(up)
			require.NotEqual(t, x.Up, up[x.Part])
			up[x.Part] = x.Up
			if was && !s.Works(up) {
				outages++
			}
			last = x.At
		}
		require.Equal(t, []bool{true, true, true}, up)
		require.Equal(t, outages, c.Outages)
		require.InDelta(t, down, c.Down, 1e-9)
		require.Equal(t, last, c.Length)
		require.Positive(t, c.Plain)
		if n++; n == 1000 {
			break
		}
	}
	require.Equal(t, 1000, n)
}

// One seed, one sequence; the forced cycles do not depend on how long one looks.
func TestForcedIsSeeded(t *testing.T) {
	s := replicas(3, 1, dist.Weibull{Scale: 99, Shape: .7}, exponential(1))
	sum := func(seed uint64) float64 {
		got := rare(t, s, renewal.Rare{Seed: seed, Cycles: 100})
		e, _ := got.Down.All.Mean()
		return e + got.Length.Mean()
	}
	require.Equal(t, sum(1), sum(1))
	require.NotEqual(t, sum(1), sum(2))
}

var replications = flag.Int("renewal.replications", 100, "how often the interval of forced cycles is made")

// The interval of forced cycles covers: of 2,000, .945 and, with memory, .933.
func TestCoverageOfForcing(t *testing.T) {
	if testing.Short() {
		t.Skip("a second")
	}
	n := *replications
	for name, s := range map[string]renewal.System{
		"1e-8":              replicas(2, 1, exponential(9999), exponential(1)),
		"1e-8, with memory": replicas(2, 1, dist.Weibull{Scale: 9999 / math.Gamma(1+1/.7), Shape: .7}, exponential(1)),
	} {
		covered, refused := 0, 0
		for seed := range uint64(n) {
			e, err := rare(t, s, renewal.Rare{Seed: seed, Cycles: 2000}).Unavailability(.95)
			if err != nil {
				refused++
			} else if e.Covers(1e-8) {
				covered++
			}
		}
		require.LessOrEqual(t, refused, n/100, name)
		got := float64(covered) / float64(n)
		t.Logf("%s: covers %.4f of %d", name, got, n)
		require.InDelta(t, .95, got, .015+1/math.Sqrt(float64(n))*.6)
	}
}

func TestForcingValidate(t *testing.T) {
	s := replicas(2, 1, exponential(9), exponential(1))
	_, err := s.Rare(renewal.Rare{Forcing: renewal.Forcing{Failures: -1, First: math.NaN(), Multiply: math.Inf(1)}, Limit: -1, Level: 2})
	for _, want := range []string{"Forcing.Failures is -1", "Forcing.First is NaN", "Forcing.Multiply is +Inf", "Cycles is 0 and Stop <nil>, want one", "Limit is -1", "Level is 2"} {
		require.ErrorContains(t, err, want)
	}
	_, err = s.Forced(renewal.Forcing{Failures: 1, Multiply: 2}, 1)
	require.ErrorContains(t, err, "both set")
}

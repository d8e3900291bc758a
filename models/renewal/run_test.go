package renewal_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
)

// replicas are n parts alike, of which so many must be up.
func replicas(n, need int, up, down dist.Dist) renewal.System {
	s := renewal.System{Works: func(up []bool) bool {
		k := 0
		for _, u := range up {
			if u {
				k++
			}
		}
		return k >= need
	}}
	for range n {
		s.Parts = append(s.Parts, renewal.Part{Up: up, Down: down})
	}
	return s
}

func exponential(mean float64) dist.Dist { return dist.Exponential{Mean: mean} }

func run(t testing.TB, s renewal.System, r renewal.Run) *renewal.Result {
	t.Helper()
	got, err := s.Run(r)
	require.NoError(t, err)
	return got
}

// Two servers of 90 % each, of which one is enough: down for 1 % of the time.
func ExampleSystem_Run() {
	s := renewal.System{
		Parts: []renewal.Part{
			{Name: "a", Up: dist.Exponential{Mean: 9}, Down: dist.Exponential{Mean: 1}},
			{Name: "b", Up: dist.Exponential{Mean: 9}, Down: dist.Exponential{Mean: 1}},
		},
		Works: func(up []bool) bool { return up[0] || up[1] },
	}
	r, err := s.Run(renewal.Run{Seed: 1, Outages: 100_000, Keep: true})
	if err != nil {
		panic(err)
	}
	fmt.Printf("U = %.3f, MDT = %.1f, the first outage is the fault of %v\n", r.Unavailability(.95).Value, r.MDT(.95).Value, r.Outages[0].Blame)
	// Output:
	// U = 0.010, MDT = 0.5, the first outage is the fault of [0 1]
}

// wide demands that a number lies in the interval of level .9999: four standard errors.
func wide(t *testing.T, truth float64, of func(level float64) reliability.Estimate) {
	t.Helper()
	e := of(.9999)
	require.True(t, e.Covers(truth), "%v, want %v", e, truth)
	require.Less(t, e.RelativeHalfWidth(), 30/math.Sqrt(float64(cycles())), e)
}

func cycles() int {
	if testing.Short() {
		return 10_000
	}
	return 100_000
}

// The availability of a part is MTTF/(MTTF+MTTR), whatever the laws.
func TestAvailabilityOfOnePart(t *testing.T) {
	for _, c := range []struct{ up, down dist.Dist }{
		{exponential(99), exponential(1)},
		{dist.Weibull{Scale: 50, Shape: .7}, dist.LogNormal{Median: 1, Sigma: 1.4}},
		{dist.Gamma{Mean: 20, Shape: 3}, dist.Uniform{Lo: 0, Hi: 2}},
		{dist.Constant{Value: 7}, dist.Constant{Value: 1}},
		{dist.Pareto{Min: 3, Alpha: 4}, dist.Weibull{Scale: 1, Shape: 2}},
	} {
		mttf, mttr := dist.Mean(c.up), dist.Mean(c.down)
		got := run(t, replicas(1, 1, c.up, c.down), renewal.Run{Seed: 1, Outages: cycles()})
		wide(t, mttr/(mttf+mttr), got.Unavailability)
		wide(t, mttf, got.MUT)
		wide(t, mttr, got.MDT)
		wide(t, 1/(mttf+mttr), got.Frequency)
	}
}

// Two of three: U = 3q^2 - 2q^3, and the frequency is 6 p^2 q lambda. With a crew for each part the law of repair does
// not matter for U.
func TestTwoOfThree(t *testing.T) {
	const q = .05
	u, f := 3*q*q-2*q*q*q, 6*(1-q)*(1-q)*q/19
	got := run(t, replicas(3, 2, exponential(19), exponential(1)), renewal.Run{Seed: 2, Outages: cycles()})
	wide(t, u, got.Unavailability)
	wide(t, f, got.Frequency)
	wide(t, u/f, got.MDT)
	wide(t, (1-u)/f, got.MUT)
	got = run(t, replicas(3, 2, dist.Weibull{Scale: 19 / math.Gamma(1+1/.7), Shape: .7}, dist.LogNormalOf(1, 2)), renewal.Run{Seed: 2, Outages: cycles()})
	wide(t, u, got.Unavailability)
}

// birthDeath returns the probability that fewer than need of n are up, and how often that begins, with so many crews.
func birthDeath(n, need, crews int, mttf, mttr float64) (u, f float64) {
	weight := make([]float64, n+1) // by how many are down
	weight[0] = 1
	sum := 1.0
	for k := 1; k <= n; k++ {
		weight[k] = weight[k-1] * float64(n-k+1) / mttf / (float64(min(k, crews)) / mttr)
		sum += weight[k]
	}
	for k := n - need + 1; k <= n; k++ {
		u += weight[k] / sum
	}
	return u, weight[n-need] / sum * float64(need) / mttf
}

// With fewer crews than parts the chain of birth and death says how long repairs wait.
func TestCrews(t *testing.T) {
	for crews := 1; crews <= 3; crews++ {
		u, f := birthDeath(4, 3, crews, 20, 2)
		s := replicas(4, 3, exponential(20), exponential(2))
		s.Crews = crews
		got := run(t, s, renewal.Run{Seed: 3, Outages: cycles()})
		wide(t, u, got.Unavailability)
		wide(t, f, got.Frequency)
	}
	one, _ := birthDeath(4, 3, 1, 20, 2)
	four, _ := birthDeath(4, 3, 4, 20, 2)
	require.Greater(t, one, 1.2*four, "crews matter")
	// With one crew the law of repair matters, to a queue: lognormal of the same mean is not exponential.
	s := replicas(4, 3, exponential(20), dist.LogNormalOf(2, 6))
	s.Crews = 1
	got := run(t, s, renewal.Run{Seed: 3, Outages: cycles()})
	require.False(t, got.Unavailability(.9999).Covers(one), got.Unavailability(.9999))
	s.Crews = 0
	wide(t, four, run(t, s, renewal.Run{Seed: 3, Outages: cycles()}).Unavailability)
}

// Shocks that hit both of two parts make both down more often than each for itself: Marshall and Olkin's law. With a
// rate s of shocks, and own failures l, each part fails at l+s; a pair is down together in equilibrium as the chain of
// three states says.
func TestShocks(t *testing.T) {
	const own, common, repair = 1. / 50, 1. / 200, 1.
	s := replicas(2, 1, exponential(1/own), exponential(1/repair))
	s.Shocks = []renewal.Shock{{Every: exponential(1 / common), Parts: []int{0, 1}, Hit: 1}}
	// States by how many are down: 0 -> 1 at 2 own, 0 -> 2 at common, 1 -> 2 at own + common, 1 -> 0 and 2 -> 1 at repair.
	// Cuts: p2 2r = p0 common + p1 (own+common), and p1 r = p0 (2 own + common) out of and into 0.
	p1 := (2*own + common) / repair
	p2 := (common + p1*(own+common)) / (2 * repair)
	u := p2 / (1 + p1 + p2)
	f := (common + p1*(own+common)) / (1 + p1 + p2)
	got := run(t, s, renewal.Run{Seed: 4, Outages: cycles() / 4})
	wide(t, u, got.Unavailability)
	wide(t, f, got.Frequency)
	// A shock that hits with probability h is, for one part, a failure at rate h s.
	s.Shocks[0].Hit = .4
	s.Works = func(up []bool) bool { return up[0] }
	wide(t, (own+.4*common)/(own+.4*common+repair), run(t, s, renewal.Run{Seed: 4, Outages: cycles() / 4}).Unavailability)
}

// The time to the first failure is longer than the mean time up, which starts with parts down: of two in parallel
// (3 l + m) / (2 l^2).
func TestLives(t *testing.T) {
	const l, m = 1. / 10, 1.
	lives, err := replicas(2, 1, exponential(1/l), exponential(1/m)).Lives(5)
	require.NoError(t, err)
	var got reliability.Tally
	for life := range lives {
		if got.Add(life); got.N() == cycles()/5 {
			break
		}
	}
	require.InDelta(t, (3*l+m)/(2*l*l), got.Mean(), 4*got.StandardError())
	never := replicas(2, 1, nil, exponential(1))
	lives, err = never.Lives(1)
	require.NoError(t, err)
	for range lives {
		t.Fatal("a system that never fails did")
	}
	_, err = never.Run(renewal.Run{Outages: 1})
	require.ErrorIs(t, err, renewal.ErrNoOutages)
}

// Another part changes no other part's draws: neither does another shock, or that repairs wait.
func TestPartsAreIndependent(t *testing.T) {
	watch := func(s renewal.System) []renewal.Outage {
		s.Works = func(up []bool) bool { return up[0] }
		return run(t, s, renewal.Run{Seed: 6, Horizon: 1000, Fresh: true, Keep: true}).Outages
	}
	small := watch(replicas(1, 1, exponential(9), exponential(1)))
	many := replicas(9, 1, exponential(9), exponential(1))
	many.Shocks = []renewal.Shock{{Every: exponential(3), Parts: []int{5, 6}, Hit: .5}}
	large := watch(many)
	require.Len(t, large, len(small))
	for i := range small {
		require.Equal(t, small[i].From, large[i].From)
		require.Equal(t, small[i].To, large[i].To)
		require.Contains(t, large[i].Blame, 0)
	}
	require.NotEmpty(t, small)
}

// The measured time is all of it, and an open outage counts.
func TestHorizon(t *testing.T) {
	open := 0
	for seed := range uint64(200) {
		got := run(t, replicas(1, 1, exponential(3), exponential(2)), renewal.Run{Seed: seed, Horizon: 50, Fresh: true, Keep: true})
		up, down := got.Time()
		require.InDelta(t, 50, up+down, 1e-9)
		lost := 0.0
		for i, o := range got.Outages {
			lost += o.To - o.From
			require.Equal(t, []int{0}, o.Blame)
			require.Equal(t, o.Open, o.To == 50)
			require.True(t, i == len(got.Outages)-1 || !o.Open)
			if o.Open {
				open++
			}
		}
		require.InDelta(t, down, lost, 1e-9)
	}
	require.InDelta(t, 80, open, 4*math.Sqrt(200*.4*.6), "U = .4 of the runs end within an outage")
}

// From all new a system is better than it stays; after a warm-up it is not. Down at t with probability U (1 - e^-(l+m)t).
func TestWarmup(t *testing.T) {
	s := replicas(1, 1, exponential(30), exponential(10))
	var fresh, warm reliability.Tally
	for seed := range uint64(cycles() / 20) {
		_, down := run(t, s, renewal.Run{Seed: seed, Horizon: 10, Fresh: true}).Time()
		fresh.Add(down / 10)
		_, down = run(t, s, renewal.Run{Seed: seed, Horizon: 20}).Time()
		warm.Add(down)
	}
	const a = 1./30 + 1./10
	require.InDelta(t, .25*(1-(1-math.Exp(-10*a))/(10*a)), fresh.Mean(), 4*fresh.StandardError())
	long := run(t, s, renewal.Run{Seed: 1, Warmup: 1000, Outages: 10})
	require.GreaterOrEqual(t, long.From, 1000.)
	require.Equal(t, 10, long.N())
}

// Sequential: stopped at a relative half-width of a tenth, the interval covers.
func TestCoverageOfRuns(t *testing.T) {
	s := replicas(2, 1, exponential(9), exponential(1))
	n := cycles() / 200
	covered := 0
	for seed := range uint64(n) {
		e := run(t, s, renewal.Run{Seed: seed, Stop: &reliability.RelativeStop{Width: .2}}).Unavailability(.95)
		require.LessOrEqual(t, e.RelativeHalfWidth(), .2)
		if e.Covers(.01) {
			covered++
		}
	}
	got := float64(covered) / float64(n)
	t.Logf("covers %.4f of %d", got, n)
	require.InDelta(t, .95, got, .015+.6/math.Sqrt(float64(n)))
}

func TestValidate(t *testing.T) {
	_, err := renewal.System{
		Parts:  []renewal.Part{{Name: "a"}, {Name: "a", Up: exponential(-1), Down: dist.Normal{Mean: 1, SD: 1}}},
		Crews:  -1,
		Shocks: []renewal.Shock{{Hit: 2, Parts: []int{7}}},
	}.Run(renewal.Run{Horizon: 1, Outages: -1, Level: 95, Warmup: -1})
	for _, want := range []string{
		"Works is nil", "Crews is -1, want at least 1", "Parts[0].Down is nil", `Parts[1].Name is "a", want a name of its own`, "Parts[1].Up: dist: Exponential.Mean is -1",
		"Parts[1].Down is normal", "Shocks[0].Every is nil", "Shocks[0].Hit is 2", "Shocks[0].Parts has 7, want 0 to 1",
		"2 are set, want one", "Outages is -1", "Level is 95", "Warmup is -1",
	} {
		require.ErrorContains(t, err, want)
	}
	require.ErrorContains(t, renewal.System{}.Validate(), "Parts is empty")
}

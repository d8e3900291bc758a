package dist

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/sim"
)

// lawCase is a law with what is known of it from elsewhere: a closed form, or gonum's distribution.
type lawCase struct {
	name           string
	law            Dist
	cdf            func(x float64) float64 // independent of the code under test
	mean, variance float64
	counts         bool
}

// The tolerances of the tests below, as probabilities to fail by chance at a random seed. Seeds are fixed.
const (
	significance = 1e-4
	samples      = 100_000
)

func newZipf(n int64, s float64) Zipf {
	z, err := NewZipf(n, s)
	if err != nil {
		panic(err)
	}
	return z
}

func newEmpirical(values ...float64) Empirical {
	e, err := NewEmpirical(values)
	if err != nil {
		panic(err)
	}
	return e
}

// sumCDF returns the distribution function of counts with the given weights from first on, by plain addition.
func sumCDF(first float64, weight func(k float64) float64, last float64) func(float64) float64 {
	total := 0.0
	var upTo []float64
	for k := first; k <= last; k++ {
		total += weight(k)
		upTo = append(upTo, total)
	}
	return func(x float64) float64 {
		i := int(math.Floor(x) - first)
		switch {
		case x < first:
			return 0
		case i >= len(upTo):
			return 1
		}
		return upTo[i] / total
	}
}

// sumMoments returns mean and variance of counts with the given weights.
func sumMoments(first float64, weight func(k float64) float64, last float64) (mean, variance float64) {
	var m0, m1, m2 float64
	for k := first; k <= last; k++ {
		w := weight(k)
		m0, m1, m2 = m0+w, m1+w*k, m2+w*k*k
	}
	return m1 / m0, m2/m0 - m1/m0*m1/m0
}

func zipfCase(name string, n int64, s float64) lawCase {
	weight := func(k float64) float64 { return math.Pow(k, -s) }
	mean, variance := sumMoments(1, weight, float64(n))
	return lawCase{name, newZipf(n, s), sumCDF(1, weight, float64(n)), mean, variance, true}
}

func poissonCase(name string, mean float64) lawCase {
	weight := func(k float64) float64 {
		l, _ := math.Lgamma(k + 1)
		return math.Exp(k*math.Log(mean) - mean - l)
	}
	return lawCase{name, Poisson{mean}, sumCDF(0, weight, mean+40*math.Sqrt(mean)+40), mean, mean, true}
}

func gammaCase(name string, law Dist, mean, shape float64) lawCase {
	return lawCase{name, law, distuv.Gamma{Alpha: shape, Beta: shape / mean}.CDF, mean, mean * mean / shape, false}
}

func lawCases() []lawCase {
	normal := distuv.Normal{Mu: 5, Sigma: 2}
	inside := normal.CDF(8) - normal.CDF(4)
	// The moments of a truncated normal law (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1,
	// 13.10).
	a, b := -0.5, 1.5
	d := func(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
	ratio := (d(a) - d(b)) / inside
	fast, slow := distuv.Exponential{Rate: 1}, distuv.Pareto{Xm: 5, Alpha: 5}
	return []lawCase{
		{"uniform", Uniform{-1, 3}, func(x float64) float64 { return (x + 1) / 4 }, 1, 16.0 / 12, false},
		{"exponential", Exponential{3}, distuv.Exponential{Rate: 1.0 / 3}.CDF, 3, 9, false},
		{"normal", Normal{5, 2}, normal.CDF, 5, 4, false},
		{"lognormal", LogNormal{10, 0.5}, distuv.LogNormal{Mu: math.Log(10), Sigma: 0.5}.CDF, 10 * math.Exp(0.125), 100 * math.Exp(0.25) * (math.Exp(0.25) - 1), false},
		{"weibull/wear", Weibull{2, 3}, distuv.Weibull{K: 3, Lambda: 2}.CDF, distuv.Weibull{K: 3, Lambda: 2}.Mean(), distuv.Weibull{K: 3, Lambda: 2}.Variance(), false},
		{"weibull/infant", Weibull{2, 0.7}, distuv.Weibull{K: 0.7, Lambda: 2}.CDF, distuv.Weibull{K: 0.7, Lambda: 2}.Mean(), distuv.Weibull{K: 0.7, Lambda: 2}.Variance(), false},
		gammaCase("gamma/2.5", Gamma{10, 2.5}, 10, 2.5),
		gammaCase("gamma/0.3", Gamma{10, 0.3}, 10, 0.3),
		gammaCase("gamma/1000", Gamma{10, 1000}, 10, 1000),
		gammaCase("erlang", Erlang{6, 3}, 6, 3),
		{"pareto", Pareto{2, 5}, distuv.Pareto{Xm: 2, Alpha: 5}.CDF, 2.5, 4 * 5.0 / 16 / 3, false},
		{"shifted", Shifted{Gamma{10, 2}, 3}, func(x float64) float64 { return distuv.Gamma{Alpha: 2, Beta: 0.2}.CDF(x - 3) }, 13, 50, false},
		{"scaled", Scaled{4, Uniform{0, 1}}, func(x float64) float64 { return x / 4 }, 2, 16.0 / 12, false},
		{
			"truncated/often", Truncated{Normal{5, 2}, 4, 8}, func(x float64) float64 { return (normal.CDF(x) - normal.CDF(4)) / inside },
			5 + 2*ratio, 4 * (1 + (a*d(a)-b*d(b))/inside - ratio*ratio), false,
		},
		{ // an exponential beyond 8 means starts anew there; its upper end is 30 means away
			"truncated/seldom", Truncated{Exponential{1}, 8, 38}, func(x float64) float64 { return -math.Expm1(8 - x) }, 9, 1, false,
		},
		{
			"mixture", Mixture{[]Part{{3, Exponential{1}}, {1, Pareto{5, 5}}}},
			func(x float64) float64 { return 0.75*fast.CDF(x) + 0.25*slow.CDF(x) },
			0.75*1 + 0.25*6.25, 0.75*2 + 0.25*(25*5.0/3) - 2.3125*2.3125, false,
		},
		{"constant", Constant{7}, func(x float64) float64 { return step(x, 7, 1) }, 7, 0, true},
		{"empirical", newEmpirical(4, 1, 2, 2), func(x float64) float64 { return step(x, 1, 0.25) + step(x, 2, 0.5) + step(x, 4, 0.25) }, 2.25, 1.1875, true},
		{"bernoulli", Bernoulli{0.3}, func(x float64) float64 { return step(x, 0, 0.7) + step(x, 1, 0.3) }, 0.3, 0.21, true},
		{"geometric", Geometric{0.2}, func(x float64) float64 { return 1 - math.Pow(0.8, math.Max(math.Floor(x), 0)) }, 5, 20, true},
		poissonCase("poisson/0.1", 0.1),
		poissonCase("poisson/7", 7),
		poissonCase("poisson/12", 12),
		poissonCase("poisson/400", 400),
		zipfCase("zipf/1.1", 1000, 1.1),
		zipfCase("zipf/1", 50, 1),
		zipfCase("zipf/0.5", 200, 0.5),
		zipfCase("zipf/0", 6, 0),
		zipfCase("zipf/3", 1000, 3),
		zipfCase("zipf/one rank", 1, 1),
	}
}

func step(x, at, height float64) float64 {
	if x < at {
		return 0
	}
	return height
}

func draw(d Dist, seed uint64) []float64 {
	r := sim.NewRand(seed)
	x := make([]float64, samples)
	for i := range x {
		x[i] = d.Sample(&r)
	}
	return x
}

// TestSamplesFollowTheLaw compares 10^5 samples of each law with an independent distribution function, and their mean
// with the known one.
func TestSamplesFollowTheLaw(t *testing.T) {
	for i, c := range lawCases() {
		t.Run(c.name, func(t *testing.T) {
			x := draw(c.law, uint64(i+1))
			if err := follows(x, c.cdf, c.counts); err != nil {
				t.Error(err)
			}
			if err := meanAgrees(x, c.mean, c.variance); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSampledVariance compares variances; the standard error comes from the fourth moment of the sample.
func TestSampledVariance(t *testing.T) {
	for i, c := range lawCases() {
		t.Run(c.name, func(t *testing.T) {
			squares := draw(c.law, uint64(i+1))
			for j, x := range squares {
				squares[j] = (x - c.mean) * (x - c.mean)
			}
			_, spread := momentsOf(squares)
			if err := meanAgrees(squares, c.variance, spread); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTailsHaveTheirShare counts what the ziggurats draw beyond their layers, some 26 and 45 of 10^5 samples: too few
// to show above.
func TestTailsHaveTheirShare(t *testing.T) {
	const n = 2_000_000
	for _, c := range []struct {
		name    string
		law     Dist
		from, p float64 // P(|X| > from)
	}{
		{"normal", Normal{0, 1}, normalTail, math.Erfc(normalTail / math.Sqrt2)},
		{"normal, far out", Normal{0, 1}, normalTail + 0.4, math.Erfc((normalTail + 0.4) / math.Sqrt2)},
		{"exponential", Exponential{1}, exponentialTail, math.Exp(-exponentialTail)},
		{"exponential, far out", Exponential{1}, exponentialTail + 1.5, math.Exp(-exponentialTail - 1.5)},
	} {
		r := sim.NewRand(7)
		tail := 0
		for range n {
			if math.Abs(c.law.Sample(&r)) > c.from {
				tail++
			}
		}
		if want, allowed := n*c.p, 4*math.Sqrt(n*c.p*(1-c.p)); math.Abs(float64(tail)-want) > allowed {
			t.Errorf("%s: %d of %d samples are in the tail, want %.0f within %.0f", c.name, tail, n, want, allowed)
		}
	}
}

// TestNormalTail draws nothing but the tail: how far beyond its start, given that it is beyond.
func TestNormalTail(t *testing.T) {
	r := sim.NewRand(8)
	x := make([]float64, samples)
	for i := range x {
		x[i] = normalBeyond(&r)
	}
	all := math.Erfc(normalTail / math.Sqrt2)
	if err := follows(x, func(x float64) float64 { return 1 - math.Erfc((normalTail+x)/math.Sqrt2)/all }, false); err != nil {
		t.Error(err)
	}
}

// TestMoments compares the moments that the laws state with the known ones.
func TestMoments(t *testing.T) {
	for _, c := range lawCases() {
		mean, variance := c.law.Moments()
		if !near(mean, c.mean, 1e-9) || !near(variance, c.variance, 1e-8) {
			t.Errorf("%s: moments are %v, %v, want %v, %v", c.name, mean, variance, c.mean, c.variance)
		}
		if Mean(c.law) != mean || Var(c.law) != variance {
			t.Errorf("%s: Mean and Var are %v, %v, want %v, %v", c.name, Mean(c.law), Var(c.law), mean, variance)
		}
	}
}

// TestSteepZipf has ranks whose variance drowns in the rounding of the mean: it is 0 then, never negative.
func TestSteepZipf(t *testing.T) {
	for s := 1.0; s <= 100; s += 0.25 {
		if mean, variance := newZipf(1000, s).Moments(); !(mean >= 1 && variance >= 0) {
			t.Errorf("exponent %v: moments are %v, %v, want at least 1 and 0", s, mean, variance)
		}
	}
}

func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))
}

func TestMomentsThatDiverge(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		law            Dist
		mean, variance float64
	}{
		{Pareto{3, 1}, inf, inf},
		{Pareto{3, 2}, 6, inf},
		{Mixture{[]Part{{1, Constant{1}}, {1, Pareto{3, 0.5}}}}, inf, inf},
		{Shifted{Pareto{3, 2}, 1}, 7, inf},
	} {
		if mean, variance := c.law.Moments(); mean != c.mean || variance != c.variance {
			t.Errorf("moments of %v are %v, %v, want %v, %v", c.law, mean, variance, c.mean, c.variance)
		}
	}
}

// TestCDF compares distribution functions with independent ones, from the 0.001 to the 0.999 quantile and at the ends.
func TestCDF(t *testing.T) {
	for _, c := range lawCases() {
		lo, hi := c.law.Quantile(0.001), c.law.Quantile(0.999)
		for i := range 1001 {
			x := lo + (hi-lo)*float64(i)/1000
			if c.counts {
				x = math.Floor(x)
			}
			if got, want := c.law.CDF(x), c.cdf(x); math.Abs(got-want) > 1e-10 {
				t.Errorf("%s: CDF(%v) is %v, want %v", c.name, x, got, want)
				break
			}
		}
		for _, e := range []struct{ x, want float64 }{{math.Inf(-1), 0}, {math.Inf(1), 1}, {-1e90, 0}, {1e90, 1}} {
			if got := c.law.CDF(e.x); got != e.want {
				t.Errorf("%s: CDF(%v) is %v, want %v", c.name, e.x, got, e.want)
			}
		}
		if got := c.law.CDF(math.NaN()); got == got {
			t.Errorf("%s: CDF(NaN) is %v, want NaN", c.name, got)
		}
	}
}

// TestQuantileInvertsCDF holds the quantile to its definition: it is the least x with CDF(x) >= p.
func TestQuantileInvertsCDF(t *testing.T) {
	for _, c := range lawCases() {
		r := sim.NewRand(3)
		for i := range 400 {
			p := r.Float64()
			switch i % 4 {
			case 1:
				p = math.Pow(p, 8)
			case 2:
				p = 1 - math.Pow(p, 8)*0.1
			}
			if p == 0 || p == 1 {
				continue // the ends have a test of their own
			}
			x := c.law.Quantile(p)
			if c.counts {
				if at, below := c.law.CDF(x), c.law.CDF(x-1); at < p || below >= p {
					t.Errorf("%s: Quantile(%v) is %v, whose CDF is %v, and %v below", c.name, p, x, at, below)
				}
			} else if back := c.law.CDF(x); math.Abs(back-p) > 1e-12+1e-10*math.Min(p, 1-p) {
				t.Errorf("%s: CDF(Quantile(%v)) is %v", c.name, p, back)
			}
		}
	}
}

// TestQuantileEnds checks the support, and arguments that are not probabilities.
func TestQuantileEnds(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		law    Dist
		lo, hi float64
	}{
		{Constant{2}, 2, 2},
		{Uniform{-1, 3}, -1, 3},
		{Exponential{1}, 0, inf},
		{Normal{1, 1}, -inf, inf},
		{LogNormal{1, 1}, 0, inf},
		{Weibull{1, 2}, 0, inf},
		{Gamma{1, 2}, 0, inf},
		{Erlang{1, 2}, 0, inf},
		{Pareto{4, 2}, 4, inf},
		{Shifted{Exponential{1}, 5}, 5, inf},
		{Scaled{2, Uniform{1, 2}}, 2, 4},
		{Truncated{Normal{0, 1}, -1, 2}, -1, 2},
		{Mixture{[]Part{{1, Uniform{3, 4}}, {1, Constant{-2}}}}, -2, 4},
		{newEmpirical(3, 1, 2), 1, 3},
		{Bernoulli{0.5}, 0, 1},
		{Geometric{0.5}, 1, inf},
		{Poisson{3}, 0, inf},
		{newZipf(9, 1), 1, 9},
	} {
		if lo, hi := c.law.Quantile(0), c.law.Quantile(1); lo != c.lo || hi != c.hi {
			t.Errorf("%v runs from %v to %v, want %v to %v", c.law, lo, hi, c.lo, c.hi)
		}
		for _, p := range []float64{-0.1, 1.1, math.NaN()} {
			if x := c.law.Quantile(p); x == x {
				t.Errorf("%v: Quantile(%v) is %v, want NaN", c.law, p, x)
			}
		}
	}
}

// TestTruncatedTails has ranges far wider than the law, and a tail that falls as a power: closed forms by integration.
func TestTruncatedTails(t *testing.T) {
	upTo2 := math.Exp(-2) / math.Sqrt(2*math.Pi) / (0.5 * math.Erfc(-math.Sqrt2)) // the density at 2 over the mass below
	// moment is E[X^k] of a Pareto law of least value 1, cut off at hi.
	moment := func(k, alpha, hi float64) float64 {
		return alpha / (alpha - k) * (1 - math.Pow(hi, k-alpha)) / (1 - math.Pow(hi, -alpha))
	}
	for _, c := range []struct {
		law            Truncated
		mean, variance float64
		tolerance      float64 // relative
	}{
		{Truncated{Normal{0, 1}, -30, 2}, -upTo2, 1 - 2*upTo2 - upTo2*upTo2, 1e-9},
		{Truncated{Normal{0, 1}, -1e9, 2}, -upTo2, 1 - 2*upTo2 - upTo2*upTo2, 1e-9},
		{Truncated{Normal{0, 1}, -1e100, 1e100}, 0, 1, 1e-9},
		{Truncated{Exponential{1}, -1e12, 1e12}, 1, 1, 1e-9},
		{Truncated{Pareto{1, 1.5}, 1, 1e4}, moment(1, 1.5, 1e4), moment(2, 1.5, 1e4) - math.Pow(moment(1, 1.5, 1e4), 2), 1e-8},
		{Truncated{Pareto{1, 0.5}, 1, 1e4}, moment(1, 0.5, 1e4), moment(2, 0.5, 1e4) - math.Pow(moment(1, 0.5, 1e4), 2), 1e-8},
	} {
		if mean, variance := c.law.Moments(); !near(mean, c.mean, c.tolerance) || !near(variance, c.variance, c.tolerance) {
			t.Errorf("moments of %v are %v, %v, want %v, %v", c.law, mean, variance, c.mean, c.variance)
		}
	}
}

// TestTruncatedCounts compares the quadrature with plain sums, where it is coarse.
func TestTruncatedCounts(t *testing.T) {
	for _, c := range []struct{ mean, lo, hi float64 }{{12, 8, 20}, {2, 0, 3}, {400, 390, 1000}} {
		weight := func(k float64) float64 {
			l, _ := math.Lgamma(k + 1)
			return math.Exp(k*math.Log(c.mean) - c.mean - l)
		}
		wantMean, wantVar := sumMoments(c.lo, weight, c.hi)
		law := Truncated{Poisson{c.mean}, c.lo, c.hi}
		mean, variance := law.Moments()
		sd := math.Sqrt(wantVar)
		if math.Abs(mean-wantMean) > 1e-3*sd || math.Abs(math.Sqrt(variance)-sd) > 1e-3*sd {
			t.Errorf("%v: moments are %v, %v, want %v, %v", law, mean, variance, wantMean, wantVar)
		}
	}
}

package reliability_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	rel "lightcone/models/reliability"
)

var fits = flag.Int("reliability.fits", 6, "samples of each law to fit")

// draw makes a sample of n times of a law, watched until end.
func draw(r *rand.Rand, l rel.Law, n int, end float64) rel.Sample {
	var s rel.Sample
	for range n {
		if x := l.Quantile(1 - r.Float64()); x <= end {
			s.Failed = append(s.Failed, x)
		} else {
			s.Censored = append(s.Censored, end)
		}
	}
	return s
}

func TestFitsRecoverTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct {
		law  rel.Law
		fit  func(rel.Sample) (rel.Fit, error)
		want []float64
	}{
		{rel.Exponential{MTTF: 50}, rel.FitExponential, []float64{50}},
		{rel.Weibull{Shape: .7, Scale: 100}, rel.FitWeibull, []float64{.7, 100}},
		{rel.Weibull{Shape: 3, Scale: 100}, rel.FitWeibull, []float64{3, 100}},
		{rel.LogNormal{Median: 1, Sigma: 1.4}, rel.FitLogNormal, []float64{1, 1.4}},
		{rel.Gamma{Shape: 2, Scale: 30}, rel.FitGamma, []float64{2, 30}},
	} {
		for _, seen := range []float64{1, .6} {
			t.Run(fmt.Sprintf("%T%v seen %v", c.law, c.law, seen), func(t *testing.T) {
				within, runs := 0, *fits
				if testing.Short() {
					runs = min(runs, 2)
				}
				for range runs {
					end := math.Inf(1)
					if seen < 1 {
						end = c.law.Quantile(seen)
					}
					f, err := c.fit(draw(r, c.law, 300, end))
					require.NoError(t, err)
					for i, p := range f.Parameters {
						require.InDelta(t, c.want[i], p.Value, 4*p.SE, p.Name)
						if p.Interval(.95).Covers(c.want[i]) {
							within++
						}
					}
				}
				n := runs * len(c.want)
				require.Greater(t, within, n-4-n/6, "intervals of 95 %% cover %d of %d", within, n)
			})
		}
	}
}

// The standard error of an exponential mean is mean/sqrt(failures), whatever was censored.
func TestFitExponential(t *testing.T) {
	f := sure(rel.FitExponential(rel.Sample{Failed: []float64{10, 20, 30, 40}, Censored: []float64{50, 50}}))
	require.Equal(t, 50., f.Parameters[0].Value)
	require.InEpsilon(t, 25, f.Parameters[0].SE, 1e-6)
	require.InEpsilon(t, -4*math.Log(50)-4, f.LogLikelihood, 1e-12)
}

func TestFitLogNormalClosedForm(t *testing.T) {
	f := sure(rel.FitLogNormal(rel.Sample{Failed: []float64{1, math.E, math.E * math.E}}))
	require.InEpsilon(t, math.E, f.Parameters[0].Value, 1e-13)
	require.InEpsilon(t, math.Sqrt(2./3), f.Parameters[1].Value, 1e-13)
}

// Nothing near the fit is more likely.
func TestFitIsTheMostLikely(t *testing.T) {
	s := draw(rand.New(rand.NewPCG(8, 8)), rel.Weibull{Shape: .7, Scale: 100}, 200, 150)
	for _, fit := range []func(rel.Sample) (rel.Fit, error){rel.FitWeibull, rel.FitLogNormal, rel.FitGamma} {
		f := sure(fit(s))
		for _, p := range f.Parameters {
			require.Greater(t, p.SE, 0.)
		}
		a, b := f.Parameters[0].Value, f.Parameters[1].Value
		for _, step := range [][2]float64{{1.003, 1}, {.997, 1}, {1, 1.003}, {1, .997}, {1.003, .997}} {
			var l rel.Law
			switch f.Law.(type) {
			case rel.Weibull:
				l = rel.Weibull{Shape: a * step[0], Scale: b * step[1]}
			case rel.LogNormal:
				l = rel.LogNormal{Median: a * step[0], Sigma: b * step[1]}
			case rel.Gamma:
				l = rel.Gamma{Shape: a * step[0], Scale: b * step[1]}
			}
			require.Less(t, likelihood(s, l), f.LogLikelihood)
		}
	}
	require.Less(t, sure(rel.FitWeibull(s)).AIC(), sure(rel.FitExponential(s)).AIC(), "the law they came from fits better")
}

func likelihood(s rel.Sample, l rel.Law) float64 {
	sum := 0.
	for _, x := range s.Failed {
		sum += math.Log(rel.Hazard(l, x)) - rel.CumulativeHazard(l, x)
	}
	for _, x := range s.Censored {
		sum -= rel.CumulativeHazard(l, x)
	}
	return sum
}

func TestFitErrors(t *testing.T) {
	_, err := rel.FitWeibull(rel.Sample{Censored: []float64{-1}})
	require.EqualError(t, err, "reliability: Sample.Censored[0] is -1, want a finite number, more than 0\n"+
		"reliability: Sample.Failed is empty, want at least 1 time")
	_, err = rel.FitGamma(rel.Sample{Failed: []float64{3, 3}})
	require.EqualError(t, err, "reliability: Sample.Failed has one value, 3, 2 times, want at least 2 different ones")
}

// Kaplan and Meier's own way of counting, on a sample small enough to do by hand: of 6, one fails at 1, one is lost at 2,
// two fail at 3, one is lost at 3, and one fails at 5.
func TestKaplanMeierByHand(t *testing.T) {
	c := sure(rel.KaplanMeier(rel.Sample{Failed: []float64{3, 1, 3, 5}, Censored: []float64{2, 3}}))
	require.Equal(t, []float64{1, 3, 5}, c.Times)
	require.InDeltaSlice(t, []float64{5. / 6, 5. / 6 * 2 / 4, 0}, c.Survival, 1e-15)
	e := c.At(4, .95)
	require.InEpsilon(t, 5./12, e.Value, 1e-15)
	se := e.Value * math.Sqrt(1./(6*5)+2./(4*2))
	require.InEpsilon(t, se, e.Value-c.Greenwood(4, .6826894921370859).Low, 1e-9)
	require.Equal(t, 3., c.Quantile(.5))
	require.True(t, math.IsNaN(c.At(6, .95).Value))
	require.Equal(t, 1., c.At(.5, .95).Value)
}

func TestKaplanMeierCoverage(t *testing.T) {
	r, law, runs := rand.New(rand.NewPCG(9, 9)), rel.Weibull{Shape: .7, Scale: 100}, 2000
	if testing.Short() {
		runs = 300
	}
	loglog, greenwood := 0, 0
	at := law.Quantile(.7)
	for range runs {
		var s rel.Sample
		for range 60 {
			x, gone := law.Quantile(1-r.Float64()), 400*r.Float64()+1
			if x <= gone {
				s.Failed = append(s.Failed, x)
			} else {
				s.Censored = append(s.Censored, gone)
			}
		}
		c := sure(rel.KaplanMeier(s))
		if c.At(at, .95).Covers(.3) {
			loglog++
		}
		if c.Greenwood(at, .95).Covers(.3) {
			greenwood++
		}
	}
	t.Logf("log-log %.4f, Greenwood %.4f", float64(loglog)/float64(runs), float64(greenwood)/float64(runs))
	slack := 4 * math.Sqrt(.95*.05/float64(runs))
	require.InDelta(t, .95, float64(loglog)/float64(runs), max(.015, slack))
	require.InDelta(t, .95, float64(greenwood)/float64(runs), .03+slack)
}

func TestKolmogorovSmirnov(t *testing.T) {
	r, law, small := rand.New(rand.NewPCG(10, 10)), rel.Weibull{Shape: .7, Scale: 100}, 0
	const runs = 400
	for range runs {
		if _, p := rel.KolmogorovSmirnov(draw(r, law, 50, math.Inf(1)).Failed, law); p < .1 {
			small++
		}
	}
	require.InDelta(t, .1, float64(small)/runs, .06)
	d, p := rel.KolmogorovSmirnov(draw(r, law, 1000, math.Inf(1)).Failed, rel.Exponential{MTTF: rel.Mean(law)})
	require.Less(t, p, .001, "distance %v", d)
}

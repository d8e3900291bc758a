package figure

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot/vg"
)

func labelsOf(ticks []Tick) (list []string) {
	for _, t := range ticks {
		if t.Label != "" {
			list = append(list, t.Label)
		}
	}
	return list
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		log       bool
		n         int
		want      []string
	}{
		{0, 1, false, 5, []string{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{0, 0.5, false, 6, []string{"0", "0.1", "0.2", "0.3", "0.4", "0.5"}},
		{-3, 12, false, 4, []string{"0", "5", "10"}},
		{0, 30_000, false, 3, []string{"0", "10000", "20000", "30000"}},
		{0, 3e6, false, 3, []string{"0", "1e6", "2e6", "3e6"}},
		{99.5, 100.5, false, 2, []string{"99.5", "100.0", "100.5"}},
		{1, 1000, true, 8, []string{"1", "10", "100", "1000"}},
		{1, 100, true, 8, []string{"1", "2", "5", "10", "20", "50", "100"}},
		{1e-6, 1, true, 8, []string{"1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1"}},
		{1e-12, 1, true, 4, []string{"1e-12", "1e-8", "0.0001", "1"}},
		{100, 1e6, true, 6, []string{"100", "1000", "10000", "1e5", "1e6"}},
		{200, 400, true, 5, []string{"200", "250", "300", "350", "400"}},
	} {
		s := scale{min: c.low, max: c.high, log: c.log}
		ticks := s.ticks(Axis{}, c.n)
		require.Equal(t, c.want, labelsOf(ticks), "%g to %g", c.low, c.high)
		for _, tick := range ticks {
			require.True(t, s.within(tick.At))
		}
	}
}

func TestScales(t *testing.T) {
	of := func(a Axis, w wish, values ...float64) scale {
		var s span
		for _, v := range values {
			s.add(v)
		}
		return newScale(a, s, w)
	}
	require.Zero(t, of(Axis{}, rooted, 1, 4).min, "zero is near")
	require.Greater(t, of(Axis{}, rooted, 3, 4).min, 2.9, "zero is far")
	require.Less(t, of(Axis{}, 0, 0, 4).min, 0., "a point at zero is seen whole")
	require.Zero(t, of(Axis{}, toZero, 3, 4).min)
	require.Zero(t, of(Axis{}, toZero, -4, -3).max-0.2, "a twentieth above")
	require.Equal(t, scale{min: 2, max: 9}, of(Axis{}, flush, 2, 9))
	require.Equal(t, scale{min: 1, max: 3}, of(Axis{Min: 1, Max: 3}, toZero, 2, 9))
	one := of(Axis{}, 0, 5)
	require.True(t, one.min < 5 && 5 < one.max)
	log := of(Axis{Log: true}, flush, 1, 100)
	log.from, log.to = 0, 200
	require.InDelta(t, 100, float64(log.at(10)), 1e-9)
	require.False(t, math.IsNaN(float64(log.at(0))) || log.at(0) > 0, "below the axis")
	require.False(t, math.IsInf(float64(log.at(math.Inf(1))), 0))
}

// Wrapped text keeps its words, and numbers their units.
func TestWrap(t *testing.T) {
	s := typeface(smallSize)
	require.Equal(t, []string{"one two", "three"}, wrap(s, "one two three", s.Width("one two thr")))
	require.Equal(t, []string{"up to", "95 % of"}, wrap(s, "up to 95 % of", s.Width("up to 95")))
	require.Equal(t, []string{"rebuilt in", "24 h"}, wrap(s, "rebuilt in 24 h", s.Width("rebuilt in 24")))
	require.Equal(t, []string{"with", "loss = 0.1"}, wrap(s, "with loss = 0.1", s.Width("with loss =")))
	require.Equal(t, []string{"a", "b"}, wrap(s, "a\nb", width))
	for _, line := range wrap(s, "unbreakablyunbreakablyunbreakable", 40) {
		require.LessOrEqual(t, s.Width(line), vg.Length(40))
	}
	require.Equal(t, []string{""}, wrap(s, "", width))
}

func TestDistributions(t *testing.T) {
	require.Equal(t, []XY{{1, 0}, {1, 0.25}, {2, 0.5}, {2, 0.75}, {3, 1}}, CDF{Values: []float64{2, 3, 1, 2}}.curve())
	require.Equal(t, []XY{{1, 1}, {1, 0.75}, {2, 0.5}, {2, 0.25}, {3, 0.125}}, CDF{Values: []float64{2, 3, 1, 2}, Complement: true}.curve())
	// 1.358/√n is the large-sample critical value of Kolmogorov's statistic for 95 % (Smirnov 1948, table); Massart's bound
	// is the same to three digits.
	require.InDelta(t, 1.358/math.Sqrt(1000), halfBand(1000), 2e-5)
}

// The band holds the whole distribution in 95 of 100 samples at least.
func TestBandHolds(t *testing.T) {
	missed := 0
	const samples, n = 1000, 50
	for i := range samples {
		xy := CDF{Values: sample(uint64(100+i), n, exponential(1))}.curve()
		before := 0.0
		for _, e := range xy {
			if f := -math.Expm1(-e.X); math.Abs(f-before) > halfBand(n) || math.Abs(f-e.Y) > halfBand(n) {
				missed++
				break
			}
			before = e.Y
		}
	}
	require.LessOrEqual(t, missed, 50+4*7, "of 1000, at most 50 and four standard errors")
	require.Greater(t, missed, 10, "the band is not much too wide")
}

func TestHistogramShares(t *testing.T) {
	h := Histogram{Values: []float64{0, 0.5, 1, 1.5, 4}}
	require.Equal(t, []float64{0.4, 0.4, 0, 0.2}, h.shares([]float64{0, 1, 2, 3, 4}))
	sum := 0.0
	values := sample(7, 500, normal(0, 1))
	p := &pane{panel: &Panel{}, x: newScale(Axis{}, span{min: sorted(values)[0], max: sorted(values)[499], any: true}, flush)}
	for _, s := range (Histogram{Values: values}).shares(Histogram{Values: values, Bins: 13}.edges(p)) {
		sum += s
	}
	require.InDelta(t, 1, sum, 1e-12)
}

// Quartiles and the density agree with gonum's, and the density is one.
func TestSummaries(t *testing.T) {
	values := sample(3, 300, normal(10, 2))
	v := sorted(values)
	f := summarise(values)
	require.InDelta(t, stat.Quantile(0.5, stat.LinInterp, v, nil), f.median, 0.05)
	require.Less(t, f.lower, f.median)
	inside := 0
	for _, x := range v {
		if f.lower <= x && x <= f.upper {
			inside++
		}
	}
	require.InDelta(t, 150, inside, 1)
	require.InDelta(t, 1, quad.Fixed(func(x float64) float64 { return density(v, x) }, 0, 20, 400, nil, 0), 1e-3)
	require.InDelta(t, 1/(2*math.Sqrt(2*math.Pi)), density(v, 10), 0.03)
	outer := append(sample(4, 100, normal(0, 1)), 50, -50)
	require.Subset(t, summarise(outer).beyond, []float64{50, -50})
	require.Less(t, summarise(outer).high, 10.)
}

func TestAlt(t *testing.T) {
	alt := attempts().Alt()
	require.Contains(t, alt, "Attempts until an answer. Across: probability that a message is lost. Up: attempts.")
	require.Contains(t, alt, "simulated: from 1 at 0 to ")
	require.Contains(t, alt, "simulated, closed form 1/(1-p)²: from 1 at 0 to 4 at 0.5")
	require.Contains(t, alt, "1000 rounds a point; bars: 95 % intervals.")
	turn := fine(Line{"hill", []Estimate{{0, 1, 1, 1}, {1, 3, 3, 3}, {2, 9, 9, 9}, {3, 4, 4, 4}, {4, 2, 2, 2}}}).Alt()
	require.Contains(t, turn, "hill: from 1 at 0 to 2 at 4, highest 9 at 2")
	require.Contains(t, fine(Line{"", []Estimate{{0, 1, 1, 1}, {1, 3, 3, 3}}}).Alt(), ". 1 at 0, 3 at 1")
	require.Contains(t, timeline().Alt(), "leader 2 times, down 2 times")
	require.Contains(t, groupedBars().Alt(), "full jitter: 20 330, 50 1320, 100 2970")
}

// A range that is none but for the arithmetic is one number: it has an axis around it, and ticks that end.
func TestRangesOfOneNumber(t *testing.T) {
	for _, log := range []bool{false, true} {
		s := newScale(Axis{Log: log}, span{14.7, math.Nextafter(14.7, 15), true}, 0)
		require.Greater(t, s.max-s.min, 0.1, "log: %v", log)
	}
}

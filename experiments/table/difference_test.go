package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Hours of sleep gained by ten patients with two drugs (Student, The probable error of a mean, Biometrika 6, 1908).
var (
	drug1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	drug2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

// TestStudentsSleep has the numbers that R's documentation of t.test prints for them.
func TestStudentsSleep(t *testing.T) {
	d := paired(seeded(drug1), seeded(drug2))
	require.InDelta(t, 1.58, d.Value, 1e-12)
	require.InDelta(t, 0.7001142, d.Low, 1e-6)
	require.InDelta(t, 2.4598858, d.High, 1e-6)
	require.InDelta(t, 0.002833, d.P, 1e-6)
	require.Equal(t, 10, d.N)
	require.True(t, d.Significant())
	require.InDelta(t, 0.75, d.First.Value, 1e-12)
	require.InDelta(t, 2.33, d.Second.Value, 1e-12)

	w := unpaired(seeded(drug1), seeded(drug2))
	require.InDelta(t, 1.58, w.Value, 1e-12)
	require.InDelta(t, -0.2054832, w.Low, 0.015, "R has 17.776 degrees of freedom, this is by 17")
	require.InDelta(t, 3.3654832, w.High, 0.015)
	require.InDelta(t, 0.07939, w.P, 0.001)
	require.False(t, w.Significant(), "the pairing is what shows it")
	require.InDelta(t, w.Error*w.Error/(d.Error*d.Error), d.Gain, 1e-9)
}

func TestPairsAreMadeBySeed(t *testing.T) {
	nan := math.NaN()
	table := &Table{Factors: []Factor{{Name: "policy", Levels: []Level{{"a", nan}, {"b", nan}}}}, Points: [][]int{{0}, {1}}, Measures: []Measure{{"x", ""}}}
	add := func(point int, seed uint64, x float64) {
		table.Rows = append(table.Rows, Row{Point: point, Seed: seed, Verdict: "pass", Digest: "0000000000000000", Values: []float64{x}})
	}
	for i, x := range []float64{10, 20, nan, 60, 70} {
		add(0, []uint64{0, 1, 2, 5, 6}[i], x)
	}
	for _, seed := range []uint64{1, 2, 3, 5, 8} {
		add(1, seed, float64(seed*10+15))
	}
	require.NoError(t, table.Check())
	d := table.Difference(0, 0, 1)
	require.Equal(t, 2, d.N, "seeds 1 and 5 are in both with a value")
	require.Equal(t, 5.0, d.Value, "25 - 20 and 65 - 60")
	require.Equal(t, 5, d.Left, "0 and 6 there; 2, 3 and 8 here")
	require.Equal(t, "paired by seed, all differ by the same", d.Method)
	require.Equal(t, 1, d.Missing)
	require.True(t, math.IsInf(d.Gain, 1))
	require.Equal(t, 0.5, d.P, "the sign test: two of two are above")
	require.InDelta(t, 90.0/80, d.Ratio.Value, 1e-12)
}

func TestDifferencesThatCannotBeTold(t *testing.T) {
	for name, d := range map[string]Difference{
		"no pair":       paired(sample{}, seeded(drug1)),
		"one pair":      paired(seeded(drug1[:1]), seeded(drug2)),
		"one run":       unpaired(seeded(drug1[:1]), seeded(drug2)),
		"none":          unpaired(sample{}, seeded(drug2)),
		"infinite mean": unpaired(seeded([]float64{1, math.Inf(1), 3}), seeded(drug2)),
	} {
		require.False(t, d.Known(), name)
		require.False(t, d.Significant(), name)
		require.True(t, math.IsNaN(d.P), name)
	}
}

// Two coins that came up heads and two that came up tails are no certain difference; twenty are.
func TestFewRunsThatAreAllTheSame(t *testing.T) {
	for _, c := range []struct {
		n              int
		signs, ordered float64 // 2 of the 2^n signs, and 2 of the C(2n, n) orders
	}{{2, 0.5, 2. / 6}, {3, 0.25, 2. / 20}, {20, 2. / 1048576, 2. / 137846528820}} {
		zeros, ones := seeded(make([]float64, c.n)), seeded(slices.Repeat([]float64{1}, c.n))
		require.InEpsilon(t, c.signs, paired(zeros, ones).P, 1e-12)
		require.InEpsilon(t, c.ordered, unpaired(zeros, ones).P, 1e-9)
		comparison := Comparison{Differences: []Compared{{Difference: paired(zeros, ones)}}}
		comparison.Correct()
		require.Equal(t, c.n == 20, comparison.Differences[0].Holds)
	}
}

func TestRoundingIsNoDifference(t *testing.T) {
	x := []float64{0.1, 0.2, 0.3, 0.7}
	y := []float64{0.1, math.Nextafter(0.2, 1), math.Nextafter(0.3, 1), math.Nextafter(0.7, 1)}
	d := paired(seeded(x), seeded(y))
	require.Equal(t, 0.0, d.Value)
	require.Equal(t, 1.0, d.P)
}

func TestBaselineFindsPartners(t *testing.T) {
	table := example()
	require.Equal(t, []int{-1, -1, 0, 1, -1, -1, 4, 5}, table.Baseline([]int{-1, 0, -1}))
	require.Equal(t, []int{-1, 0, 0, 0, 0, 0, 0, 0}, table.Baseline([]int{0, 0, 0}))
	table.Points = table.Points[2:]
	require.Equal(t, []int{-1, -1, -1, -1, 2, 3}, table.Baseline([]int{-1, 0, -1}), "the partners of two are not there")
}

// TestHolmKeepsItsPromise compares pairs of sweeps that do not differ: at most one in twenty may have any difference that
// holds, though each pair has twelve measures and most have one that leaves out 0 by itself.
func TestHolmKeepsItsPromise(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const rounds = 1000
	wrong, alone := 0, 0
	for range rounds {
		c, err := Compare(noise(r, 0), noise(r, 0))
		require.NoError(t, err)
		tested, significant, expected := c.Tested()
		require.Equal(t, 12, tested)
		require.InDelta(t, 0.6, expected, 1e-12)
		if significant > 0 {
			alone++
		}
		if c.Differs() {
			wrong++
		}
	}
	slack := 4 * math.Sqrt(0.05*0.95/rounds)
	require.Less(t, float64(wrong)/rounds, 0.05+slack)
	require.InDelta(t, 1-math.Pow(0.95, 12), float64(alone)/rounds, 4*math.Sqrt(0.46*0.54/rounds))
}

// noise is a sweep of one point with twelve independent measures, the first of which is larger by a shift.
func noise(r *rand.Rand, shift float64) *Table {
	t := &Table{Points: [][]int{{}}}
	for i := range 12 {
		t.Measures = append(t.Measures, Measure{fmt.Sprint("m", i), ""})
	}
	for seed := range uint64(10) {
		row := Row{Seed: seed, Verdict: "pass", Digest: "0000000000000000", Values: normals(r, 12)}
		row.Values[0] += shift
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Holm's procedure, worked by hand: the k-th of three is held against 0.05/3, 0.05/2, 0.05; the first that fails ends it.
func TestHolm(t *testing.T) {
	for _, c := range []struct {
		p     []float64
		holds []bool
	}{
		{[]float64{0.04, 0.01, 0.02}, []bool{true, true, true}},
		{[]float64{0.04, 0.017, 0.02}, []bool{false, false, false}},
		{[]float64{0.04, 0.01, 0.03}, []bool{false, true, false}},
		{[]float64{0.04, math.NaN(), 0.02}, []bool{true, false, true}},
	} {
		var comparison Comparison
		for _, p := range c.p {
			comparison.Differences = append(comparison.Differences, Compared{Difference: Difference{P: p}})
		}
		comparison.Correct()
		for i, d := range comparison.Differences {
			require.Equal(t, c.holds[i], d.Holds, "%v of %v", d.P, c.p)
		}
	}
}

func TestATrueDifferenceHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	c, err := Compare(noise(r, 0), noise(r, 5))
	require.NoError(t, err)
	require.True(t, c.Differences[0].Holds)
	require.True(t, c.Differs())
}

func TestCompareMatchesPointsAndMeasures(t *testing.T) {
	first, second := example(), example()
	c, err := Compare(first, second)
	require.NoError(t, err)
	require.False(t, c.Differs())
	require.Len(t, c.Differences, 8*4)
	_, _, expected := c.Tested()
	require.Zero(t, expected, "what is the same in every run is not off by chance")
	require.Equal(t, 24, c.SameSeeds)

	second.Factors[0], second.Factors[2] = second.Factors[2], second.Factors[0] // another order of factors
	for _, p := range second.Points {
		p[0], p[2] = p[2], p[0]
	}
	second.Factors[2].Levels[1] = Level{"0.15s", 0.15} // another way to say it
	second.Factors[0].Levels[1] = Level{"0.2", 0.2}    // another level
	second.Measures[0].Unit = "pings"
	second.Rows[0].Verdict, second.Rows[0].Failed = "violation", "agreement"
	second.Rows[1].Verdict = "undecided"
	second.Rows[2].Failed = "another check"
	c, err = Compare(first, second)
	require.NoError(t, err)
	require.Len(t, c.Differences, 4*3)
	require.Equal(t, []string{
		"params.retry=10ms policy=none network.loss=0.1", "params.retry=10ms policy=full, with \"jitter\" network.loss=0.1",
		"params.retry=150ms policy=none network.loss=0.1", "params.retry=150ms policy=full, with \"jitter\" network.loss=0.1"}, c.PointsLeft[0])
	require.Len(t, c.PointsLeft[1], 4)
	require.Equal(t, [2][]string{{"pings per round"}, {"pings per round (pings)"}}, c.MeasuresLeft)
	const point = "params.retry=10ms policy=none network.loss=0"
	require.Equal(t, []Changed{
		{point, 1, [2]string{"pass", "violation"}, [2]string{"", "agreement"}},
		{point, 2, [2]string{"pass", "undecided"}, [2]string{"", ""}},
		{point, 3, [2]string{"violation", "violation"}, [2]string{"agreement, of all", "another check"}},
	}, c.Verdicts)
	require.True(t, c.Differs())
}

func TestCompareRefusesOtherFactors(t *testing.T) {
	first, second := example(), example()
	second.Factors[0].Name, second.Factors[2].Unit = "params.timeout", "%"
	_, err := Compare(first, second)
	require.ErrorContains(t, err, "factor params.retry is varied in the first sweep only")
	require.ErrorContains(t, err, "factor params.timeout is varied in the second sweep only")
	require.ErrorContains(t, err, `factor network.loss is in "" in the first sweep and in "%" in the second`)
}

func TestOtherSeedsAreComparedByWelch(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	first, second := noise(r, 0), noise(r, 0)
	for i := range second.Rows {
		second.Rows[i].Seed += 9 // one in common
	}
	c, err := Compare(first, second)
	require.NoError(t, err)
	require.Equal(t, "Welch", c.Differences[0].Method)
	require.Equal(t, 20, c.Differences[0].N)
	require.Equal(t, 1, c.SameSeeds)
	require.Equal(t, 18, c.Alone)
	for i := range second.Rows {
		second.Rows[i].Seed -= 4 // five in common
	}
	c, err = Compare(first, second)
	require.NoError(t, err)
	require.True(t, c.Differences[0].Paired)
	require.Equal(t, 5, c.Differences[0].N)
	require.Equal(t, 10, c.Alone)
}

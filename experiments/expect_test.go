package experiments

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/batch"
	"lightcone/experiments/table"
	"lightcone/models/reliability"
)

// findings are how the expectations of a sweep come out, in the order of the report.
func findings(w *Swept) (list []Finding) {
	for _, e := range w.Expectations {
		list = append(list, e.Finding())
	}
	return list
}

// A right formula agrees, a wrong one does not; and what is declared to differ has to.
func TestExpectations(t *testing.T) {
	o := SweepOptions{Vary: []string{"network.loss=0.1,0.3", "policy=many"}}
	records, err := batch.Run(context.Background(), t.TempDir(), sweepOf(t, lossy, o).Task(), batch.Options{})
	require.NoError(t, err)
	for _, c := range []struct {
		name, expect string
		want         []Finding // at loss 0.1 and 0.3
	}{
		{"right", "value: 1/(1-loss)^2", []Finding{Agreed, Agreed}},
		{"by the whole key", "value: 1/(1-network_loss)^2", []Finding{Agreed, Agreed}},
		{"by the scenario", "value: 1/(1-network.loss)^nodes", []Finding{Agreed, Agreed}},
		{"wrong: one way only", "value: 1/(1-loss)", []Finding{Contrary, Contrary}},
		{"wrong at one point", "value: 1.2346", []Finding{Agreed, Contrary}},
		{"by case", `value: "policy == 'many' ? 1/(1-loss)^2 : 0"`, []Finding{Agreed, Agreed}},
		{"differs, and it is said why", "value: 1/(1-loss), because: the reply is lost too", []Finding{Explained, Explained}},
		{"does not differ, though it is said", "value: 1/(1-loss)^2, because: nothing", []Finding{Unshown, Unshown}},
		{"within a tolerance", "value: 1/(1-loss)^2 * 1.08, within: 10%", []Finding{Agreed, Agreed}},
		{"beyond a tolerance", "value: 1/(1-loss)^2 * 1.2, within: 10%", []Finding{Contrary, Contrary}},
		{"a bound kept", "at-most: 1/(1-loss)^3", []Finding{Agreed, Agreed}},
		{"a bound broken", "at-least: 1/(1-loss)^3", []Finding{Contrary, Contrary}},
		{"a bound touched", "at-most: 1/(1-loss)^2 - 0.001", []Finding{Agreed, Agreed}},
		{"only there", "value: 1/(1-loss), where: {network.loss: 0.3}", []Finding{Contrary}},
		{"the least", "value: 1, statistic: min", []Finding{Contrary, Contrary}},
		{"the most, bounded", "at-most: 3, statistic: max", []Finding{Agreed, Agreed}},
		{"a quantile beyond the runs", "value: 1.5, statistic: p99", []Finding{Undecidable, Contrary}}, // of 20
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := sweepOf(t, lossy+"expect: [{measure: pings per round, "+c.expect+"}]\n", o).Results(records)
			require.NoError(t, err)
			require.Equal(t, c.want, findings(w))
		})
	}
}

// Two runs in which nothing was lost are no proof that nothing ever is.
func TestFewEqualRuns(t *testing.T) {
	judged := func(n int, e Expectation) Agreement {
		xs := make([]float64, n)
		e.Value = table.Mean.Of(xs, table.Confidence)
		return agreementOf(table.Mean, xs, e)
	}
	require.Equal(t, Unknown, judged(2, Expectation{Expected: 0.1}))
	require.Equal(t, Unknown, judged(4, Expectation{Expected: 0.1, Bound: AtLeast}))
	require.Equal(t, Differs, judged(5, Expectation{Expected: 0.1}))
	require.Equal(t, Differs, judged(2, Expectation{Expected: 0.1, Within: 0.1}))
	require.Equal(t, Agrees, judged(2, Expectation{}))
}

// Four standard errors: of 2000 true expectations about samples of 20, one or none is taken for wrong, and one that is off by
// 8 standard errors is found out. Gaussian values have Student's law, so the rate is that of 4 standard errors, 6.3e-5.
func TestAgreementRate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	wrong, missed := 0, 0
	const sets = 2000
	for range sets {
		xs := make([]float64, 20)
		for i := range xs {
			xs[i] = 5 + r.NormFloat64()
		}
		if agreementOf(table.Mean, xs, Expectation{Value: table.Mean.Of(xs, table.Confidence), Expected: 5}) != Agrees {
			wrong++
		}
		if agreementOf(table.Mean, xs, Expectation{Value: table.Mean.Of(xs, table.Confidence), Expected: 5 + 8/math.Sqrt(20)}) != Differs {
			missed++
		}
	}
	require.LessOrEqual(t, wrong, 2)
	require.Less(t, missed, sets/10)
}

func TestFormulas(t *testing.T) {
	s, err := Read("a.yaml", []byte("protocol: pingpong\nnodes: 2\nparams: {retry: 250ms}\nnetwork: {latency: 5ms, loss: 0.25, bandwidth: 10Mbit/s}\nclocks: {drift: 50ppm}\n"))
	require.NoError(t, err)
	names := s.names()
	names["loss"] = 0.25
	for text, want := range map[string]float64{
		"1/(1-loss)^2": 16. / 9, "params.retry": 0.25, "params.rounds + 0.5": 10.5, // the default
		"network.latency": 0.005, "network.bandwidth / 1e6": 10, "clocks.drift": 50, "nodes": 2, "log(exp(3))": 3, "binomial(5, 2)": 10,
		"harmonic(4)": 25. / 12, "factorial(5)": 120, "sum(1..nodes, 1/#)": 1.5, "max(1, 2.5)": 2.5, "sqrt(2)^2": 2, "nodes > 1 ? 7 : 8": 7,
		"pow(2, 0.5)": math.Sqrt2, "3": 3, "-1.5": -1.5, "network.loss == 0.25": 1, "gamma(5)": 24, "protocol == 'pingpong' ? 1 : 0": 1, "7 / 2": 3.5,
	} {
		got, err := formula(t, text).evaluate(names)
		require.NoError(t, err, text)
		require.InDelta(t, want, got, 1e-12, text)
	}
	for text, want := range map[string]string{
		"los + 1":                 "unknown name los, want one of",
		"params.retyr":            "unknown value params.retyr, want one of retry, rounds; nearest is retry",
		"network.nowhere.deep":    "unknown value network.nowhere",
		"log(-1)":                 "not a number",
		"protocol":                "pingpong is not a number",
		"exp('a')":                "a is not a number",
		"sum(1..1000000000, 1/#)": "memory budget exceeded",
		"now().Unix()":            "unknown name now",
	} {
		_, err := formula(t, text).evaluate(names)
		require.ErrorContains(t, err, want, text)
	}
}

func formula(t *testing.T, text string) Formula {
	var f Formula
	require.Nil(t, f.set(&value{shape: number, raw: text}), text)
	return f
}

// recordsOf makes records of runs that have those values of a measure, none where it is NaN.
func recordsOf(xs []float64) (records [][]byte) {
	for i, x := range xs {
		text := fmt.Sprint(x)
		if math.IsNaN(x) {
			text = "null"
		}
		records = append(records, fmt.Appendf(nil, `{"seed":%d,"values":[{"name":"x","unit":"","value":%s}]}`, i+1, text))
	}
	return records
}

// stopped returns the values after which a sweep stops that draws them.
func stopped(s *Sweep, draw func() float64) (xs []float64, looks []int) {
	for n := s.need(0, nil); n > len(xs); n = s.need(0, recordsOf(xs)) {
		looks = append(looks, n)
		for len(xs) < n {
			xs = append(xs, draw())
		}
	}
	return xs, looks
}

func stopping(t testing.TB, seeds string) *Sweep {
	return sweepOf(t, "protocol: pingpong\nnodes: 2\nseeds: {"+seeds+", of: x}\n", SweepOptions{})
}

// The rule looks when there are half as many runs again, and depends on nothing else.
func TestSequentialLooks(t *testing.T) {
	s := stopping(t, "precision: 1%, at-least: 20, at-most: 200")
	require.Equal(t, Extent{1, 20, 200}, s.Extent())
	require.True(t, s.Task().Sequential)
	r := rand.New(rand.NewPCG(1, 1))
	xs, looks := stopped(s, r.ExpFloat64)
	require.Equal(t, []int{20, 30, 45, 68, 102, 153, 200}, looks)
	require.Len(t, xs, 200, "at most")
	same, looks := stopped(s, func() float64 { return 3 })
	require.Equal(t, []int{20}, looks)
	require.Len(t, same, 20, "nothing varies")
	_, looks = stopped(stopping(t, "precision: 50%"), r.ExpFloat64)
	require.Equal(t, []int{30}, looks, "precise at the first look: 1.96/sqrt(30) = 36 %")
}

// Runs without the measure are seeds, and nothing of its mean: of 30 runs 15 have 9 or 11, whose mean is known to 2.14/sqrt(15),
// or 6 %.
func TestSequentialStopWithRunsThatAreMissing(t *testing.T) {
	i := 0
	xs, looks := stopped(stopping(t, "precision: 7%"), func() float64 {
		i++
		return []float64{math.NaN(), 9, math.NaN(), 11}[i%4]
	})
	require.Equal(t, []int{30}, looks)
	require.Len(t, xs, 30)
	_, looks = stopped(stopping(t, "precision: 7%, at-most: 60"), math.NaN)
	require.Equal(t, []int{30, 45, 60}, looks, "nothing is known")
}

// What is known to 20 % by the rule, after 120 runs on average, is covered by its 95 % interval nearly as often as it should
// be: 0.94 in 3000 sweeps of either law, as at 10 %. With a look after every run from the second on it is 0.90 and 0.93.
func TestSequentialCoverage(t *testing.T) {
	for _, c := range []struct {
		name, seeds string
		draw        func(r *rand.Rand) float64
	}{
		{"exponential", "precision: 20%", (*rand.Rand).ExpFloat64},
		{"normal, sd as large as the mean", "precision: 20%", func(r *rand.Rand) float64 { return 1 + r.NormFloat64() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stopping(t, c.seeds)
			r := rand.New(rand.NewPCG(1, 3))
			covered, total := 0, 0
			const sweeps = 300
			for range sweeps {
				xs, _ := stopped(s, func() float64 { return c.draw(r) })
				if reliability.Student(xs, 0.95).Covers(1) {
					covered++
				}
				total += len(xs)
			}
			t.Logf("covered %.3f with %.0f runs on average", float64(covered)/sweeps, float64(total)/sweeps)
			require.Greater(t, float64(covered)/sweeps, 0.90, "0.94 less three standard errors of the share")
		})
	}
}

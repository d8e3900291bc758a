package table

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestColumnsAreFoundByWhatPeopleCallThem(t *testing.T) {
	table := example()
	table.Factors = append(table.Factors, Factor{Name: "clients.retry"}, Factor{Name: "lost"})
	for name, want := range map[string]Column{
		"params.retry": {0, -1}, "policy": {1, -1}, "network.loss": {2, -1}, "loss": {2, -1}, "Policy": {1, -1},
		"pings per round": {-1, 0}, "latency, p99": {-1, 1}, "latency, p99 (ms)": {-1, 1}, "Latency, P99": {-1, 1}, "lost": {4, -1},
	} {
		got, err := table.Column(name)
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
	m, err := table.Measure("lost")
	require.NoError(t, err)
	require.Equal(t, 3, m)

	_, err = table.Factor("retry")
	require.ErrorContains(t, err, `factor is "retry", want one of params.retry; clients.retry, which all are called so`)
	_, err = table.Factor("polcy")
	require.ErrorContains(t, err, `factor is "polcy", want one of params.retry; policy; network.loss; clients.retry; lost; nearest is policy`)
	_, err = table.Measure("pings per ruond")
	require.ErrorContains(t, err, "nearest is pings per round")
	_, err = (&Table{}).Factor("x")
	require.ErrorContains(t, err, `factor is "x", want none: there is none`)
}

func TestSummaryCountsWhatIsMissing(t *testing.T) {
	table := example()
	c := table.Cell(0, 1)
	require.Equal(t, 1, c.N)
	require.Equal(t, 2, c.Missing)
	require.False(t, c.Mean.Known())
	require.True(t, math.IsNaN(c.SD))
	c = table.Cell(1, 0)
	require.Equal(t, 3, c.N)
	require.InDelta(t, 1+4.0/3, c.Mean.Value, 1e-12)
	require.InDelta(t, 1.0/3, c.SD, 1e-12)
	require.InDeltaSlice(t, []float64{2, 1 + 5.0/3}, []float64{c.Min, c.Max}, 1e-12)
	f := table.Failed(3)
	require.InDelta(t, 1.0/3, f.Value, 1e-12)
	require.InDelta(t, 0.0615, f.Low, 1e-4, "Wilson's interval of 1 in 3, from its formula by hand")
	require.InDelta(t, 0.7923, f.High, 1e-4)
	require.Equal(t, []Count{{"pass", 2}, {"violation", 1}}, table.Verdicts(3))

	s := table.Summary()
	require.Len(t, s.Points, 8)
	require.Nil(t, s.Points[0].Measures[1].Mean.Low)
	require.Equal(t, 0.01, *s.Points[0].Levels[0].Value)
	require.Nil(t, s.Points[0].Levels[1].Value)
}

func TestSharesHaveIntervalsOfShares(t *testing.T) {
	table := &Table{Points: [][]int{{}}, Measures: []Measure{{"split vote", "of elections"}, {"terms", ""}, {"availability", "of operations"}}}
	for seed := range uint64(10) {
		table.Rows = append(table.Rows, Row{Seed: seed, Verdict: "pass", Digest: "0000000000000000", Values: []float64{0, 0, 1}})
	}
	e := table.Estimate(0, 0, Mean, Confidence)
	require.Equal(t, "Wilson", e.Method)
	require.InDelta(t, 0.2775, e.High, 1e-4, "z^2/(n+z^2) for none of ten")
	require.Equal(t, Nonzero, table.Suited(0, 0, Mean))
	agrees, known := table.Suited(0, 0, Mean).Agrees(table.Values(0, 0), 0.05, 0)
	require.True(t, agrees && known, "none of ten says nothing against one in twenty")
	agrees, _ = table.Suited(0, 0, Mean).Agrees(table.Values(0, 0), 0.9, 0)
	require.False(t, agrees)
	require.Equal(t, "all the same", table.Estimate(0, 1, Mean, Confidence).Method, "a count is no share")
	require.Equal(t, "order statistics", table.Estimate(0, 0, Median, Confidence).Method)

	table.Rows[3].Values[0] = 1
	e = table.Estimate(0, 0, Mean, Confidence)
	require.Equal(t, "Wilson", e.Method)
	require.Equal(t, 0.1, e.Value)
	table.Rows[3].Values[2] = 0.5
	e = table.Estimate(0, 2, Mean, Confidence)
	require.Equal(t, "Student, within 0 and 1", e.Method)
	require.InDelta(t, 0.95-2.262157*0.05, e.Low, 1e-5, "t with 9 degrees of freedom, from tables; the standard error is 0.05")
	require.Equal(t, 1.0, e.High)
	table.Points = append(table.Points, []int{})
	for seed := range uint64(10) {
		table.Rows = append(table.Rows, Row{Point: 1, Seed: seed, Verdict: "pass", Digest: "0000000000000000", Values: []float64{0, 0, 1}})
	}
	require.Equal(t, "all the same", table.Estimate(1, 2, Mean, Confidence).Method, "a share of many operations, as other points show")
	require.Equal(t, "Wilson", table.Estimate(1, 0, Mean, Confidence).Method)
}

package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/table"
)

func TestCompareSettingsFindsWhatIsSetOtherwise(t *testing.T) {
	first := &Results{Dir: "a", Scenario: "s", Version: "1", Seeds: "1..3", Source: `
nodes: 3
network: {loss: 0.1, latency: 1ms}
vary: {network.loss: [0, 0.1]}
faults: [{kind: crash, node: 1}]
checks: [a, b]
policy: {kind: b}
`}
	second := &Results{Dir: "b", Scenario: "s", Version: "2", Seeds: "1..4", Source: `
network: {latency: 1ms, loss: 0.2}
nodes: 3
faults: [{kind: pause, node: 1}, {kind: crash}]
vary: {network.loss: [0, 0.1]}
policy: {kind: a, size: 3}
`, Set: []string{"policy={kind: b}", "network.loss=0.1", "vary.network.loss=[0, 0.3]", "network.jitter={kind: none}"}}
	got, err := compareSettings(first, second)
	require.NoError(t, err)
	require.Equal(t, []SettingChange{
		{"version of lightcone", "1", "2"},
		{"checks", "[a, b]", ""},
		{"faults[0].kind", "crash", "pause"},
		{"faults[1].kind", "", "crash"},
		{"network.jitter.kind", "", "none"},
		{"vary.network.loss", "[0, 0.1]", "[0, 0.3]"},
		{"seeds", "1..3", "1..4"},
	}, got, "the overrides of network.loss and of all of policy make them the same, and the order of keys is none")
	same, err := compareSettings(first, first)
	require.NoError(t, err)
	require.Empty(t, same)
	_, err = compareSettings(first, &Results{Dir: "c", Source: "a: [1"})
	require.ErrorContains(t, err, "the scenario in c is no YAML")
}

func TestCompareRunsByTheObservationsWithin(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	run := func(latency, terms float64, checks ...SummaryVerdict) *Summary {
		return &Summary{Verdicts: checks, Measures: []SummaryMeasure{
			{Name: "latency", Unit: "ms", Value: number(latency), Low: number(latency - 12), High: number(latency + 12), N: 100}, // 4 standard errors of 3
			{Name: "terms", Value: number(terms), N: 1},
		}}
	}
	a := run(100, 1, SummaryVerdict{"safety", "pass", ""}, SummaryVerdict{"liveness", "pass", ""})
	b := run(110, 2, SummaryVerdict{"safety", "pass", ""}, SummaryVerdict{"liveness", "violation", ""}, SummaryVerdict{"new", "pass", ""})
	b.Measures = append(b.Measures, SummaryMeasure{Name: "more"})
	c, err := compareRuns(a, b, nil)
	require.NoError(t, err)
	d := c.Differences[0]
	require.InDelta(t, 10, d.Value, 1e-12)
	require.InDelta(t, math.Sqrt(18), d.Error, 1e-12)
	require.InDelta(t, 10+1.959964*math.Sqrt(18), d.High, 1e-5)
	require.InDelta(t, 0.018422, d.P, 1e-5, "two-sided, 2.35702 standard errors off, from tables of the normal law")
	require.True(t, d.Holds)
	require.False(t, c.Differences[1].Known(), "a count has no interval")
	require.Equal(t, 1.0, c.Differences[1].Value)
	require.Equal(t, [2][]string{nil, {"more"}}, c.MeasuresLeft)
	require.Equal(t, []CheckChange{{"liveness", "pass", "violation"}, {"new", "", "pass"}}, compareChecks(a, b))

	c, err = compareRuns(a, b, []string{"terms"})
	require.NoError(t, err)
	require.Equal(t, []table.Measure{{Name: "terms"}}, []table.Measure{c.Differences[0].Measure})
	require.Len(t, c.Differences, 1)
	_, err = compareRuns(a, b, []string{"termes"})
	require.ErrorContains(t, err, "nearest is terms")
}

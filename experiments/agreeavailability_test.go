package experiments

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// replicated is the system of the study, to be compared with little effort.
func replicated(t testing.TB, nodes int, sets ...string) Replicated {
	t.Helper()
	s, err := Read("availability-raft.yaml", availabilityRaftScenario, sets...)
	require.NoError(t, err)
	d, err := replicatedOf(s)
	require.NoError(t, err)
	require.Equal(t, 24*time.Hour, d.MTTF)
	require.Equal(t, time.Minute, d.MTTR)
	d.Nodes, d.Window, d.Cycles, d.Failovers, d.Force = nodes, 8*time.Second, 400*nodes, 60, 0.2
	return d
}

func TestCompareAvailability(t *testing.T) {
	for _, nodes := range []int{3, 5} {
		c, err := CompareAvailability(replicated(t, nodes), 2)
		require.NoError(t, err)
		require.True(t, c.Agrees(wayChain, wayProtocol))
		require.True(t, c.Agrees(wayFormula, wayRenewals))
		require.False(t, c.Agrees(wayFormula, wayProtocol))
		require.False(t, c.Agrees(wayFormula, wayChain))
		require.Contains(t, c.Verdict, "the formula leaves out failover")

		sum, gap := 0.0, 0.0
		for _, g := range c.Gap {
			sum, gap = sum+g.Unavailability, gap+g.Gap
		}
		protocol, formula := c.Way(wayProtocol).Unavailability, c.Way(wayFormula).Unavailability
		require.InEpsilon(t, protocol, sum, 1e-9, "every nanosecond is accounted to a term")
		require.InEpsilon(t, protocol-formula, gap, 1e-9)
		require.Len(t, c.Pairs, 6)

		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Comparison
		require.NoError(t, json.Unmarshal(text, &back))
		back.lengths = c.lengths
		require.Equal(t, *c, back)
	}
}

// The majority formula of three nodes that fail once in 24 h and are back after 60 s, and that with a failover of 2 s:
// values F9n and F9 of the project's data.
func TestTheFormulasOfTheStudy(t *testing.T) {
	d := replicated(t, 3)
	exact, err := majorityFormula(d)
	require.NoError(t, err)
	require.InEpsilon(t, 1.444083560094194e-6, exact, 1e-12)
	if testing.Short() {
		return
	}
	c, err := CompareAvailability(d, 1)
	require.NoError(t, err)
	w := c.Way(wayChain)
	require.LessOrEqual(t, w.Low, 2.463926672695275e-5)
	require.GreaterOrEqual(t, w.High, 2.463926672695275e-5)
}

// With elections that take no time the formula would be right: the comparison can tell.
func TestWithoutFailoversTheFormulaAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of failures")
	}
	d := replicated(t, 3, "params.election-min=20ms", "params.election-max=40ms", "params.heartbeat=8ms", "network.latency=200us")
	d.Window, d.MTTR = 500*time.Millisecond, 2*time.Hour
	c, err := CompareAvailability(d, 1)
	require.NoError(t, err)
	require.True(t, c.Agrees(wayFormula, wayProtocol), "%+v", c.Ways)
	require.Equal(t, "the formula agrees", c.Verdict)
}

// Shocks are what neither the formula nor the chain knows of: most of the difference is correlation.
func TestShocksMakeTheDifference(t *testing.T) {
	d := replicated(t, 3)
	d.ShockEvery, d.Hit = 240*time.Hour, 0.7
	c, err := CompareAvailability(d, 1)
	require.NoError(t, err)
	require.False(t, c.Agrees(wayFormula, wayRenewals))
	require.False(t, c.Agrees(wayChain, wayProtocol))
	require.Contains(t, c.Verdict, "the formula leaves out correlation")
	// a shock fells two with 3*.49*.3 and three with .343; two are back in 1/2 min on average, to one of three it takes 1/3 + 1/2
	exact := (3*0.49*0.3*0.5 + 0.343*(1.0/3+0.5)) / 60 / 240
	for _, g := range c.Gap {
		if g.Term == "correlation" {
			require.InEpsilon(t, exact, g.Gap, 0.3)
		}
	}
	require.Equal(t, "with shocks, the chain does not agree either", c.shockVerdict().Name)
	require.False(t, failed(c.shockVerdict().Verdict))
}

func TestCompareAvailabilityRefuses(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"faults=[{kind: crash, node: 0, at: 1s}]", "faults[0] is another crash"},
		{`faults=[{kind: crash, up: "weibull(scale=24h, shape=0.7)", down: "exponential(mean=1m)"}]`, "faults[0] has up weibull"},
		{`faults=[{kind: pause, up: "exponential(mean=24h)", down: "exponential(mean=1m)"}]`, "faults[0] is another pause"},
		{`faults=[{kind: crash, up: "exponential(mean=24h)", down: "exponential(mean=1m)"}, {kind: heal, at: 1s}]`, "faults has 2 entries"},
	} {
		s, err := Read("a.yaml", availabilityRaftScenario, c.set)
		require.NoError(t, err)
		_, err = replicatedOf(s)
		require.ErrorContains(t, err, c.want)
	}
	d := replicated(t, 3)
	d.Window = 100 * time.Millisecond
	_, err := CompareAvailability(d, 1)
	require.Error(t, err, "no leader within the window")

	s, err := Read("a.yaml", availabilityRaftScenario, "protocol=abd", "params=null")
	require.NoError(t, err)
	d.Scenario = s
	_, err = CompareAvailability(d, 1)
	require.ErrorContains(t, err, `protocol is "abd", want one that decides by a majority under a leader`)
}

package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
)

// The model itself has the means of the blog's, for 20 clients (1000 runs in a program of its own, whose means have
// standard errors like ours).
func TestContentionModel(t *testing.T) {
	for _, want := range knownContention()[:5] {
		m := contentionModel{Clients: want.clients, Policy: want.policy, Base: 5, Cap: 2000, Hop: dist.Normal{Mean: 10e6, SD: 2e6}}
		ended, calls := m.means(400)
		require.InDelta(t, want.ms, ended.mean(), 0.02*want.ms+4*ended.error(), want.policy)
		require.InDelta(t, want.calls, calls.mean(), 0.01*want.calls+4*calls.error(), want.policy)
	}
}

// Where hops take the same time and waits too, the model is exact: one client of those left writes in each round.
func TestContentionModelInStep(t *testing.T) {
	m := contentionModel{Clients: 7, Policy: "fixed", Base: 5, Cap: 2000, Hop: dist.Constant{Value: 10e6}}
	ended, calls := m.means(2)
	require.Equal(t, 28.0, calls.mean())
	require.InDelta(t, 7*40+6*5.0, ended.mean(), 1e-9)
}

// The study claims the model only where nothing else happens.
func TestContentionIsNotVacuous(t *testing.T) {
	expected := func(sets ...string) []Expectation {
		s, err := NewSweep("backoff-contention", SweepOptions{Set: sets})
		require.NoError(t, err)
		list, err := backoffContention{}.Expect(s, s.Point(0))
		require.NoError(t, err)
		return list
	}
	few := []string{"vary={nodes: [6]}", "plot=null", "baseline=null"}
	plain := expected(few...)
	require.Len(t, plain, 2)
	require.Equal(t, "calls", plain[1].Measure)
	require.InDelta(t, 14.3, plain[1].Expected, 0.5, "five clients in full jitter; in step they would make 15")
	for _, set := range []string{"network.loss=0.01", "params.bug=no-check", "duration=10ms", "network.duplicate=0.1", "clocks.drift=50ppm", "until=a write is refused",
		"faults=[{kind: pause, node: 1, at: 1ms, for: 1s}]"} {
		require.Empty(t, expected(append(few, set)...), set)
	}
	slow := expected(append(few, "params.policy=exponential", "params.base=50ms")...)
	require.Greater(t, slow[0].Expected, 3*plain[0].Expected)
	require.False(t, math.IsNaN(slow[0].Error))

	known := expected("vary={nodes: [21]}", "plot=null", "baseline=null")
	require.Equal(t, 1002.0, known[0].Expected)
	other := expected("vary={nodes: [21]}", "plot=null", "baseline=null", "params.cap=20ms")
	require.NotEqual(t, known[1].Source, other[1].Source, "what is known is known of the blog's settings")
}

// The figure of calls has means of the runs that there are, for the most clients if none has a hundred.
func TestCallsOfFewRuns(t *testing.T) {
	s, err := NewSweep("backoff-contention", SweepOptions{Seeds: "2", Set: []string{"vary={params.policy: [none, full-jitter], nodes: [3, 6]}", "plot=null", "baseline=null"}})
	require.NoError(t, err)
	r := worked(t, s, 0)
	points, err := contended(r)
	require.NoError(t, err)
	require.Equal(t, []int{1, 3}, points, "of five clients, not of two")
	for _, p := range points {
		c, err := r.callTimes(p)
		require.NoError(t, err)
		require.Equal(t, 2, c.runs)
		sum := 0.0
		for _, step := range c.steps {
			sum += step.Y
		}
		m, err := r.Table.Measure(callsName)
		require.NoError(t, err)
		v := r.Table.Values(p, m)
		require.InDelta(t, (v[0]+v[1])/2, sum, 1e-9, "all calls of five clients are in the first five seconds")
	}
}

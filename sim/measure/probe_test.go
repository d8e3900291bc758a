package measure_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/measure"
)

// Poisson arrivals see time averages: the share of probes that are refused is the share of time down, within four
// standard errors of a binomial share; and there are as many as the rate says, within four of a Poisson count.
func TestProbesAgreeWithTime(t *testing.T) {
	var plan []sim.At
	for i := range 200 { // an outage of 0.1 to 1.9 s every 10 s: 10 % of the time
		from := float64(10 * i)
		length := 0.1 + 1.8*float64(i)/199
		plan = append(plan, at(from+3, sim.Crash{Node: 0}), at(from+5, sim.Crash{Node: 1}), at(from+5+length, sim.Recover{Node: 1}), at(from+8, sim.Recover{Node: 0}))
	}
	r := run(t, measure.Serving(twoOfThree), 2000*sec, plan...)
	require.InDelta(t, 0.1, r.Unavailability(), 1e-6)
	for seed := range uint64(5) {
		p := r.Probe(seed, 10)
		n := float64(p.Served + p.Refused)
		require.InDelta(t, 20_000, n, 4*math.Sqrt(20_000))
		require.InDelta(t, 1-r.Unavailability(), p.Availability(), 4*math.Sqrt(0.1*0.9/n))
		require.Equal(t, p, r.Probe(seed, 10))
	}
	require.NotEqual(t, r.Probe(1, 10), r.Probe(2, 10))
	// probes at a fixed interval that is the outages' own see something else: the test can tell
	refused := 0
	for i := range 200 {
		for _, o := range r.Outages {
			if s := sim.Time(10*i+5)*sec + 1; o.From <= s && s < o.To {
				refused++
			}
		}
	}
	require.Equal(t, 200, refused)
	require.Zero(t, r.Probe(1, 0))
	require.True(t, math.IsNaN(measure.Probes{}.Availability()))
}

// What clients saw is counted by when they asked.
func TestRequests(t *testing.T) {
	h := []measure.Request{{At: 0, End: measure.Answered}, {At: 1 * sec, End: measure.Failed}, {At: 2 * sec}, {At: 3 * sec, End: measure.Answered}}
	all := measure.CountRequests(h, measure.Span{To: 4 * sec})
	require.Equal(t, measure.Requests{OK: 2, Failed: 1, Unknown: 1}, all)
	require.Equal(t, 0.5, all.Availability())
	require.Equal(t, measure.Requests{Failed: 1, Unknown: 1}, measure.CountRequests(h, measure.Span{From: sec, To: 3 * sec}))
	require.Equal(t, []measure.Requests{{OK: 1, Failed: 1}, {OK: 1, Unknown: 1}, {}}, measure.RequestsBy(h, measure.Span{To: 5 * sec}, 2*time.Second))
	require.True(t, math.IsNaN(measure.Requests{}.Availability()))
	require.Nil(t, measure.RequestsBy(h, measure.Span{To: sec}, 0))
}

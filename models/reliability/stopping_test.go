package reliability_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// sequential adds cycles until the rule says stop, which is asked from a number of cycles on.
func sequential(r *rand.Rand, stop reliability.RelativeStop, from, every int) reliability.Estimate {
	var t reliability.CycleTally
	for {
		for range every {
			t.Add(99*r.ExpFloat64(), r.ExpFloat64())
		}
		if t.N() < from {
			continue
		}
		if e := t.Unavailability(level); stop.Done(e) {
			return e
		}
	}
}

// The guard earns its place: without it the rule stops at the first few cycles that look alike.
func TestCoverageOfStopping(t *testing.T) {
	testCoverage(t, []covering{
		{name: "width .2", truth: .01, make: func(r *rand.Rand) reliability.Estimate {
			return sequential(r, reliability.RelativeStop{Width: .2}, 97, 5)
		}},
		{name: "width .3", truth: .01, make: func(r *rand.Rand) reliability.Estimate {
			return sequential(r, reliability.RelativeStop{Width: .3}, 50, 1)
		}},
		{name: "width .5, no guard", truth: .01, low: .84, high: .925, make: func(r *rand.Rand) reliability.Estimate {
			return sequential(r, reliability.RelativeStop{Width: .5, MinCycles: 2}, 2, 1)
		}},
	})
}

// With 1.96/.1 and exponential times, 2 * 19.6^2 = 769 cycles; the rule stops near there.
func TestCyclesNeeded(t *testing.T) {
	require.Equal(t, 769, reliability.CyclesNeeded(.1, level, 1, 1))
	require.Equal(t, 385, reliability.CyclesNeeded(.1, level, 1, 0))
	var n reliability.Tally
	for i := range 100 {
		n.Add(float64(sequential(rand.New(rand.NewPCG(uint64(i), 3)), reliability.RelativeStop{Width: .1}, 10, 10).N))
	}
	require.InDelta(t, 769, n.Mean(), 25)
	require.ErrorContains(t, reliability.RelativeStop{MinCycles: -1}.Validate(), "Width is 0, want between 0 and 1\nreliability: RelativeStop.MinCycles is -1")
	require.NoError(t, reliability.RelativeStop{Width: .1}.Validate())
}

package clock

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

func TestSteppedMovesOnlyTheWallClock(t *testing.T) {
	below := Drift{Offset: time.Second, By: 100 * PPM}
	s, err := NewStepped(below, Step{At: 10, By: 5}, Step{At: 20, By: -7}, Step{At: 20, By: 1}, Step{At: 30, By: 100})
	require.NoError(t, err)
	for _, c := range []struct {
		at    sim.Time
		steps sim.Local
	}{{0, 0}, {9, 0}, {10, 5}, {19, 5}, {20, -1}, {29, -1}, {30, 99}, {sim.Time(time.Hour), 99}} {
		require.Equal(t, below.Read(c.at)+c.steps, s.Wall(c.at), "wall clock at %d", c.at)
		require.Equal(t, below.Read(c.at), s.Read(c.at), "monotonic clock at %d", c.at)
	}
	require.Equal(t, below.When(sim.Local(2*time.Second)), s.When(sim.Local(2*time.Second)))
}

func TestSteppedStacks(t *testing.T) {
	lower, err := NewStepped(Perfect{}, Step{At: 1, By: 10})
	require.NoError(t, err)
	upper, err := NewStepped(lower, Step{At: 2, By: 100})
	require.NoError(t, err)
	require.Equal(t, []sim.Local{0, 11, 112}, []sim.Local{upper.Wall(0), upper.Wall(1), upper.Wall(2)})
}

func TestSteppedStaysWithinItsRange(t *testing.T) {
	s, err := NewStepped(Offset(math.MaxInt64-1), Step{At: 1, By: math.MaxInt64}, Step{At: 2, By: math.MaxInt64})
	require.NoError(t, err)
	require.Equal(t, sim.Local(math.MaxInt64), s.Wall(5))
	s, err = NewStepped(Offset(math.MinInt64), Step{At: 1, By: math.MinInt64})
	require.NoError(t, err)
	require.Equal(t, sim.Local(math.MinInt64), s.Wall(5))
}

func TestNewSteppedReportsAllProblems(t *testing.T) {
	_, err := NewStepped(Perfect{}, Step{At: -1}, Step{At: 5}, Step{At: 4})
	require.EqualError(t, err, "clock: NewStepped: steps[0].At is -1ns, want 0 or later\n"+
		"clock: NewStepped: steps[2].At is 4ns, want no earlier than the step before it, at 5ns")
	_, err = NewStepped(nil)
	require.Error(t, err)
}

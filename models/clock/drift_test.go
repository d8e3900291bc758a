package clock

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// clocks are what the properties of this file are checked on.
func clocks() map[string]sim.Clock {
	m := map[string]sim.Clock{"perfect": Perfect{}}
	for _, offset := range []time.Duration{0, time.Second, -time.Hour, math.MaxInt64 - 5, math.MinInt64} {
		m["offset "+offset.String()] = Offset(offset)
		for _, d := range []PPB{0, 1, -1, 50 * PPM, -50 * PPM, 123_456_789, -999_999_000, -MaxDrift, MaxDrift} {
			m["offset "+offset.String()+" drift "+d.String()] = Drift{Offset: offset, By: d}
		}
	}
	return m
}

// times are edge cases and some drawn over all magnitudes.
func times(r *sim.Rand, n int) []sim.Time {
	ts := []sim.Time{0, 1, 2, 999_999_999, 1_000_000_000, 1_000_000_001, sim.Never - 1, sim.Never}
	for range n {
		ts = append(ts, sim.Time(r.Uint64()>>(1+r.Uint64N(63))))
	}
	return ts
}

// checkInverse checks what sim.Clock promises at one time: Read does not decrease, When(l) is the first time with Read
// >= l, and Never if there is none.
func checkInverse(t *testing.T, c sim.Clock, at sim.Time) {
	t.Helper()
	l := c.Read(at)
	if at > 0 {
		require.LessOrEqual(t, c.Read(at-1), l, "Read before %v", at)
	}
	first := c.When(l)
	require.LessOrEqual(t, first, at, "When(Read(%v))", at)
	require.Equal(t, l, c.Read(first), "Read(When(Read(%v)))", at)
	checkFirst(t, c, l)
	if l < math.MaxInt64 {
		checkFirst(t, c, l+1)
	}
}

// checkFirst checks that When(l) is the first time at which the clock shows l.
func checkFirst(t *testing.T, c sim.Clock, l sim.Local) {
	t.Helper()
	w := c.When(l)
	if w == sim.Never && c.Read(w) < l {
		return // the clock never shows it
	}
	require.GreaterOrEqual(t, c.Read(w), l, "Read(When(%d))", l)
	if w > 0 {
		require.Less(t, c.Read(w-1), l, "Read(When(%d) - 1)", l)
	}
}

func TestReadAndWhenAreInverse(t *testing.T) {
	for name, c := range clocks() {
		t.Run(name, func(t *testing.T) {
			r := sim.NewRand(1)
			for _, at := range times(&r, 300) {
				checkInverse(t, c, at)
			}
		})
	}
}

func TestWhenOfATimeBeforeTheStartIsTheStart(t *testing.T) {
	require.Equal(t, sim.Time(0), Offset(time.Second).When(0))
	require.Equal(t, sim.Time(0), Drift{Offset: time.Second, By: PPM}.When(math.MinInt64))
}

func TestClocksStopAtTheEndOfTheirRange(t *testing.T) {
	end := sim.Local(math.MaxInt64)
	for _, c := range []sim.Clock{Offset(10), Drift{Offset: 10}, Drift{By: MaxDrift}} {
		require.Equal(t, end, c.Read(sim.Never), "%+v", c)
		require.Less(t, c.When(end), sim.Never, "%+v", c)
	}
	require.Equal(t, sim.Never-10, Offset(10).When(end))
	for _, c := range []sim.Clock{Offset(-10), Drift{Offset: -10}, Drift{By: -PPM}} {
		require.Less(t, c.Read(sim.Never), end, "%+v", c)
		require.Equal(t, sim.Never, c.When(end), "%+v", c)
	}
}

// The slowest clock shows 1 ns a second: it would show 20 s after 634 years, beyond the range of true time.
func TestTheSlowestClock(t *testing.T) {
	slowest := Drift{By: -MaxDrift}
	require.Equal(t, sim.Time(9*time.Second), slowest.When(9))
	require.Equal(t, sim.Never, slowest.When(sim.Local(20*time.Second)))
	require.Equal(t, sim.Local(9_223_372_036), slowest.Read(sim.Never))
}

// A drift is exact: it agrees with arithmetic of unlimited precision.
func TestDriftIsExact(t *testing.T) {
	r := sim.NewRand(2)
	for _, d := range []PPB{1, -1, 12_345, -12_345, MaxDrift, -MaxDrift} {
		for _, at := range times(&r, 300) {
			exact := new(big.Int).Mul(big.NewInt(int64(at)), big.NewInt(int64(billion+d)))
			exact.Div(exact, big.NewInt(billion))
			want := int64(math.MaxInt64)
			if exact.IsInt64() {
				want = exact.Int64()
			}
			require.Equal(t, sim.Local(want), Drift{By: d}.Read(at), "drift %v at %d", d, at)
		}
	}
}

func TestOnePPMIsAMicrosecondASecond(t *testing.T) {
	require.Equal(t, sim.Local(time.Second+time.Microsecond), Drift{By: PPM}.Read(sim.Time(time.Second)))
	require.Equal(t, sim.Local(time.Second-time.Microsecond), Drift{By: -PPM}.Read(sim.Time(time.Second)))
	require.Equal(t, sim.Local(86_400*time.Microsecond), Drift{By: PPM}.Read(sim.Time(24*time.Hour))-sim.Local(24*time.Hour))
}

// Env.After(d) of a fast clock fires early, of a slow one late: after d/(1+drift) of true time, rounded up.
func TestTimersRunOnTheDriftingClock(t *testing.T) {
	require.Equal(t, sim.Time(800*time.Millisecond), Drift{By: 250_000 * PPM}.When(sim.Local(time.Second)))
	require.Equal(t, sim.Time(1250*time.Millisecond), Drift{By: -200_000 * PPM}.When(sim.Local(time.Second)))
}

func TestFromPPM(t *testing.T) {
	for ppm, want := range map[float64]PPB{0: 0, 1: 1000, -12.3456: -12346, 0.0004: 0, 1e9: MaxDrift, -1e300: -MaxDrift, math.Inf(1): MaxDrift} {
		require.Equal(t, want, FromPPM(ppm), "%g ppm", ppm)
	}
	require.Equal(t, "12.5ppm", (12*PPM + 500).String())
	require.Equal(t, "-0.001ppm", PPB(-1).String())
}

func TestDriftValidate(t *testing.T) {
	require.NoError(t, Drift{By: -MaxDrift}.Validate())
	require.EqualError(t, Drift{By: -MaxDrift - 1}.Validate(), "clock: Drift.By is -1000000ppm, want -999999.999ppm to 999999.999ppm")
	require.Error(t, Drift{By: MaxDrift + 1}.Validate())
}

func BenchmarkDrift(b *testing.B) {
	var c sim.Clock = Drift{Offset: time.Second, By: 20 * PPM}
	b.ReportAllocs()
	var sum sim.Time
	for at := sim.Time(0); b.Loop(); at += 1000 {
		sum += c.When(c.Read(at) + 5_000_000)
	}
	_ = sum
}

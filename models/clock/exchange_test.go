package clock

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

const ms = time.Millisecond

// exchange is the sample that a client takes whose clock is behind the server's by offset, when query and reply take
// there and back and the server takes some time in between. Neither clock drifts.
func exchange(at sim.Local, offset, there, inside, back time.Duration) Sample {
	t2 := at + sim.Local(offset+there)
	t3 := t2 + sim.Local(inside)
	return Sample{T1: at, T2: t2, T3: t3, T4: t3 + sim.Local(back-offset)}
}

// An NTP exchange is wrong by exactly half the asymmetry, whatever the offset.
func TestNTPIsWrongByHalfTheAsymmetry(t *testing.T) {
	r := sim.NewRand(1)
	for range 1000 {
		offset := r.Duration(-time.Hour, time.Hour)
		there, back := r.Duration(0, time.Second), r.Duration(0, time.Second)
		s := exchange(sim.Local(r.Duration(0, time.Hour)), offset, there, r.Duration(0, ms), back)
		require.Equal(t, there+back, s.Delay())
		require.Equal(t, offset+AsymmetryError(there, back), s.Offset(), "there %v, back %v", there, back)
	}
}

func TestOffsetDoesNotOverflow(t *testing.T) {
	r := sim.NewRand(2)
	for range 1000 {
		s := Sample{sim.Local(r.Uint64()) >> 2, sim.Local(r.Uint64()) >> 2, sim.Local(r.Uint64()) >> 2, sim.Local(r.Uint64()) >> 2}
		sum := new(big.Int).Add(big.NewInt(int64(s.T2-s.T1)), big.NewInt(int64(s.T3-s.T4)))
		require.Equal(t, sum.Rsh(sum, 1).Int64(), int64(s.Offset()), "%+v", s)
	}
}

// The bound of Cristian's algorithm is kept by every pair of delays, and reached when all the uncertainty is on one
// way.
func TestCristianBound(t *testing.T) {
	const least = 5 * ms
	r := sim.NewRand(3)
	for range 1000 {
		there, back := least+r.Duration(0, 10*ms), least+r.Duration(0, 10*ms)
		require.LessOrEqual(t, AsymmetryError(there, back).Abs(), CristianBound(there+back, least))
	}
	for _, extra := range []time.Duration{0, 1, 2, 10 * ms} {
		require.Equal(t, CristianBound(2*least+extra, least), -AsymmetryError(least, least+extra), "all on the way back")
	}
}

func TestSkewBound(t *testing.T) {
	require.Equal(t, 1*ms+2*ms, SkewBound(ms, 100*PPM, 10*time.Second), "1 ms + 2 * 10^-4 * 10 s")
	require.Equal(t, time.Duration(1), SkewBound(0, 1, 1), "rounded up")
	require.Equal(t, time.Duration(math.MaxInt64), SkewBound(1, MaxDrift, math.MaxInt64))
}

// Two clocks at rates 1 +- rho, brought within eps of each other every period, reach the bound and never pass it.
func TestSkewBoundIsReached(t *testing.T) {
	const rho, period, eps = 200 * PPM, 10 * time.Second, 3 * ms
	fast, slow := Drift{By: rho}, Drift{By: -rho}
	bound := SkewBound(eps, rho, period)
	var worst time.Duration
	for round := range sim.Time(5) {
		start := round * sim.Time(period)
		for _, after := range []time.Duration{0, 1, period / 2, period - 1, period} {
			at := start.Add(after)
			ahead := fast.Read(at).Sub(fast.Read(start)) + eps/2
			behind := slow.Read(at).Sub(slow.Read(start)) - eps/2
			worst = max(worst, ahead-behind)
		}
	}
	require.Equal(t, bound, worst)
}

func TestFilterBelievesTheLeastDelay(t *testing.T) {
	var f filter
	add := func(at, delay time.Duration) (time.Duration, bool) {
		f.add(measure{offset: at, delay: delay, at: sim.Local(at)})
		best, ok := f.believe(sim.Local(at))
		return best.offset, ok
	}
	believed := []struct {
		at, delay time.Duration
		want      time.Duration
		ok        bool
	}{
		{at: 1, delay: 20 * ms, want: 1, ok: true},
		{at: 2, delay: 30 * ms},                    // worse than what is believed
		{at: 3, delay: 10 * ms, want: 3, ok: true}, // better
		{at: 4, delay: 10 * ms, want: 4, ok: true}, // as good, and newer
		{at: 5, delay: 13 * ms},
		{at: 6, delay: 12 * ms}, {at: 7, delay: 14 * ms}, {at: 8, delay: 15 * ms}, {at: 9, delay: 16 * ms},
		{at: 10, delay: 17 * ms}, {at: 11, delay: 18 * ms},
		{at: 12, delay: 19 * ms, want: 6, ok: true}, // that of 4 has left the eight: the best of the rest
	}
	for _, c := range believed {
		got, ok := add(c.at, c.delay)
		require.Equal(t, c.ok, ok, "at %d", c.at)
		require.Equal(t, c.want, got, "at %d", c.at)
	}
}

// PHI is 15 ppm: after 1000 s a sample counts as if its delay were 30 ms longer.
func TestFilterAgesSamples(t *testing.T) {
	for _, c := range []struct {
		delay time.Duration
		want  bool
	}{{39 * ms, true}, {41 * ms, false}} {
		var f filter
		f.add(measure{delay: 10 * ms, at: 0})
		f.add(measure{delay: c.delay, at: sim.Local(1000 * time.Second)})
		best, _ := f.believe(sim.Local(1000 * time.Second))
		require.Equal(t, c.want, best.at != 0, "delay %v", c.delay)
	}
}

func TestFilterKeepsOffsetsRelativeToTheClock(t *testing.T) {
	var f filter
	f.add(measure{offset: 50 * ms, delay: ms, at: 1})
	f.shift(20 * ms)
	best, ok := f.believe(1)
	require.True(t, ok)
	require.Equal(t, 30*ms, best.offset)
	_, ok = (&filter{}).believe(1)
	require.False(t, ok, "an empty filter")
}

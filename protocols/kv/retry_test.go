package kv_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// waits returns the waits before attempts 2, 3, ... of one operation.
func waits(p kv.Retrier, n int, r *sim.Rand) []time.Duration {
	var all []time.Duration
	var last time.Duration
	for attempt := 2; attempt < n+2; attempt++ {
		last, _ = p.Next(attempt, last, r)
		all = append(all, last)
	}
	return all
}

func TestExponentialWaits(t *testing.T) {
	r := sim.NewRand(1)
	require.Equal(t, []time.Duration{10 * ms, 20 * ms, 40 * ms, 80 * ms, 100 * ms, 100 * ms}, waits(kv.Exponential{Base: 5 * ms, Cap: 100 * ms}, 6, &r))
	far, _ := kv.Exponential{Base: 5 * ms, Cap: time.Hour}.Next(1000, 0, &r)
	require.Equal(t, time.Hour, far)
	none, _ := kv.Exponential{Cap: time.Hour}.Next(1000, 0, &r)
	require.Zero(t, none)
	require.Equal(t, []time.Duration{7 * ms, 7 * ms}, waits(kv.Fixed{Wait: 7 * ms}, 2, &r))
}

// The mean waits by the blog's formulas, with v = min(cap, base*2^n): v/2 for full jitter, 3v/4 for equal jitter. The
// decorrelated wait before attempt 2 is uniform between base and 3 base; the next between base and three times that.
func TestJitteredWaits(t *testing.T) {
	const base, limit, n = 5 * ms, 2 * time.Second, 20_000
	uniform := func(lo, hi float64) (mean, variance float64) { return (lo + hi) / 2, (hi - lo) * (hi - lo) / 12 }
	for attempt := 2; attempt <= 4; attempt++ {
		v := float64(base) * math.Pow(2, float64(attempt-1))
		for _, c := range []struct {
			policy kv.Retrier
			lo, hi float64
		}{
			{kv.FullJitter{Base: base, Cap: limit}, 0, v},
			{kv.EqualJitter{Base: base, Cap: limit}, v / 2, v},
			{kv.DecorrelatedJitter{Base: base, Cap: limit}, float64(base), 3 * float64(base)},
		} {
			t.Run(fmt.Sprintf("%T, attempt %d", c.policy, attempt), func(t *testing.T) {
				r := sim.NewRand(1, uint64(attempt))
				sum, least, most := 0.0, math.Inf(1), 0.0
				for range n {
					d, ok := c.policy.Next(attempt, 0, &r)
					require.True(t, ok)
					sum, least, most = sum+float64(d), min(least, float64(d)), max(most, float64(d))
				}
				mean, variance := uniform(c.lo, c.hi)
				require.InDelta(t, mean, sum/n, 4*math.Sqrt(variance/n))
				require.True(t, least >= c.lo && most <= c.hi)
				require.Less(t, most-least, c.hi-c.lo)
				require.Greater(t, most-least, 0.99*(c.hi-c.lo))
			})
		}
	}
}

func TestDecorrelatedWaitsGrow(t *testing.T) {
	p := kv.DecorrelatedJitter{Base: 5 * ms, Cap: 100 * ms}
	r := sim.NewRand(1)
	capped := false
	for range 200 {
		last := time.Duration(0)
		for _, d := range waits(p, 20, &r) {
			require.True(t, d >= p.Base && d <= p.Cap && d <= 3*max(last, p.Base))
			last, capped = d, capped || d == p.Cap
		}
	}
	require.True(t, capped)
}

func TestAttemptsAreBounded(t *testing.T) {
	r := sim.NewRand(1)
	for _, p := range []kv.Retrier{
		kv.Fixed{Attempts: 3}, kv.Exponential{Attempts: 3}, kv.FullJitter{Attempts: 3}, kv.EqualJitter{Attempts: 3}, kv.DecorrelatedJitter{Attempts: 3},
	} {
		_, third := p.Next(3, 0, &r)
		_, fourth := p.Next(4, 0, &r)
		require.True(t, third && !fourth, "%T", p)
	}
}

func TestPoliciesReportEverything(t *testing.T) {
	for _, p := range []interface{ Validate() error }{
		kv.Exponential{Base: -1, Cap: -2, Attempts: -1}, kv.FullJitter{Base: -1, Cap: -2, Attempts: -1},
		kv.EqualJitter{Base: -1, Cap: -2, Attempts: -1}, kv.DecorrelatedJitter{Base: -1, Cap: -2, Attempts: -1},
	} {
		err := p.Validate()
		name := "kv: " + strings.TrimPrefix(fmt.Sprintf("%T", p), "kv.")
		for _, want := range []string{name + ".Base is -1ns, want 0 or more", name + ".Cap is -2ns, want Base (-1ns) to 8760h0m0s", name + ".Attempts is -1"} {
			require.ErrorContains(t, err, want)
		}
	}
	require.NoError(t, kv.FullJitter{Base: 5 * ms, Cap: time.Second}.Validate())
}

package experiments

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"lightcone/sim"
)

// The values of the formula for five servers, worked out by another program; l is the latency as a share of the range.
func TestSplitVote(t *testing.T) {
	for _, c := range []struct {
		up   int
		l, p float64
	}{{4, .01, .00059}, {4, .1, .0523}, {4, .2, .1808}, {3, .1, .2710}, {3, .2, .4880}} {
		require.InDelta(t, c.p, splitVote(5, c.up, c.l), 0.00005, "%+v", c)
	}
	require.Equal(t, 1.0, splitVote(5, 5, 1))
	require.Equal(t, 10.0, choose(5, 2))
	require.Zero(t, choose(5, 6))
}

// The model has the split votes of the formula when messages take a fixed time, and the election times that Ongaro's
// simulator has (chapter 9 of his dissertation: means of 430.0 and 468.6 ms; the quantiles by an independent Monte Carlo
// of 50,000 elections).
func TestElectionModel(t *testing.T) {
	const runs = 40_000
	for _, c := range []struct {
		up             int
		mean, p50, p90 float64
	}{{5, 428.9, 408.8, 489.8}, {4, 467.4, 422.6, 561.1}} {
		m := electionModel{Servers: 5, Up: c.up, Min: 300, Max: 600, Fast: 30, Slow: 40}
		r := sim.NewRand(1, sim.ForStudy, uint64(c.up))
		var times []float64
		for range runs {
			times = append(times, m.run(&r).at)
		}
		slices.Sort(times)
		require.InEpsilon(t, c.mean, stat.Mean(times, nil), 0.01)
		require.InEpsilon(t, c.p50, times[runs/2], 0.01)
		require.InEpsilon(t, c.p90, times[runs*9/10], 0.02)
	}
	for _, c := range []struct {
		up int
		l  float64
	}{{4, .1}, {4, .2}, {3, .1}} {
		m := electionModel{Servers: 5, Up: c.up, Min: 1, Max: 2, Fast: c.l, Slow: c.l}
		r := sim.NewRand(2, sim.ForStudy, uint64(c.up))
		split := 0
		for range runs {
			if m.run(&r).term > 1 {
				split++
			}
		}
		p := splitVote(5, c.up, c.l)
		require.InDelta(t, p, float64(split)/runs, 4*math.Sqrt(p*(1-p)/runs), "%+v", c)
	}
}

package experiments

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"lightcone/protocols/consensus"
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

// firstElection runs a world until there is a leader, by stepping through it and looking: when that is, in milliseconds,
// and in which term.
func firstElection(s *Scenario, seed uint64) (at float64, term consensus.Term, err error) {
	p, err := s.Plan(seed)
	if err != nil {
		return 0, 0, err
	}
	cfg := p.Config
	cfg.Properties = nil
	w, err := sim.New(cfg)
	if err != nil {
		return 0, 0, err
	}
	defer w.Close()
	for w.Step() {
		v := w.View()
		for id := range sim.NodeID(v.Nodes()) {
			if n, ok := v.Process(id).(consensus.Node); ok && n.Leader() {
				return float64(v.Now()) / 1e6, n.Term(), nil
			}
		}
	}
	return 0, 0, fmt.Errorf("there is no leader at %v with seed %d, want a longer duration", w.Now(), seed)
}

// What a sweep measures of an election is what one finds by stepping through it.
func TestElectionsAsSteppedThrough(t *testing.T) {
	s, study, err := Open("raft-elections", "params.election-max=360ms")
	require.NoError(t, err)
	split := 0
	for seed := uint64(1); seed <= 20; seed++ {
		at, term, err := firstElection(s, seed)
		require.NoError(t, err)
		p, err := s.Plan(seed)
		require.NoError(t, err)
		o, err := p.Execute(Execution{Study: study})
		require.NoError(t, err)
		require.InDelta(t, at/1000, measureNamed(t, o, electedName).Value, 1e-12)
		require.Equal(t, indicator(term > 1), measureNamed(t, o, splitName).Value)
		if term > 1 {
			split++
		}
	}
	require.NotZero(t, split)
	require.Less(t, split, 20)
}

// The expectation of a point is no echo of the runs: with other clocks or delays in the model it is another.
func TestElectionModelCanFail(t *testing.T) {
	m := electionModel{Servers: 5, Up: 5, Min: 300, Max: 360, Fast: 30, Slow: 40}
	drifting, late := m, m
	drifting.Drift, late.Slow = 0.1, 50
	as := func(m electionModel) []Expectation { return m.expect(0, 20_000) }
	for _, other := range [][]Expectation{as(drifting), as(late)} {
		for i, e := range as(m)[:3] { // the fastest of clocks that are all the same wins as often
			require.Greater(t, math.Abs(e.Expected-other[i].Expected), 4*math.Hypot(e.Error, other[i].Error), e.Measure+" "+e.Statistic)
		}
	}
}

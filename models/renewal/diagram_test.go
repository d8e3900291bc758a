package renewal_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
	"lightcone/models/renewal"
	"lightcone/sim"
)

// random is a diagram of the given parts, each used once.
func random(r *sim.Rand, parts []*reliability.Diagram) *reliability.Diagram {
	if len(parts) == 1 {
		return parts[0]
	}
	cut := 1 + r.IntN(len(parts)-1)
	blocks := []*reliability.Diagram{random(r, parts[:cut]), random(r, parts[cut:])}
	if len(parts) >= 3 && r.Bool(.4) {
		blocks = append(blocks, parts[r.IntN(cut)]) // shared
		return reliability.KofN(2, blocks...)
	}
	if r.Bool(.5) {
		return reliability.Series(blocks...)
	}
	return reliability.Parallel(blocks...)
}

// What a diagram says exactly, its simulation says within the interval: unavailability, frequency, mean times up and
// down, for any structure, with shared parts.
func TestRandomDiagrams(t *testing.T) {
	r := sim.NewRand(11, sim.ForStudy)
	seen := 0
	for i := range 30 {
		var parts []*reliability.Diagram
		for k := range 2 + r.IntN(6) {
			parts = append(parts, reliability.Repaired(fmt.Sprintf("p%d", k), 5+20*r.Float64(), .5+2*r.Float64()))
		}
		d := random(&r, parts)
		exact, err := d.Evaluate()
		require.NoError(t, err)
		if exact.Frequency < 1e-3 {
			continue // a long wait: TestForcedDiagram is for such
		}
		seen++
		s, err := renewal.Of(d)
		require.NoError(t, err)
		got := run(t, s, renewal.Run{Seed: uint64(i), Outages: cycles() / 20})
		for _, c := range []struct {
			name  string
			exact float64
			of    func(level float64) reliability.Estimate
		}{
			{"unavailability", exact.Unavailability, got.Unavailability}, {"frequency", exact.Frequency, got.Frequency},
			{"MUT", exact.MUT, got.MUT}, {"MDT", exact.MDT, got.MDT},
		} {
			require.True(t, c.of(.9999).Covers(c.exact), "%v: %s is %v, want %v", d, c.name, c.of(.9999), c.exact)
		}
	}
	require.Greater(t, seen, 15)
}

// With too few crews the chain says what the simulation finds, also for the time to the first failure.
func TestAgainstRepairable(t *testing.T) {
	chain := reliability.Repairable{Parts: 5, Need: 3, MTTF: 20, MTTR: 2, Crews: 2}
	s := replicas(5, 3, exponential(20), exponential(2))
	s.Crews = 2
	got := run(t, s, renewal.Run{Seed: 5, Outages: cycles() / 4})
	wide(t, chain.Unavailability(), got.Unavailability)
	wide(t, chain.Frequency(), got.Frequency)
	wide(t, chain.MUT(), got.MUT)
	wide(t, chain.MDT(), got.MDT)
	lives, err := s.Lives(5)
	require.NoError(t, err)
	var life reliability.Tally
	for x := range lives {
		if life.Add(x); life.N() == 2000 {
			break
		}
	}
	require.InDelta(t, chain.FirstFailure(), life.Mean(), 4*life.StandardError())
	// Rare, and forced.
	rareChain := reliability.Repairable{Parts: 5, Need: 3, MTTF: 2000, MTTR: 1, Crews: 2}
	s = replicas(5, 3, exponential(2000), exponential(1))
	s.Crews = 2
	forced := rare(t, s, renewal.Rare{Seed: 5, Cycles: 20_000})
	covers(t, rareChain.Unavailability(), forced.Unavailability)
	covers(t, rareChain.Frequency(), forced.Frequency)
}

// Good parts, by their text, exactly and forced.
func TestForcedDiagram(t *testing.T) {
	d, err := reliability.Parse("series(parallel(3 * part(mttf=1000h, mttr=2h)), kofn(2, 3 * 0.99995), db=0.99999999)")
	require.NoError(t, err)
	exact, err := d.Evaluate()
	require.NoError(t, err)
	s, err := renewal.Of(d)
	require.NoError(t, err)
	covers(t, exact.Unavailability, rare(t, s, renewal.Rare{Seed: 1, Cycles: 20_000}).Unavailability)
}

func TestOfRefuses(t *testing.T) {
	_, err := renewal.Of(reliability.Series(reliability.Unavailable("dead", 1), reliability.Leaf(reliability.Part{Name: "quick", MTTF: 1})))
	require.ErrorContains(t, err, `part "dead" is always down`)
	require.ErrorContains(t, err, `part "quick": MTTR is 0`)
	_, err = renewal.Of(reliability.Series())
	require.Error(t, err)
	never, err := renewal.Of(reliability.Series(reliability.Unavailable("never", 0)))
	require.NoError(t, err)
	_, err = never.Run(renewal.Run{Outages: 1})
	require.ErrorIs(t, err, renewal.ErrNoOutages)
}

package experiments

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/generals"
	"lightcone/sim"
)

// The study's expectations are no echo of the runs: points that are not what they say they are fail them.
func TestThresholdStudyCanFail(t *testing.T) {
	cell := func(n, liars, m int, signed bool) liarCell {
		c, err := runLiars(1, n, liars, m, signed)
		require.NoError(t, err)
		return c
	}
	three, four, seven := cell(3, 1, 1, false), cell(4, 1, 1, false), cell(7, 2, 2, false)
	sealed, cut := cell(3, 1, 1, true), cell(3, 1, 0, true)
	verdicts := func(oral, signed, short []liarCell) (failed []int) {
		for i, v := range liarVerdicts(oral, signed, short) {
			if v.Verdict == sim.Violation {
				failed = append(failed, i)
			}
		}
		return failed
	}
	require.Empty(t, verdicts([]liarCell{three, four, seven}, []liarCell{sealed}, []liarCell{cut}))

	few := three
	few.n = 4
	require.Equal(t, []int{0, 4}, verdicts([]liarCell{few}, []liarCell{sealed}, []liarCell{cut}), "three generals that say they are four")
	many := four
	many.n = 3
	require.Equal(t, []int{1, 4}, verdicts([]liarCell{many}, []liarCell{sealed}, []liarCell{cut}))
	late := cut
	late.m = 1
	require.Equal(t, []int{2, 4}, verdicts([]liarCell{three}, []liarCell{late}, []liarCell{cut}))
	require.Equal(t, []int{3}, verdicts([]liarCell{three}, []liarCell{sealed}, []liarCell{sealed}))
	loud := four
	loud.miscounted = 1
	require.Equal(t, []int{5}, verdicts([]liarCell{loud}, []liarCell{sealed}, []liarCell{cut}))
}

// The behaviours that are counted beforehand are those that there are.
func TestBehavioursCounted(t *testing.T) {
	for _, g := range []generals.Config{{Generals: 3, M: 1}, {Generals: 4, M: 1}, {Generals: 4, M: 2}, {Generals: 5, M: 3},
		{Generals: 3, M: 1, Signed: true}, {Generals: 4, M: 2, Signed: true}, {Generals: 4, M: 0, Signed: true}} {
		for liars := range 4 {
			sum := 0.0
			for _, who := range g.Sets(liars) {
				sum += 2 * g.Behaviours(who...)
			}
			require.InEpsilon(t, sum, behaviours(g, liars), 1e-12, "%+v with %d liars", g, liars)
		}
	}
}

// The values F3 and F3b of reliability.md: 3f+1 nodes of which one in a hundred is faulty.
func TestClusters(t *testing.T) {
	for _, c := range []struct {
		n, f      int
		available float64
	}{{4, 1, 0.99940797}, {7, 2, 0.99996603746985}} {
		u, err := unavailabilityOf(c.n, c.f, 0.01)
		require.NoError(t, err)
		require.InDelta(t, c.available, 1-u, 1e-14)
	}
}

func TestThresholdStudyRefuses(t *testing.T) {
	s, study, err := Open("byzantine-thresholds", "protocol=pingpong", "params=null", "faults=null")
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	_, err = p.Execute(Execution{Study: study})
	require.ErrorContains(t, err, `protocol is "pingpong", want generals`)
	require.True(t, slices.ContainsFunc(Studies(), func(s Study) bool { return s.Name() == study.Name() }))
}

package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// The counts over zones are the published values for a zone down for 1e-3 and a node for 1e-2 of the time, E4 of the
// vectors of models/reliability.
func TestPlacedExactly(t *testing.T) {
	for _, c := range []struct {
		zones []int
		want  float64
	}{{[]int{3}, 0.001297702}, {[]int{2, 1}, 0.001317284398}, {[]int{5}, 0.0010098407494}, {[]int{3, 2}, 0.0010395022076506}, {[]int{1, 1, 1, 1, 1}, 1.305587742333859e-5}} {
		require.InEpsilon(t, c.want, placedExactly(c.zones, 1e-2, 1e-3), 1e-12, placed(c.zones))
	}
}

// A diagram that says something else than the world does is found out: nodes in a zone that does not fail.
func TestWaysCanDiffer(t *testing.T) {
	w, err := evaluate("3", placementText([]int{3}), 1, 2000, zonesFail([]int{1, 1, 1}))
	require.NoError(t, err)
	require.True(t, w.Renewals.Covers(w.Exact.Unavailability), w.Renewals)
	require.False(t, w.World.Covers(w.Exact.Unavailability), w.World)
	require.Equal(t, "worlds agree with the exact values", waysAgree([]*diagramWays{w})[1].Name)
	require.True(t, failed(waysAgree([]*diagramWays{w})[1].Verdict))
	require.False(t, failed(waysAgree([]*diagramWays{w})[0].Verdict))
}

// Without zones that fail, spreading is worth nothing.
func TestPlacementMattersForTheZones(t *testing.T) {
	for _, zones := range placements {
		n := 0
		for _, k := range zones {
			n += k
		}
		require.InEpsilon(t, reliability.UnavailabilityAlike(n/2+1, n, .01), placedExactly(zones, .01, 0), 1e-12)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	_, err := evaluate("bad", "series(0.99", 1, 10, nil)
	require.ErrorContains(t, err, "bad: ")
	_, err = evaluate("dead", "series(dead=0, 0.99)", 1, 10, nil)
	require.ErrorContains(t, err, `part "dead" is always down`)
}

func TestRungs(t *testing.T) {
	var labels []string
	for _, r := range rungs(5) {
		labels = append(labels, r.Label)
	}
	require.Equal(t, []string{"1: 36.5 days a year", "2: 3.65 days a year", "3: 8.76 h a year", "4: 52.6 min a year", "5: 5.26 min a year"}, labels)
}

// One in a hundred requests finds the part down, and asking again within the minute does not change that much: by
// formula, and as measured.
func TestAskedAgain(t *testing.T) {
	m, err := asked(&Plan{Seed: 3})
	require.NoError(t, err)
	require.Equal(t, Agrees, Agree(m), m)
	require.InDelta(t, .01*math.Exp(-2./60), m.Expected, 1e-5)
}

func TestDiagramStudiesRefuse(t *testing.T) {
	for _, study := range []Study{seriesParallel{}, replicasZones{}} {
		s, err := Read(study.Name(), study.Scenario())
		require.NoError(t, err)
		s, err = s.With("availability=null")
		require.NoError(t, err)
		p, err := s.Plan(1)
		require.NoError(t, err)
		_, err = study.Analyse(p)
		require.ErrorContains(t, err, "want idle with availability.works")
	}
}

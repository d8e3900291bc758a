package clock

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"lightcone/models/dist"
	"lightcone/sim"
)

func TestSpecDrawsTheClockThatItDescribes(t *testing.T) {
	r := sim.NewRand(1)
	steps := []Step{{At: 100, By: -50}}
	at := sim.Time(1_000_000_000)
	for name, c := range map[string]struct {
		spec Spec
		want sim.Local
	}{
		"zero":   {Spec{}, 1_000_000_000},
		"offset": {Spec{Offset: dist.Constant{Value: -2.6}}, 999_999_997},
		"drift":  {Spec{Drift: dist.Constant{Value: 10}}, 1_000_010_000},
		"both":   {Spec{Offset: dist.Constant{Value: 5}, Drift: dist.Constant{Value: 10}}, 1_000_010_005},
		"walk": {Spec{Drift: dist.Constant{Value: 10}, Walk: &Walk{Every: time.Millisecond * 500, Step: dist.Constant{Value: 2}, Max: PPM * 11}},
			500_005_000 + 500_005_500}, // 10 ppm, then 11, the most
		"huge": {Spec{Offset: dist.Constant{Value: 1e99}}, 1<<62 + 1_000_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, c.spec.Validate())
			require.Equal(t, c.want, c.spec.Clock(0, &r).Read(at))
			c.spec.Steps = steps
			stepped := c.spec.Clock(0, &r)
			require.Equal(t, c.want, stepped.Read(at))
			require.Equal(t, c.want-50, stepped.(sim.Waller).Wall(at))
		})
	}
}

// Two nodes draw different clocks of one law, and the same ones again; the law of the offset does not touch the drift.
func TestSpecStreams(t *testing.T) {
	spec := Spec{Offset: dist.Uniform{Hi: 1e9}, Drift: dist.Normal{SD: 50}}
	draw := func(s Spec, id uint64) Drift {
		r := sim.NewRand(1, id)
		return s.Clock(sim.NodeID(id), &r).(Drift)
	}
	require.Equal(t, draw(spec, 0), draw(spec, 0))
	require.NotEqual(t, draw(spec, 0), draw(spec, 1))
	other := spec
	other.Offset = dist.Normal{SD: 1e6}
	require.Equal(t, draw(spec, 0).By, draw(other, 0).By)
	require.NotEqual(t, draw(spec, 0).Offset, draw(other, 0).Offset)
}

func TestOffsetAndDriftAreIndependent(t *testing.T) {
	const nodes = 1000
	spec := Spec{Offset: dist.Uniform{Hi: 1e9}, Drift: dist.Uniform{Hi: 100}}
	var offsets, drifts []float64
	for id := range uint64(nodes) {
		r := sim.NewRand(1, id)
		c := spec.Clock(sim.NodeID(id), &r).(Drift)
		offsets, drifts = append(offsets, float64(c.Offset)), append(drifts, float64(c.By))
	}
	require.InDelta(t, 0, stat.Correlation(offsets, drifts, nil), 4/math.Sqrt(nodes))
}

func TestSpecValidateReportsAllProblems(t *testing.T) {
	err := Spec{
		Offset: dist.Uniform{Lo: 2, Hi: 1}, Drift: dist.Normal{SD: -1}, Walk: &Walk{Max: PPM}, Steps: []Step{{At: -1}},
	}.Validate()
	for _, want := range []string{"Spec.Steps[0].At is -1ns", "Spec.Offset: dist: Uniform", "Spec.Drift: dist: Normal", "Spec.Walk.Every is 0s", "Spec.Walk.Step is nil"} {
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, Spec{}.Validate())
}

func TestAsymmetrySD(t *testing.T) {
	u := dist.Uniform{Lo: 5, Hi: 15}
	require.InDelta(t, 2.0412, AsymmetrySD(u, u), 5e-5)
	require.InDelta(t, math.Sqrt(100.0/12)/2, AsymmetrySD(u, dist.Constant{Value: 3}), 1e-12)
}

package detector_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/protocols/detector"
	"lightcone/sim"
)

// The level beside the complementary error function of models/dist, which is another method altogether.
func TestNormalLevel(t *testing.T) {
	for i := -800; i <= 3600; i++ {
		z := float64(i) / 100
		want := -math.Log10(dist.Erfc(z/math.Sqrt2) / 2)
		require.InDelta(t, want, detector.NormalLevel(z), 1e-13*math.Max(1, want), "z = %v", z)
	}
	require.InDelta(t, math.Log10(2), detector.NormalLevel(0), 1e-15)
	require.Zero(t, detector.NormalLevel(-50))
	// Far out, where no tail is a float64 any more, its asymptote, z^2/2 + log(z sqrt(2 pi)) + 1/z^2 - 5/(2 z^4) nepers.
	require.InEpsilon(t, (5000+math.Log(100*math.Sqrt(2*math.Pi))+1e-4-2.5e-8)/math.Ln10, detector.NormalLevel(100), 1e-12)
}

// Phi of 1, 3, 5 and 8 with a mean interval of 100 and a standard deviation of 10.
func TestNormalScore(t *testing.T) {
	for level, elapsed := range map[float64]float64{1: 112.82, 3: 130.90, 5: 142.65, 8: 156.12} {
		require.InDelta(t, elapsed, 100+10*detector.NormalScore(level), 0.005)
	}
	for level := 0.001; level < 300; level *= 1.1 {
		z := detector.NormalScore(level)
		require.InDelta(t, level, detector.NormalLevel(z), 1e-12*math.Max(1, level))
		if level < 15 {
			require.InDelta(t, -dist.Normal{SD: 1}.Quantile(math.Pow(10, -level)), z, 1e-11, "level %v", level)
		}
	}
}

// The bits are the same on every platform: this is their hash.
func TestNormalBits(t *testing.T) {
	var bits []uint64
	for i := range 4000 {
		bits = append(bits, math.Float64bits(detector.NormalLevel(float64(i)/100-10)), math.Float64bits(detector.NormalScore(float64(i+1)/50)))
	}
	require.Equal(t, uint64(0x7436db5525e6223d), sim.Fingerprint(bits))
}

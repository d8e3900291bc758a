package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
	"lightcone/sim"
)

// The studies of failing machines say what of a changed scenario their closed forms do not know.
func TestMachineStudiesRefuse(t *testing.T) {
	for _, c := range []struct {
		study string
		sets  []string
		want  string
	}{
		{"checkpoint-interval", []string{"protocol=idle", "params=null"}, `protocol is "idle", want checkpoint`},
		{"checkpoint-interval", []string{`faults=[{kind: crash, up: "weibull(scale=24h, shape=0.7)", down: constant(1s)}]`}, "faults are others than crashes of all nodes with an exponential time up"},
		{"thousand-machines", []string{"nodes=10"}, `protocol is "idle" with 10 nodes, want idle with at least 40`},
		{"durability", []string{`faults=[{kind: crash, up: "exponential(mean=1000h)", down: constant(24h)}]`}, "want idle, and as the only fault crashes of all with exponential times"},
	} {
		requireRefusal(t, c.want, c.study, c.sets...)
	}
}

// Mean and mean square of what a failure or batch takes down, and with them the share that comes in batches, counted.
func TestBatchMoments(t *testing.T) {
	mean, square := batches(.2, 3) // sizes 2 and 3
	often := (mean - 1) / 1.5
	require.InEpsilon(t, .2, often*2.5/mean, 1e-12)
	require.InEpsilon(t, often*6.5+1-often, square, 1e-12)
}

// At a constant rate the days of old machines are Poisson's.
func TestAgedDispersionOfConstantRate(t *testing.T) {
	c := machinePark{machines: 10, up: 50}
	require.InDelta(t, 1, agedDispersion(reliability.Exponential{MTTF: 50}, c), 1e-5)
	require.Greater(t, agedDispersion(reliability.Weibull{Shape: .6, Scale: 50 / math.Gamma(1+1/.6)}, c), 1.05)
}

// Poisson's counts fit Poisson's law, and others do not.
func TestPoissonFit(t *testing.T) {
	r := sim.NewRand(1, sim.ForStudy)
	even, odd := make([]float64, 4000), make([]float64, 4000)
	for i := range even {
		for range 3000 { // binomial, which is as good as Poisson
			if r.Bool(.001) {
				even[i]++
			}
		}
		odd[i] = 2 * float64(r.IntN(4))
	}
	_, p := poissonFit(even, 3)
	require.Greater(t, p, .001)
	_, p = poissonFit(odd, 3)
	require.Less(t, p, 1e-6)
}

// A set of nodes is the same in any order, and no other's.
func TestNodeSets(t *testing.T) {
	require.Equal(t, setOf(5, 900, 31), setOf(31, 5, 900))
	seen, n := map[nodeSet]bool{}, 0
	eachSet([]uint16{9, 3, 999, 0, 512, 7}, func(s nodeSet) {
		seen[s] = true
		n++
	})
	require.Equal(t, 20, n)
	require.Len(t, seen, 20)
}

package fault

import (
	"flag"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

var samples = flag.Int("fault.samples", 1, "sample sizes of the tests beside exact values, as a multiple")

// size is how many samples a test takes.
func size(n int) int {
	if testing.Short() {
		n /= 10
	}
	return n * *samples
}

// tally is a mean with its standard error.
type tally struct{ n, sum, squares float64 }

func (s *tally) add(x float64) { s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x }
func (s *tally) mean() float64 { return s.sum / s.n }
func (s *tally) se() float64 {
	return math.Sqrt((s.squares/s.n - s.mean()*s.mean()) / (s.n - 1))
}

// near requires that a mean is within four standard errors of what it should be, and that these are small enough for
// the test to mean something: at most a share of the value.
func (s *tally) near(t *testing.T, want, share float64, what string) {
	t.Helper()
	t.Logf("%s: %.6g +- %.2g, want %.6g (%.1f standard errors)", what, s.mean(), s.se(), want, (s.mean()-want)/s.se())
	require.InDelta(t, want, s.mean(), 4*s.se(), what)
	if !testing.Short() {
		require.Less(t, s.se(), share*want, "%s: the sample is too small", what)
	}
}

// repeat draws plans of a model, one a seed, and returns what a system of the nodes did in them, in seconds.
type systemRun struct {
	unavailability, outages, up, down tally // share of time; number a run; mean time up and down of a run's cycles
}

func repeat(t *testing.T, m Model, nodes, runs int, works func(up []bool) bool) *systemRun {
	t.Helper()
	s := &systemRun{}
	for seed := range uint64(runs) {
		out := draw(t, m, seed, nodes).Troubles(nodes, m.Until, AnyTrouble).Outages(nodes, m.Until, works)
		s.unavailability.add(float64(out.Total()) / float64(m.Until))
		s.outages.add(float64(len(out)))
		if len(out) > 0 {
			s.down.add(float64(out.Total()) / float64(len(out)) / 1e9)
			s.up.add(float64(m.Until-sim.Time(out.Total())) / float64(len(out)) / 1e9)
		}
	}
	return s
}

// atLeast works while so many nodes are up.
func atLeast(k int) func([]bool) bool { return func(up []bool) bool { return count(up) >= k } }

// exactly evaluates a system by all 2^n states of n independent causes: causes[i] is the probability that cause i holds,
// down says which nodes it takes down.
func exactly(causes []float64, down [][]int, nodes int, works func(up []bool) bool) float64 {
	sum := 0.0
	for state := range 1 << len(causes) {
		p, up := 1.0, make([]bool, nodes)
		for i := range up {
			up[i] = true
		}
		for i, q := range causes {
			if state>>i&1 == 0 {
				p *= 1 - q
				continue
			}
			p *= q
			for _, node := range down[i] {
				up[node] = false
			}
		}
		if !works(up) {
			sum += p
		}
	}
	return sum
}

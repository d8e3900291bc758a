package rare_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/rare"
	"lightcone/models/renewal"
	"lightcone/sim/measure"
)

// nodes is a system of like nodes that needs a majority; times are in hours.
func nodes(n int, up, down dist.Dist) renewal.System {
	s := renewal.System{Works: func(up []bool) bool {
		count := 0
		for _, u := range up {
			if u {
				count++
			}
		}
		return 2*count > n
	}}
	for range n {
		s.Parts = append(s.Parts, renewal.Part{Up: up, Down: down})
	}
	return s
}

func sampled(t testing.TB, s renewal.System, cycles int) *rare.Sampled {
	t.Helper()
	list, err := rare.Laws(s, renewal.Forcing{}, 1, time.Hour)
	require.NoError(t, err)
	got, err := cluster(t, len(s.Parts), 1).Sample(list, cycles)
	require.NoError(t, err)
	return got
}

// Cycles by laws say what those of the Markov chain say; the shape of the law of repair does not matter to the quorum,
// with a crew for each: three nodes that are down 1 of 1001 of the time each, 3 p^2 - 2 p^3.
func TestCyclesByLaws(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of elections")
	}
	p := 1.0 / 1001
	exact := 3*p*p - 2*p*p*p
	for name, repair := range map[string]dist.Dist{"exponential": dist.Exponential{Mean: 1}, "uniform": dist.Uniform{Lo: 0.5, Hi: 1.5}} {
		s := sampled(t, nodes(3, dist.Exponential{Mean: 1000}, repair), 800)
		e, err := s.Unavailability(0.95)
		require.NoError(t, err, name)
		require.InDelta(t, exact+0.1655/3600/1000, e.Value, 4*(e.High-e.Low)/(2*1.96), name)
		require.Less(t, e.RelativeHalfWidth(), 0.25, name)
	}
}

// A shock that takes two of three nodes at once is accounted to correlation.
func TestShocksAreCorrelation(t *testing.T) {
	s := nodes(3, dist.Exponential{Mean: 1000}, dist.Exponential{Mean: 1})
	s.Shocks = []renewal.Shock{{Name: "rack", Every: dist.Exponential{Mean: 10_000}, Parts: []int{0, 1}, Hit: 1}}
	got := sampled(t, s, 2000)
	shocked, err := got.Term(measure.Correlation, 0.95)
	require.NoError(t, err)
	// once in 10,000 h, until the first of two exponential repairs of 1 h ends
	require.InDelta(t, 0.5/10_000, shocked.Value, 4*(shocked.High-shocked.Low)/(2*1.96))
	quorum, _ := got.Term(measure.Quorum, 0.95)
	require.Less(t, quorum.Value, 0.3*shocked.Value)
	require.False(t, math.IsNaN(quorum.Value))
}

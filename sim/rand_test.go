package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

var _ rand.Source = (*sim.Rand)(nil)

// requireUniform tests counts against equal expectation by chi-square. With n cells its mean is n-1 and its variance
// 2(n-1); the bound is six standard deviations, which chance passes far less than once in a million.
func requireUniform(t *testing.T, counts []int) {
	t.Helper()
	total := 0
	for _, c := range counts {
		total += c
	}
	want := float64(total) / float64(len(counts))
	require.Greater(t, want, 5., "too few draws for the test")
	chi := 0.
	for _, c := range counts {
		chi += (float64(c) - want) * (float64(c) - want) / want
	}
	df := float64(len(counts) - 1)
	require.Less(t, math.Abs(chi-df), 6*math.Sqrt(2*df), "chi-square of %d cells is %.1f", len(counts), chi)
}

func TestUniformity(t *testing.T) {
	const n = 100_000
	cells := func(k int, draw func(r *sim.Rand) int) func(*testing.T) {
		return func(t *testing.T) {
			r := sim.NewRand(7, 1)
			counts := make([]int, k)
			for range n {
				counts[draw(&r)]++
			}
			requireUniform(t, counts)
		}
	}
	t.Run("Uint64, high bits", cells(256, func(r *sim.Rand) int { return int(r.Uint64() >> 56) }))
	t.Run("Uint64, low bits", cells(256, func(r *sim.Rand) int { return int(r.Uint64() & 255) }))
	t.Run("Float64", cells(100, func(r *sim.Rand) int { return int(r.Float64() * 100) }))
	t.Run("IntN", cells(7, func(r *sim.Rand) int { return r.IntN(7) }))
	t.Run("Duration, both ends", cells(11, func(r *sim.Rand) int { return int(r.Duration(-5, 5)) + 5 }))
	t.Run("Perm", cells(24, func(r *sim.Rand) int {
		p := r.Perm(4)
		code := 0 // the permutation's number in the factorial system
		for i := range p {
			smaller := 0
			for _, x := range p[i+1:] {
				if x < p[i] {
					smaller++
				}
			}
			code = code*(4-i) + smaller
		}
		return code
	}))
}

// A modulus or a plain multiplication would prefer some values for this n: of every three values of n = 3*2^62, one
// would come twice as often. The thirds tell.
func TestUint64NIsUnbiased(t *testing.T) {
	const third = 1 << 62
	r := sim.NewRand(3)
	counts := make([]int, 3)
	even := make([]int, 2)
	for range 100_000 {
		x := r.Uint64N(3 * third)
		counts[x/third]++
		even[x%3&1]++ // x%3 is 0 or 2 for even: two thirds
	}
	requireUniform(t, counts)
	require.InDelta(t, 2./3, float64(even[0])/100_000, 6*math.Sqrt(2./9/100_000))
}

func TestBoolHasItsProbability(t *testing.T) {
	for _, p := range []float64{-1, 0, .001, .3, .999, 1, 2} {
		r := sim.NewRand(5, math.Float64bits(p))
		const n = 100_000
		hits := 0
		for range n {
			if r.Bool(p) {
				hits++
			}
		}
		want := min(max(p, 0), 1)
		require.InDelta(t, want, float64(hits)/n, 5*math.Sqrt(want*(1-want)/n), "p = %v", p)
	}
}

func TestDrawsRefuseWhatIsEmpty(t *testing.T) {
	r := sim.NewRand(1)
	require.Panics(t, func() { r.Uint64N(0) })
	require.Panics(t, func() { r.IntN(0) })
	require.Panics(t, func() { r.Duration(2, 1) })
	require.NotPanics(t, func() { r.Duration(math.MinInt64, math.MaxInt64) })
	require.Equal(t, time.Duration(4), r.Duration(4, 4))
}

// TestRandIsSplitMix64 holds the hash against the first numbers of SplitMix64 seeded with 0, as published with its
// reference implementation (Vigna, splitmix64.c): a stream's draws are that generator's, started at the stream's key.
func TestRandIsSplitMix64(t *testing.T) {
	splitmix := func(state uint64) func() uint64 {
		return func() uint64 {
			state += 0x9e3779b97f4a7c15
			z := state
			z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
			z = (z ^ (z >> 27)) * 0x94d049bb133111eb
			return z ^ (z >> 31)
		}
	}
	first := splitmix(0)
	require.Equal(t, uint64(0xe220a8397b1dcdaf), first(), "the generator of this test")
	require.Equal(t, uint64(0x6e789e6aa1b965f4), first(), "the generator of this test")
	for seed := range uint64(10) {
		r := sim.NewRand(seed)
		next := splitmix(splitmix(seed)()) // the key is the hash of seed + golden
		for range 10 {
			require.Equal(t, next(), r.Uint64())
		}
	}
}

func TestCopyingAStreamForksIt(t *testing.T) {
	a := sim.NewRand(1, 2)
	a.Uint64()
	b := a
	require.Equal(t, a.Uint64(), b.Uint64())
	a.Uint64()
	require.NotEqual(t, a.Uint64(), b.Uint64())
}

// correlation of two samples of uniform numbers.
func correlation(x, y []float64) float64 {
	var sx, sy, sxx, syy, sxy float64
	for i := range x {
		sx, sy = sx+x[i], sy+y[i]
		sxx, syy, sxy = sxx+x[i]*x[i], syy+y[i]*y[i], sxy+x[i]*y[i]
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
}

// Streams of neighbouring names are independent: the draws of messages that differ by one in from, to or k, at any
// small lag, do not correlate, and pairs of them fill the square evenly.
func TestNeighbouringStreamsAreIndependent(t *testing.T) {
	w := newWorld(t, sim.Config{Seed: 11, Nodes: 2, New: each(acts{})})
	draws := func(m sim.MessageName, n int) []float64 {
		r := sim.MessageRand(w, m)
		list := make([]float64, n)
		for i := range list {
			list[i] = r.Float64()
		}
		return list
	}
	const n = 40_000
	neighbours := []struct {
		name          string
		from, to, lag int
		k             uint64
	}{
		{"next k", 0, 0, 0, 1}, {"next k, lag 1", 0, 0, 1, 1}, {"next k, lag 2", 0, 0, 2, 1}, {"next to", 0, 1, 0, 0},
		{"next to, lag 1", 0, 1, 1, 0}, {"next from", 1, 0, 0, 0}, {"next from, lag 2", 1, 0, 2, 0}, {"turned round", 1, -1, 0, 0},
	}
	for _, nb := range neighbours {
		t.Run(nb.name, func(t *testing.T) {
			var x, y []float64
			cells := make([]int, 64)
			for i := range n {
				m := sim.MessageName{From: sim.NodeID(i % 20), To: sim.NodeID(1 + i/20%20), K: uint64(i / 400)}
				o := sim.MessageName{From: m.From + sim.NodeID(nb.from), To: m.To + sim.NodeID(nb.to), K: m.K + nb.k}
				a, b := draws(m, 4), draws(o, 4)
				x, y = append(x, a[nb.lag]), append(y, b[0])
				cells[int(a[nb.lag]*8)*8+int(b[0]*8)]++
			}
			require.Less(t, math.Abs(correlation(x, y)), 5/math.Sqrt(n))
			requireUniform(t, cells)
		})
	}
}

func TestStreamsOfDifferentNamesDiffer(t *testing.T) {
	seen := map[uint64]string{}
	add := func(name string, r sim.Rand) {
		x := r.Uint64()
		require.Empty(t, seen[x], name)
		seen[x] = name
	}
	for a := range uint64(30) {
		add(fmt.Sprint(a), sim.NewRand(a))
		for b := range uint64(30) {
			add(fmt.Sprint(a, b), sim.NewRand(a, b))
			for c := range uint64(10) {
				add(fmt.Sprint(a, b, c), sim.NewRand(a, b, c))
			}
		}
	}
}

package reliability_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	rel "lightcone/models/reliability"
)

// Two machines and one repairer: both up, one up, none.
func ExampleChain() {
	c := rel.NewChain(3)
	c.Rate(0, 1, 2./1000) // either fails
	c.Rate(1, 2, 1./1000)
	c.Rate(1, 0, 1./10) // one repairer
	c.Rate(2, 1, 1./10)
	r, err := c.Evaluate(func(state int) bool { return state < 2 })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("unavailability %.4g, fails every %.0f h for %.1f h\n", r.Unavailability, 1/r.Frequency, r.MDT)
	// Output:
	// unavailability 0.000196, fails every 51010 h for 10.0 h
}

// randomChain has n states, of which each reaches the next, and rates that differ by up to 10^12.
func randomChain(r *rand.Rand, n int) (*rel.Chain, [][]float64) {
	c, q := rel.NewChain(n), make([][]float64, n)
	for i := range q {
		q[i] = make([]float64, n)
	}
	set := func(from, to int) {
		x := math.Ldexp(1+r.Float64(), r.IntN(40)-30)
		c.Rate(from, to, x)
		q[from][to] += x
	}
	for i := range n {
		set(i, (i+1)%n)
		for range 2 {
			if j := r.IntN(n); j != i {
				set(i, j)
			}
		}
	}
	return c, q
}

// rationalSolve solves p Q = 0, or any A x = b, exactly.
func rationalSolve(a [][]*big.Rat, b []*big.Rat) []*big.Rat {
	n := len(b)
	for col := range n {
		pivot := col
		for a[pivot][col].Sign() == 0 {
			pivot++
		}
		a[col], a[pivot], b[col], b[pivot] = a[pivot], a[col], b[pivot], b[col]
		for row := range n {
			if row == col || a[row][col].Sign() == 0 {
				continue
			}
			f := new(big.Rat).Quo(a[row][col], a[col][col])
			for k := col; k < n; k++ {
				a[row][k] = new(big.Rat).Sub(a[row][k], new(big.Rat).Mul(f, a[col][k]))
			}
			b[row] = new(big.Rat).Sub(b[row], new(big.Rat).Mul(f, b[col]))
		}
	}
	for i := range b {
		b[i] = new(big.Rat).Quo(b[i], a[i][i])
	}
	return b
}

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// generator is the transpose of Q, in rationals; absorbing targets have no rates.
func generator(q [][]float64) [][]*big.Rat {
	n := len(q)
	a := make([][]*big.Rat, n)
	for i := range a {
		a[i] = make([]*big.Rat, n)
		for j := range a[i] {
			a[i][j] = new(big.Rat)
		}
	}
	for i := range n {
		for j := range n {
			a[j][i].Add(a[j][i], rat(q[i][j]))
			a[i][i].Sub(a[i][i], rat(q[i][j]))
		}
	}
	return a
}

// requireClose wants relative agreement, whatever the size.
func requireClose(t *testing.T, want *big.Rat, got, relative float64, about string) {
	t.Helper()
	diff := new(big.Rat).Sub(rat(got), want)
	limit := new(big.Rat).Mul(new(big.Rat).Abs(want), rat(relative))
	if diff.Abs(diff).Cmp(limit) > 0 {
		w, _ := want.Float64()
		t.Errorf("%s: %v, want %v to %v relative", about, got, w, relative)
	}
}

func TestSteadyAgainstRationalArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	smallest := 1.
	for range 20 {
		n := 2 + r.IntN(8)
		c, q := randomChain(r, n)
		got, err := c.Steady()
		require.NoError(t, err)
		a, b := generator(q), make([]*big.Rat, n)
		for i := range n {
			a[n-1][i], b[i] = rat(1), new(big.Rat)
		}
		b[n-1] = rat(1)
		for i, want := range rationalSolve(a, b) {
			requireClose(t, want, got[i], 1e-13, fmt.Sprintf("state %d of %d", i, n))
			smallest = min(smallest, got[i])
		}
	}
	require.Less(t, smallest, 1e-10, "no probability was tiny")
}

func TestAbsorptionAgainstRationalArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 20 {
		n := 4 + r.IntN(6)
		c, q := randomChain(r, n)
		into := func(s int) bool { return s >= n-2 }
		got, err := c.Absorption(c.At(0), into)
		require.NoError(t, err)
		m := n - 2
		// The times spent in each state, v, satisfy v Q = -start over the states that are not targets.
		a, b := generator(q), make([]*big.Rat, m)
		for i := range m {
			a[i], b[i] = a[i][:m], new(big.Rat)
		}
		b[0] = rat(-1)
		mean := new(big.Rat)
		hits := []*big.Rat{new(big.Rat), new(big.Rat)}
		for i, v := range rationalSolve(a[:m], b) {
			mean.Add(mean, v)
			for k := range hits {
				hits[k].Add(hits[k], new(big.Rat).Mul(v, rat(q[i][m+k])))
			}
		}
		requireClose(t, mean, got.Mean, 1e-13, "mean")
		requireClose(t, hits[0], got.Probability[m], 1e-13, "first target")
		requireClose(t, hits[1], got.Probability[m+1], 1e-13, "second target")
	}
}

func TestTransientAgainstMatrixExponential(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 10 {
		n := 3 + r.IntN(5)
		c, q := rel.NewChain(n), mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				if x := r.Float64(); i != j && x < .6 {
					c.Rate(i, j, x)
					q.Set(i, j, x)
					q.Set(i, i, q.At(i, i)-x)
				}
			}
		}
		const time = 2.5
		q.Scale(time, q)
		var e mat.Dense
		e.Exp(q)
		p, err := c.Transient(c.At(0), time)
		require.NoError(t, err)
		for j := range n {
			require.InDelta(t, e.At(0, j), p[j], 1e-13)
		}
	}
}

func TestOccupancyIsTheIntegralOfTransient(t *testing.T) {
	c, err := parts(3, 2, 1).Chain()
	require.NoError(t, err)
	const time, steps = 30., 200 // Simpson's rule
	want := make([]float64, c.States())
	for i := range steps + 1 {
		weight := 2. + 2*float64(i%2)
		if i == 0 || i == steps {
			weight = 1
		}
		for s, p := range sure(c.Transient(c.At(0), time*float64(i)/steps)) {
			want[s] += weight * p * time / steps / 3
		}
	}
	got := sure(c.Occupancy(c.At(0), time))
	for s := range want {
		require.InEpsilon(t, want[s], got[s], 1e-7)
	}
}

func TestTransientTendsToSteady(t *testing.T) {
	c, _ := randomChainMild(rand.New(rand.NewPCG(4, 4)), 12)
	steady, late := sure(c.Steady()), sure(c.Transient(c.At(5), 1e3))
	mean := sure(c.Occupancy(c.At(5), 1e5))
	for s := range steady {
		require.InEpsilon(t, steady[s], late[s], 1e-11)
		require.InEpsilon(t, steady[s], mean[s]/1e5, 1e-3)
	}
}

func randomChainMild(r *rand.Rand, n int) (*rel.Chain, int) {
	c := rel.NewChain(n)
	for i := range n {
		c.Rate(i, (i+1)%n, .1+r.Float64())
		c.Rate((i+3)%n, i, .1+r.Float64())
	}
	return c, n
}

func TestLargeTimesKeepTheirDigits(t *testing.T) {
	c := rel.NewChain(2)
	c.Rate(0, 1, 1./1000)
	c.Rate(1, 0, 1./10)
	for _, time := range []float64{1e-9, 1e-3, 5, 1e3, 1e6} {
		require.InEpsilon(t, one.Point(time), sure(c.Transient(c.At(0), time))[1], 1e-11)
		require.InEpsilon(t, one.Interval(time)*time, sure(c.Occupancy(c.At(0), time))[1], 1e-11)
	}
}

// product is the chain of n equal parts, each a bit of the state.
func product(n int, fail, repair float64) *rel.Chain {
	c := rel.NewChain(1 << n)
	for s := range 1 << n {
		for i := range n {
			if bit := 1 << i; s&bit == 0 {
				c.Rate(s, s|bit, fail)
				c.Rate(s|bit, s, repair)
			}
		}
	}
	return c
}

func TestLumpedEqualsUnlumped(t *testing.T) {
	const n = 7
	c := product(n, 1./1000, 1./10)
	class := make([]int, c.States())
	for s := range class {
		for b := s; b > 0; b &= b - 1 {
			class[s]++
		}
	}
	lumped := sure(c.Lump(class))
	require.Equal(t, n+1, lumped.States())
	whole, small := rel.LumpStates(sure(c.Steady()), class), sure(lumped.Steady())
	direct := parts(n, 1, 0).Distribution()
	for k := range small {
		require.InEpsilon(t, whole[k], small[k], 1e-13)
		require.InEpsilon(t, direct[k], small[k], 1e-13)
	}
	before, after := rel.LumpStates(sure(c.Transient(c.At(0), 12)), class), sure(lumped.Transient(lumped.At(0), 12))
	for k := range before {
		require.InEpsilon(t, before[k], after[k], 1e-12)
	}

	// From nothing but "all up" and "some down" the counts are found again.
	start := make([]int, c.States())
	for s := 1; s < len(start); s++ {
		start[s] = 1
	}
	found := sure(c.Coarsest(start))
	pairs := map[[2]int]bool{}
	for s := range found {
		pairs[[2]int{found[s], class[s]}] = true
	}
	require.Len(t, pairs, n+1)
}

func TestLumpRefuses(t *testing.T) {
	c := rel.NewChain(3)
	c.Name(1, "slow")
	c.Rate(0, 1, 1)
	c.Rate(1, 0, 1)
	c.Rate(0, 2, 1)
	c.Rate(2, 0, 2)
	_, err := c.Lump([]int{0, 1, 1})
	require.EqualError(t, err, `reliability: Chain: "slow" and 2 are in one class, and move to class 0 at 1 and 2, want one rate`)
	_, err = c.Lump([]int{0, 2, 2})
	require.ErrorContains(t, err, "no state is in class 1")
}

func TestChainErrors(t *testing.T) {
	c := rel.NewChain(2)
	c.Rate(0, 5, 1)
	c.Rate(0, 0, 1)
	c.Rate(0, 1, math.NaN())
	_, err := c.Steady()
	require.EqualError(t, err, "reliability: Chain: Rate: to is 5, want 0 to 1\n"+
		"reliability: Chain: Rate: to is 0, want another state than it comes from\n"+
		"reliability: Chain: rate from 0 to 1 is NaN, want a finite number, at least 0")

	require.ErrorContains(t, rel.NewChain(1<<18+1).Validate(), "states is 262145, want 1 to 262144")

	split := rel.NewChain(3)
	split.Name(1, "won")
	split.Rate(0, 1, 1)
	split.Rate(0, 2, 1)
	_, err = split.Steady()
	require.EqualError(t, err, `reliability: Chain: it ends in {"won"} or in {2}, want one set of states that it never leaves`)
	_, err = split.Absorption(split.At(0), func(s int) bool { return s == 1 })
	require.ErrorContains(t, err, "from 2 no state of the set is reached")

	fast := rel.NewChain(2)
	fast.Rate(0, 1, 1e9)
	fast.Rate(1, 0, 1)
	_, err = fast.Transient(fast.At(0), 8760)
	require.ErrorContains(t, err, "are too large: 3.5e+13 multiplications")

	if testing.Short() {
		return
	}
	_, _, err = rel.Explore(0, func(from int, move func(int, float64)) { move(from+1, 1) })
	require.ErrorContains(t, err, "more than 262144, want fewer: the chain is too large")
}

func TestChainTooLargeToEliminate(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a second")
	}
	r := rand.New(rand.NewPCG(5, 5))
	const n = 1500
	c := rel.NewChain(n)
	for i := range n {
		c.Rate(i, (i+1)%n, 1)
		for range 30 {
			if j := r.IntN(n); j != i {
				c.Rate(i, j, 1)
			}
		}
	}
	_, err := c.Steady()
	require.ErrorContains(t, err, "1500 states are too many: eliminating them adds more than 1048576 rates")
}

// A state that the chain leaves for good has no probability in the long run.
func TestTransientStates(t *testing.T) {
	c := rel.NewChain(3)
	c.Rate(0, 1, 1)
	c.Rate(1, 2, 1)
	c.Rate(2, 1, 3)
	p := sure(c.Steady())
	require.Zero(t, p[0])
	require.InEpsilon(t, .75, p[1], 1e-14)
}

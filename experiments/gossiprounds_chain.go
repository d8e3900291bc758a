package experiments

import (
	"math"

	"lightcone/protocols/gossip"
)

// gossipChain is the number of nodes that know a rumour, from one aligned round to the next, with one call a node: a Markov
// chain with a state for each number. With k of n knowing, pull leaves each of the u = n-k others out with probability
// 1-k/(n-1); push leaves out those that k balls in n-1 boxes miss, of which i given ones are all missed with probability
// (1-i/(n-1))^k. Who is left out has in all cases a distribution that does not depend on names, hence its factorial
// moments u(u-1)...(u-i+1) a_i with a_i = (1-k/(n-1))^i (1-i/(n-1))^k.
//
// Up to chainExact nodes all of the chain is worked out, ball by ball. Above, that is done where few know or few do not;
// in between a state goes to a normal distribution with the exact mean and variance, or a binomial one with the exact mean
// if few are left out, and the error is less than a thousandth of a round.
type gossipChain struct {
	mode   gossip.Mode
	n      int
	others float64
	mean   []float64 // rounds from u nodes that do not know until none is left
}

const (
	chainExact = 200 // nodes up to which all states are exact
	chainEdge  = 100 // else: states with so many nodes that know, or do not, are
	fewLeft    = 100 // mean number of nodes left out up to which it is taken as binomial
	negligible = 1e-18
)

// gossipRounds is the mean number of rounds until all of n nodes know, of which one does at first.
func gossipRounds(mode gossip.Mode, n int) float64 {
	edge := chainEdge
	if n <= chainExact {
		edge = n
	}
	return newGossipChain(mode, n, edge).mean[n-1]
}

func newGossipChain(mode gossip.Mode, n, edge int) *gossipChain {
	c := &gossipChain{mode: mode, n: n, others: float64(n - 1), mean: make([]float64, n)}
	low := c.fewMissed(min(edge, n-1))
	for u := 1; u < n; u++ {
		switch {
		case u < len(low):
			c.set(u, low[u])
		case n-u <= edge:
			c.set(u, c.fewKnow(u))
		default:
			c.mean[u] = 1 + c.middle(u)
		}
	}
	return c
}

func (c *gossipChain) pushes() bool { return c.mode != gossip.Pull }
func (c *gossipChain) pulls() bool  { return c.mode != gossip.Push }

// set works out a state from the distribution of how many are left out, p[r] for r = 0 to u.
func (c *gossipChain) set(u int, p []float64) {
	sum := 1.0
	for r := range min(u, len(p)) {
		sum += p[r] * c.mean[r]
	}
	stay := 0.0
	if u < len(p) {
		stay = p[u]
	}
	c.mean[u] = sum / (1 - stay)
}

// fewMissed returns the distributions for u = 0 to most. What k balls do to the number of boxes that are still to be hit is
// the k-th power of one matrix, which takes r to r-1 with probability r/(n-1): a power by squaring, then ball by ball.
func (c *gossipChain) fewMissed(most int) [][]float64 {
	rows := make([][]float64, most+1)
	power := c.power(most, c.n-most)
	for u := most; u >= 0; u-- {
		p := append([]float64(nil), power[u][:u+1]...)
		if c.pulls() {
			p = thin(p, 1-float64(c.n-u)/c.others)
		}
		rows[u] = p
		for r := range power {
			power[r] = c.oneBall(power[r])
		}
	}
	return rows
}

// power returns the rows of the matrix of k balls, for r = 0 to most.
func (c *gossipChain) power(most, k int) [][]float64 {
	result, square := identity(most), identity(most)
	if !c.pushes() {
		return result
	}
	for r := range square {
		square[r] = c.oneBall(square[r])
	}
	for ; k > 0; k /= 2 {
		if k%2 == 1 {
			result = product(result, square)
		}
		square = product(square, square)
	}
	return result
}

func identity(most int) [][]float64 {
	m := make([][]float64, most+1)
	for r := range m {
		m[r] = make([]float64, r+1)
		m[r][r] = 1
	}
	return m
}

// product multiplies lower triangular matrices.
func product(a, b [][]float64) [][]float64 {
	m := make([][]float64, len(a))
	for i := range a {
		m[i] = make([]float64, i+1)
		for j, x := range a[i] {
			if x < negligible {
				continue
			}
			for l, y := range b[j] {
				m[i][l] += x * y
			}
		}
	}
	return m
}

// oneBall throws one more ball at the boxes, p[r] of which are still to be hit with that probability.
func (c *gossipChain) oneBall(p []float64) []float64 {
	if !c.pushes() {
		return p
	}
	for r := range p {
		p[r] *= 1 - float64(r)/c.others
		if r+1 < len(p) {
			p[r] += p[r+1] * float64(r+1) / c.others
		}
	}
	return p
}

// thin keeps each of what is counted with probability q.
func thin(p []float64, q float64) []float64 {
	out := make([]float64, len(p))
	for n, x := range p {
		if x >= negligible {
			binomialLaw(n, q, func(r int, y float64) { out[r] += x * y })
		}
	}
	return out
}

// binomialLaw calls f with the probabilities of a binomial law that are not negligible.
func binomialLaw(n int, q float64, f func(r int, p float64)) {
	if q <= 0 || q >= 1 {
		f(map[bool]int{true: 0, false: n}[q <= 0], 1)
		return
	}
	lg := func(x int) float64 { y, _ := math.Lgamma(float64(x + 1)); return y }
	mode := min(int(float64(n+1)*q), n)
	at := math.Exp(lg(n) - lg(mode) - lg(n-mode) + float64(mode)*math.Log(q) + float64(n-mode)*math.Log1p(-q))
	ratio := q / (1 - q)
	for r, p := mode, at; r <= n && p > negligible; r++ {
		f(r, p)
		p *= ratio * float64(n-r) / float64(r+1)
	}
	for r, p := mode, at; r > 0 && p > negligible; {
		p *= float64(r) / (ratio * float64(n-r+1))
		r--
		f(r, p)
	}
}

// fewKnow returns the distribution for u nodes that do not know, the others being few: the pulls, then ball by ball.
func (c *gossipChain) fewKnow(u int) []float64 {
	k := c.n - u
	heard := []float64{1} // of how many hear
	if c.pulls() {
		heard = heard[:0]
		binomialLaw(u, float64(k)/c.others, func(j int, p float64) {
			for len(heard) <= j {
				heard = append(heard, 0)
			}
			heard[j] = p
		})
	}
	for range k {
		if !c.pushes() {
			break
		}
		if len(heard) <= u && heard[len(heard)-1] > negligible {
			heard = append(heard, 0)
		}
		for j := len(heard) - 1; j >= 0; j-- {
			heard[j] *= 1 - float64(u-j)/c.others
			if j > 0 {
				heard[j] += heard[j-1] * float64(u-j+1) / c.others
			}
		}
	}
	left := make([]float64, u+1)
	for j, p := range heard {
		left[u-j] = p
	}
	return left
}

// middle is the mean number of rounds that are left after one from u nodes that do not know.
func (c *gossipChain) middle(u int) float64 {
	k := float64(c.n - u)
	a := func(i float64) float64 {
		logs := 0.0
		if c.pulls() {
			logs += i * math.Log1p(-k/c.others)
		}
		if c.pushes() {
			logs += k * math.Log1p(-i/c.others)
		}
		return math.Exp(logs)
	}
	mean := float64(u) * a(1)
	if c.pulls() && mean < fewLeft {
		sum := 0.0
		binomialLaw(u, a(1), func(r int, p float64) { sum += p * c.mean[min(r, u-1)] })
		return sum
	}
	variance := float64(u)*float64(u-1)*a(2) + mean - mean*mean
	sum := 0.0
	for i, x := range hermiteNodes {
		sum += hermiteWeights[i] * c.between(mean+x*math.Sqrt(variance), u)
	}
	return sum
}

// Gauss-Hermite quadrature of five points for the standard normal distribution.
var (
	hermiteNodes   = [5]float64{-2.8569700138728056, -1.355626179974266, 0, 1.355626179974266, 2.8569700138728056}
	hermiteWeights = [5]float64{0.011257411327720689, 0.2220759220056126, 0.5333333333333333, 0.2220759220056126, 0.011257411327720689}
)

// between is the mean of a state at a number that need not be whole, by the cubic through four states below u.
func (c *gossipChain) between(r float64, u int) float64 {
	first := min(max(int(r)-1, 0), u-4)
	sum := 0.0
	for i := range 4 {
		w := 1.0
		for j := range 4 {
			if j != i {
				w *= (r - float64(first+j)) / float64(i-j)
			}
		}
		sum += w * c.mean[first+i]
	}
	return sum
}

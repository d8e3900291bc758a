package reliability

import (
	"fmt"
	"math"
	"slices"
)

// lumpTolerance is how far two sums of rates may be apart and still count as equal.
const lumpTolerance = 1e-12

// Lump returns the chain whose states are classes of states of this one: class[s] is the class of state s, numbered from
// 0 without gaps. It is a Markov chain whatever the start only if all states of a class move to each other class at the
// same rate (Kemeny and Snell 1960, section 6.3); if not, that is an error. A class has the name of its first state.
func (c *Chain) Lump(class []int) (*Chain, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	n, err := c.checkClasses(class)
	if err != nil {
		return nil, err
	}
	lumped, first := NewChain(n), make([]int, n)
	for s := len(class) - 1; s >= 0; s-- {
		first[class[s]] = s
	}
	for s, k := range class {
		sums := c.sums(s, class)
		if s != first[k] {
			if to, same := sameRates(sums, lumped.out[k]); !same {
				return nil, fmt.Errorf("reliability: Chain: %s and %s are in one class, and move to class %d at %v and %v, want one rate",
					c.StateName(first[k]), c.StateName(s), to, rateTo(lumped.out[k], to), rateTo(sums, to))
			}
			continue
		}
		lumped.names[k], lumped.out[k] = c.names[s], sums
	}
	return lumped, nil
}

// LumpStates returns a distribution over the states as one over classes.
func LumpStates(p []float64, class []int) []float64 {
	sums := make([]float64, slices.Max(class)+1)
	for s, k := range class {
		sums[k] += p[s]
	}
	return sums
}

// Coarsest returns the coarsest classes that may be lumped and that lie within given ones, such as up and down: it
// splits classes until all states of each behave alike.
func (c *Chain) Coarsest(class []int) ([]int, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	count, err := c.checkClasses(class)
	if err != nil {
		return nil, err
	}
	class = slices.Clone(class)
	for {
		kinds := make([][]kindOf, count) // of each class: the kinds of states that it turns out to have
		total, next := 0, make([]int, len(class))
		for s, k := range class {
			sums := c.sums(s, class)
			i := slices.IndexFunc(kinds[k], func(a kindOf) bool { _, same := sameRates(a.sums, sums); return same })
			if i < 0 {
				i = len(kinds[k])
				kinds[k] = append(kinds[k], kindOf{sums, total})
				total++
			}
			next[s] = kinds[k][i].class
		}
		if class = next; total == count {
			return class, nil
		}
		count = total
	}
}

// kindOf is how states of a class behave, and which class they make.
type kindOf struct {
	sums  []rate
	class int
}

// sums returns the rates of a state to the classes other than its own.
func (c *Chain) sums(s int, class []int) []rate {
	var list []rate
	for _, r := range c.out[s] {
		if class[r.to] != class[s] {
			list = add(list, class[r.to], r.per)
		}
	}
	return list
}

// sameRates reports whether rates are equal, and if not, to where they are not.
func sameRates(a, b []rate) (to int, same bool) {
	for _, list := range [][]rate{a, b} {
		for _, r := range list {
			if x, y := rateTo(a, r.to), rateTo(b, r.to); math.Abs(x-y) > lumpTolerance*max(x, y) {
				return r.to, false
			}
		}
	}
	return 0, true
}

func rateTo(rates []rate, to int) float64 {
	if i := index(rates, to); i < len(rates) && rates[i].to == to {
		return rates[i].per
	}
	return 0
}

func (c *Chain) checkClasses(class []int) (count int, err error) {
	if len(class) != len(c.out) {
		return 0, fmt.Errorf("reliability: Chain: %d classes are given, want %d, one for each state", len(class), len(c.out))
	}
	met := make([]bool, len(class))
	for s, k := range class {
		if k < 0 || k >= len(class) {
			return 0, fmt.Errorf("reliability: Chain: class of %s is %d, want 0 to %d", c.StateName(s), k, len(class)-1)
		}
		met[k] = true
		count = max(count, k+1)
	}
	if i := slices.Index(met[:count], false); i >= 0 {
		return 0, fmt.Errorf("reliability: Chain: no state is in class %d, want one, for there is a class %d", i, count-1)
	}
	return count, nil
}

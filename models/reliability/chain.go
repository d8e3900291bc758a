package reliability

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Chain is a Markov chain in continuous time: states numbered from 0, and rates from one to another. Mistakes made in
// building it are kept, and come back from Validate and from everything that is computed of the chain.
type Chain struct {
	names []string
	out   [][]rate
	errs  []error
}

// rate leads to a state. The rates of a state are sorted by where they lead to, one for each.
type rate struct {
	to  int
	per float64
}

const (
	maxStates   = 1 << 18 // of a chain
	maxAdded    = 1 << 20 // rates that an elimination adds
	maxMistakes = 10      // that are remembered
)

// NewChain returns a chain of n states, 1 to 2^18, without rates.
func NewChain(n int) *Chain {
	c := &Chain{}
	if n < 1 || n > maxStates {
		c.mistake("states", n, fmt.Sprintf("1 to %d", maxStates))
		return c
	}
	c.names, c.out = make([]string, n), make([][]rate, n)
	return c
}

// Name gives a state a name, under which errors speak of it.
func (c *Chain) Name(state int, name string) {
	if c.has("Name: state", state) {
		c.names[state] = name
	}
}

// Rate adds to the rate at which the chain moves from one state to another, per hour (or any one unit for all).
func (c *Chain) Rate(from, to int, perHour float64) {
	if !c.has("Rate: from", from) || !c.has("Rate: to", to) {
		return
	}
	if from == to {
		c.mistake("Rate: to", c.StateName(to), "another state than it comes from")
		return
	}
	if !(perHour >= 0 && perHour <= math.MaxFloat64/4) {
		c.mistake(fmt.Sprintf("rate from %s to %s", c.StateName(from), c.StateName(to)), perHour, "a finite number, at least 0")
		return
	}
	if perHour > 0 {
		c.out[from] = add(c.out[from], to, perHour)
	}
}

// add returns the sorted rates with one more.
func add(rates []rate, to int, per float64) []rate {
	i, found := slices.BinarySearchFunc(rates, to, func(r rate, to int) int { return r.to - to })
	if found {
		rates[i].per += per
		return rates
	}
	return slices.Insert(rates, i, rate{to, per})
}

// States returns how many states there are.
func (c *Chain) States() int { return len(c.out) }

// StateName returns the name of a state, or its number where it has none.
func (c *Chain) StateName(state int) string {
	if c.names[state] == "" {
		return strconv.Itoa(state)
	}
	return strconv.Quote(c.names[state])
}

// Rates calls f with every rate of the chain, by state.
func (c *Chain) Rates(f func(from, to int, perHour float64)) {
	for from, rates := range c.out {
		for _, r := range rates {
			f(from, r.to, r.per)
		}
	}
}

// Validate reports everything that was wrong in building the chain.
func (c *Chain) Validate() error { return errors.Join(c.errs...) }

// At returns the distribution of a chain that is in one state for certain.
func (c *Chain) At(state int) []float64 {
	p := make([]float64, len(c.out))
	if c.has("At: state", state) {
		p[state] = 1
	}
	return p
}

func (c *Chain) has(where string, state int) bool {
	if state < 0 || state >= len(c.out) {
		c.mistake(where, state, fmt.Sprintf("0 to %d", len(c.out)-1))
		return false
	}
	return true
}

func (c *Chain) mistake(where string, got any, want string) {
	if len(c.errs) < maxMistakes {
		c.errs = append(c.errs, fmt.Errorf("reliability: Chain: %s is %v, want %s", where, got, want))
	}
}

// exit returns the rate at which the chain leaves a state.
func (c *Chain) exit(state int) float64 {
	sum := 0.
	for _, r := range c.out[state] {
		sum += r.per
	}
	return sum
}

// checkStart reports what is wrong with a distribution to start from.
func (c *Chain) checkStart(start []float64) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if len(start) != len(c.out) {
		return fmt.Errorf("reliability: Chain: start has %d probabilities, want %d, one for each state", len(start), len(c.out))
	}
	sum := 0.
	for i, p := range start {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("reliability: Chain: start in %s is %v, want 0 to 1", c.StateName(i), p)
		}
		sum += p
	}
	if math.Abs(sum-1) > 1e-9 {
		return fmt.Errorf("reliability: Chain: start sums to %v, want 1", sum)
	}
	return nil
}

package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// Comparison is how two sweeps differ: at the points that both have, in the measures that both have.
type Comparison struct {
	Differences []Compared // by point and measure, in the order of the first sweep
	Verdicts    []Changed  // of runs with one point and seed, by point and seed

	// What only one of the sweeps has, by name.
	PointsLeft   [2][]string
	MeasuresLeft [2][]string
	// SameSeeds is how many runs of one sweep have a partner with their point and seed in the other, and Alone how many runs of
	// both have none, at the points that both have.
	SameSeeds, Alone int
}

// Compared is one difference of a Comparison.
type Compared struct {
	Difference
	Points  [2]int // in the first and the second sweep
	Point   string // as Label writes it
	Measure Measure

	// Holds reports whether the difference stands after Holm's correction for how many are compared: with no true difference
	// at all, one in twenty comparisons of sweeps has any that holds.
	Holds bool
}

// Changed is a run that came to another verdict.
type Changed struct {
	Point    string
	Seed     uint64
	Verdicts [2]string
	Failed   [2]string // the first check that failed, or ""
}

// Compare tells how the second sweep differs from the first. Factors are matched by name and levels by what they are
// called or, where both are numbers, by their value. Where at least half the runs of the smaller sample have a partner with
// their seed, and two do, the pairs are compared; else all runs are, by Welch's interval, which takes them as independent.
// The error says why the two cannot be compared.
func Compare(first, second *Table) (*Comparison, error) {
	order, err := matchFactors(first, second)
	if err != nil {
		return nil, err
	}
	c := &Comparison{}
	partners := c.matchPoints(first, second, order)
	measures := c.matchMeasures(first, second)
	for p, q := range partners {
		if q < 0 {
			continue
		}
		c.compareVerdicts(first, second, p, q)
		for _, m := range measures {
			c.Differences = append(c.Differences, Compared{Difference: difference(sampleOf(first, p, m[0]), sampleOf(second, q, m[1])),
				Points: [2]int{p, q}, Point: first.Label(p), Measure: first.Measures[m[0]]})
		}
	}
	c.Correct()
	return c, nil
}

// difference is paired where enough seeds are shared, else unpaired.
func difference(a, b sample) Difference {
	if x, _ := pairs(a, b); len(x) >= 2 && 2*len(x) >= min(len(a.values), len(b.values)) {
		return paired(a, b)
	}
	return unpaired(a, b)
}

// matchFactors returns for each factor of the first table its index in the second.
func matchFactors(first, second *Table) ([]int, error) {
	var errs []error
	at := func(fs []Factor, name string) int {
		return slices.IndexFunc(fs, func(f Factor) bool { return f.Name == name })
	}
	order := make([]int, len(first.Factors))
	for i, f := range first.Factors {
		order[i] = at(second.Factors, f.Name)
		switch {
		case order[i] < 0:
			errs = append(errs, fmt.Errorf("table: factor %s is varied in the first sweep only, want it in both", f.Name))
		case f.Unit != second.Factors[order[i]].Unit:
			errs = append(errs, fmt.Errorf("table: factor %s is in %q in the first sweep and in %q in the second, want one unit", f.Name, f.Unit, second.Factors[order[i]].Unit))
		}
	}
	for _, f := range second.Factors {
		if at(first.Factors, f.Name) < 0 {
			errs = append(errs, fmt.Errorf("table: factor %s is varied in the second sweep only, want it in both", f.Name))
		}
	}
	return order, errors.Join(errs...)
}

// matchPoints returns for each point of the first table its partner in the second, or -1.
func (c *Comparison) matchPoints(first, second *Table, order []int) []int {
	keys := map[string]int{}
	for q := range second.Points {
		keys[second.key(q, order)] = q
	}
	own := make([]int, len(first.Factors))
	for f := range own {
		own[f] = f
	}
	partners := make([]int, len(first.Points))
	matched := map[int]bool{}
	for p := range first.Points {
		q, ok := keys[first.key(p, own)]
		if !ok {
			q = -1
			c.PointsLeft[0] = append(c.PointsLeft[0], first.Label(p))
		}
		partners[p], matched[q] = q, true
	}
	for q := range second.Points {
		if !matched[q] {
			c.PointsLeft[1] = append(c.PointsLeft[1], second.Label(q))
		}
	}
	return partners
}

// key names a point by the levels of its factors, in an order of factors.
func (t *Table) key(point int, order []int) string {
	var b strings.Builder
	for _, f := range order {
		level := t.Factors[f].Levels[t.Points[point][f]]
		if t.Factors[f].Numeric {
			fmt.Fprintf(&b, "%v|", level.Value)
			continue
		}
		fmt.Fprintf(&b, "%q|", level.Label)
	}
	return b.String()
}

// matchMeasures returns the measures of both tables, by index in each. One in another unit is another measure.
func (c *Comparison) matchMeasures(first, second *Table) (both [][2]int) {
	for i, m := range first.Measures {
		if j := slices.Index(second.Measures, m); j >= 0 {
			both = append(both, [2]int{i, j})
			continue
		}
		c.MeasuresLeft[0] = append(c.MeasuresLeft[0], header(m.Name, m.Unit))
	}
	for _, m := range second.Measures {
		if !slices.Contains(first.Measures, m) {
			c.MeasuresLeft[1] = append(c.MeasuresLeft[1], header(m.Name, m.Unit))
		}
	}
	return both
}

func (c *Comparison) compareVerdicts(first, second *Table, p, q int) {
	a, b := first.At(p), second.At(q)
	before := c.SameSeeds
	defer func() { c.Alone += len(a) + len(b) - 2*(c.SameSeeds-before) }()
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Seed < b[j].Seed:
			i++
		case a[i].Seed > b[j].Seed:
			j++
		default:
			c.SameSeeds++
			if a[i].Verdict != b[j].Verdict || a[i].Failed != b[j].Failed {
				c.Verdicts = append(c.Verdicts, Changed{first.Label(p), a[i].Seed, [2]string{a[i].Verdict, b[j].Verdict}, [2]string{a[i].Failed, b[j].Failed}})
			}
			i, j = i+1, j+1
		}
	}
}

// Tested returns how many differences have an interval, how many of these leave out 0, and how many of them would by
// chance if there were none in truth. Measures of one run depend on each other, so that these come in clusters.
func (c *Comparison) Tested() (tested, significant int, expected float64) {
	for i := range c.Differences {
		if d := &c.Differences[i].Difference; d.Known() {
			tested++
			if d.Significant() {
				significant++
			}
			if d.Error > 0 { // what does not vary is not off by chance
				expected += 1 - Confidence
			}
		}
	}
	return tested, significant, expected
}

// Holding returns how many differences hold after Holm's correction.
func (c *Comparison) Holding() int {
	n := 0
	for i := range c.Differences {
		if c.Differences[i].Holds {
			n++
		}
	}
	return n
}

// MedianGain is the median of what pairing saves, over the paired differences that vary; NaN if there is none.
func (c *Comparison) MedianGain() float64 {
	var gains []float64
	for i := range c.Differences {
		if g := c.Differences[i].Gain; !math.IsNaN(g) {
			gains = append(gains, g)
		}
	}
	return Median.Of(gains, Confidence).Value
}

// Differs reports whether anything differs beyond chance: a difference that holds, or a run with another verdict.
func (c *Comparison) Differs() bool { return c.Holding() > 0 || len(c.Verdicts) > 0 }

// Correct marks the differences that hold, by Holm's procedure: in the order of their probabilities, the k-th of m (from 0) while it is at most
// 0.05/(m-k) (Holm, Scandinavian Journal of Statistics 6, 1979). It needs nothing of how they depend on each other.
func (c *Comparison) Correct() {
	for i := range c.Differences {
		c.Differences[i].Holds = false
	}
	var tested []int
	for i := range c.Differences {
		if !math.IsNaN(c.Differences[i].P) {
			tested = append(tested, i)
		}
	}
	sort.SliceStable(tested, func(a, b int) bool { return c.Differences[tested[a]].P < c.Differences[tested[b]].P })
	for k, i := range tested {
		if !(c.Differences[i].P <= (1-Confidence)/float64(len(tested)-k)) {
			return
		}
		c.Differences[i].Holds = true
	}
}

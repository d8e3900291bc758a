package reliability

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Set is a set of parts: a minimal cut set brings the system down if all of it is down, a minimal path set keeps it up
// if all of it is up, and neither can do without any of its parts.
type Set struct {
	Parts       []int   // their indices in Parts, ascending
	Probability float64 // that all of them are down, of a cut set; that all are up, of a path set
}

// Sets are the minimal cut sets, or path sets, of a diagram.
type Sets struct {
	Sets    []Set     // the smallest first, of those the likeliest first; no more than was asked for
	Count   float64   // of all there are, exact up to 2^53
	Orders  []float64 // how many there are of 0, 1, 2 ... parts; may end early if there are very many
	Largest int       // how many parts the largest of Sets has
}

// CutSets returns the minimal cut sets, at most limit of them.
func (d *Diagram) CutSets(limit int) (Sets, error) { return d.CutSetsUpTo(len(d.parts), limit) }

// CutSetsUpTo returns the minimal cut sets of at most order parts, at most limit of them.
func (d *Diagram) CutSetsUpTo(order, limit int) (Sets, error) { return d.minimal(isDown, order, limit) }

// PathSets returns the minimal path sets, at most limit of them.
func (d *Diagram) PathSets(limit int) (Sets, error) { return d.PathSetsUpTo(len(d.parts), limit) }

// PathSetsUpTo returns the minimal path sets of at most order parts, at most limit of them.
func (d *Diagram) PathSetsUpTo(order, limit int) (Sets, error) { return d.minimal(isUp, order, limit) }

func (d *Diagram) minimal(goal int32, order, limit int) (Sets, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return Sets{}, err
	}
	return c.minimal(goal, order, limit)
}

func (c *decisions) minimal(goal int32, order, limit int) (Sets, error) {
	f, root, err := c.families(goal)
	if err != nil {
		return Sets{}, err
	}
	return f.list(root, order, limit), nil
}

// MostCuts bounds the cut sets of which MinCutBound multiplies the probabilities.
const MostCuts = 1 << 20

// MinCutBound returns the upper bound 1 - product(1 - Q(cut)) over all minimal cut sets on the unavailability (Esary and
// Proschan 1963), which is close if parts are mostly up. An error means that there are more than MostCuts cut sets.
func (d *Diagram) MinCutBound() (float64, error) {
	cuts, err := d.CutSets(MostCuts)
	if err != nil {
		return 0, err
	}
	if cuts.Count > MostCuts {
		return 0, fmt.Errorf("reliability: MinCutBound: %.0f minimal cut sets, want at most %d", cuts.Count, MostCuts)
	}
	sum := 0.
	for _, s := range slices.Backward(cuts.Sets) { // the small ones first
		sum += log1p(-s.Probability)
	}
	return -expm1(sum), nil
}

// RareEvents returns the sum of the probabilities of all minimal cut sets, which is larger than MinCutBound and counts
// sets of any number.
func (d *Diagram) RareEvents() (float64, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return 0, err
	}
	f, root, err := c.families(isDown)
	if err != nil {
		return 0, err
	}
	return f.fold(func(level int32) float64 { return f.of[level] })[root], nil
}

// SinglePoints returns the parts that bring the system down alone, by their indices in Parts.
func (d *Diagram) SinglePoints() []int {
	if d.err != nil {
		return nil
	}
	up := make([]bool, len(d.parts))
	for i := range up {
		up[i] = true
	}
	if !d.Works(up) {
		return nil
	}
	var list []int
	for i := range up {
		up[i] = false
		if !d.Works(up) {
			list = append(list, i)
		}
		up[i] = true
	}
	return list
}

// families holds families of sets of parts as a zero-suppressed decision diagram (Minato 1993): node 0 is no set, node 1
// the empty set alone; every other node is the sets of with, with the part of its level added, and those of without.
type families struct {
	nodes  []choice
	unique map[choice]int32
	memo   map[[2]int32]int32
	limit  int
	full   bool
	part   []int
	of     []float64 // the probability of each level's part
}

type choice struct{ level, without, with int32 }

const (
	noSets = int32(0) // no set
	empty  = int32(1) // the empty set
)

// families returns the minimal sets of parts that bring the system to goal: down, or up (Rauzy 1993, section 3).
func (c *decisions) families(goal int32) (*families, int32, error) {
	f := &families{unique: map[choice]int32{}, memo: map[[2]int32]int32{}, limit: maxNodes, part: c.part, of: c.q}
	if goal == isUp {
		f.of = c.p
	}
	f.nodes = []choice{{level: terminal}, {level: terminal}}
	of := make([]int32, len(c.nodes)) // the minimal sets of each node
	of[goal] = empty
	for i := 2; i < len(c.nodes) && !f.full; i++ {
		n := c.nodes[i]
		with, without := of[n.down], of[n.up]
		if goal == isUp {
			with, without = without, with
		}
		of[i] = f.node(n.level, without, f.minus(with, without))
	}
	if f.full {
		return nil, 0, fmt.Errorf("reliability: the minimal sets of %d parts take too large a decision diagram, or too many steps: at most %d nodes and %d steps", len(c.parts), f.limit, 2*f.limit)
	}
	return f, of[c.root], nil
}

func (f *families) node(level, without, with int32) int32 {
	if with == noSets {
		return without
	}
	n := choice{level, without, with}
	id, ok := f.unique[n]
	if !ok {
		if len(f.nodes) >= f.limit {
			f.full = true
			return noSets
		}
		id = int32(len(f.nodes))
		f.nodes = append(f.nodes, n)
		f.unique[n] = id
	}
	return id
}

// minus returns the sets of a that include none of the sets of b.
func (f *families) minus(a, b int32) int32 {
	switch {
	case a == noSets || b == empty || a == b:
		return noSets
	case b == noSets || a == empty:
		return a
	}
	key := [2]int32{a, b}
	if r, ok := f.memo[key]; ok {
		return r
	}
	if f.full = f.full || len(f.memo) > 2*f.limit; f.full {
		return noSets
	}
	var r int32
	switch x, y := f.nodes[a], f.nodes[b]; {
	case x.level < y.level:
		r = f.node(x.level, f.minus(x.without, b), f.minus(x.with, b))
	case x.level > y.level:
		r = f.minus(a, y.without)
	default:
		r = f.node(x.level, f.minus(x.without, y.without), f.minus(f.minus(x.with, y.with), y.without))
	}
	f.memo[key] = r
	return r
}

// fold returns of each node the sum over its sets of the product of their parts' weights.
func (f *families) fold(weight func(level int32) float64) []float64 {
	sum := make([]float64, len(f.nodes))
	sum[empty] = 1
	for i := 2; i < len(f.nodes); i++ {
		n := f.nodes[i]
		sum[i] = sum[n.without] + float64(weight(n.level)*sum[n.with])
	}
	return sum
}

// list returns the smallest sets.
func (f *families) list(root int32, order, limit int) Sets {
	const (
		mostWork   = 1 << 25 // numbers in the tables of sets by order
		mostSorted = 1 << 16 // sets of one order, of which the likeliest are wanted
	)
	s := Sets{Count: f.fold(func(int32) float64 { return 1 })[root]}
	var tables [][]float64 // how many sets of k parts each node has
	total := 0.
	for k := 0; k <= min(order, len(f.part)) && total < s.Count && len(f.nodes)*k <= mostWork; k++ {
		table := make([]float64, len(f.nodes))
		if k == 0 {
			table[empty] = 1
		}
		for i := 2; i < len(f.nodes); i++ {
			n := f.nodes[i]
			table[i] = table[n.without]
			if k > 0 {
				table[i] += tables[k-1][n.with]
			}
		}
		tables = append(tables, table)
		count := table[root]
		s.Orders = append(s.Orders, count)
		total += count
		if room := limit - len(s.Sets); room > 0 && count > 0 {
			most := room
			if count <= mostSorted {
				most = mostSorted
			}
			sets := f.ofOrder(tables, root, k, most)
			slices.SortStableFunc(sets, moreLikely)
			s.Sets = append(s.Sets, sets[:min(room, len(sets))]...)
			s.Largest = k
		}
	}
	return s
}

// moreLikely orders sets by probability, but for rounding, then by their parts.
func moreLikely(a, b Set) int {
	return cmp.Or(cmp.Compare(nineDigits(b.Probability), nineDigits(a.Probability)), slices.Compare(a.Parts, b.Parts))
}

// nineDigits rounds a number to so many digits, so that what is equal but for rounding compares equal.
func nineDigits(x float64) float64 {
	fraction, exponent := math.Frexp(x)
	return math.Ldexp(math.Round(float64(fraction*(1<<30))), exponent)
}

// ofOrder returns sets of k parts, at most limit.
func (f *families) ofOrder(tables [][]float64, root int32, k, limit int) []Set {
	var list []Set
	var levels []int32
	var walk func(id int32, k int)
	walk = func(id int32, k int) {
		if len(list) == limit || tables[k][id] == 0 {
			return
		}
		if id == empty {
			list = append(list, f.set(levels))
			return
		}
		n := f.nodes[id]
		if k > 0 {
			levels = append(levels, n.level)
			walk(n.with, k-1)
			levels = levels[:len(levels)-1]
		}
		walk(n.without, k)
	}
	walk(root, k)
	return list
}

func (f *families) set(levels []int32) Set {
	s := Set{Probability: 1, Parts: make([]int, len(levels))}
	for i, l := range levels {
		s.Parts[i] = f.part[l]
		s.Probability = float64(s.Probability * f.of[l])
	}
	slices.Sort(s.Parts)
	return s
}

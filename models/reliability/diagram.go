package reliability

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Part is a basic part of a diagram, which is up or down independently of all others. Times are in hours.
type Part struct {
	Name string
	Q    float64 // the probability of being down
	// MTTF and MTTR are the mean times to failure and to repair, both 0 if they are not known. If they are, Q is
	// MTTR / (MTTF + MTTR), and may be left 0.
	MTTF, MTTR float64
}

// Frequency returns how often the part fails per hour, NaN if that is not known. A part that is always up, or always
// down, does not.
func (p Part) Frequency() float64 {
	switch {
	case p.MTTF > 0:
		return 1 / (p.MTTF + p.MTTR)
	case p.Q == 0 || p.Q == 1:
		return 0
	}
	return math.NaN()
}

// Validate reports everything that is wrong with the part.
func (p Part) Validate() error {
	var errs []error
	wrong := func(field string, got float64, want string) {
		errs = append(errs, fmt.Errorf("reliability: Part %q: %s is %v, want %s", p.Name, field, got, want))
	}
	if !(p.Q >= 0 && p.Q <= 1) {
		wrong("Q", p.Q, "a probability from 0 to 1")
	}
	if !(p.MTTF >= 0 && p.MTTF <= math.MaxFloat64/2) || p.MTTF == 0 && p.MTTR != 0 {
		wrong("MTTF", p.MTTF, "hours, more than 0")
	}
	if !(p.MTTR >= 0 && p.MTTR <= math.MaxFloat64/2) {
		wrong("MTTR", p.MTTR, "hours, at least 0")
	}
	if q := p.MTTR / (p.MTTF + p.MTTR); len(errs) == 0 && p.MTTF > 0 && p.Q != 0 && math.Abs(p.Q-q) > 1e-9*q {
		wrong("Q", p.Q, fmt.Sprintf("%v, which MTTF and MTTR come to", q))
	}
	return errors.Join(errs...)
}

// Diagram is a reliability block diagram: a system that works or not as its parts do. A part may stand at several
// places of the diagram, and is then one and the same. Diagrams are immutable. A part that goes down never brings the
// system up.
type Diagram struct {
	root   *node
	blocks []*node  // every block once, those within before those around
	kids   [][]int  // of each block, where its own blocks stand in blocks
	parts  []Part   // in the order in which one meets them from left to right
	unused []string // names that the text defines and the system does without
	err    error
}

// op is what a block is.
type op uint8

const (
	opPart op = iota
	opSeries
	opParallel
	opKofN
	opVote
	opGrid
	opNetwork
	opSeparated
)

// node is a block of a diagram.
type node struct {
	op      op
	name    string // of a block or part; may be empty
	part    Part
	kids    []*node
	need    int   // opKofN, opVote: how many, or which sum of weights
	weights []int // opVote
	rows    int   // opGrid: its kids row by row
	graph   *graph
	err     error // what is wrong with it
}

// Leaf is the diagram of one part. Two calls make two parts; the same diagram used twice is one part.
func Leaf(p Part) *Diagram {
	err := p.Validate()
	if p.MTTF > 0 {
		p.Q = p.MTTR / (p.MTTF + p.MTTR)
	}
	return newDiagram(&node{op: opPart, name: p.Name, part: p, err: err})
}

// Available is a part with a given availability, taken for the shortest decimal number that it is the nearest float64 to:
// 0.999 is down with probability 0.001, and not with the 0.0010000000000000009 of 1 - 0.999.
func Available(name string, a float64) *Diagram {
	_, q, ok := probability(token{digits: strconv.FormatFloat(a, 'g', -1, 64)}, false)
	if !ok {
		q = 1 - a // to be reported
	}
	return Leaf(Part{Name: name, Q: q})
}

// Unavailable is a part with a given unavailability.
func Unavailable(name string, q float64) *Diagram { return Leaf(Part{Name: name, Q: q}) }

// Repaired is a part with given mean times to failure and to repair, in hours.
func Repaired(name string, mttf, mttr float64) *Diagram {
	d := Leaf(Part{Name: name, MTTF: mttf, MTTR: mttr})
	if mttf == 0 {
		d.err = errors.Join(fmt.Errorf("reliability: Part %q: MTTF is 0, want hours, more than 0", name))
	}
	return d
}

// Copies returns n parts alike. Their names are those of p with .1, .2 and so on.
func Copies(n int, p Part) []*Diagram {
	list := make([]*Diagram, max(n, 0))
	for i := range list {
		c := p
		if p.Name != "" {
			c.Name = p.Name + "." + strconv.Itoa(i+1)
		}
		list[i] = Leaf(c)
	}
	return list
}

// Series works if all of its blocks do.
func Series(blocks ...*Diagram) *Diagram { return compose(&node{op: opSeries}, "Series", blocks) }

// Parallel works if at least one of its blocks does.
func Parallel(blocks ...*Diagram) *Diagram { return compose(&node{op: opParallel}, "Parallel", blocks) }

// KofN works if at least k of its blocks do.
func KofN(k int, blocks ...*Diagram) *Diagram {
	n := &node{op: opKofN, need: k}
	if k < 1 || k > len(blocks) {
		n.err = fmt.Errorf("reliability: KofN: k is %d, want 1 to %d", k, len(blocks))
	}
	return compose(n, "KofN", blocks)
}

// Majority works if more than half of its blocks do.
func Majority(blocks ...*Diagram) *Diagram { return KofN(len(blocks)/2+1, blocks...) }

// Vote works if the weights of the blocks that do reach the threshold.
func Vote(threshold int, weights []int, blocks ...*Diagram) *Diagram {
	n := &node{op: opVote, need: threshold, weights: append([]int(nil), weights...)}
	var errs []error
	if len(weights) != len(blocks) {
		errs = append(errs, fmt.Errorf("reliability: Vote: %d weights, want %d, one for each block", len(weights), len(blocks)))
	}
	total := 0
	for i, w := range weights {
		if w < 1 || w > maxWeight {
			errs = append(errs, fmt.Errorf("reliability: Vote: weight %d is %d, want 1 to %d", i+1, w, maxWeight))
		}
		total += w
	}
	if threshold < 1 || threshold > total {
		errs = append(errs, fmt.Errorf("reliability: Vote: threshold is %d, want 1 to %d, the sum of the weights", threshold, total))
	}
	n.err = errors.Join(errs...)
	return compose(n, "Vote", blocks)
}

// Named gives a block a name, under which the text form shows it. The name of a part is that of its Part.
func (d *Diagram) Named(name string) *Diagram {
	if d.root.op == opPart {
		p := d.root.part
		p.Name = name
		return Leaf(p)
	}
	n := *d.root
	n.name = name
	return newDiagram(&n)
}

// compose makes the diagram of a block around others.
func compose(n *node, kind string, blocks []*Diagram) *Diagram {
	if len(blocks) == 0 {
		n.err = errors.Join(n.err, fmt.Errorf("reliability: %s: no blocks, want at least 1", kind))
	}
	for i, b := range blocks {
		if b == nil {
			n.err = errors.Join(n.err, fmt.Errorf("reliability: %s: block %d is nil, want a diagram", kind, i+1))
			continue
		}
		n.kids = append(n.kids, b.root)
	}
	return newDiagram(n)
}

// Limits of a diagram, in its text form and in others.
const (
	maxBlocks = 1 << 14
	maxDepth  = 1 << 10
	maxWeight = 1 << 20
)

// newDiagram lays out the blocks below a root.
func newDiagram(root *node) *Diagram {
	d := &Diagram{root: root}
	var errs []error
	if !d.lay(root, 1, map[*node]int{}, &errs) {
		errs = append(errs, fmt.Errorf("reliability: a diagram has more than %d blocks or is nested more than %d deep, which is too much", maxBlocks, maxDepth))
	}
	errs = append(errs, d.nameParts()...)
	d.err = errors.Join(errs...)
	return d
}

// lay appends n and what is below it to the blocks, each once; index says where they stand. It reports whether the
// limits allow that.
func (d *Diagram) lay(n *node, depth int, index map[*node]int, errs *[]error) bool {
	if _, done := index[n]; done {
		return true
	}
	if depth > maxDepth || len(d.blocks) >= maxBlocks {
		return false
	}
	kids := make([]int, len(n.kids))
	for i, k := range n.kids {
		if !d.lay(k, depth+1, index, errs) {
			return false
		}
		kids[i] = index[k]
	}
	if n.err != nil {
		*errs = append(*errs, n.err)
	}
	if n.op == opPart {
		d.parts = append(d.parts, n.part)
	}
	index[n] = len(d.blocks)
	d.blocks, d.kids = append(d.blocks, n), append(d.kids, kids)
	return true
}

// nameParts gives each part that has none a name, part1 and so on, and reports names that two parts or blocks have.
func (d *Diagram) nameParts() (errs []error) {
	seen := map[string]bool{}
	for _, n := range d.blocks {
		if n.name == "" {
			continue
		}
		if seen[n.name] {
			errs = append(errs, fmt.Errorf("reliability: two parts or blocks have the name %q, want one", n.name))
		}
		seen[n.name] = true
	}
	next := 1
	for i := range d.parts {
		if d.parts[i].Name != "" {
			continue
		}
		for seen["part"+strconv.Itoa(next)] {
			next++
		}
		d.parts[i].Name = "part" + strconv.Itoa(next)
		next++
	}
	return errs
}

// Validate reports everything that is wrong with the diagram. What Parse returns is right.
func (d *Diagram) Validate() error { return d.err }

// Parts returns the parts, each once, in the order of the text. Those without a name are called part1, part2 and so on.
func (d *Diagram) Parts() []Part { return append([]Part(nil), d.parts...) }

// Unused returns the names that the text defines and the system does without.
func (d *Diagram) Unused() []string { return append([]string(nil), d.unused...) }

// Works reports whether the system works when exactly the parts with up[i] do, in the order of Parts.
func (d *Diagram) Works(up []bool) bool {
	if len(up) != len(d.parts) {
		panic(fmt.Sprintf("reliability: Works: %d parts, want %d", len(up), len(d.parts)))
	}
	var small [128]bool
	works := small[:]
	if len(d.blocks) > len(small) {
		works = make([]bool, len(d.blocks))
	}
	part := 0
	for i, n := range d.blocks {
		switch n.op {
		case opPart:
			works[i] = up[part]
			part++
		case opSeries:
			works[i] = !anyIs(false, works, d.kids[i])
		case opParallel:
			works[i] = anyIs(true, works, d.kids[i])
		default:
			works[i] = n.works(func(kid int) bool { return works[d.kids[i][kid]] })
		}
	}
	return works[len(d.blocks)-1]
}

// anyIs reports whether some of the kids are up, or down.
func anyIs(up bool, works []bool, kids []int) bool {
	for _, k := range kids {
		if works[k] == up {
			return true
		}
	}
	return false
}

// works reports whether a block works, given which of its own blocks do.
func (n *node) works(up func(kid int) bool) bool {
	switch n.op {
	case opGrid:
		return gridWorks(n, up)
	case opNetwork:
		return n.graph.connects(up)
	case opSeparated:
		return !n.graph.connects(func(i int) bool { return !up(i) })
	}
	sum := 0
	for i := range n.kids {
		if up(i) {
			sum += n.weight(i)
		}
	}
	return sum >= n.threshold()
}

// threshold returns which sum of the weights of the kids that work makes the block work.
func (n *node) threshold() int {
	switch n.op {
	case opSeries:
		return len(n.kids)
	case opParallel:
		return 1
	}
	return n.need
}

func (n *node) weight(i int) int {
	if n.op == opVote {
		return n.weights[i]
	}
	return 1
}

package reliability

import (
	"math/bits"
	"slices"
)

// maxNodes bounds a decision diagram: a million nodes take some 50 MB.
const maxNodes = 1 << 20

// decisions is a diagram as a decision diagram.
type decisions struct {
	*bdd
	root  int32
	parts []Part
	level []int32 // of each part
	part  []int   // of each level
	p, q  []float64
}

// compile builds the decision diagram. How large that becomes depends on the order of the parts by orders of magnitude:
// the orders are tried one after the other with a small limit, then with larger ones.
func (d *Diagram) compile(limit int) (*decisions, error) {
	if d.err != nil {
		return nil, d.err
	}
	orders := d.orders()
	for size := min(1<<12, limit); ; size = min(size<<3, limit) {
		for _, order := range orders {
			if c := d.build(order, size); !c.full {
				c.compact()
				return c, nil
			}
		}
		if size == limit {
			return nil, sizeError{len(d.parts), limit}
		}
	}
}

// build builds the decision diagram for an order of the parts.
func (d *Diagram) build(order []int, limit int) *decisions {
	c := &decisions{bdd: newBDD(limit), parts: d.parts, part: order, level: make([]int32, len(order))}
	for level, part := range order {
		c.level[part] = int32(level)
		q := d.parts[part].Q
		p := 1 - q
		if t := d.parts[part]; t.MTTF > 0 {
			p = t.MTTF / (t.MTTF + t.MTTR)
		}
		c.p, c.q = append(c.p, p), append(c.q, q)
	}
	works := make([]int32, len(d.blocks))
	part := 0
	for i, n := range d.blocks {
		if n.op == opPart {
			works[i] = c.node(c.level[part], isDown, isUp)
			part++
		} else {
			kids := make([]int32, len(n.kids))
			for j, k := range d.kids[i] {
				kids[j] = works[k]
			}
			works[i] = c.block(n, kids)
		}
		if c.full {
			return c
		}
	}
	c.root = works[len(works)-1]
	return c
}

// compact drops the nodes that the root does not lead to.
func (c *decisions) compact() {
	reached := c.reached()
	reached[isDown], reached[isUp] = true, true
	to := make([]int32, len(c.nodes))
	kept := int32(0)
	for i, n := range c.nodes {
		if !reached[i] {
			continue
		}
		if n.level != terminal {
			n.down, n.up = to[n.down], to[n.up]
		}
		c.nodes[kept] = n
		to[i] = kept
		kept++
	}
	c.root = to[c.root]
	c.truncate(int(kept))
}

// block returns when a block works, given when its own blocks do.
func (c *decisions) block(n *node, kids []int32) int32 {
	switch n.op {
	case opSeries:
		return c.all(kids)
	case opParallel:
		return c.any(kids)
	case opKofN:
		return c.atLeast(n.need, kids)
	case opVote:
		return c.vote(n.need, n.weights, kids)
	case opGrid:
		return c.grid(n.rows, kids)
	case opNetwork:
		return c.connects(n.graph, kids)
	default:
		shorted := make([]int32, len(kids))
		for i, k := range kids {
			shorted[i] = c.not(k)
		}
		return c.not(c.connects(n.graph, shorted))
	}
}

// deepestFirst returns functions sorted so that those that test late parts come first: what is put together from the
// bottom grows on top only.
func (b *bdd) deepestFirst(functions []int32) []int32 {
	list := slices.Clone(functions)
	slices.SortStableFunc(list, func(f, g int32) int { return int(b.nodes[g].level) - int(b.nodes[f].level) })
	return list
}

func (b *bdd) all(functions []int32) int32 {
	result := isUp
	for _, f := range b.deepestFirst(functions) {
		result = b.and(f, result)
	}
	return result
}

func (b *bdd) any(functions []int32) int32 {
	result := isDown
	for _, f := range b.deepestFirst(functions) {
		result = b.or(f, result)
	}
	return result
}

// atLeast returns when k functions or more are up.
func (b *bdd) atLeast(k int, functions []int32) int32 {
	row := make([]int32, k+1) // row[j]: j or more of the functions so far
	row[0] = isUp
	for _, f := range b.deepestFirst(functions) {
		for j := k; j >= 1 && !b.full; j-- {
			row[j] = b.ite(f, row[j-1], row[j])
		}
	}
	return row[k]
}

// vote returns when the weights of the functions that are up reach need.
func (b *bdd) vote(need int, weights []int, functions []int32) int32 {
	type state struct{ i, need int }
	after := make([]int, len(weights)+1) // the sum of the weights from i on
	for i := len(weights) - 1; i >= 0; i-- {
		after[i] = after[i+1] + weights[i]
	}
	memo := map[state]int32{}
	var from func(i, need int) int32
	from = func(i, need int) int32 {
		switch {
		case need <= 0:
			return isUp
		case need > after[i] || b.full:
			return isDown
		}
		f, ok := memo[state{i, need}]
		if !ok {
			if len(memo) >= b.limit {
				b.full = true
			}
			f = b.ite(functions[i], from(i+1, need-weights[i]), from(i+1, need))
			memo[state{i, need}] = f
		}
		return f
	}
	return from(0, need)
}

// grid returns when each row has one function that is up, and one row all.
func (b *bdd) grid(rows int, functions []int32) int32 {
	var some, full []int32
	for row := range slices.Chunk(functions, len(functions)/rows) {
		some = append(some, b.any(row))
		full = append(full, b.all(row))
	}
	return b.and(b.all(some), b.any(full))
}

// orders returns orders of the parts to try: as in the text, smaller blocks first, and by weight.
func (d *Diagram) orders() [][]int {
	partOf := make([]int, len(d.blocks)) // the index of the part that a block is
	size := make([]int, len(d.blocks))
	next := 0
	for i, n := range d.blocks {
		size[i] = 1
		if n.op == opPart {
			partOf[i] = next
			next++
		}
		for _, k := range d.kids[i] {
			size[i] = min(size[i]+size[k], 1<<30)
		}
	}
	natural := make([]int, len(d.parts))
	for i := range natural {
		natural[i] = i
	}
	bySize := d.visit(partOf, func(a, b int) int { return size[a] - size[b] })
	byWeight := d.visit(partOf, func(a, b int) int { return size[b] - size[a] })
	orders := [][]int{natural}
	for _, o := range [][]int{bySize, d.byWeight(partOf), byWeight} {
		if !slices.ContainsFunc(orders, func(p []int) bool { return slices.Equal(o, p) }) {
			orders = append(orders, o)
		}
	}
	return orders
}

// visit returns the parts as one meets them from the root, blocks in a given order.
func (d *Diagram) visit(partOf []int, order func(a, b int) int) []int {
	var list []int
	seen := make([]bool, len(d.blocks))
	var walk func(i int)
	walk = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		if d.blocks[i].op == opPart {
			list = append(list, partOf[i])
			return
		}
		kids := slices.Clone(d.kids[i])
		slices.SortStableFunc(kids, order)
		for _, k := range kids {
			walk(k)
		}
	}
	walk(len(d.blocks) - 1)
	return list
}

// byWeight orders the parts by their share of the whole, if each block shares its own among its blocks (Minato, Ishiura
// and Yajima 1990): a part that stands at many places comes early.
func (d *Diagram) byWeight(partOf []int) []int {
	weight := make([]float64, len(d.blocks))
	weight[len(weight)-1] = 1
	for i := len(d.blocks) - 1; i >= 0; i-- {
		for _, k := range d.kids[i] {
			weight[k] += weight[i] / float64(len(d.kids[i]))
		}
	}
	return d.visit(partOf, func(a, b int) int {
		switch {
		case weight[a] > weight[b]:
			return -1
		case weight[a] < weight[b]:
			return 1
		}
		return bits.Len(uint(a)) - bits.Len(uint(b))
	})
}

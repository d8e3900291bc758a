package check

import "slices"

// graph is what must come before what.
type graph struct {
	out [][]edge
}

// edge leads to a node; by are the operations that say so besides its two ends.
type edge struct {
	to int32
	by [2]int32
}

func newGraph(n int) *graph { return &graph{out: make([][]edge, n)} }

// node adds a node.
func (g *graph) node() int32 {
	g.out = append(g.out, nil)
	return int32(len(g.out) - 1)
}

// add adds an edge.
func (g *graph) add(from, to int32, by ...int32) {
	e := edge{to: to, by: [2]int32{noOp, noOp}}
	copy(e.by[:], by)
	g.out[from] = append(g.out[from], e)
}

// sort returns the nodes so that edges lead forward, as far as that is possible; the rest lie on cycles or behind them.
func (g *graph) sort() (order []int32, all bool) {
	in := make([]int32, len(g.out))
	for _, edges := range g.out {
		for _, e := range edges {
			in[e.to]++
		}
	}
	for n, d := range in {
		if d == 0 {
			order = append(order, int32(n))
		}
	}
	for i := 0; i < len(order); i++ {
		for _, e := range g.out[order[i]] {
			if in[e.to]--; in[e.to] == 0 {
				order = append(order, e.to)
			}
		}
	}
	return order, len(order) == len(g.out)
}

// cycle returns a cycle as its edges, the shortest through one of the nodes that sort leaves over; nil if there is none.
func (g *graph) cycle() (from []int32, edges []edge) {
	order, all := g.sort()
	if all {
		return nil, nil
	}
	left := make([]bool, len(g.out))
	for n := range left {
		left[n] = true
	}
	for _, n := range order {
		left[n] = false
	}
	tries := 64
	for n := range left {
		if !left[n] || tries == 0 {
			continue
		}
		tries--
		if f, e := g.path(int32(n), int32(n), left); e != nil && (edges == nil || len(e) < len(edges)) {
			from, edges = f, e
		}
	}
	if edges == nil {
		for n := range left {
			if f, e := g.path(int32(n), int32(n), left); e != nil {
				return f, e
			}
		}
	}
	return from, edges
}

// path returns a shortest path of at least one edge, within some of the nodes; nil if there is none.
func (g *graph) path(from, to int32, within []bool) (nodes []int32, edges []edge) {
	type step struct {
		node int32
		edge edge
		back int
	}
	seen := make([]bool, len(g.out))
	queue := []step{{node: from, back: -1}}
	for i := 0; i < len(queue); i++ {
		for _, e := range g.out[queue[i].node] {
			if within != nil && !within[e.to] || seen[e.to] && e.to != to {
				continue
			}
			seen[e.to] = true
			queue = append(queue, step{e.to, e, i})
			if e.to != to {
				continue
			}
			for at := len(queue) - 1; queue[at].back >= 0; at = queue[at].back {
				nodes, edges = append(nodes, queue[queue[at].back].node), append(edges, queue[at].edge)
			}
			slices.Reverse(nodes)
			slices.Reverse(edges)
			return nodes, edges
		}
	}
	return nil, nil
}

// opsOf returns the operations on a path, sorted: its nodes as far as they are operations, and those that its edges name.
func opsOf(nodes []int32, edges []edge, operations int) []int32 {
	var ops []int32
	for i, n := range nodes {
		for _, o := range append([]int32{n, edges[i].to}, edges[i].by[:]...) {
			if o != noOp && int(o) < operations {
				ops = append(ops, o)
			}
		}
	}
	slices.Sort(ops)
	return slices.Compact(ops)
}

// sorted returns operations in order, each once.
func sorted(ops []int32) []int32 {
	slices.Sort(ops)
	return slices.Compact(ops)
}

package reliability

import (
	"slices"
)

// connects returns when a path of links that are up joins the ends of a graph.
func (b *bdd) connects(g *graph, links []int32) int32 {
	works := make([]int32, len(g.vertices))
	for v := range works {
		works[v] = isUp
		for _, i := range g.guard[v] {
			works[v] = b.and(works[v], links[i])
		}
	}
	if slices.ContainsFunc(g.links, func(l link) bool { return l.oneWay }) {
		return b.reach(g, links, works)
	}
	f := &frontier{bdd: b, graph: g, memo: map[string]int32{}}
	for i, l := range g.links {
		if l.a != l.b {
			f.links = append(f.links, conductor{l.a, l.b, b.and(links[i], b.and(works[l.a], works[l.b]))})
		}
	}
	slices.SortStableFunc(f.links, func(x, y conductor) int { return int(b.nodes[x.up].level) - int(b.nodes[y.up].level) })
	f.lay()
	return f.from(0, []int16{0, 1})
}

// reach is connects where links lead one way: the least solution of "a vertex is reached if it works and a neighbour is
// reached over a link that works".
func (b *bdd) reach(g *graph, links, works []int32) int32 {
	reached := make([]int32, len(g.vertices))
	reached[g.from] = works[g.from]
	queue := []int{g.from}
	waiting := make([]bool, len(g.vertices))
	for len(queue) > 0 && !b.full {
		v := queue[0]
		queue = queue[1:]
		waiting[v] = false
		for _, i := range g.at[v] {
			w, ok := g.across(i, v)
			if !ok {
				continue
			}
			now := b.or(reached[w], b.and(works[w], b.and(links[i], reached[v])))
			if now != reached[w] {
				reached[w] = now
				if !waiting[w] {
					queue, waiting[w] = append(queue, w), true
				}
			}
		}
	}
	return reached[g.to]
}

// conductor is a link with when it conducts: it works, and so do its ends.
type conductor struct {
	a, b int
	up   int32
}

// frontier takes one link of a graph after the other, and knows of those before only which vertices that have links
// after, and ends, hang together (Sekine and Imai 1995). So the work grows with the width of the graph, not with its size.
type frontier struct {
	*bdd
	graph  *graph
	links  []conductor
	active [][]int // before each link: the ends, and the vertices with links both before and after
	memo   map[string]int32
}

func (f *frontier) lay() {
	n := len(f.graph.vertices)
	first, last := make([]int, n), make([]int, n)
	for v := range n {
		first[v], last[v] = len(f.links), -1
	}
	for i, l := range f.links {
		for _, v := range []int{l.a, l.b} {
			first[v], last[v] = min(first[v], i), i
		}
	}
	for i := range len(f.links) + 1 {
		list := []int{f.graph.from, f.graph.to}
		for v := range n {
			if v != f.graph.from && v != f.graph.to && first[v] < i && i <= last[v] {
				list = append(list, v)
			}
		}
		f.active = append(f.active, list)
	}
}

// from returns when the ends are joined, given which of the vertices that are active before link i hang together: those
// with one number.
func (f *frontier) from(i int, together []int16) int32 {
	switch {
	case together[0] == together[1]:
		return isUp
	case i == len(f.links) || f.full:
		return isDown
	}
	key := stateKey(i, together)
	if r, ok := f.memo[key]; ok {
		return r
	}
	if f.steps++; f.steps > stepsPerNode*f.limit || len(f.memo) > f.limit {
		f.full = true
		return isDown
	}
	l := f.links[i]
	r := f.ite(l.up, f.from(i+1, f.next(i, together, l)), f.from(i+1, f.next(i, together, conductor{a: l.a, b: l.a})))
	f.memo[key] = r
	return r
}

// stateKey is a state as a key of the memory.
func stateKey(i int, together []int16) string {
	key := []byte{byte(i), byte(i >> 8), byte(i >> 16)}
	for _, t := range together {
		key = append(key, byte(t), byte(t>>8))
	}
	return string(key)
}

// next returns the state after link i, if that joins the ends of l, numbered in the order of the vertices.
func (f *frontier) next(i int, together []int16, l conductor) []int16 {
	number := make(map[int]int16, len(together)+2) // of each vertex
	for j, v := range f.active[i] {
		number[v] = together[j]
	}
	fresh := int16(len(f.graph.vertices))
	for _, v := range []int{f.links[i].a, f.links[i].b} {
		if _, ok := number[v]; !ok {
			number[v] = fresh
			fresh++
		}
	}
	from, to := number[l.b], number[l.a]
	after := make([]int16, len(f.active[i+1]))
	seen := map[int16]int16{}
	for j, v := range f.active[i+1] {
		n := number[v]
		if n == from {
			n = to
		}
		if _, ok := seen[n]; !ok {
			seen[n] = int16(len(seen))
		}
		after[j] = seen[n]
	}
	return after
}

package reliability

import (
	"errors"
	"fmt"
)

// Link is an edge of a network, or a vertex of it that can fail.
type Link struct {
	From, To string   // To is empty: this is the vertex From
	OneWay   bool     // it leads from From to To only
	Up       *Diagram // what makes it work
}

// Network works if a path of links that work leads from one vertex to another: two-terminal reliability. Vertices that
// no link describes never fail.
func Network(from, to string, links ...Link) *Diagram {
	return composeGraph(opNetwork, "Network", from, to, links)
}

// Separated works as long as no path of links that have failed leads from one vertex to another. It is the dual of
// Network: failures that conduct, such as shorts or leaks.
func Separated(from, to string, links ...Link) *Diagram {
	return composeGraph(opSeparated, "Separated", from, to, links)
}

// GridNetwork connects opposite corners of a grid of rows by columns vertices by links alike.
func GridNetwork(rows, cols int, p Part) *Diagram {
	at := func(r, c int) string { return fmt.Sprintf("r%dc%d", r+1, c+1) }
	var links []Link
	add := func(from, to string) {
		c := p
		if p.Name != "" {
			c.Name = fmt.Sprintf("%s.%d", p.Name, len(links)+1)
		}
		links = append(links, Link{From: from, To: to, Up: Leaf(c)})
	}
	for r := range rows {
		for c := range cols {
			if c+1 < cols {
				add(at(r, c), at(r, c+1))
			}
			if r+1 < rows {
				add(at(r, c), at(r+1, c))
			}
		}
	}
	return Network(at(0, 0), at(rows-1, cols-1), links...)
}

// Bridge is the smallest network that is not made of series and parallel blocks: a, b and c, d are two ways in two
// steps each, and e joins their middles.
func Bridge(a, b, c, d, e *Diagram) *Diagram {
	return Network("from", "to",
		Link{From: "from", To: "x", Up: a}, Link{From: "x", To: "to", Up: b},
		Link{From: "from", To: "y", Up: c}, Link{From: "y", To: "to", Up: d},
		Link{From: "x", To: "y", Up: e})
}

func composeGraph(o op, kind, from, to string, links []Link) *Diagram {
	g := newGraph(from, to)
	var errs []error
	blocks := make([]*Diagram, len(links))
	for i, l := range links {
		g.add(l.From, l.To, l.OneWay)
		blocks[i] = l.Up
		if l.From == "" {
			errs = append(errs, fmt.Errorf("reliability: %s: link %d has no From, want a vertex", kind, i+1))
		}
	}
	if from == to {
		errs = append(errs, fmt.Errorf("reliability: %s: both ends are %q, want two", kind, from))
	}
	if g.strange() != "" {
		errs = append(errs, fmt.Errorf("reliability: %s: no link has the end %q, want one", kind, g.strange()))
	}
	return compose(&node{op: o, graph: g, err: errors.Join(errs...)}, kind, blocks)
}

// graph is the shape of a network. Its i-th link is the i-th block of the node that has it.
type graph struct {
	from, to int
	vertices []string
	index    map[string]int
	links    []link
	at       [][]int // the links at each vertex
	guard    [][]int // the links that are the vertex itself
}

// link joins two vertices, or is a vertex that can fail, if a and b are the same.
type link struct {
	a, b   int
	oneWay bool
}

func newGraph(from, to string) *graph {
	g := &graph{index: map[string]int{}}
	g.from, g.to = g.vertex(from), g.vertex(to)
	return g
}

func (g *graph) vertex(name string) int {
	i, ok := g.index[name]
	if !ok {
		i = len(g.vertices)
		g.index[name] = i
		g.vertices = append(g.vertices, name)
		g.at = append(g.at, nil)
		g.guard = append(g.guard, nil)
	}
	return i
}

// add adds a link, or a vertex that can fail if to is empty or the same.
func (g *graph) add(from, to string, oneWay bool) {
	a := g.vertex(from)
	b := a
	if to != "" {
		b = g.vertex(to)
	}
	i := len(g.links)
	g.links = append(g.links, link{a, b, oneWay && a != b})
	if a == b {
		g.guard[a] = append(g.guard[a], i)
		return
	}
	g.at[a] = append(g.at[a], i)
	g.at[b] = append(g.at[b], i)
}

// strange returns an end of the network that no link has, empty if there is none.
func (g *graph) strange() string {
	for _, v := range []int{g.from, g.to} {
		if len(g.at[v]) == 0 {
			return g.vertices[v]
		}
	}
	return ""
}

// across returns where link i leads from v, false if it does not lead from there.
func (g *graph) across(i, v int) (int, bool) {
	l := g.links[i]
	if l.a == v {
		return l.b, true
	}
	return l.a, !l.oneWay
}

// connects reports whether a path of links that are up leads from one end to the other.
func (g *graph) connects(up func(link int) bool) bool {
	open := func(v int) bool {
		for _, i := range g.guard[v] {
			if !up(i) {
				return false
			}
		}
		return true
	}
	if !open(g.from) {
		return false
	}
	seen := make([]bool, len(g.vertices))
	seen[g.from] = true
	for stack := []int{g.from}; len(stack) > 0; {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, i := range g.at[v] {
			if to, ok := g.across(i, v); ok && !seen[to] && up(i) && open(to) {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
	return seen[g.to]
}

// bridgeGraph is the graph of Bridge.
func bridgeGraph() *graph {
	g := newGraph("from", "to")
	for _, l := range [][2]string{{"from", "x"}, {"x", "to"}, {"from", "y"}, {"y", "to"}, {"x", "y"}} {
		g.add(l[0], l[1], false)
	}
	return g
}

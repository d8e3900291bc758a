package fault

import (
	"fmt"
	"hash/fnv"
	"iter"
	"strings"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Tree is the failure domains that nodes are in: regions of zones of racks of hosts, or whatever Levels say. At each
// level a domain fails as a whole, now and then, and with it the nodes beneath: an alternating renewal process for every
// domain, all independent. A node is well while none of the domains that it is in has failed, in the long run for the
// product of their Up / (Up + Down). Each domain has streams of its own, named after its place in the tree: another node
// or domain changes nothing for it.
type Tree struct {
	Name   string   // default: domains
	Levels []Level  // from the largest to the smallest
	Places []string // where each node is: its domain of each level, by names with / between, such as eu/a/r1/h1
}

// Level is one level of domains.
type Level struct {
	Name string    // such as zone; default: level 1 and so on
	Up   dist.Dist // time to a shock, in ns: from the last repair; nil: there are none
	Down dist.Dist // time until it is over, in ns; nil if Up is

	// Kind is what befalls the nodes beneath, of any kind but Stop. Those that cut (Isolate, Mute, Deafen) cut them off
	// together from all others.
	Kind   Kind
	Degree Degree  // how bad it is, for the kinds that take it
	Hit    float64 // probability that a shock hits a node, each on its own; 0 is 1
}

// Validate reports all that is wrong with the law.
func (l Tree) Validate(nodes int) error {
	p := problems{law: "Tree"}
	p.name(l.Name)
	if len(l.Levels) == 0 {
		p.add("Levels is empty, want at least 1")
	}
	for i, v := range l.Levels {
		v.validate(&p, i, nodes)
	}
	if len(l.Places) != nodes {
		p.add("Places has %d places, want one for each node, %d", len(l.Places), nodes)
	}
	for i, place := range l.Places {
		if names := strings.Split(place, "/"); len(names) != len(l.Levels) || !plainPlace(names) {
			p.add("%s is %q, want %d names with / between, without spaces, braces, # and ~", element("Places", i), place, len(l.Levels))
		}
	}
	return p.err()
}

func (v Level) validate(p *problems, i, nodes int) {
	q := problems{law: p.law + "." + element("Levels", i)}
	if (v.Up == nil) != (v.Down == nil) {
		q.add("Up is %v and Down %v, want both or neither", v.Up, v.Down)
	} else if v.Up != nil {
		q.dist("Up", v.Up)
		q.dist("Down", v.Down)
	}
	q.kind(v.Kind, v.Degree, nodes)
	q.probability("Hit", v.Hit)
	p.errs = append(p.errs, q.errs...)
}

func plainPlace(names []string) bool {
	for _, n := range names {
		if n == "" || !plainName(n) || strings.Contains(n, "~") {
			return false
		}
	}
	return true
}

// Outages yields the shocks of each domain, level by level.
func (l Tree) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for i, v := range l.Levels {
			if v.Up == nil {
				continue
			}
			for _, d := range l.Domains(i) {
				g := group{key: placeKey(d.Place), tag: d.Place, nodes: d.Nodes, up: v.Up, down: v.Down, hit: v.Hit, strike: strike{kind: v.Kind, degree: v.Degree}}
				if !g.outages(w, yield) {
					return
				}
			}
		}
	}
}

// Domain is one domain of a tree, and the nodes in it.
type Domain struct {
	Place string
	Nodes []sim.NodeID
}

// Domains returns the domains of a level, 0 being that of the largest, in the order of the first node in each.
func (l Tree) Domains(level int) []Domain {
	var list []Domain
	index := make(map[string]int)
	for i, place := range l.Places {
		d := strings.Join(strings.Split(place, "/")[:level+1], "/")
		k, ok := index[d]
		if !ok {
			k = len(list)
			index[d] = k
			list = append(list, Domain{Place: d})
		}
		list[k].Nodes = append(list[k].Nodes, sim.NodeID(i))
	}
	return list
}

func (l Tree) label() string { return or(l.Name, "domains") }

// placeKey is the entity of a domain's streams.
func placeKey(place string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(place)) // never fails
	return h.Sum64()
}

// Spread returns places that spread nodes as widely as there is room: in a tree of so many domains in each, one node
// after the other goes to the domain that has the fewest, at each level. Spread(5, 3, 2) has zones of two hosts: nodes 0
// and 3 in zone 0, on different hosts of it.
func Spread(nodes int, counts ...int) []string {
	return placed(nodes, counts, func(node, level int) int {
		for _, n := range counts[:level] {
			node /= n
		}
		return node % counts[level]
	})
}

// Pack returns places that fill one smallest domain with per nodes before the next, in a tree of so many domains in
// each. It starts again at the first when all are full.
func Pack(nodes, per int, counts ...int) []string {
	return placed(nodes, counts, func(node, level int) int {
		node /= per
		for _, n := range counts[level+1:] {
			node /= n
		}
		return node % counts[level]
	})
}

// Groups returns the places of nodes in domains of one level, so many in each: Groups(3, 2) is three in the first and two
// in the second.
func Groups(sizes ...int) []string {
	var places []string
	for i, n := range sizes {
		for range n {
			places = append(places, fmt.Sprint(i))
		}
	}
	return places
}

func placed(nodes int, counts []int, at func(node, level int) int) []string {
	places := make([]string, nodes)
	names := make([]string, len(counts))
	for i := range places {
		for level := range counts {
			names[level] = fmt.Sprint(at(i, level))
		}
		places[i] = strings.Join(names, "/")
	}
	return places
}

package quorum

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// Dot names one write of a key: the N-th, from 1, that Node coordinated of this key. The zero Dot names none.
type Dot struct {
	Node sim.NodeID
	N    uint64
}

func (d Dot) compare(e Dot) int {
	return cmp.Or(cmp.Compare(d.Node, e.Node), cmp.Compare(d.N, e.N))
}

func (d Dot) String() string { return fmt.Sprintf("%v:%d", d.Node, d.N) }

// Context is a set of writes of one key: a version vector, and the dots beyond it. A vector alone could not say that a
// reader has seen the second write of a coordinator but not the first, which happens where reads do not ask all
// replicas. It is an immutable value; the zero Context is empty.
//
// Versions that carry a dot and a context are the dotted version vectors of Preguiça, Baquero, Almeida, Fonte and
// Gonçalves (2010); vector and dots together are the causal context of delta-CRDTs (Almeida, Shoker, Baquero, 2015).
type Context struct {
	vector []Dot // by node: all its writes up to N
	beyond []Dot // single ones, none of which follows on the vector
}

// Covers reports whether the write is in the set.
func (c Context) Covers(d Dot) bool {
	if d.N == 0 {
		return false
	}
	for _, v := range c.vector {
		if v.Node == d.Node && d.N <= v.N {
			return true
		}
	}
	return slices.Contains(c.beyond, d)
}

// With returns the set with one write more.
func (c Context) With(d Dot) Context { return c.Join(Context{beyond: []Dot{d}}) }

// Join returns the union of two sets.
func (c Context) Join(e Context) Context {
	var j Context
	for _, v := range [2][]Dot{c.vector, e.vector} {
		for _, d := range v {
			j.vector = raise(j.vector, d)
		}
	}
	beyond := slices.Concat(c.beyond, e.beyond)
	slices.SortStableFunc(beyond, Dot.compare)
	for _, d := range beyond {
		switch upTo := j.upTo(d.Node); {
		case d.N <= upTo || slices.Contains(j.beyond, d):
		case d.N == upTo+1:
			j.vector = raise(j.vector, d)
		default:
			j.beyond = append(j.beyond, d)
		}
	}
	return j
}

// upTo returns how many writes of a node, from the first on, are in the set without a gap.
func (c Context) upTo(node sim.NodeID) uint64 {
	for _, v := range c.vector {
		if v.Node == node {
			return v.N
		}
	}
	return 0
}

// raise returns the vector, sorted by node, with all writes up to d. It changes the vector in place.
func raise(vector []Dot, d Dot) []Dot {
	i, found := slices.BinarySearchFunc(vector, d, func(v, d Dot) int { return cmp.Compare(v.Node, d.Node) })
	if !found {
		return slices.Insert(vector, i, d)
	}
	vector[i].N = max(vector[i].N, d.N)
	return vector
}

func (c Context) String() string {
	var parts []string
	for _, d := range c.vector {
		parts = append(parts, fmt.Sprintf("%v<=%d", d.Node, d.N))
	}
	for _, d := range c.beyond {
		parts = append(parts, d.String())
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// contextOf is what somebody who read these versions knows.
func contextOf(versions []Version) Context {
	var c Context
	for _, v := range versions {
		c = c.Join(v.Context).With(v.Dot)
	}
	return c
}

package reliability

import (
	"fmt"
	"math"
)

// bdd is a reduced ordered binary decision diagram (Bryant 1986) of when a system works. Node 0 is "down", node 1 "up";
// every other node tests the part of its level and leads to down if that is down, and to up if it is up. Nodes come
// after those they lead to.
type bdd struct {
	nodes  []decision
	unique []int32 // a hash table of nodes, open addressing; 0 is free
	cache  []iteEntry
	limit  int // of nodes, and by a factor of work
	steps  int
	full   bool // a limit was hit: what was computed since is void
}

// decision is a node of a bdd.
type decision struct{ level, down, up int32 }

// iteEntry remembers a result of ite.
type iteEntry struct{ f, g, h, result int32 }

const (
	isDown   = int32(0)
	isUp     = int32(1)
	terminal = math.MaxInt32 // the level of down and up

	stepsPerNode = 32 // bounds the work by the limit of nodes
)

func newBDD(limit int) *bdd {
	b := &bdd{limit: limit, unique: make([]int32, 1<<8), cache: make([]iteEntry, 1<<8)}
	b.nodes = append(b.nodes, decision{level: terminal}, decision{level: terminal})
	return b
}

func hash3(a, b, c int32) uint64 {
	h := uint64(uint32(a))*0x9e3779b97f4a7c15 ^ uint64(uint32(b))*0xc2b2ae3d27d4eb4f ^ uint64(uint32(c))*0x165667b19e3779f9
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h ^ h>>32
}

// node returns the node that tests a level, of which there is one only.
func (b *bdd) node(level, down, up int32) int32 {
	if down == up {
		return down
	}
	mask := uint64(len(b.unique) - 1)
	i := hash3(level, down, up) & mask
	for ; b.unique[i] != 0; i = (i + 1) & mask {
		if n := b.nodes[b.unique[i]]; n == (decision{level, down, up}) {
			return b.unique[i]
		}
	}
	if len(b.nodes) >= b.limit {
		b.full = true
		return isDown
	}
	id := int32(len(b.nodes))
	b.nodes = append(b.nodes, decision{level, down, up})
	b.unique[i] = id
	if 2*len(b.nodes) > len(b.unique) {
		b.grow()
	}
	return id
}

func (b *bdd) grow() {
	b.unique = make([]int32, 2*len(b.unique))
	b.cache = make([]iteEntry, len(b.unique))
	b.rehash()
}

// rehash enters all nodes into an empty table.
func (b *bdd) rehash() {
	mask := uint64(len(b.unique) - 1)
	for id := 2; id < len(b.nodes); id++ {
		n := b.nodes[id]
		i := hash3(n.level, n.down, n.up) & mask
		for b.unique[i] != 0 {
			i = (i + 1) & mask
		}
		b.unique[i] = int32(id)
	}
}

// ite returns "if f then g else h".
func (b *bdd) ite(f, g, h int32) int32 {
	switch {
	case f == isUp:
		return g
	case f == isDown:
		return h
	case g == h:
		return g
	case g == isUp && h == isDown:
		return f
	case f == g:
		g = isUp
	case f == h:
		h = isDown
	}
	if g == isUp && h > f || h == isDown && g < f && g > isUp { // or and and commute: one form of each
		if g == isUp {
			f, h = h, f
		} else {
			f, g = g, f
		}
	}
	entry := hash3(f, g, h) & uint64(len(b.cache)-1)
	if e := b.cache[entry]; e.f == f && e.g == g && e.h == h && f != 0 {
		return e.result
	}
	if b.steps++; b.steps > stepsPerNode*b.limit {
		b.full = true
	}
	if b.full {
		return isDown
	}
	top := min(b.nodes[f].level, b.nodes[g].level, b.nodes[h].level)
	down := b.ite(b.below(f, top, false), b.below(g, top, false), b.below(h, top, false))
	up := b.ite(b.below(f, top, true), b.below(g, top, true), b.below(h, top, true))
	result := b.node(top, down, up)
	if !b.full {
		b.cache[hash3(f, g, h)&uint64(len(b.cache)-1)] = iteEntry{f, g, h, result}
	}
	return result
}

// below returns where f leads if the part of a level is down or up.
func (b *bdd) below(f, level int32, up bool) int32 {
	switch n := b.nodes[f]; {
	case n.level != level:
		return f
	case up:
		return n.up
	default:
		return n.down
	}
}

func (b *bdd) and(f, g int32) int32 { return b.ite(f, g, isDown) }
func (b *bdd) or(f, g int32) int32  { return b.ite(f, isUp, g) }
func (b *bdd) not(f int32) int32    { return b.ite(f, isDown, isUp) }

// sizeError says how large a decision diagram became. It is the error of a system that is too large.
type sizeError struct{ parts, limit int }

func (e sizeError) Error() string {
	return fmt.Sprintf("reliability: the decision diagram of %d parts has more than %d nodes, which is too many: split the system, or simulate it", e.parts, e.limit)
}

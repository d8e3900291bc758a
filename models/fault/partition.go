package fault

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Shape is how a partition divides the nodes.
type Shape uint8

const (
	Halves Shape = iota // two groups, as equal as can be
	Split               // two groups of any sizes
	One                 // one node, and the others
	OneWay              // one node that cannot be heard by the others, or cannot hear them
	Bridge              // two halves that only one node reaches both of; wants 3 nodes
)

var shapeNames = [...]string{"halves", "split", "one", "one-way", "bridge"}

func (s Shape) String() string {
	if int(s) < len(shapeNames) {
		return shapeNames[s]
	}
	return fmt.Sprintf("shape(%d)", uint8(s))
}

// ParseShape returns the shape of that name.
func ParseShape(name string) (Shape, bool) {
	for s, n := range shapeNames {
		if n == name {
			return Shape(s), true
		}
	}
	return 0, false
}

// least is the least number of nodes that a shape needs.
func (s Shape) least() int {
	if s == Bridge {
		return 3
	}
	return 2
}

// Partitions divides the nodes now and then: an alternating renewal process whose every partition draws its shape and
// who is where.
type Partitions struct {
	Name   string    // default: partition
	Shapes []Shape   // drawn from uniformly, as often as it is listed; none: Halves
	Up     dist.Dist // time from one heal to the next cut, in ns
	Down   dist.Dist // time from a cut to its heal, in ns
}

// Validate reports all that is wrong with the law.
func (l Partitions) Validate(nodes int) error {
	p := problems{law: "Partitions"}
	p.name(l.Name)
	for i, s := range l.shapes() {
		if s > Bridge {
			p.add("Shapes[%d] is %v, want halves, split, one, one-way or bridge", i, s)
		} else if nodes < s.least() {
			p.add("Shapes[%d] is %v with %d nodes, want at least %d", i, s, nodes, s.least())
		}
	}
	p.dist("Up", l.Up)
	p.dist("Down", l.Down)
	return p.err()
}

// Outages yields one cut after the other.
func (l Partitions) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		shapes := l.shapes()
		for s := range w.spells(l.Up, l.Down, everybody) {
			r := w.Rand(everybody, forWhat, uint64(s.k))
			cut := shapes[r.IntN(len(shapes))].cut(w.shuffled(s.k), &r)
			cut.Name = w.cutName(sim.Nobody, s.k)
			if !yield(Outage{From: s.from, To: s.to, Action: cut}) {
				return
			}
		}
	}
}

func (l Partitions) label() string { return or(l.Name, "partition") }

func (l Partitions) shapes() []Shape {
	if len(l.Shapes) == 0 {
		return []Shape{Halves}
	}
	return l.Shapes
}

// shuffled returns the nodes in random order for the k-th partition. Each node draws its own place, so that another
// node more or less leaves the order of the rest.
func (w Window) shuffled(k int) []sim.NodeID {
	ids := others(sim.Nobody, w.Nodes)
	place := make([]uint64, len(ids))
	for i := range place {
		r := w.Rand(everybody, forWhat, uint64(k), uint64(i))
		place[i] = r.Uint64()
	}
	slices.SortStableFunc(ids, func(a, b sim.NodeID) int { return cmp.Compare(place[a], place[b]) })
	return ids
}

// cut divides nodes in random order.
func (s Shape) cut(order []sim.NodeID, r *sim.Rand) sim.Cut {
	n := len(order)
	switch s {
	case Split:
		return divide(order, 1+r.IntN(n-1))
	case One:
		return divide(order, 1)
	case OneWay:
		cut := divide(order, 1)
		cut.OneWay = true
		if r.Bool(0.5) {
			cut.From, cut.To = cut.To, cut.From
		}
		return cut
	case Bridge:
		return divide(order[1:], (n-1)/2)
	default:
		return divide(order, n/2)
	}
}

// divide cuts the first m nodes from the rest.
func divide(order []sim.NodeID, m int) sim.Cut {
	return sim.Cut{From: slices.Sorted(slices.Values(order[:m])), To: slices.Sorted(slices.Values(order[m:]))}
}

// Flapping makes and heals one cut over and over, as a failing cable or switch does: an alternating renewal process.
type Flapping struct {
	Name     string // default: flapping
	From, To []sim.NodeID
	OneWay   bool      // only what goes from From to To is lost
	Up       dist.Dist // time from a heal to the next cut, in ns
	Down     dist.Dist // time from a cut to its heal, in ns
}

// Validate reports all that is wrong with the law.
func (l Flapping) Validate(nodes int) error {
	p := problems{law: "Flapping"}
	p.name(l.Name)
	p.sides(sim.Cut{From: l.From, To: l.To}, nodes)
	p.dist("Up", l.Up)
	p.dist("Down", l.Down)
	return p.err()
}

// Outages yields the cut as often as it is made.
func (l Flapping) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for s := range w.spells(l.Up, l.Down, everybody) {
			cut := sim.Cut{Name: w.cutName(sim.Nobody, s.k), From: l.From, To: l.To, OneWay: l.OneWay}
			if !yield(Outage{From: s.from, To: s.to, Action: cut}) {
				return
			}
		}
	}
}

func (l Flapping) label() string { return or(l.Name, "flapping") }

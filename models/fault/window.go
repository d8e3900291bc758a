package fault

import (
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Window is what a law draws for: which nodes, from when until when.
type Window struct {
	Nodes       int
	From, Until sim.Time
	Label       string // the law's name, unlike that of any other law of the model

	key uint64
}

// Rand returns the law's stream of that name: an entity, a purpose, a counter.
func (w Window) Rand(name ...uint64) sim.Rand { return sim.NewRand(w.key, name...) }

// cutName names the k-th cut of a law, on a node or on Nobody in particular.
func (w Window) cutName(node sim.NodeID, k int) string {
	if node == sim.Nobody {
		return fmt.Sprintf("%s.%d", w.Label, k)
	}
	return fmt.Sprintf("%s.%v.%d", w.Label, node, k)
}

// targets returns the nodes that a law is about: those listed, or all.
func (w Window) targets(listed []sim.NodeID) []sim.NodeID {
	if listed != nil {
		return listed
	}
	return others(sim.Nobody, w.Nodes)
}

// spell is a stretch of trouble: the k-th, counted from 1.
type spell struct {
	k        int
	from, to sim.Time
}

// spells yields an alternating renewal process of one entity from the start of the window. Times to failure and to
// repair have streams of their own, so that changing the law of one leaves the draws of the other. Without down,
// repairs take no time.
func (w Window) spells(up, down dist.Dist, entity uint64) iter.Seq[spell] {
	return func(yield func(spell) bool) {
		ups, downs := w.Rand(entity, forUp), w.Rand(entity, forDown)
		s := spell{to: w.From}
		for {
			s.k++
			s.from = s.to.Add(atLeast1(dist.Duration(up, &ups)))
			s.to = s.from
			if down != nil {
				s.to = min(s.from.Add(atLeast1(dist.Duration(down, &downs))), sim.Never-1)
			}
			if s.from >= w.Until || !yield(s) {
				return
			}
		}
	}
}

// The purposes of a law's streams.
const (
	forUp uint64 = iota
	forDown
	forWhat
	forSwarm
)

// everybody is the entity of streams that belong to no node.
const everybody = 1 << 32

// atLeast1 keeps time moving, whatever the law: nothing takes less than 1 ns.
func atLeast1(d time.Duration) time.Duration { return max(d, 1) }

// maxStep bounds a drawn step of a clock, either way: 146 years.
const maxStep = 1 << 62

// signed draws a duration that may be negative, in ns.
func signed(d dist.Dist, r *sim.Rand) time.Duration {
	return time.Duration(max(-maxStep, min(math.Round(d.Sample(r)), maxStep)))
}

// labelled is a law of this package. Others are called "law".
type labelled interface{ label() string }

// windowFor returns the window of the law that is the nth of its label in a model. Its key depends on the label, not on
// the other laws of the model.
func windowFor(l Law, nth int, seed uint64, w Window) Window {
	w.Label = labelOf(l)
	if nth > 1 {
		w.Label = fmt.Sprintf("%s~%d", w.Label, nth)
	}
	h := fnv.New64a()
	h.Write([]byte(w.Label)) // never fails
	r := sim.NewRand(seed, h.Sum64())
	w.key = r.Uint64()
	return w
}

func labelOf(l Law) string {
	if l, ok := l.(labelled); ok {
		return l.label()
	}
	return "law"
}

func or(name, otherwise string) string {
	if name != "" {
		return name
	}
	return otherwise
}

package fault

import (
	"iter"
	"slices"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Batches are failures of which a share come several at once: what Schroeder and Gibson found in the records of Los
// Alamos (DSN 2006), without saying why. Failures come as a renewal process; each is of one node or of several, drawn
// among all, and each of these is repaired in a time of its own.
type Batches struct {
	Name   string       // default: batch
	Kind   Kind         // what befalls each node, of any kind but Stop
	Degree Degree       // how bad it is, for the kinds that take it
	Nodes  []sim.NodeID // nil: all
	Share  float64      // of the failures of nodes, the share that comes in batches
	Size   int          // the largest batch: from 2 to so many nodes, each size as often; at most the number of nodes
	Every  dist.Dist    // from one failure, or batch, to the next, in ns
	Down   dist.Dist    // time to repair a node, in ns
}

// Validate reports all that is wrong with the law.
func (l Batches) Validate(nodes int) error {
	p := problems{law: "Batches"}
	p.name(l.Name)
	p.kind(l.Kind, l.Degree, nodes)
	p.nodes("Nodes", l.Nodes, nodes)
	p.probability("Share", l.Share)
	most := nodes
	if l.Nodes != nil {
		most = len(l.Nodes)
	}
	if l.Size < 2 || l.Size > most {
		p.add("Size is %d, want 2 to %d", l.Size, most)
	}
	p.dist("Every", l.Every)
	p.dist("Down", l.Down)
	return p.err()
}

// Outages yields one failure or batch after the other.
func (l Batches) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		for s := range w.spells(l.Every, nil, everybody) {
			r := w.Rand(everybody, forWhat, uint64(s.k))
			n := 1
			if r.Bool(l.often()) {
				n = 2 + r.IntN(l.Size-1)
			}
			for _, id := range chosen(w.targets(l.Nodes), n, &r) {
				downs := w.Rand(uint64(id), forDown, uint64(s.k))
				o := Outage{From: s.from, To: min(s.from.Add(atLeast1(dist.Duration(l.Down, &downs))), sim.Never-1)}
				o.Action = strike{kind: l.Kind, degree: l.Degree}.on(w, id, s.k)
				if !yield(o) {
					return
				}
			}
		}
	}
}

// often is the probability that a failure is a batch: with m nodes in a batch on average, Share = m p / (m p + 1 - p).
func (l Batches) often() float64 {
	mean := (2 + float64(l.Size)) / 2
	return l.Share / (l.Share + float64(mean*(1-l.Share)))
}

func (l Batches) label() string { return or(l.Name, "batch") }

// chosen draws n different nodes of a list, or all if it has fewer, and returns them in order.
func chosen(list []sim.NodeID, n int, r *sim.Rand) []sim.NodeID {
	list = slices.Clone(list)
	n = min(n, len(list))
	for i := range n {
		j := i + r.IntN(len(list)-i)
		list[i], list[j] = list[j], list[i]
	}
	return slices.Sorted(slices.Values(list[:n]))
}

// Rolling takes nodes out in turn, as maintenance does: a batch for a while, then the next, until all have been, and
// from the start again after a time. It draws nothing.
type Rolling struct {
	Name   string // default: rolling
	Kind   Kind   // what befalls the nodes of a batch, of any kind but Stop; those that cut cut all of it off together
	Degree Degree // how bad it is, for the kinds that take it
	Nodes  []sim.NodeID
	Batch  int           // how many at once; 0 is 1
	At     sim.Time      // when the first batch goes out
	For    time.Duration // how long a batch is out
	Gap    time.Duration // from the end of one to the next
	Every  time.Duration // from one round's beginning to the next's; 0: there is one round
}

// Validate reports all that is wrong with the law.
func (l Rolling) Validate(nodes int) error {
	p := problems{law: "Rolling"}
	p.name(l.Name)
	p.kind(l.Kind, l.Degree, nodes)
	p.nodes("Nodes", l.Nodes, nodes)
	if l.Batch < 0 {
		p.add("Batch is %d, want 0 or more", l.Batch)
	}
	if l.At < 0 {
		p.add("At is %v, want 0 or later", l.At)
	}
	if l.For <= 0 {
		p.add("For is %v, want more than 0", l.For)
	}
	if l.Gap < 0 {
		p.add("Gap is %v, want 0 or more", l.Gap)
	}
	if round := l.round(nodes); l.Every != 0 && l.Every < round {
		p.add("Every is %v, want at least the length of a round, %v, or 0 for one round", l.Every, round)
	}
	return p.err()
}

// round is how long one round takes.
func (l Rolling) round(nodes int) time.Duration {
	if l.Nodes != nil {
		nodes = len(l.Nodes)
	}
	batches := (nodes + l.batch() - 1) / l.batch()
	return time.Duration(batches) * (l.For + l.Gap)
}

func (l Rolling) batch() int { return max(l.Batch, 1) }

// Outages yields the batches of each round.
func (l Rolling) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		k := 0
		for start := l.At; start < w.Until; start = start.Add(l.Every) {
			at := start
			for batch := range slices.Chunk(w.targets(l.Nodes), l.batch()) {
				k++
				for _, act := range (strike{kind: l.Kind, degree: l.Degree}).together(w, batch, tagOf("", k)) {
					if at >= w.From && at < w.Until && !yield(Outage{From: at, To: at.Add(l.For), Action: act}) {
						return
					}
				}
				at = at.Add(l.For + l.Gap)
			}
			if l.Every == 0 {
				return
			}
		}
	}
}

func (l Rolling) label() string { return or(l.Name, "rolling") }

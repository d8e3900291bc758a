package fault

import (
	"container/heap"
	"iter"

	"lightcone/models/dist"
	"lightcone/sim"
)

// crewed yields the outages of nodes that queue for crews, in order of time. Each node draws the times to failure and
// to repair that it would draw with a crew of its own.
func (l Renewal) crewed(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		shop := newWorkshop(l, w)
		for _, node := range w.targets(l.Nodes) {
			if !l.backUp(w, node, w.From, yield) {
				return
			}
		}
		for len(shop.failures) > 0 {
			f := &shop.failures[0]
			if f.at >= w.Until {
				heap.Pop(&shop.failures)
				continue
			}
			repaired := shop.repair(f)
			o := Outage{From: f.at, To: repaired, Action: l.action(w, f.node, f.k, &f.what)}
			if !yield(o) || !l.backUp(w, f.node, repaired, yield) {
				return
			}
			f.at, f.k = repaired.Add(atLeast1(dist.Duration(l.Up, &f.ups))), f.k+1
			heap.Fix(&shop.failures, 0)
		}
	}
}

// workshop is the nodes by their next failures, and the crews by when they are free.
type workshop struct {
	law      Renewal
	failures failures
	free     times
}

func newWorkshop(l Renewal, w Window) *workshop {
	s := &workshop{law: l, free: make(times, l.Crews)}
	for i := range s.free {
		s.free[i] = w.From
	}
	for _, node := range w.targets(l.Nodes) {
		f := failure{node: node, k: 1, ups: w.Rand(uint64(node), forUp), downs: w.Rand(uint64(node), forDown), what: w.Rand(uint64(node), forWhat)}
		f.at = w.From.Add(atLeast1(dist.Duration(l.Up, &f.ups)))
		s.failures = append(s.failures, f)
	}
	heap.Init(&s.failures)
	return s
}

// repair sends the crew that is free first to the node that failed next, and returns when it has done. Failures come in
// order of time, so whoever failed earlier has a crew.
func (s *workshop) repair(f *failure) sim.Time {
	begun := max(f.at, s.free[0])
	done := min(begun.Add(atLeast1(dist.Duration(s.law.Down, &f.downs))), sim.Never-1)
	s.free[0] = done
	heap.Fix(&s.free, 0)
	return done
}

// failure is a node's next one, the k-th, with the node's streams.
type failure struct {
	at               sim.Time
	node             sim.NodeID
	k                int
	ups, downs, what sim.Rand
}

// failures is a heap, the next one first.
type failures []failure

func (f failures) Len() int      { return len(f) }
func (f failures) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *failures) Push(x any)   { *f = append(*f, x.(failure)) }
func (f failures) Less(i, j int) bool {
	return f[i].at < f[j].at || f[i].at == f[j].at && f[i].node < f[j].node
}

func (f *failures) Pop() any {
	last := len(*f) - 1
	x := (*f)[last]
	*f = (*f)[:last]
	return x
}

// times is a heap, the earliest first.
type times []sim.Time

func (t times) Len() int           { return len(t) }
func (t times) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t times) Less(i, j int) bool { return t[i] < t[j] }
func (t *times) Push(x any)        { *t = append(*t, x.(sim.Time)) }

func (t *times) Pop() any {
	last := len(*t) - 1
	x := (*t)[last]
	*t = (*t)[:last]
	return x
}

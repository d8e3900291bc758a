package experiments

import (
	"container/heap"
	"math"

	"lightcone/models/dist"
	"lightcone/sim"
)

// contentionModel is the contention for one row by itself, without nodes, messages and a network: what the protocol's runs
// are compared with. A client's try is four hops: the version is read after the first, written after the third, and the
// client knows after the fourth. Times are in milliseconds. M. Brooker, Exponential Backoff And Jitter, AWS Architecture
// Blog, 2015.
type contentionModel struct {
	Clients   int
	Policy    string
	Base, Cap float64
	Hop       dist.Dist // of a hop's delay, in ns; what is below 0 counts as 0
}

// try is a client on its way.
type try struct {
	at      float64
	order   int // of tries at the same time
	writing bool
	read    int // the version
	failed  int // refusals so far
	wait    float64
}

type tries []try

func (q tries) Len() int      { return len(q) }
func (q tries) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q tries) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].order < q[j].order
}
func (q *tries) Push(x any) { *q = append(*q, x.(try)) }
func (q *tries) Pop() any {
	n := len(*q) - 1
	x := (*q)[n]
	*q = (*q)[:n]
	return x
}

// run draws one run: when the last client knew that it had written, and how many writes all of them made.
func (m contentionModel) run(r *sim.Rand) (ended float64, calls int) {
	var q tries
	order := 0
	begin := func(t try) {
		order++
		t.order = order
		heap.Push(&q, t)
	}
	for range m.Clients {
		begin(try{at: m.hop(r)})
	}
	version := 0
	for len(q) > 0 {
		t := heap.Pop(&q).(try)
		if !t.writing {
			t.writing, t.read = true, version
			t.at += m.hop(r) + m.hop(r)
			begin(t)
			continue
		}
		calls++
		known := t.at + m.hop(r)
		if t.read == version {
			version++
			ended = math.Max(ended, known)
			continue
		}
		t.failed++
		t.wait = m.backoff(t, r)
		t.writing, t.at = false, known+t.wait+m.hop(r)
		begin(t)
	}
	return ended, calls
}

func (m contentionModel) hop(r *sim.Rand) float64 { return math.Max(0, m.Hop.Sample(r)) / 1e6 }

// backoff is the blog's, after so many refusals and the last wait.
func (m contentionModel) backoff(t try, r *sim.Rand) float64 {
	v := math.Min(m.Cap, math.Ldexp(m.Base, t.failed))
	switch m.Policy {
	case "fixed":
		return m.Base
	case "exponential":
		return v
	case "equal-jitter":
		return v/2 + float64(r.Float64()*v)/2
	case "full-jitter":
		return float64(r.Float64() * v)
	case "decorrelated":
		last := t.wait
		if t.failed == 1 {
			last = m.Base
		}
		return math.Min(m.Cap, m.Base+float64(r.Float64()*math.Max(0, 3*last-m.Base)))
	}
	return 0
}

// means are those of so many runs, with their standard errors.
func (m contentionModel) means(runs int) (ended, calls moments) {
	for i := range runs {
		r := sim.NewRand(uint64(i), sim.ForStudy, uint64(m.Clients))
		e, c := m.run(&r)
		ended.add(e)
		calls.add(float64(c))
	}
	return ended, calls
}

// moments are the sums of a sample.
type moments struct{ n, sum, squares float64 }

func (s *moments) add(x float64) {
	s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+float64(x*x)
}

func (s *moments) mean() float64 { return s.sum / s.n }

func (s *moments) error() float64 {
	return math.Sqrt(math.Max(0, s.squares/s.n-float64(s.mean()*s.mean())) / (s.n - 1))
}

// contentionMeans are means of the model.
type contentionMeans struct {
	policy    string
	clients   int
	ms, calls float64
}

// knownContention are the means of 1000 runs of the model in another program (base 5 ms, cap 2 s, hops of |N(10, 2)| ms).
func knownContention() []contentionMeans {
	return []contentionMeans{
		{"none", 20, 604, 152.3}, {"exponential", 20, 14362, 149.8}, {"equal-jitter", 20, 1631, 108.0}, {"full-jitter", 20, 1002, 100.1}, {"decorrelated", 20, 825, 101.1},
		{"none", 100, 2026.8, 2421.2}, {"exponential", 100, 63387, 1854.8}, {"equal-jitter", 100, 6601.9, 812.3}, {"full-jitter", 100, 4916.4, 795.7}, {"decorrelated", 100, 4601.9, 1002.3},
	}
}

// known returns the means of the model if they are among those.
func (m contentionModel) known() (contentionMeans, bool) {
	for _, k := range knownContention() {
		if k.policy == m.Policy && k.clients == m.Clients && m.Base == 5 && m.Cap == 2000 && m.Hop == (dist.Normal{Mean: 10e6, SD: 2e6}) {
			return k, true
		}
	}
	return contentionMeans{}, false
}

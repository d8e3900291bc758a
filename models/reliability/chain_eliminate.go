package reliability

import (
	"container/heap"
	"fmt"
	"slices"
)

// elimination takes states out of a chain one after the other, and gives the rates that led through them to the states
// that stay (Grassmann, Taksar and Heyman 1985). It only adds, multiplies and divides positive numbers, so every
// result is right to about as many digits as a float64 has, however small it is (O'Cinneide 1993).
//
// The state that makes the fewest new rates goes first.
type elimination struct {
	out    [][]rate  // of a state that went: when it went
	in     [][]rate  // into it when it went, from the states that stayed; before: the rates are not kept
	total  []float64 // of out, when it went
	weight []float64 // of each state: what is earned there per unit of time, or nil
	order  []int     // the states that went
	rates  int       // how many there are more than at first, of the states that stay
	queue  candidates
}

// eliminate takes out the states for which gone is true. Rates within those that stay are kept as well. weight, if not
// nil, is changed.
func (c *Chain) eliminate(gone []bool, weight []float64) (*elimination, error) {
	n := len(c.out)
	e := &elimination{out: make([][]rate, n), in: make([][]rate, n), total: make([]float64, n), weight: weight}
	for from, rates := range c.out {
		e.out[from] = slices.Clone(rates)
		for _, r := range rates {
			e.in[r.to] = append(e.in[r.to], rate{to: from})
		}
	}
	for s, g := range gone {
		if g {
			e.queue = append(e.queue, candidate{e.cost(s), s})
		}
	}
	heap.Init(&e.queue)
	for e.queue.Len() > 0 {
		next := heap.Pop(&e.queue).(candidate)
		if now := e.cost(next.state); now != next.cost {
			heap.Push(&e.queue, candidate{now, next.state})
			continue
		}
		if e.take(next.state); e.rates > maxAdded {
			return nil, fmt.Errorf("reliability: Chain: %d states are too many: eliminating them adds more than %d rates", n, maxAdded)
		}
	}
	return e, nil
}

func (e *elimination) cost(s int) int { return len(e.in[s]) * len(e.out[s]) }

// take eliminates state s.
func (e *elimination) take(s int) {
	sum := 0.
	for _, r := range e.out[s] {
		sum += r.per
	}
	e.total[s] = sum
	e.order = append(e.order, s)
	for k := range e.in[s] {
		from := e.in[s][k].to
		i := index(e.out[from], s)
		per := e.out[from][i].per
		e.in[s][k].per = per
		e.out[from] = slices.Delete(e.out[from], i, i+1)
		e.rates -= len(e.out[from])
		e.out[from] = e.through(from, e.out[from], e.out[s], per/sum)
		e.rates += len(e.out[from])
		if e.weight != nil {
			e.weight[from] += float64(per / sum * e.weight[s])
		}
	}
	for _, r := range e.out[s] {
		i := index(e.in[r.to], s)
		e.in[r.to] = slices.Delete(e.in[r.to], i, i+1)
	}
}

// through merges share times the rates b into the rates a of a state, but for those that lead back to it.
func (e *elimination) through(from int, a, b []rate, share float64) []rate {
	merged := make([]rate, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].to < b[0].to:
			merged, a = append(merged, a[0]), a[1:]
		case len(a) > 0 && a[0].to == b[0].to:
			merged = append(merged, rate{a[0].to, a[0].per + float64(share*b[0].per)})
			a, b = a[1:], b[1:]
		default:
			if to := b[0].to; to != from {
				merged = append(merged, rate{to, float64(share * b[0].per)})
				e.in[to] = add(e.in[to], from, 0)
			}
			b = b[1:]
		}
	}
	return merged
}

func index(rates []rate, to int) int {
	i, _ := slices.BinarySearchFunc(rates, to, func(r rate, to int) int { return r.to - to })
	return i
}

// candidate is a state that may go, and how many rates that may make.
type candidate struct{ cost, state int }

type candidates []candidate

func (q candidates) Len() int      { return len(q) }
func (q candidates) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *candidates) Push(x any)   { *q = append(*q, x.(candidate)) }
func (q candidates) Less(i, j int) bool {
	return q[i].cost < q[j].cost || q[i].cost == q[j].cost && q[i].state < q[j].state
}
func (q *candidates) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

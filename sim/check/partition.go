package check

import (
	"cmp"
	"slices"
)

// keyed is a history sorted by key: linearizability is local (Herlihy & Wing 1990, theorem 1), so each key is judged by
// itself.
type keyed struct {
	h     History
	keys  []string // in order
	start []int32  // where the operations of a key begin in ops, and at last where they end
	ops   []int32  // indices into h, in the order of h
}

// partition sorts a history by key.
func partition(h History) keyed {
	number := map[string]int32{}
	of := make([]int32, len(h))
	var keys []string
	var counts []int32
	for i := range h {
		k, ok := number[h[i].Op.Key]
		if !ok {
			k = int32(len(keys))
			number[h[i].Op.Key] = k
			keys, counts = append(keys, h[i].Op.Key), append(counts, 0)
		}
		of[i] = k
		counts[k]++
	}
	order := make([]int32, len(keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	p := keyed{h: h, start: make([]int32, len(keys)+1), ops: make([]int32, len(h))}
	at, place := make([]int32, len(keys)), int32(0)
	for n, k := range order {
		p.keys = append(p.keys, keys[k])
		p.start[n], at[k] = place, place
		place += counts[k]
	}
	p.start[len(keys)] = place
	for i, k := range of {
		p.ops[at[k]] = int32(i)
		at[k]++
	}
	return p
}

// of returns the operations of the n-th key.
func (p *keyed) of(n int) []int32 { return p.ops[p.start[n]:p.start[n+1]] }

// pick copies operations out of a history.
func (h History) pick(ops []int32) History {
	s := make(History, len(ops))
	for i, op := range ops {
		s[i] = h[op]
	}
	return s
}

// precedes reports whether a returned before b was invoked. Operations that touch are concurrent.
func precedes(a, b *Operation) bool { return a.Return < b.Invoke }

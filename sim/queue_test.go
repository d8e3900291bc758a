package sim

import (
	"slices"
	"testing"
)

// sortedList is the obvious queue.
type sortedList []key

func order(a, b key) int {
	switch {
	case less(a, b):
		return -1
	case less(b, a):
		return 1
	}
	return 0
}

func (l *sortedList) push(k key) {
	i, _ := slices.BinarySearchFunc(*l, k, order)
	*l = slices.Insert(*l, i, k)
}

func (l *sortedList) min() key {
	if len(*l) == 0 {
		return never
	}
	return (*l)[0]
}

func (l *sortedList) remove(k key) {
	if i, ok := slices.BinarySearchFunc(*l, k, order); ok {
		*l = slices.Delete(*l, i, i+1)
	}
}

// pop removes the least key, as the world does.
func (q *queue) pop() {
	if q.radix != nil {
		q.radix.pop()
		return
	}
	q.tree.remove(q.tree.nodes[1].slot())
}

// TestQueueAgainstSortedList runs 10^5 random operations on the queue and on a sorted list: pushes at all distances,
// pops, moves (where the queue can), looking ahead and then going back, clones, and the changeover in the middle.
func TestQueueAgainstSortedList(t *testing.T) {
	for _, tt := range []struct {
		name       string
		changeover int // after so many operations
	}{{"tournament", 1e9}, {"radix heap", 0}, {"changeover", 30_000}} {
		t.Run(tt.name, func(t *testing.T) {
			r := NewRand(1, ForStudy)
			var q queue
			var want sortedList
			var now, seq uint64
			var free []uint32 // slots
			for i := range uint32(600) {
				free = append(free, i)
			}
			q.grow(16, 0)
			for i := range 100_000 {
				if i == tt.changeover {
					q.grow(treeLimit+1, Time(now))
				}
				switch op := r.IntN(100); {
				case op < 48 && len(free) > 0:
					s := free[len(free)-1]
					free = free[:len(free)-1]
					seq++
					k := key{now + r.Uint64N(1<<r.IntN(40)), seq<<slotBits | uint64(s)}
					q.grow(int(s)+1, Time(now))
					q.push(k)
					want.push(k)
				case op < 94 && len(want) > 0:
					k := q.min()
					if k != want[0] {
						t.Fatalf("operation %d: min is %v, want %v", i, k, want[0])
					}
					q.pop()
					want = want[1:]
					now = k.time
					free = append(free, k.slot())
				case op < 96 && q.radix != nil: // look ahead, then an event nearer than all others
					if q.min() != want.min() {
						t.Fatalf("operation %d: min is %v, want %v", i, q.min(), want.min())
					}
					if len(want) > 0 {
						now += r.Uint64N(want[0].time - now + 1)
					}
					q.radix.back(now)
				case op < 98 && q.radix == nil && len(want) > 0: // move a key
					old := want[r.IntN(len(want))]
					seq++
					k := key{now + r.Uint64N(1000), seq<<slotBits | uint64(old.slot())}
					q.push(k)
					want.remove(old)
					want.push(k)
				case op >= 98:
					c := q.clone()
					q.push(key{now, 0}) // into the original only, which is then forgotten
					q = c
				}
				if i%3 == 0 {
					if q.min() != want.min() {
						t.Fatalf("after operation %d: min is %v, want %v", i, q.min(), want.min())
					}
					if q.radix != nil {
						q.radix.back(now)
					}
				}
			}
			if len(want) < 10 {
				t.Fatalf("the test ended with %d keys: it tried little", len(want))
			}
		})
	}
}

package sim

import "math/bits"

// key orders pending events: by time, then by rank, which is unique because its low bits name the event's slot.
type key struct {
	time uint64 // a Time, never negative
	rank uint64 // sequence number (or, shuffled, a hash) << slotBits | slot
}

const (
	slotBits = 24
	slotMask = 1<<slotBits - 1
	seqMask  = 1<<(64-slotBits) - 1
)

var never = key{^uint64(0), ^uint64(0)}

func (k key) slot() uint32 { return uint32(k.rank & slotMask) }

func less(a, b key) bool { return a.time < b.time || a.time == b.time && a.rank < b.rank }

// queue is the set of pending events. Up to treeLimit slots it is a tournament tree with one leaf a slot; above, a
// radix heap. Both pop in the order of keys.
type queue struct {
	tree  tournament
	radix *radixHeap // not nil: in use instead of tree
}

const treeLimit = 1 << 16

// push adds the event of a slot. In a tournament it may also move one that is there.
func (q *queue) push(k key) {
	if q.radix != nil {
		q.radix.push(k)
		return
	}
	q.tree.set(k.slot(), k)
}

// min returns the least key, never if there is none.
func (q *queue) min() key {
	if q.radix != nil {
		return q.radix.min()
	}
	return q.tree.nodes[1]
}

// clone returns an independent copy.
func (q *queue) clone() queue {
	c := queue{tree: q.tree.clone()}
	if q.radix != nil {
		c.radix = q.radix.clone()
	}
	return c
}

// grow makes room for slots 0..n-1 and changes over to the radix heap when they are many.
func (q *queue) grow(n int, now Time) {
	if q.radix != nil {
		return
	}
	if n <= treeLimit {
		q.tree.grow(n)
		return
	}
	q.radix = newRadixHeap(uint64(now))
	for _, k := range q.tree.leaves() {
		if k != never {
			q.radix.push(k)
		}
	}
	q.tree = tournament{}
}

// tournament is a winner tree: nodes[size+s] is the key of slot s, never if it has none, and nodes[i] the less of
// nodes[2i] and nodes[2i+1], so that nodes[1] is the least of all. A change of one leaf replays its path to the root,
// without a branch that depends on the keys. (Knuth, The Art of Computer Programming, volume 3, section 5.4.1.)
type tournament struct {
	nodes []key
	size  uint32 // leaves, a power of two
}

func (t *tournament) grow(n int) {
	if n <= int(t.size) {
		return
	}
	old := t.leaves()
	size := uint32(16)
	for int(size) < n {
		size *= 2
	}
	t.size, t.nodes = size, make([]key, 2*size)
	copy(t.nodes[size:], old)
	for i := int(size) + len(old); i < len(t.nodes); i++ {
		t.nodes[i] = never
	}
	for i := size - 1; i > 0; i-- {
		t.nodes[i] = t.nodes[2*i]
		if less(t.nodes[2*i+1], t.nodes[2*i]) {
			t.nodes[i] = t.nodes[2*i+1]
		}
	}
}

func (t *tournament) leaves() []key { return t.nodes[t.size:] }

func (t *tournament) clone() tournament {
	return tournament{nodes: append([]key(nil), t.nodes...), size: t.size}
}

// set gives slot s the key k and replays its matches.
func (t *tournament) set(s uint32, k key) {
	nodes := t.nodes
	i := t.size + s
	nodes[i] = k
	for i > 1 {
		o := nodes[i^1]
		_, b := bits.Sub64(o.rank, k.rank, 0)
		_, b = bits.Sub64(o.time, k.time, b)
		m := -b // all ones if o < k
		k.time ^= (k.time ^ o.time) & m
		k.rank ^= (k.rank ^ o.rank) & m
		i >>= 1
		nodes[i] = k
	}
}

// remove takes slot s out.
func (t *tournament) remove(s uint32) { t.set(s, never) }

// radixHeap is a monotone priority queue: no key is pushed before the last one popped. Bucket b > 0 holds keys whose
// time differs from the last popped one first in bit b-1; bucket 0 those of that very time. Each key moves down at most
// 64 times and there is nothing to tune. (Ahuja, Mehlhorn, Orlin, Tarjan, JACM 1990.)
//
// Keys keep the order in which they were pushed as they move down, which is that of their ranks, but for few: so bucket
// 0 is a queue, beside a binary heap of those few. A round of a million nodes at one time costs no comparisons.
type radixHeap struct {
	last    uint64 // the time of bucket 0
	used    uint64 // bit b-1 set: bucket b is not empty
	now     []key  // bucket 0 from head on, in the order of ranks
	head    int
	odd     []key // bucket 0: what came out of order, a heap by rank
	buckets [65]*chunk
	free    *chunk
	touch   func([]key) // told which keys will soon be popped, to load what they need; may be nil
}

// chunk is a piece of a bucket. Buckets are lists of chunks, so that memory follows what is pending.
type chunk struct {
	next *chunk
	n    int
	keys [255]key
}

func newRadixHeap(last uint64) *radixHeap { return &radixHeap{last: last} }

func (h *radixHeap) push(k key) {
	b := bits.Len64(k.time ^ h.last)
	if b == 0 {
		h.pushNow(k)
		return
	}
	c := h.buckets[b]
	if c == nil || c.n == len(c.keys) {
		c = h.newChunk(c)
		h.buckets[b] = c
		h.used |= 1 << (b - 1)
	}
	c.keys[c.n] = k
	c.n++
}

func (h *radixHeap) newChunk(next *chunk) *chunk {
	c := h.free
	if c == nil {
		return &chunk{next: next}
	}
	h.free = c.next
	c.next, c.n = next, 0
	return c
}

// min returns the least key, never if there is none.
func (h *radixHeap) min() key {
	if h.head == len(h.now) && len(h.odd) == 0 && !h.refill() {
		return never
	}
	if h.oddIsNext() {
		return h.odd[0]
	}
	return h.now[h.head]
}

// oddIsNext reports whether the least key of bucket 0, which is not empty, is in odd.
func (h *radixHeap) oddIsNext() bool {
	return len(h.odd) > 0 && (h.head == len(h.now) || h.odd[0].rank < h.now[h.head].rank)
}

// refill empties the lowest bucket into those below it, which makes bucket 0 the keys of the least time.
func (h *radixHeap) refill() bool {
	if h.used == 0 {
		return false
	}
	b := bits.TrailingZeros64(h.used) + 1
	first := oldestFirst(h.buckets[b])
	h.buckets[b] = nil
	h.used &= h.used - 1
	least := ^uint64(0)
	for c := first; c != nil; c = c.next {
		for _, k := range c.keys[:c.n] {
			least = min(least, k.time)
		}
	}
	h.last = least
	if h.touch != nil && first.next == nil {
		h.touch(first.keys[:first.n])
	}
	h.repush(first)
	return true
}

// repush pushes the keys of a list of chunks again, and frees the chunks.
func (h *radixHeap) repush(c *chunk) {
	for c != nil {
		for _, k := range c.keys[:c.n] {
			h.push(k)
		}
		next := c.next
		c.next, h.free = h.free, c
		c = next
	}
}

// oldestFirst turns a bucket's list of chunks round.
func oldestFirst(c *chunk) *chunk {
	var before *chunk
	for c != nil {
		c.next, before, c = before, c, c.next
	}
	return before
}

// back moves the heap's time back to t, after min has looked ahead and nothing later than t was executed. Keys of the
// buckets that the old time shared with t stay; the others all differ from t first in the bit in which the old time
// does.
func (h *radixHeap) back(t uint64) {
	if t >= h.last {
		return
	}
	b := bits.Len64(t ^ h.last)
	h.last = t
	for _, k := range h.now[h.head:] {
		h.push(k)
	}
	for _, k := range h.odd {
		h.push(k)
	}
	h.now, h.head, h.odd = h.now[:0], 0, h.odd[:0]
	for i := 1; i < b; i++ {
		h.repush(oldestFirst(h.buckets[i]))
		h.buckets[i] = nil
	}
	h.used &^= 1<<(b-1) - 1
}

func (h *radixHeap) pushNow(k key) {
	if n := len(h.now); n == h.head || h.now[n-1].rank < k.rank {
		h.now = append(h.now, k)
		return
	}
	h.odd = append(h.odd, k)
	for i := len(h.odd) - 1; i > 0; {
		p := (i - 1) / 2
		if h.odd[p].rank < h.odd[i].rank {
			break
		}
		h.odd[p], h.odd[i] = h.odd[i], h.odd[p]
		i = p
	}
}

// ahead is how many keys of bucket 0 are loaded at once.
const ahead = 32

// pop removes the key that min returned.
func (h *radixHeap) pop() {
	if h.oddIsNext() {
		h.popOdd()
		return
	}
	h.head++
	switch left := len(h.now) - h.head; {
	case left == 0:
		h.now, h.head = h.now[:0], 0
	case h.head%ahead == 0 && h.touch != nil:
		h.touch(h.now[h.head:min(h.head+ahead, len(h.now))])
	}
}

func (h *radixHeap) popOdd() {
	n := len(h.odd) - 1
	h.odd[0] = h.odd[n]
	h.odd = h.odd[:n]
	for i := 0; ; {
		c := 2*i + 1
		if c >= n {
			return
		}
		if c+1 < n && h.odd[c+1].rank < h.odd[c].rank {
			c++
		}
		if h.odd[i].rank < h.odd[c].rank {
			return
		}
		h.odd[i], h.odd[c] = h.odd[c], h.odd[i]
		i = c
	}
}

func (h *radixHeap) clone() *radixHeap {
	c := *h
	c.free, c.touch = nil, nil
	c.now, c.odd = append([]key(nil), h.now...), append([]key(nil), h.odd...)
	for b, first := range h.buckets {
		c.buckets[b] = nil
		tail := &c.buckets[b]
		for f := first; f != nil; f = f.next {
			d := *f
			*tail = &d
			tail = &d.next
		}
	}
	return &c
}

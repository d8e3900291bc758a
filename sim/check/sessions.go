package check

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// sessions is the order in which each client did things: an operation comes after those of its client that had
// returned when it was invoked. A client that had several under way at once has several chains, in each of which one
// follows the other.
type sessions struct {
	h       History
	clients [][]int32 // the chains of each client, in order of its first operation
	chains  [][]int32 // the operations of each chain, in order
	client  []int32   // by operation, noOp if it is in no session
	chain   []int32   // by operation
	place   []int32   // by operation: its place in its chain
}

// newSessions orders the operations for which in is true.
func newSessions(h History, in []bool) *sessions {
	s := &sessions{h: h, client: make([]int32, len(h)), chain: make([]int32, len(h)), place: make([]int32, len(h))}
	number := map[int]int32{}
	for i := range h {
		s.client[i], s.chain[i] = noOp, noOp
		if !in[i] {
			continue
		}
		c, ok := number[h[i].Client]
		if !ok {
			c = int32(len(s.clients))
			number[h[i].Client] = c
			s.clients = append(s.clients, nil)
		}
		s.client[i] = c
		s.append(c, int32(i))
	}
	return s
}

// append puts an operation on the first chain of its client that is free.
func (s *sessions) append(client, i int32) {
	at := slices.IndexFunc(s.clients[client], func(c int32) bool {
		ops := s.chains[c]
		return s.h[ops[len(ops)-1]].Return <= s.h[i].Invoke
	})
	if at < 0 {
		at = len(s.clients[client])
		s.clients[client] = append(s.clients[client], int32(len(s.chains)))
		s.chains = append(s.chains, nil)
	}
	c := s.clients[client][at]
	s.chain[i], s.place[i] = c, int32(len(s.chains[c]))
	s.chains[c] = append(s.chains[c], i)
}

// before returns the last operation on each chain of its client that comes before an operation.
func (s *sessions) before(i int32, dst []int32) []int32 {
	for _, c := range s.clients[s.client[i]] {
		ops := s.chains[c]
		n := int(s.place[i])
		if c != s.chain[i] {
			n, _ = slices.BinarySearchFunc(ops, i, func(o, i int32) int {
				if o < i && s.h[o].Return <= s.h[i].Invoke {
					return -1
				}
				return 1
			})
		}
		if n > 0 {
			dst = append(dst, ops[n-1])
		}
	}
	return dst
}

// moment is an invocation or a response in a session.
type moment struct {
	op       int32
	response bool
}

// walk returns what happened in a client's session in order: an operation is after another if its invocation is after
// the other's response.
func (s *sessions) walk(client int) []moment {
	var ops []int32
	for _, c := range s.clients[client] {
		ops = append(ops, s.chains[c]...)
	}
	slices.Sort(ops)
	var w []moment
	ends := slices.Clone(ops)
	slices.SortStableFunc(ends, func(a, b int32) int {
		return cmp.Or(compareTime(s.h[a].Return, s.h[b].Return), cmp.Compare(a, b))
	})
	for _, i := range ops {
		for len(ends) > 0 && ends[0] < i && s.h[ends[0]].Return <= s.h[i].Invoke {
			w = append(w, moment{ends[0], true})
			ends = ends[1:]
		}
		w = append(w, moment{i, false})
	}
	for _, i := range ends {
		if s.h[i].Return != sim.Never {
			w = append(w, moment{i, true})
		}
	}
	return w
}

package overload

import (
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// waiting is a request in the queue.
type waiting struct {
	from  sim.NodeID
	ask   kv.Request
	since sim.Local
}

// late reports whether nobody waits for the request any more.
func (x *waiting) late(now sim.Local, patience time.Duration) bool {
	waited := now.Sub(x.since)
	return x.ask.Within > 0 && waited > x.ask.Within || patience > 0 && waited > patience
}

// queue is the requests that wait, in the order in which they came: a slice whose front moves.
type queue struct {
	list  []waiting
	front int
}

func (q *queue) len() int { return len(q.list) - q.front }

func (q *queue) push(x waiting) { q.list = append(q.list, x) }

// pop takes the request whose turn it is.
func (q *queue) pop(d Discipline) waiting {
	if d == LIFO {
		x := q.list[len(q.list)-1]
		q.list = q.list[:len(q.list)-1]
		return x
	}
	x := q.list[q.front]
	q.front++
	if q.front > len(q.list)/2 { // each request is moved once on average
		q.list = append(q.list[:0], q.list[q.front:]...)
		q.front = 0
	}
	return x
}

func (q *queue) clone() queue { return queue{slices.Clone(q.list), q.front} }

package vector

import "fmt"

// Vector is a vector time: for each process, how many of its events are known. Components beyond its end count as 0.
type Vector []uint64

// Order is how two events are related, as their vectors tell.
type Order uint8

// The relations of two vectors V(a) and V(b).
const (
	Equal      Order = iota // the same event
	Before                  // a happened before b
	After                   // b happened before a
	Concurrent              // neither
)

func (o Order) String() string {
	switch o {
	case Equal:
		return "equal"
	case Before:
		return "before"
	case After:
		return "after"
	case Concurrent:
		return "concurrent"
	}
	return fmt.Sprintf("order(%d)", uint8(o))
}

// Compare tells how v and w are related: v is Before w if no component of v is greater than w's and some is less.
func (v Vector) Compare(w Vector) Order {
	less, greater := false, false
	for i := range max(len(v), len(w)) {
		a, b := v.at(i), w.at(i)
		less = less || a < b
		greater = greater || a > b
	}
	switch {
	case less && greater:
		return Concurrent
	case less:
		return Before
	case greater:
		return After
	}
	return Equal
}

// Before reports whether the event of v happened before that of w.
func (v Vector) Before(w Vector) bool { return v.Compare(w) == Before }

// Merge returns the least vector that is not below v or w: all that is known of either. It shares memory with neither.
func (v Vector) Merge(w Vector) Vector {
	m := make(Vector, max(len(v), len(w)))
	for i := range m {
		m[i] = max(v.at(i), w.at(i))
	}
	return m
}

func (v Vector) at(i int) uint64 {
	if i < len(v) {
		return v[i]
	}
	return 0
}

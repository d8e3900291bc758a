package quorum

import (
	"errors"
	"fmt"
	"math/bits"
)

// Set is a set of replicas by their place, a bit each: place 0 is the lowest.
type Set uint64

// Has reports whether place i is in the set.
func (s Set) Has(i int) bool { return s>>i&1 != 0 }

// With returns the set with place i in it.
func (s Set) With(i int) Set { return s | 1<<i }

// Len returns how many places are in the set.
func (s Set) Len() int { return bits.OnesCount64(uint64(s)) }

// all returns the set of places 0 to n-1.
func all(n int) Set { return Set(1)<<n - 1 }

// System is a quorum system: which sets of replicas are enough to read, and which to write. A set that contains a quorum
// is enough. Replicas are named by their place: in ABD the number of the server, in Dynamo the place in the key's
// preference list.
type System interface {
	Size() int      // how many replicas there are, at most maxReplicas
	Read(Set) bool  // the set contains a read quorum
	Write(Set) bool // the set contains a write quorum
	Validate() error
}

// maxReplicas bounds the size of a quorum system.
const maxReplicas = 63

// Threshold is Gifford's voting with one vote each (SOSP 1979), and Dynamo's N, R and W: any R replicas are enough to
// read, any W to write. Nothing says that the two intersect.
type Threshold struct{ N, R, W int }

// Majority is the threshold system in which any two quorums intersect: more than half of n.
func Majority(n int) Threshold { return Threshold{N: n, R: n/2 + 1, W: n/2 + 1} }

// ReadOneWriteAll is the threshold system with the cheapest reads.
func ReadOneWriteAll(n int) Threshold { return Threshold{N: n, R: 1, W: n} }

func (t Threshold) Size() int        { return t.N }
func (t Threshold) Read(s Set) bool  { return s.Len() >= t.R }
func (t Threshold) Write(s Set) bool { return s.Len() >= t.W }
func (t Threshold) String() string {
	return fmt.Sprintf("%d of %d to read, %d to write", t.R, t.N, t.W)
}

// Validate reports thresholds that are not in 1 to N.
func (t Threshold) Validate() error {
	var errs []error
	if t.N < 1 || t.N > maxReplicas {
		errs = append(errs, fmt.Errorf("quorum: Threshold.N is %d, want 1 to %d", t.N, maxReplicas))
	}
	if t.R < 1 || t.R > t.N {
		errs = append(errs, fmt.Errorf("quorum: Threshold.R is %d, want 1 to N, which is %d", t.R, t.N))
	}
	if t.W < 1 || t.W > t.N {
		errs = append(errs, fmt.Errorf("quorum: Threshold.W is %d, want 1 to N, which is %d", t.W, t.N))
	}
	return errors.Join(errs...)
}

// Weighted is Gifford's voting: replica i has Votes[i] votes; R of them are enough to read and W to write. R + W > total
// makes each read quorum meet each write quorum, 2 W > total makes write quorums meet each other.
type Weighted struct {
	Votes []int
	R, W  int
}

func (w Weighted) votes(s Set) int {
	n := 0
	for i, v := range w.Votes {
		if s.Has(i) {
			n += v
		}
	}
	return n
}

func (w Weighted) Size() int        { return len(w.Votes) }
func (w Weighted) Read(s Set) bool  { return w.votes(s) >= w.R }
func (w Weighted) Write(s Set) bool { return w.votes(s) >= w.W }
func (w Weighted) String() string {
	return fmt.Sprintf("votes %v, %d to read, %d to write", w.Votes, w.R, w.W)
}

// Validate reports votes and thresholds by which quorums need not intersect, or cannot be had.
func (w Weighted) Validate() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("quorum: Weighted."+format, args...))
	}
	if len(w.Votes) < 1 || len(w.Votes) > maxReplicas {
		bad("Votes has %d replicas, want 1 to %d", len(w.Votes), maxReplicas)
	}
	total := w.votes(all(len(w.Votes)))
	for i, v := range w.Votes {
		if v < 0 {
			bad("Votes[%d] is %d, want 0 or more", i, v)
		}
	}
	if w.R < 1 || w.R > total {
		bad("R is %d, want 1 to the total, which is %d", w.R, total)
	}
	if w.W < 1 || w.W > total {
		bad("W is %d, want 1 to the total, which is %d", w.W, total)
	}
	if w.R+w.W <= total {
		bad("R + W is %d, want more than the total, which is %d", w.R+w.W, total)
	}
	if 2*w.W <= total {
		bad("W is %d, want more than half of the total, which is %d", w.W, total)
	}
	return errors.Join(errs...)
}

// Grid lays Rows x Columns replicas out row by row: a read quorum has one replica of every column, a write quorum has
// that and one whole column besides (Cheung, Ammar, Ahamad, The Grid Protocol, TKDE 4(6), 1992).
type Grid struct{ Rows, Columns int }

func (g Grid) Size() int      { return g.Rows * g.Columns }
func (g Grid) String() string { return fmt.Sprintf("grid of %d x %d", g.Rows, g.Columns) }

// column returns how many replicas of column c are in the set.
func (g Grid) column(s Set, c int) int {
	n := 0
	for r := range g.Rows {
		if s.Has(r*g.Columns + c) {
			n++
		}
	}
	return n
}

func (g Grid) Read(s Set) bool {
	for c := range g.Columns {
		if g.column(s, c) == 0 {
			return false
		}
	}
	return true
}

func (g Grid) Write(s Set) bool {
	whole := false
	for c := range g.Columns {
		whole = whole || g.column(s, c) == g.Rows
	}
	return whole && g.Read(s)
}

// Validate reports a grid without rows or columns.
func (g Grid) Validate() error {
	if g.Rows < 1 || g.Columns < 1 || g.Rows*g.Columns > maxReplicas {
		return fmt.Errorf("quorum: Grid is %d x %d, want at least 1 x 1 and at most %d replicas", g.Rows, g.Columns, maxReplicas)
	}
	return nil
}

// Intersects reports, for a system of at most 20 replicas, whether every read quorum meets every write quorum, and
// whether every two write quorums meet. It tries all sets: two quorums miss each other if and only if some set contains
// one and its complement the other.
func Intersects(q System) (readWrite, writeWrite bool) {
	readWrite, writeWrite = true, true
	whole := all(q.Size())
	for s := Set(0); s <= whole; s++ {
		if !q.Write(s) {
			continue
		}
		rest := whole &^ s
		readWrite = readWrite && !q.Read(rest)
		writeWrite = writeWrite && !q.Write(rest)
	}
	return readWrite, writeWrite
}

// Availability returns, for a system of at most 20 replicas which are up with probability up each, independently, the
// probabilities that the replicas that are up contain a read quorum, and a write quorum.
func Availability(q System, up float64) (read, write float64) {
	n := q.Size()
	ofSize := make([]float64, n+1) // the probability of one set of so many
	for k := range ofSize {
		p := 1.0
		for i := range n {
			if i < k {
				p = float64(p * up)
			} else {
				p = float64(p * (1 - up))
			}
		}
		ofSize[k] = p
	}
	for s := Set(0); s <= all(n); s++ {
		p := ofSize[s.Len()]
		if q.Read(s) {
			read += p
		}
		if q.Write(s) {
			write += p
		}
	}
	return read, write
}

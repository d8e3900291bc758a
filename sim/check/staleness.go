package check

import (
	"cmp"
	"slices"
	"time"

	"lightcone/sim"
)

// ReadAge says how old what a read returned was.
type ReadAge struct {
	Op       int           // the read's place in the history
	Versions int           // newer versions whose write had returned when the read was invoked; 0 is fresh
	Behind   time.Duration // how long ago, in true time, the first of them had returned when the read was invoked
}

// Staleness says how old the values are that reads return: k-staleness in versions, t-staleness in time (Bailis et al.,
// Probabilistically Bounded Staleness, VLDB 2012, section 3).
//
// A read is stale if it returns a version older than one whose write had returned before the read was invoked: the rule
// that R+W>N is about. It says nothing of reads that overlap a write. An inversion is a read that returns a version
// older than one which another read had already returned before this one was invoked; a history can be free of stale
// reads and have inversions, and is then not linearizable.
type Staleness struct {
	Ages       []ReadAge // of the reads that could be judged, in the order of the history
	Skipped    int       // reads that could not: of keys appended to or deleted, or with a value written twice; of what nobody wrote
	Stale      int       // reads with Versions > 0
	Inversions [][2]int  // the places of two reads: the later returned an older version
}

// Share returns the share of the judged reads that were stale, 0 if there were none.
func (s *Staleness) Share() float64 {
	if len(s.Ages) == 0 {
		return 0
	}
	return float64(s.Stale) / float64(len(s.Ages))
}

// Within returns how many reads returned one of the k newest versions, as counted by ReadAge.Versions: the k-freshness
// of Bailis et al. is their share. Within(1) are the fresh ones.
func (s *Staleness) Within(k int) int {
	n := 0
	for _, a := range s.Ages {
		if a.Versions < k {
			n++
		}
	}
	return n
}

// WithinTime returns how many reads returned a version that was the newest at most d before they were invoked.
func (s *Staleness) WithinTime(d time.Duration) int {
	n := 0
	for _, a := range s.Ages {
		if a.Versions == 0 || a.Behind <= d {
			n++
		}
	}
	return n
}

// MeasureStaleness judges every read of a key whose written values are unique. What returns at the moment at which a read
// is invoked has not returned before it, also if it is of the same client.
//
// Which of two versions is older: as versions lists them, if it is not nil (Options.Versions). Else by true time: the
// one that certainly took effect, since its write or a read of it had returned, before the write of the other was
// invoked; versions that are not ordered so count as equally new. It takes n log n time.
func MeasureStaleness(h History, versions func(key string) []string) Staleness {
	var s Staleness
	p := partition(h)
	for n := range p.keys {
		k := keyAges{h: h, ops: p.of(n), s: &s, version: map[string]*version{}}
		if versions != nil {
			k.listed = versions(p.keys[n])
		}
		k.judge()
	}
	slices.SortStableFunc(s.Ages, func(a, b ReadAge) int { return cmp.Compare(a.Op, b.Op) })
	slices.SortStableFunc(s.Inversions, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	return s
}

// version is one written value of a key. A version is newer than another if it begins after the other was settled:
// positions in true time, or in a list of versions.
type version struct {
	begins, settled sim.Time
}

// keyAges judges the reads of one key.
type keyAges struct {
	h       History
	ops     []int32
	listed  []string
	s       *Staleness
	version map[string]*version
	writes  []int32 // acknowledged writes, in the order in which they begin
	reads   []int32 // that are judged
}

func (k *keyAges) judge() {
	if k.opaque() {
		return
	}
	k.version[""] = &version{beginning, beginning} // of a missing key, which no read with a value shares
	for _, i := range k.ops {
		if o := &k.h[i]; o.Outcome != Failed && o.sets() {
			k.version[named(o.Op.Value)] = &version{o.Invoke, o.Return}
			if o.Outcome == OK {
				k.writes = append(k.writes, i)
			}
		}
	}
	for _, i := range k.ops {
		if o := &k.h[i]; o.Op.Kind == Get && o.Outcome == OK {
			if v := k.version[o.returned()]; v != nil {
				v.settled = min(v.settled, o.Return)
				k.reads = append(k.reads, i)
			} else {
				k.s.Skipped++
			}
		}
	}
	if k.listed != nil {
		k.position()
	}
	slices.SortStableFunc(k.writes, func(a, b int32) int { return cmp.Compare(k.begins(a), k.begins(b)) })
	k.ages()
	k.inversions()
}

// opaque reports whether what was done to the key leaves it open which version a read returned, and then skips its
// reads.
func (k *keyAges) opaque() bool {
	open, written := false, map[string]bool{}
	for _, i := range k.ops {
		o := &k.h[i]
		open = open || o.Op.Kind == Append || o.Op.Kind == Delete
		if o.Outcome != Failed && o.sets() {
			open = open || written[o.Op.Value]
			written[o.Op.Value] = true
		}
	}
	for _, i := range k.ops {
		if o := &k.h[i]; open && o.Op.Kind == Get && o.Outcome == OK {
			k.s.Skipped++
		}
	}
	return open
}

// sets reports whether the operation sets the key to its value, or may have.
func (o *Operation) sets() bool {
	return o.Op.Kind == Put || o.Op.Kind == CompareAndSwap && (o.Outcome == Unknown || o.Result.Swapped)
}

// named is how a value is looked up, apart from no value at all.
func named(value string) string { return "=" + value }

func (o *Operation) returned() string {
	if !o.Result.Found {
		return ""
	}
	return named(o.Result.Value)
}

// position goes by the list of versions instead of true time. Those that are not listed stay out of it: they are newer
// than none, and none is newer than they are.
func (k *keyAges) position() {
	for _, v := range k.version { //det:ok all are set alike
		v.begins, v.settled = beginning, sim.Never
	}
	k.version[""].settled = beginning
	for n, value := range k.listed {
		if v := k.version[named(value)]; v != nil {
			v.begins, v.settled = sim.Time(n), sim.Time(n)
		}
	}
}

// begins is where the version of a write begins.
func (k *keyAges) begins(write int32) sim.Time { return k.version[named(k.h[write].Op.Value)].begins }

// ages counts for each read the versions that are newer than what it returned, and acknowledged before it was invoked.
func (k *keyAges) ages() {
	n := len(k.writes)
	first := make([]sim.Time, n+1) // the earliest return of a write from here on
	first[n] = sim.Never
	for i := n - 1; i >= 0; i-- {
		first[i] = min(first[i+1], k.h[k.writes[i]].Return)
	}
	byReturn := make([]int, n)
	for i := range byReturn {
		byReturn[i] = i
	}
	slices.SortStableFunc(byReturn, func(a, b int) int { return cmp.Compare(k.h[k.writes[a]].Return, k.h[k.writes[b]].Return) })
	acknowledged, next := make(tally, n+1), 0
	for _, i := range k.reads { // in the order in which they were invoked
		r := &k.h[i]
		for next < n && k.h[k.writes[byReturn[next]]].Return < r.Invoke {
			acknowledged.add(byReturn[next])
			next++
		}
		settled := k.version[r.returned()].settled
		from, _ := slices.BinarySearchFunc(k.writes, settled, func(w int32, t sim.Time) int {
			if k.begins(w) > t {
				return 1
			}
			return -1
		})
		age := ReadAge{Op: int(i), Versions: acknowledged.sum(n) - acknowledged.sum(from)}
		if age.Versions > 0 {
			age.Behind = r.Invoke.Sub(first[from])
			k.s.Stale++
		}
		k.s.Ages = append(k.s.Ages, age)
	}
}

// inversions finds the reads that returned an older version than a read that had returned before.
func (k *keyAges) inversions() {
	byReturn := slices.Clone(k.reads)
	slices.SortStableFunc(byReturn, func(a, b int32) int { return cmp.Compare(k.h[a].Return, k.h[b].Return) })
	newest, at, next := beginning, int32(noOp), 0
	for _, i := range k.reads {
		r := &k.h[i]
		for next < len(byReturn) && k.h[byReturn[next]].Return < r.Invoke {
			if b := k.version[k.h[byReturn[next]].returned()].begins; b > newest {
				newest, at = b, byReturn[next]
			}
			next++
		}
		if at != noOp && k.version[r.returned()].settled < newest {
			k.s.Inversions = append(k.s.Inversions, [2]int{int(at), int(i)})
		}
	}
}

// tally counts marks at places, and those before a place, in log n time each (Fenwick, A New Data Structure for
// Cumulative Frequency Tables, 1994).
type tally []int

func (t tally) add(at int) {
	for i := at + 1; i < len(t); i += i & -i {
		t[i]++
	}
}

// sum is how many marks are at places below to.
func (t tally) sum(to int) (n int) {
	for i := to; i > 0; i -= i & -i {
		n += t[i]
	}
	return n
}

package quorum

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// Stamp orders versions: by Time, then Count, then Writer. In ABD Time is 0 and (Count, Writer) is the timestamp of the
// paper. By wall clock Count is 0; by hybrid clock Time and Count are its two parts. The zero Stamp is that of a key
// which nobody wrote.
type Stamp struct {
	Time   sim.Local
	Count  uint64
	Writer sim.NodeID
}

// compare is negative if s comes before t, positive if after, 0 if they are the same.
func (s Stamp) compare(t Stamp) int {
	switch {
	case s.Time != t.Time:
		return sign(s.Time < t.Time)
	case s.Count != t.Count:
		return sign(s.Count < t.Count)
	case s.Writer != t.Writer:
		return sign(s.Writer < t.Writer)
	}
	return 0
}

func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}

func (s Stamp) String() string {
	switch {
	case s.Time == 0:
		return fmt.Sprintf("%d.%v", s.Count, s.Writer)
	case s.Count == 0:
		return fmt.Sprintf("%v.%v", s.Time, s.Writer)
	}
	return fmt.Sprintf("%v+%d.%v", s.Time, s.Count, s.Writer)
}

// Version is one value of a key, or that it was deleted (a tombstone).
type Version struct {
	Value   string
	Deleted bool
	Stamp   Stamp
	Dot     Dot     // version vectors: the name of the write
	Context Context // version vectors: the writes that it replaces
}

func (v Version) String() string {
	value := v.Value
	if v.Deleted {
		value = "(deleted)"
	}
	if v.Dot != (Dot{}) {
		return fmt.Sprintf("%s@%v%v", value, v.Dot, v.Context)
	}
	return fmt.Sprintf("%s@%v", value, v.Stamp)
}

// compare orders versions by Stamp; ties, which two writes of one tick of one wall clock can make, by what they say.
// A tombstone beats a value, as in Cassandra.
func (v Version) compare(w Version) int {
	if c := v.Stamp.compare(w.Stamp); c != 0 {
		return c
	}
	if v.Deleted != w.Deleted {
		return sign(w.Deleted)
	}
	return strings.Compare(v.Value, w.Value)
}

// same reports whether two versions are one.
func (v Version) same(w Version) bool { return v.Dot == w.Dot && v.compare(w) == 0 }

// newest returns the version that a client sees of several siblings: that with the greatest stamp. ok is false if there
// is none.
func newest(versions []Version) (v Version, ok bool) {
	for _, w := range versions {
		if !ok || w.compare(v) > 0 {
			v, ok = w, true
		}
	}
	return v, ok
}

// equal reports whether two sets of versions, each in the order of merge, are the same.
func equal(a, b []Version) bool { return slices.EqualFunc(a, b, Version.same) }

// allDeleted reports whether the versions are tombstones, which nothing at all is as good as.
func allDeleted(versions []Version) bool {
	return !slices.ContainsFunc(versions, func(v Version) bool { return !v.Deleted })
}

// rule is how versions of a key compete.
type rule struct {
	vector bool // by version vectors; else the last write wins
	bug    Bug
}

// merge returns what two replicas' versions of a key come to: by last write wins the greatest, by version vectors all
// that no other replaces, in the order of their dots. It is commutative, associative and idempotent, and returns have
// itself if got adds nothing.
func (r rule) merge(have, got []Version) []Version {
	switch {
	case len(got) == 0:
		return have
	case len(have) == 0:
		return got
	case r.vector:
		return r.mergeSiblings(have, got)
	case r.later(got[0], have[0]):
		return got
	}
	return have
}

// later reports whether v wins over w.
func (r rule) later(v, w Version) bool {
	if r.bug == NoTieBreak {
		return v.Stamp.Time > w.Stamp.Time
	}
	return v.compare(w) > 0
}

func (r rule) mergeSiblings(have, got []Version) []Version {
	if covers(have, got) {
		return have
	}
	var out []Version
	for _, v := range have {
		if !replaced(v, got) {
			out = append(out, v)
		}
	}
	for _, v := range got {
		if !replaced(v, have) && !slices.ContainsFunc(out, v.same) {
			out = append(out, v)
		}
	}
	slices.SortStableFunc(out, func(a, b Version) int { return a.Dot.compare(b.Dot) })
	if r.bug == SiblingsDropped {
		v, _ := newest(out)
		return []Version{v}
	}
	return out
}

// replaced reports whether one of the versions has v in its context.
func replaced(v Version, by []Version) bool {
	return slices.ContainsFunc(by, func(w Version) bool { return w.Context.Covers(v.Dot) })
}

// covers reports whether each of the versions in got is among have, or replaced by one of them.
func covers(have, got []Version) bool {
	for _, v := range got {
		if !slices.ContainsFunc(have, v.same) && !replaced(v, have) {
			return false
		}
	}
	return true
}

// atLeast reports whether have is got or came after it: merging got into it would change nothing.
func (r rule) atLeast(have, got []Version) bool {
	switch {
	case len(got) == 0:
		return true
	case len(have) == 0:
		return false
	case r.vector:
		return covers(have, got)
	}
	return have[0].compare(got[0]) >= 0
}

package primarybackup

import (
	"slices"

	"lightcone/protocols/kv"
)

// Entry is a command, and the view in which its primary put it into the log.
type Entry struct {
	View    Number
	Command kv.Command
}

// Span says that the entries up to Last, from where the span before it ends, were made in View. The spans of a log are
// its history: they tell which of two logs has what (in Kafka the leader epochs, KIP-101).
type Span struct {
	View Number
	Last uint64
}

// log is what follows a snapshot. Its entries are numbered from 1. The entry at a place is known by the view in which it
// was made, as a view has one primary, which puts one entry there.
type log struct {
	base    Position // where the snapshot ends
	baseSum uint64
	entries []Entry  // never changed in place: parts of it are in messages
	sums    []uint64 // of the whole log up to each entry
	spans   []Span   // from the first entry ever
}

func (l *log) last() uint64 { return l.base.Index + uint64(len(l.entries)) }

func (l *log) end() Position { return l.position(l.last()) }

// position is the place of the entry at index i, from base.Index to last.
func (l *log) position(i uint64) Position {
	if i == l.base.Index {
		return l.base
	}
	return Position{l.entries[i-l.base.Index-1].View, i}
}

// has reports whether it is known to have the entry at a place.
func (l *log) has(p Position) bool {
	return l.base.Index <= p.Index && p.Index <= l.last() && l.position(p.Index) == p
}

func (l *log) entry(i uint64) Entry { return l.entries[i-l.base.Index-1] }

// sum is a hash of the whole log up to i, from base.Index to last: two logs with the same sum there are the same there.
func (l *log) sum(i uint64) uint64 {
	if i == l.base.Index {
		return l.baseSum
	}
	return l.sums[i-l.base.Index-1]
}

// part returns at most n entries from index i.
func (l *log) part(i uint64, n int) []Entry {
	from := int(i - l.base.Index - 1)
	to := min(len(l.entries), from+n)
	return l.entries[from:to:to]
}

func (l *log) append(e Entry) {
	sum := mix(mix(l.sum(l.last()), uint64(e.View)), e.Command.Hash())
	l.entries, l.sums = append(l.entries, e), append(l.sums, sum)
	if n := len(l.spans); n > 0 && l.spans[n-1].View == e.View {
		l.spans[n-1].Last = l.last()
	} else {
		l.spans = append(l.spans, Span{e.View, l.last()})
	}
}

// truncate removes the entries from index i on.
func (l *log) truncate(i uint64) {
	n := int(i - l.base.Index - 1)
	l.entries, l.sums = slices.Clone(l.entries[:n]), slices.Clone(l.sums[:n])
	l.spans = cut(l.spans, i-1)
}

// cut returns a copy of the spans up to last.
func cut(spans []Span, last uint64) []Span {
	var c []Span
	for _, s := range spans {
		if n := len(c); n > 0 && c[n-1].Last >= last || last == 0 {
			break
		}
		c = append(c, Span{s.View, min(s.Last, last)})
	}
	return c
}

// compact removes the entries up to the end of a snapshot.
func (l *log) compact(s *Snapshot) {
	n := int(s.At.Index - l.base.Index)
	l.entries, l.sums = slices.Clone(l.entries[n:]), slices.Clone(l.sums[n:])
	l.base, l.baseSum = s.At, s.Sum
}

// snapshot returns what a snapshot of the store at index i says.
func (l *log) snapshot(i uint64, store *kv.Store) *Snapshot {
	return &Snapshot{At: l.position(i), Sum: l.sum(i), Store: store, Spans: cut(l.spans, i)}
}

// after returns the empty log that follows a snapshot.
func after(s *Snapshot) log { return log{base: s.At, baseSum: s.Sum, spans: slices.Clone(s.Spans)} }

func (l log) clone() log {
	l.entries, l.sums, l.spans = slices.Clone(l.entries), slices.Clone(l.sums), slices.Clone(l.spans)
	return l
}

// mix goes on with a running hash.
func mix(h, x uint64) uint64 {
	x = (h^x)*0x9e3779b97f4a7c15 + x
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // the middle of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014)
	return x ^ x>>27
}

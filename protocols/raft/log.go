package raft

import (
	"slices"

	"lightcone/protocols/consensus"
)

// The words of the paper, and of those who judge it.
type (
	Index = consensus.Index
	Term  = consensus.Term
)

// Entry is one entry of the log. Data is a kv.Command, a Configuration, or nil: the empty entry at the start of a term.
type Entry struct {
	Term Term
	Data any

	hash uint64 // of Data, for those who judge: the leader's work, so that nobody else need do it; 0 if it was not done
}

// log is a server's log: what a snapshot stands for, up to and with offset, and the entries after it. Slices of entries
// are sent and persisted without being copied, so no entry is ever written over: after a truncation the next append
// moves to a new array.
type log struct {
	offset     Index // the last index of the snapshot; 0 for none
	offsetTerm Term  // its term
	entries    []Entry
}

func (l *log) first() Index { return l.offset + 1 }
func (l *log) last() Index  { return l.offset + Index(len(l.entries)) }

func (l *log) lastTerm() Term {
	if n := len(l.entries); n > 0 {
		return l.entries[n-1].Term
	}
	return l.offsetTerm
}

// at returns the entry at an index from first to last.
func (l *log) at(i Index) *Entry { return &l.entries[i-l.offset-1] }

// term returns the term of the entry at an index; ok is false where the log does not reach, before and after.
func (l *log) term(i Index) (t Term, ok bool) {
	switch {
	case i == l.offset:
		return l.offsetTerm, true
	case i < l.offset || i > l.last():
		return 0, false
	}
	return l.at(i).Term, true
}

// slice returns the entries from one index to another, both included.
func (l *log) slice(from, to Index) []Entry {
	if from > to {
		return nil
	}
	i, j := from-l.offset-1, to-l.offset
	return l.entries[i:j:j]
}

// append adds entries. The array doubles when it is full: a log grows for as long as a run lasts, and growing by a quarter
// each time would copy it four times over.
func (l *log) append(e ...Entry) {
	if n := len(l.entries); n+len(e) > cap(l.entries) {
		l.entries = slices.Grow(l.entries, max(n, len(e)))
	}
	l.entries = append(l.entries, e...)
}

// truncate drops the entries from an index on.
func (l *log) truncate(from Index) {
	if from <= l.last() {
		l.entries = slices.Clip(l.entries[:from-l.offset-1])
	}
}

// compact drops the entries up to an index, which a snapshot stands for.
func (l *log) compact(to Index, term Term) {
	var rest []Entry
	if to < l.last() {
		rest = slices.Clone(l.slice(to+1, l.last()))
	}
	l.offset, l.offsetTerm, l.entries = to, term, rest
}

// firstOfTerm returns the first index with the term that the entry at i has.
func (l *log) firstOfTerm(i Index) Index {
	t, _ := l.term(i)
	for i > l.first() && l.at(i-1).Term == t {
		i--
	}
	return i
}

// lastUpTo returns the last index, at most i, of an entry whose term is at most t; offset if there is none.
func (l *log) lastUpTo(i Index, t Term) Index {
	i = min(i, l.last())
	for i > l.offset && l.at(i).Term > t {
		i--
	}
	return i
}

func (l *log) clone() log {
	c := *l
	c.entries = slices.Clip(l.entries)
	return c
}

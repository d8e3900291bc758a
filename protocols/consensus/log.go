package consensus

import (
	"fmt"
	"slices"
)

// mirror is a copy of a server's log, as it was when last looked at.
type mirror struct {
	first   Index
	entries []Entry
}

func (m *mirror) last() Index { return m.first + Index(len(m.entries)) - 1 }

// update makes the copy good again. It returns the first place that is new, and the places of the old log, from cut to
// end-1, that are no longer what they were; none if cut == end. It looks back from the end of the log only as far as
// it differs: a change in the middle under an end that stays is not seen.
func (m *mirror) update(n Node) (fresh, cut, end Index) {
	first, last := n.First(), n.Last()
	if m.entries == nil {
		m.first = first
	}
	end = m.last() + 1
	keep := min(m.last(), last)
	for keep >= max(first, m.first) && n.Entry(keep) != m.entries[keep-m.first] {
		keep--
	}
	cut = keep + 1
	switch {
	case first > keep+1 || first < m.first: // a snapshot took the place of the log
		m.first, m.entries = first, m.entries[:0]
		cut = min(cut, end)
	default:
		m.entries = m.entries[first-m.first : keep+1-m.first]
		m.first = first
	}
	fresh = m.last() + 1
	if n := int(last - m.last()); n > 0 && len(m.entries)+n > cap(m.entries) {
		m.entries = slices.Grow(m.entries, max(n, len(m.entries)))
	}
	for i := fresh; i <= last; i++ {
		m.entries = append(m.entries, n.Entry(i))
	}
	return fresh, cut, end
}

// leaderAppendOnly: a leader never overwrites or deletes entries in its log; it only appends new entries (Raft, figure
// 3).
func leaderAppendOnly(servers int) func(change) error {
	logs := make([]mirror, servers)
	led := make([]Term, servers) // the term that a server led when last looked at; 0 for none
	return func(c change) error {
		if c.node == nil || !c.node.Leader() {
			led[c.id] = 0
			return nil
		}
		t := c.node.Term()
		if led[c.id] != t {
			led[c.id], logs[c.id] = t, mirror{}
		}
		if _, cut, end := logs[c.id].update(c.node); cut < end {
			return fmt.Errorf("%v, which leads term %d, changed its log from %d on, which went up to %d", c.id, t, cut, end-1)
		}
		return nil
	}
}

// logMatching: if two logs contain an entry with the same index and term, then the logs are identical in all entries up
// through the given index (Raft, figure 3). Identical by induction: the same index and term always mean the same entry,
// and the same term before it. Logs that were lost meanwhile count.
func logMatching(servers int) func(change) error {
	logs := make([]mirror, servers)
	var places []place
	return func(c change) error {
		if c.node == nil {
			logs[c.id] = mirror{}
			return nil
		}
		fresh, _, _ := logs[c.id].update(c.node)
		if last := c.node.Last(); int(last) >= len(places) {
			places = append(places, make([]place, int(last)+1-len(places))...)
		}
		for i := fresh; i <= c.node.Last(); i++ {
			e := occupant{Entry: c.node.Entry(i), linked: true}
			if i > c.node.First() {
				e.before = c.node.Entry(i - 1).Term
			} else {
				e.linked = i == 1
			}
			if err := places[i].take(e); err != nil {
				return fmt.Errorf("the log of %v at %d, of term %d, %w", c.id, i, e.Term, err)
			}
		}
		return nil
	}
}

// occupant is an entry that was at a place of some log.
type occupant struct {
	Entry
	before Term // the term of the entry before it
	linked bool // before is known: it is not where a log begins after a snapshot
}

// place is all entries that were ever at an index. Most have one.
type place struct {
	first occupant
	more  []occupant
}

func (p *place) take(e occupant) error {
	if p.first == (occupant{}) {
		p.first = e
	}
	if p.first.Term == e.Term {
		return p.first.match(e)
	}
	for i := range p.more {
		if p.more[i].Term == e.Term {
			return p.more[i].match(e)
		}
	}
	p.more = append(p.more, e)
	return nil
}

func (o *occupant) match(e occupant) error {
	switch {
	case o.Hash != e.Hash:
		return fmt.Errorf("says %x, where another says %x", e.Hash, o.Hash)
	case !o.linked:
		o.before, o.linked = e.before, e.linked
	case e.linked && o.before != e.before:
		return fmt.Errorf("comes after one of term %d, where another comes after one of term %d", e.before, o.before)
	}
	return nil
}

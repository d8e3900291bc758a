package check

import (
	"encoding/binary"
	"slices"
)

// alone reports whether the item that returns is the only one that can change the state.
func (s *search) alone() bool {
	for p := s.next[s.closed()]; p != s.closed(); p = s.next[p] {
		if !s.items[p].pure && p != s.events[s.at].item {
			return false
		}
	}
	return s.next[s.open()] == s.open()
}

// known reports whether nothing can come of this place that did not come of one before, and remembers it.
func (s *search) known() bool {
	s.key = binary.LittleEndian.AppendUint32(s.key[:0], uint32(s.at))
	s.key = binary.LittleEndian.AppendUint32(s.key, uint32(s.state))
	for p := s.next[s.closed()]; p != s.closed(); p = s.next[p] {
		s.key = binary.LittleEndian.AppendUint32(s.key, uint32(p))
	}
	n, ok := s.seen[string(s.key)]
	if s.owes != noOp { // of such a place only a part is searched
		return ok && (s.words == 0 || within(s.opens[n], s.set))
	}
	if !ok {
		n = noOp
		if s.words > 0 {
			n = int32(len(s.opens))
			s.opens = append(s.opens, slices.Clone(s.set))
		}
		s.seen[string(s.key)] = n
		return false
	}
	if s.words == 0 || within(s.opens[n], s.set) {
		return true
	}
	s.steps += int64(len(s.opens[n]) / 8)
	s.opens[n] = append(s.opens[n], s.set...)
	return false
}

// within reports whether one of the sets is a subset of set.
func within(sets, set []uint64) bool {
	for ; len(sets) > 0; sets = sets[len(set):] {
		subset := true
		for w, bits := range set {
			if sets[w]&^bits != 0 {
				subset = false
				break
			}
		}
		if subset {
			return true
		}
	}
	return false
}

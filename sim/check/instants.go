package check

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// instants are the times at which something happens in a few operations, in order. A picture that gives each the same
// room is readable however long the run was.
type instants []sim.Time

func moments(h History) instants {
	var t instants
	for i := range h {
		t = append(t, h[i].Invoke)
		if h[i].Return != sim.Never {
			t = append(t, h[i].Return)
		}
	}
	slices.Sort(t)
	return slices.Compact(t)
}

// rank is how many of the moments are before t.
func (m instants) rank(t sim.Time) int {
	n, _ := slices.BinarySearch(m, t)
	return n
}

func compareTime(a, b sim.Time) int { return cmp.Compare(a, b) }

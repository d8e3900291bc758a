package check

import "slices"

// age compares versions: of two writes of a key, which is the older. Options say what is known of it.
type age struct {
	*causality
	ranks    map[spotValue]int // Options.Versions: by key and value, from 1
	given    bool
	realTime bool
}

// spotValue is a value of a key.
type spotValue struct {
	key   int32
	value string
}

func newAge(c *causality, o Options) *age {
	a := &age{causality: c, realTime: o.RealTime, given: o.Versions != nil, ranks: map[spotValue]int{}}
	if a.given {
		for k, key := range c.keys {
			for n, v := range o.Versions(key) {
				a.ranks[spotValue{int32(k), v}] = n + 1
			}
		}
	}
	return a
}

// rank is the place of a write among the versions that the store gave, 0 if it is not among them.
func (a *age) rank(w int32) int { return a.ranks[spotValue{a.key[w], a.dataflow.h[w].Op.Value}] }

// older reports whether write v (or fromStart) is certainly of an older version than write w of the same key.
func (a *age) older(v, w int32) bool {
	if v == w || w < 0 {
		return false
	}
	if v == fromStart {
		return true
	}
	h := a.dataflow.h
	if a.given {
		p, q := a.rank(v), a.rank(w)
		return p > 0 && q > 0 && p < q
	}
	return a.realTime && precedes(&h[v], &h[w]) || a.acyc && a.precedes(a.past, v, w)
}

// basis says in words where the order of versions is from.
func (a *age) basis() string {
	switch {
	case a.given:
		return "by the store's own order of versions"
	case a.realTime:
		return "by real time and causality"
	}
	return "by causality"
}

// front is what a session saw or wrote of a key: versions none of which is known to be older than another.
type front []sighting

// sighting is a write, and the operation by which the session had it.
type sighting struct{ write, by int32 }

// add takes a version in.
func (a *age) add(f front, s sighting) front {
	if slices.ContainsFunc(f, func(x sighting) bool { return x.write == s.write || a.older(s.write, x.write) }) {
		return f
	}
	return append(slices.DeleteFunc(f, func(x sighting) bool { return a.older(x.write, s.write) }), s)
}

// newer returns a sighting of a version newer than that of a write.
func (a *age) newer(f front, than int32) (sighting, bool) {
	for _, x := range f {
		if a.older(than, x.write) {
			return x, true
		}
	}
	return sighting{}, false
}

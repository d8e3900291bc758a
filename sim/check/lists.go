package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// list is a key to which values were only appended, every value once: what the reads returned are beginnings of one list,
// and say in which order the appends took effect. A version of it is an append with the reads that returned all up to it,
// and versions are ordered; so it is decided like a register of which the order of clusters is known. It takes time in
// proportion to what was read.
type list struct {
	h       History
	reads   []int32 // by length of what they returned
	appends []int32
	writers map[string]int32
	code    *code
}

// newList reports whether a key is a list.
func newList(h History, ops []int32) (*list, bool) {
	l := &list{h: h, writers: map[string]int32{}}
	for _, i := range ops {
		switch o := &h[i]; {
		case o.Outcome == Failed || o.Outcome == Unknown && o.Op.Kind == Get:
		case o.Op.Kind == Get:
			l.reads = append(l.reads, i)
		case o.Op.Kind != Append:
			return nil, false
		default:
			if _, twice := l.writers[o.Op.Value]; twice {
				return nil, false
			}
			l.appends = append(l.appends, i)
			l.writers[o.Op.Value] = i
		}
	}
	if len(l.appends) == 0 {
		return nil, false
	}
	values := make([]string, len(l.appends))
	for n, i := range l.appends {
		values[n] = h[i].Op.Value
	}
	slices.Sort(values)
	var ok bool
	l.code, ok = newCode(l.writers, values)
	slices.SortStableFunc(l.reads, func(a, b int32) int { return cmp.Compare(len(h[a].Result.Value), len(h[b].Result.Value)) })
	return l, ok
}

// listVersion is a state of a list.
type listVersion struct {
	ends, begins    sim.Time
	ender, beginner int32
	last            int32 // the append that made it
}

func (v *listVersion) add(i int32, o *Operation) {
	if o.Return < v.ends {
		v.ends, v.ender = o.Return, i
	}
	if o.Invoke > v.begins {
		v.begins, v.beginner = o.Invoke, i
	}
}

// decide returns the operations that show that the list cannot be, and why; no operations if it can be.
func (l *list) decide() ([]int32, string) {
	for n := 1; n < len(l.reads); n++ {
		a, b := l.reads[n-1], l.reads[n]
		if !strings.HasPrefix(l.h[b].Result.Value, l.h[a].Result.Value) {
			return sorted([]int32{a, b}), fmt.Sprintf("%s and %s read lists of which neither is the beginning of the other", l.who(a), l.who(b))
		}
	}
	longest, value := int32(noOp), ""
	if len(l.reads) > 0 {
		longest = l.reads[len(l.reads)-1]
		value = l.h[longest].Result.Value
	}
	parts, ok := l.code.split(value, nil)
	if !ok {
		return []int32{longest}, fmt.Sprintf("%s read %q, which is not made of what was appended", l.who(longest), value)
	}
	place, boundary := map[int32]int{}, map[int]int{0: 0}
	length := 0
	for n, p := range parts {
		i := l.writers[p]
		if _, twice := place[i]; twice {
			return with(i, longest), fmt.Sprintf("%s read %q, in which what %s appended is twice", l.who(longest), value, l.who(i))
		}
		place[i] = n + 1
		length += len(p)
		boundary[length] = n + 1
	}
	return l.order(place, boundary, longest, len(parts))
}

// order decides whether the versions can have followed each other. The appends that nobody saw are after all others.
func (l *list) order(place map[int32]int, boundary map[int]int, longest int32, n int) ([]int32, string) {
	versions := make([]listVersion, n+2)
	for i := range versions {
		versions[i] = listVersion{sim.Never, beginning, noOp, noOp, noOp}
	}
	for _, i := range l.appends {
		o := &l.h[i]
		if p, seen := place[i]; seen {
			versions[p].add(i, o)
			versions[p].last = i
		} else if o.Outcome == OK {
			versions[n+1].add(i, o)
		}
	}
	for _, i := range l.reads {
		o := &l.h[i]
		p, ok := boundary[len(o.Result.Value)]
		if !ok || o.Result.Found != (p > 0) {
			return []int32{i}, fmt.Sprintf("%s read %s, which is not made of what was appended", l.who(i), o.Result.read())
		}
		if last := versions[p].last; last != noOp && precedes(o, &l.h[last]) {
			return l.accuse(i, last, longest)
		}
		versions[p].add(i, o)
	}
	later := versions[n+1]
	for p := n; p >= 0; p-- {
		v := &versions[p]
		if later.ends < v.begins {
			return l.accuse(later.ender, v.beginner, longest)
		}
		if v.ends < later.ends {
			later = *v
		}
	}
	return nil, ""
}

// accuse tells that the version of early was there before that of late, though early returned before late was invoked.
func (l *list) accuse(early, late, longest int32) ([]int32, string) {
	e, o := &l.h[early], &l.h[late]
	switch {
	case e.Op.Kind == Get && o.Op.Kind == Get:
		return sorted([]int32{early, late}), fmt.Sprintf("%s read %s, after %s had read more of the list", l.who(late), o.Result.read(), l.who(early))
	case e.Op.Kind == Get:
		return sorted([]int32{early, late}), fmt.Sprintf("%s read %q before %s began to append it", l.who(early), o.Op.Value, l.who(late))
	case o.Op.Kind == Get:
		return sorted([]int32{early, late}), fmt.Sprintf("%s read %s without %q, whose append by %s had returned", l.who(late), o.Result.read(), e.Op.Value, l.who(early))
	}
	return sorted([]int32{early, late, longest}), fmt.Sprintf("%s saw %q, but not %q before it, although the append of that by %s had returned when %s began", l.who(longest), o.Op.Value, e.Op.Value, l.who(early), l.who(late))
}

// who says who did an operation, and when.
func (l *list) who(i int32) string {
	return clientName(l.h[i].Client) + " (" + when(&l.h[i]) + ")"
}

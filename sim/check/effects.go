package check

import (
	"fmt"
	"slices"
)

// EffectsOnce decides whether no append took effect twice, and none that was acknowledged was lost: by what the reads
// returned, and by the states of Options.Replicas after the run. The values appended to a key must differ, and be told
// apart where they stand one after the other: by a byte that all begin with, or end with, and have nowhere else. On a key
// that is also written in other ways, an append may have been overwritten.
func EffectsOnce(h History, o Options) Report {
	r := Report{Name: "effects-once"}
	if err := h.Validate(); err != nil {
		r.Detail = "not a history: " + oneLine(err)
		return r
	}
	p := partition(h)
	appends, skipped := 0, []string(nil)
	for n := range p.keys {
		a, ok := newAppended(h, p.of(n))
		if a == nil {
			continue
		}
		if !ok {
			skipped = append(skipped, p.keys[n])
			continue
		}
		appends += len(a.appends)
		if c := a.look(p.keys[n], o.Replicas); c != nil {
			return r.violated(h, *c)
		}
	}
	if len(skipped) > 0 {
		r.Detail = fmt.Sprintf("what was appended to key %s (%s) cannot be told apart", word(skipped[0]), count(len(skipped), "such key"))
		return r
	}
	r.Verdict = Holds
	r.Detail = fmt.Sprintf("%s took effect at most once, and the acknowledged ones did", count(appends, "append"))
	return r
}

// appended is what was appended to a key.
type appended struct {
	h       History
	ops     []int32
	appends []int32
	covers  []int32 // operations that may have removed what was there
	code    *code
}

// newAppended returns nil if nothing was appended, and false if what was cannot be told apart.
func newAppended(h History, ops []int32) (*appended, bool) {
	a := &appended{h: h, ops: ops}
	writer := map[string]int32{}
	different := true
	for _, i := range ops {
		o := &h[i]
		switch {
		case o.Outcome == Failed || o.Op.Kind == Get || o.swapFailed():
			continue
		case o.Op.Kind == Append:
			a.appends = append(a.appends, i)
		default:
			a.covers = append(a.covers, i)
		}
		if o.Op.Kind != Delete {
			_, twice := writer[o.Op.Value]
			different = different && !twice
			writer[o.Op.Value] = i
		}
	}
	if len(a.appends) == 0 {
		return nil, true
	}
	values := make([]string, 0, len(writer))
	for v := range writer { //det:ok sorted below
		values = append(values, v)
	}
	slices.Sort(values)
	var ok bool
	a.code, ok = newCode(writer, values)
	return a, ok && different
}

// look judges the key.
func (a *appended) look(key string, replicas []Replica) *complaint {
	last := ""
	for _, i := range a.ops {
		o := &a.h[i]
		if o.Outcome != OK || o.Op.Kind != Get || o.Result.Value == last && i != a.ops[len(a.ops)-1] {
			continue
		}
		last = o.Result.Value
		who := fmt.Sprintf("%s read %s = %s at %s", clientName(o.Client), word(key), o.Result.read(), when(o))
		if c := a.judge(o.Result.Value, who, i); c != nil {
			return c
		}
	}
	for _, r := range replicas {
		v, ok := r.State[key]
		if c := a.judge(v, fmt.Sprintf("%s ends with %s = %s", r.Name, word(key), Result{Value: v, Found: ok}.read()), noOp); c != nil {
			return c
		}
	}
	return nil
}

// judge looks at a value that somebody found, at the end if read is noOp.
func (a *appended) judge(value, who string, read int32) *complaint {
	parts, ok := a.code.split(value, nil)
	if !ok {
		return &complaint{with(read), who + ", which is not made of what was written"}
	}
	there := map[string]bool{}
	for _, p := range parts {
		w := a.code.values[p]
		if there[p] {
			return &complaint{with(w, read), fmt.Sprintf("%s: what %s wrote as %q took effect twice", who, clientName(a.h[w].Client), p)}
		}
		there[p] = true
	}
	for _, i := range a.appends {
		o := &a.h[i]
		if o.Outcome != OK || there[o.Op.Value] || read != noOp && !precedes(o, &a.h[read]) || a.covered(o, read) {
			continue
		}
		return &complaint{with(i, read), fmt.Sprintf("%s, without %q, which was acknowledged to %s at %v: it is lost", who, o.Op.Value, clientName(o.Client), o.Return)}
	}
	return nil
}

// covered reports whether something may have removed an append before a read.
func (a *appended) covered(o *Operation, read int32) bool {
	return slices.ContainsFunc(a.covers, func(i int32) bool {
		c := &a.h[i]
		return !precedes(c, o) && (read == noOp || !precedes(&a.h[read], c))
	})
}

// with returns the operations that there are, sorted.
func with(ops ...int32) []int32 {
	return sorted(slices.DeleteFunc(ops, func(i int32) bool { return i == noOp }))
}

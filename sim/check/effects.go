package check

import (
	"fmt"
	"slices"

	"lightcone/sim"
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
	covers  []int32    // operations that may have removed what was there, in the order of invocation
	latest  []sim.Time // by place in covers: the last response up to there
	acked   []sim.Time // when the appends were acknowledged, in order
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
			last := o.Return
			if n := len(a.latest); n > 0 {
				last = max(last, a.latest[n-1])
			}
			a.latest = append(a.latest, last)
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
	for _, i := range a.appends {
		if h[i].Outcome == OK {
			a.acked = append(a.acked, h[i].Return)
		}
	}
	slices.Sort(a.acked)
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
	var last glance
	for _, i := range a.ops {
		o := &a.h[i]
		if o.Outcome != OK || o.Op.Kind != Get {
			continue
		}
		now := glance{o.Result.Value, a.due(i), a.covering(i)}
		if now == last {
			continue
		}
		last = now
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

// glance is all that the judgement of a read depends on. The zero glance is in order.
type glance struct {
	value         string
	due, covering int
}

// judge looks at a value that somebody found, at the end if read is noOp.
func (a *appended) judge(value, who string, read int32) *complaint {
	parts, ok := a.code.split(value, nil)
	if !ok {
		return &complaint{with(read), who + ", which is not made of what was written"}
	}
	there, known := map[string]bool{}, 0
	for _, p := range parts {
		w := a.code.values[p]
		if o := &a.h[w]; o.Op.Kind == Append && o.Outcome == OK && (read == noOp || precedes(o, &a.h[read])) {
			known++
		}
		if there[p] {
			return &complaint{with(w, read), fmt.Sprintf("%s: what %s wrote as %q took effect twice", who, clientName(a.h[w].Client), p)}
		}
		there[p] = true
	}
	if known == a.due(read) {
		return nil
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

// due is how many appends had been acknowledged before a read.
func (a *appended) due(read int32) int {
	if read == noOp {
		return len(a.acked)
	}
	n, _ := slices.BinarySearch(a.acked, a.h[read].Invoke)
	return n
}

// covering is how many operations may have removed something before a read.
func (a *appended) covering(read int32) int {
	if read == noOp {
		return len(a.covers)
	}
	n, _ := slices.BinarySearchFunc(a.covers, a.h[read].Return, func(c int32, t sim.Time) int {
		if a.h[c].Invoke <= t {
			return -1
		}
		return 1
	})
	return n
}

// covered reports whether something may have removed an append before a read.
func (a *appended) covered(o *Operation, read int32) bool {
	n := a.covering(read)
	return n > 0 && a.latest[n-1] >= o.Invoke
}

// with returns the operations that there are, sorted.
func with(ops ...int32) []int32 {
	return sorted(slices.DeleteFunc(ops, func(i int32) bool { return i == noOp }))
}

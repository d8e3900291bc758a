package check

import (
	"fmt"

	"lightcone/sim"
)

// recount says of each operation what it was.
func recount(ops History) []string {
	var story []string
	for i := range ops {
		story = append(story, ops[i].sentence())
	}
	return story
}

// sentence tells an operation.
func (o *Operation) sentence() string {
	s := clientName(o.Client) + " " + o.verb()
	switch {
	case o.Outcome == Unknown:
		return s + fmt.Sprintf(", asked at %v, and never heard of it", o.Invoke)
	case o.Outcome == Failed:
		return s + fmt.Sprintf(" in vain, %s", when(o))
	}
	return s + ", " + when(o)
}

// verb says what was done.
func (o *Operation) verb() string {
	key := word(o.Op.Key)
	switch o.Op.Kind {
	case Get:
		if o.Outcome == OK {
			return fmt.Sprintf("read %s: %s", key, o.Result.read())
		}
		return "read " + key
	case Put:
		return fmt.Sprintf("wrote %s = %q", key, o.Op.Value)
	case Append:
		return fmt.Sprintf("appended %q to %s", o.Op.Value, key)
	case CompareAndSwap:
		s := fmt.Sprintf("swapped %s from %q to %q", key, o.Op.Expect, o.Op.Value)
		if o.Outcome == OK && !o.Result.Swapped {
			return fmt.Sprintf("did not swap %s to %q, as it was not %q", key, o.Op.Value, o.Op.Expect)
		}
		return s
	}
	if o.Outcome == OK && !o.Result.Found {
		return "found no " + key + " to delete"
	}
	return "deleted " + key
}

// when says from when to when an operation was under way.
func when(o *Operation) string {
	if o.Return == sim.Never {
		return fmt.Sprintf("from %v on", o.Invoke)
	}
	return fmt.Sprintf("%v..%v", o.Invoke, o.Return)
}

// noOrder is what is said if nothing better is known.
const noOrder = "no order of these operations within their times explains what they returned"

// accuse says in a sentence why operations have no linearization. untied are the same with times that say who touches
// whom, and whole is all the history.
func accuse(untied, ops, whole History) string {
	all := make([]int32, len(ops))
	for i := range all {
		all[i] = int32(i)
	}
	seen := map[string]int32{}
	if len(ops) == 1 && ops[0].Op.Kind == Get && ops[0].Result.Found {
		return accuseThin(&ops[0], whole)
	}
	if l, ok := newList(ops, all); ok {
		if bad, says := l.decide(); bad != nil {
			return says
		}
	}
	if !isRegister(ops, all, seen) {
		return noOrder
	}
	switch c, _ := zones(untied, all, seen); {
	case c.thin != noOp:
		return accuseThin(&ops[c.thin], whole)
	case c.early != noOp:
		r, w := &ops[c.early], &ops[c.a.write]
		return fmt.Sprintf("%s read %s at %s, before %s began to write it at %v", clientName(r.Client), r.Result.read(), when(r), clientName(w.Client), w.Invoke)
	case c.two:
		return accuseTwo(ops, &c.a, &c.b)
	}
	return noOrder
}

// accuseThin tells of a read whose value came from nowhere.
func accuseThin(r *Operation, whole History) string {
	said := fmt.Sprintf("%s read %s = %s at %s, ", clientName(r.Client), word(r.Op.Key), r.seen(), when(r))
	value := r.Result.Value
	if r.Op.Kind == CompareAndSwap {
		value = r.Op.Expect
	}
	for i := range whole {
		if w := &whole[i]; w.Op.Key == r.Op.Key && w.Op.Kind.Writes() && w.Op.Value == value && w.Outcome == Failed {
			return said + fmt.Sprintf("which %s failed to write at %s", clientName(w.Client), when(w))
		}
	}
	return said + "which nobody wrote"
}

// accuseTwo tells of two values each of which must have been there before the other. The initial one, or else that which
// was read last, is the one that was out of date.
func accuseTwo(ops History, a, b *cluster) string {
	if b.write == noOp || a.write != noOp && ops.beginner(b) > ops.beginner(a) {
		a, b = b, a
	}
	r := &ops[a.beginner]
	said := fmt.Sprintf("%s %s at %s", clientName(r.Client), r.verb(), when(r))
	if r.Op.Kind == Get {
		said = fmt.Sprintf("%s read %s = %s at %s", clientName(r.Client), word(r.Op.Key), r.Result.read(), when(r))
	}
	if a.write == noOp {
		return said + fmt.Sprintf(", but %s was there already", ops.known(b, b.ender))
	}
	return said + fmt.Sprintf(", but %s had %s", ops.known(b, b.ender), ops.older(a, b))
}

// beginner is when the last operation of a cluster was invoked.
func (h History) beginner(c *cluster) sim.Time {
	if c.beginner == noOp {
		return beginning
	}
	return h[c.beginner].Invoke
}

// known tells how the value of a cluster is known to have been there.
func (h History) known(c *cluster, by int32) string {
	o := &h[by]
	if o.Op.Kind == Get {
		return fmt.Sprintf("%s, which %s had read by %v,", o.Result.read(), clientName(o.Client), o.Return)
	}
	return fmt.Sprintf("%q, whose write by %s had returned at %v,", o.Op.Value, clientName(o.Client), o.Return)
}

// older tells why the value of a was there before that of b.
func (h History) older(a, b *cluster) string {
	last := &h[b.beginner]
	what := fmt.Sprintf("its write by %s began at %v", clientName(last.Client), last.Invoke)
	if last.Op.Kind == Get {
		what = fmt.Sprintf("%s read it at %s", clientName(last.Client), when(last))
	}
	switch {
	case h[a.ender].Op.Kind == Get:
		g := &h[a.ender]
		return fmt.Sprintf("replaced it: %s, after %s had read %s by %v", what, clientName(g.Client), g.Result.read(), g.Return)
	}
	w := &h[a.ender]
	return fmt.Sprintf("replaced it: %s, after the write of %q by %s had returned at %v", what, w.Op.Value, clientName(w.Client), w.Return)
}

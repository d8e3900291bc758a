package check

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/sim"
)

// Linearizable decides whether each operation can have taken effect at one moment between its invocation and its
// response, so that all results are those of one copy of the data (Herlihy & Wing 1990). Keys are judged one by one,
// which is the same (theorem 1 there). A key that was only read and written, every value once, is decided by zones in
// n log n time, and one to which values were only appended in proportion to what was read; any other by a search, which may
// run out of budget. If several clients asked at the very moment of an answer of theirs, all at the same moment, it may be
// undecided too: that each asked after its answer cannot be said by times.
func Linearizable(h History, o Options) Report {
	r := Report{Name: "linearizable"}
	if err := h.Validate(); err != nil {
		r.Detail = "not a history: " + oneLine(err)
		return r
	}
	u, exact := untie(h)
	p := partition(u)
	j := judge{h: u, budget: o.budget(), seen: map[string]int32{}, wide: true}
	var violated, undecided []int
	accused, first := 0, sim.Never
	var found evidence
	for n := range p.keys {
		switch v := j.decide(p.of(n)); v {
		case Violated:
			violated = append(violated, n)
			if e := j.evidence(p.of(n)); e.by <= first {
				accused, first, found = n, e.by, e
			}
		case Undecided:
			undecided = append(undecided, n)
		}
	}
	r.Steps = j.steps
	switch {
	case len(violated) > 0:
		r.Verdict = Violated
		r.Witness = j.witness(found, h)
		r.Detail = fmt.Sprintf("%s: %s", some(p.keys, accused, len(violated)), r.Witness.Story[0])
	case len(undecided) > 0:
		r.Detail = fmt.Sprintf("%s: undecided within %d steps each", some(p.keys, undecided[0], len(undecided)), j.budget)
	case !exact && !j.holds(untieAll(h)):
		r.Detail = "undecided, as some clients asked at the moment of their answers, several at once: it depends on who was first"
	default:
		r.Verdict = Holds
		r.Detail = fmt.Sprintf("%s on %s have a linearization", count(len(h), "operation"), count(len(p.keys), "key"))
	}
	return r
}

// holds reports whether each key of a history certainly has a linearization.
func (j *judge) holds(h History) bool {
	p := partition(h)
	other := judge{h: h, budget: j.budget, seen: j.seen}
	for n := range p.keys {
		if other.decide(p.of(n)) != Holds {
			return false
		}
	}
	return true
}

// some names one of the keys that are meant, and how many there are of how many.
func some(keys []string, one, meant int) string {
	if len(keys) == 1 {
		return "key " + word(keys[0])
	}
	return fmt.Sprintf("key %s (%d of %d)", word(keys[one]), meant, len(keys))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// judge decides single keys.
type judge struct {
	h      History
	budget int64
	steps  int64
	seen   map[string]int32
	wide   bool // it may look at windows where a search gives up
}

// decide judges the operations on one key.
func (j *judge) decide(ops []int32) Verdict {
	if isRegister(j.h, ops, j.seen) {
		j.steps += int64(len(ops))
		_, ok := zones(j.h, ops, j.seen)
		return verdict(ok)
	}
	if l, ok := newList(j.h, ops); ok {
		j.steps += int64(len(ops))
		bad, _ := l.decide()
		return verdict(bad == nil)
	}
	if j.impossible(ops) != noOp {
		return Violated
	}
	f, s := linearize(j.h, ops, j.budget)
	j.steps += s.steps
	if f == outOfBudget && j.wide {
		if _, bad := newWindows(j, ops).find(); bad {
			return Violated
		}
	}
	if f == outOfBudget {
		return Undecided
	}
	return verdict(f == found)
}

func verdict(holds bool) Verdict {
	if holds {
		return Holds
	}
	return Violated
}

// impossible returns an operation whose result nothing in the history can explain, noOp if it finds none.
func (j *judge) impossible(ops []int32) int32 {
	k := newWritten(j.h, ops)
	for _, i := range ops {
		if o := &j.h[i]; o.Outcome == OK && o.Op.Kind == Get && o.Result.Found && !k.possible(o.Result.Value) {
			return i
		}
	}
	return noOp
}

// evidence is a part of a history that has no linearization.
type evidence struct {
	ops   []int32
	by    sim.Time // no later response is needed
	since sim.Time // what was there then is not known; beginning if it does not matter
	vain  int      // operations of unknown outcome that do not help, and are not among them
}

// few operations are reduced one by one.
const few = 200

// evidence reduces the operations on a key to few that show the violation.
func (j *judge) evidence(ops []int32) evidence {
	if isRegister(j.h, ops, j.seen) {
		c, _ := zones(j.h, ops, j.seen)
		r := reduction{judge: j, until: sim.Never}
		if ops = c.ops(); len(ops) > 1 {
			ops = r.shrink(ops, r.violated)
		}
		return evidence{ops, j.latest(ops), beginning, 0}
	}
	if l, ok := newList(j.h, ops); ok {
		bad, _ := l.decide()
		return evidence{bad, j.latest(bad), beginning, 0}
	}
	if i := j.impossible(ops); i != noOp {
		return evidence{[]int32{i}, j.h[i].Return, beginning, 0}
	}
	if len(ops) > few {
		w := newWindows(j, ops)
		if win, bad := w.find(); bad {
			return w.evidence(win)
		}
	}
	r := reduction{judge: j, until: sim.Never}
	ops, by := r.reduce(slices.Clone(ops))
	return evidence{ops, by, beginning, 0}
}

// latest is the last response among some operations.
func (j *judge) latest(ops []int32) sim.Time {
	t := beginning
	for _, i := range ops {
		if j.h[i].Outcome == OK {
			t = max(t, j.h[i].Return)
		}
	}
	return t
}

// witness tells of some operations of a history that have no linearization. The judge has the same with other times.
func (j *judge) witness(e evidence, h History) *Witness {
	w := &Witness{Ops: h.pick(e.ops)}
	says := accuse(j.h.pick(e.ops), w.Ops, h)
	if i := slices.IndexFunc(e.ops, func(i int32) bool { return j.h[i].Return == e.by }); says == noOrder && i >= 0 {
		o := &w.Ops[i]
		says += fmt.Sprintf(", once %s %s (%s)", clientName(o.Client), o.verb(), when(o))
	}
	if e.since > beginning {
		says = "whatever was there before, no order of these operations within their times explains what they returned"
	}
	if e.vain > 0 {
		says += fmt.Sprintf(", nor do %s without reply", count(e.vain, "other write"))
	}
	w.Story = append([]string{says}, recount(w.Ops)...)
	return w
}

// written is what was written to a key.
type written struct {
	values map[string]int32
	code   *code
	free   bool // anything that is made of bytes can be there
}

func newWritten(h History, ops []int32) *written {
	w := &written{values: map[string]int32{}}
	appends := false
	for _, i := range ops {
		if o := &h[i]; o.Outcome != Failed && o.Op.Kind.Writes() && o.Op.Kind != Delete {
			w.values[o.Op.Value] = i
			appends = appends || o.Op.Kind == Append
		}
	}
	if appends {
		sorted := make([]string, 0, len(w.values))
		for v := range w.values { //det:ok sorted below
			sorted = append(sorted, v)
		}
		slices.Sort(sorted)
		var ok bool
		w.code, ok = newCode(w.values, sorted)
		w.free = !ok
	}
	return w
}

// possible reports whether a value can have come from what was written.
func (w *written) possible(s string) bool {
	switch {
	case w.free:
		return true
	case w.code != nil:
		_, ok := w.code.split(s, nil)
		return ok
	}
	_, ok := w.values[s]
	return ok
}

package check

import "slices"

// What a read reads from: an operation, or one of these.
const (
	fromStart   int32 = -2 // the value that was there at the beginning
	fromNowhere int32 = -3 // a value that nobody wrote
)

// dataflow says which operation read what another wrote. It is known where every value is written once, by Put or
// CompareAndSwap; a swap reads what it expected, and writes. A swap that found something else says nothing here.
type dataflow struct {
	h     History
	in    []bool  // the operation took effect
	reads []int32 // by operation: what it read from, noOp if that is nothing or unknown
	write []bool  // by operation: it wrote a value of a register
	key   []int32 // by operation
	keys  []string
	other []string // keys of which the dataflow is not known
}

// newDataflow reads a history.
func newDataflow(h History) *dataflow {
	d := &dataflow{h: h, in: make([]bool, len(h)), reads: make([]int32, len(h)), write: make([]bool, len(h)), key: make([]int32, len(h))}
	p := partition(h)
	d.keys = p.keys
	for n := range p.keys {
		for _, i := range p.of(n) {
			d.key[i], d.reads[i], d.in[i] = int32(n), noOp, h[i].Outcome == OK
		}
		if !d.register(p.of(n)) {
			d.other = append(d.other, p.keys[n])
		}
	}
	return d
}

// register follows the values of one key, if they can be followed.
func (d *dataflow) register(ops []int32) bool {
	writer := map[string]int32{}
	for _, i := range ops {
		o := &d.h[i]
		switch k := o.Op.Kind; {
		case o.Outcome == Failed || k == Get || o.swapFailed():
		case k == Append || k == Delete:
			return false
		default:
			if _, twice := writer[o.Op.Value]; twice {
				return false
			}
			writer[o.Op.Value] = i
		}
	}
	var unheard []int32 // unknown swaps that took effect
	from := func(i int32, v string) {
		w, ok := writer[v]
		if !ok {
			d.reads[i] = fromNowhere
			return
		}
		d.reads[i] = w
		if !d.in[w] {
			d.in[w] = true
			if d.h[w].Op.Kind == CompareAndSwap {
				unheard = append(unheard, w)
			}
		}
	}
	for _, i := range ops {
		switch o := &d.h[i]; {
		case o.Outcome != OK:
		case o.Op.Kind == Get && o.Result.Found:
			from(i, o.Result.Value)
		case o.Op.Kind == Get:
			d.reads[i] = fromStart
		case o.Op.Kind == CompareAndSwap && o.Result.Swapped:
			from(i, o.Op.Expect)
		}
	}
	for ; len(unheard) > 0; unheard = unheard[1:] {
		from(unheard[0], d.h[unheard[0]].Op.Expect)
	}
	for _, i := range ops {
		d.write[i] = d.in[i] && d.h[i].Op.Kind.Writes() && !d.h[i].swapFailed()
	}
	return true
}

// swapFailed reports whether it is a swap that found another value.
func (o *Operation) swapFailed() bool {
	return o.Op.Kind == CompareAndSwap && o.Outcome == OK && !o.Result.Swapped
}

// withWriters adds the writes that some operations read from, and those that these read from.
func (d *dataflow) withWriters(ops []int32) []int32 {
	for n := 0; n < len(ops); n++ {
		if from := d.reads[ops[n]]; from >= 0 && !slices.Contains(ops, from) {
			ops = append(ops, from)
		}
	}
	return sorted(ops)
}

// thin returns an operation that read a value that nobody wrote; noOp if there is none.
func (d *dataflow) thin() int32 {
	return int32(slices.Index(d.reads, fromNowhere))
}

// scope says what could not be judged, "" if all was.
func (d *dataflow) scope() string {
	if len(d.other) == 0 {
		return ""
	}
	return "key " + word(d.other[0]) + " (" + count(len(d.other), "such key") + ") was appended to or deleted, or had a value written twice: who read what is not known"
}

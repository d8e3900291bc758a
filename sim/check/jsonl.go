package check

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"lightcone/sim"
)

// historyFormat is the first line of a history in JSONL.
const historyFormat = `{"format":"lightcone history 1"}`

// maxProblems is how many errors a reader reports before it says that there are more.
const maxProblems = 20

// maxLine is how long a line of a history may be, in bytes.
const maxLine = 16 << 20

// line is an operation as JSONL has it. Times are in ns.
type line struct {
	ID      int     `json:"id"`
	Client  int     `json:"client"`
	Kind    string  `json:"op"`
	Key     string  `json:"key"`
	Value   *string `json:"value,omitempty"`   // put, append, cas
	Expect  *string `json:"expect,omitempty"`  // cas
	Outcome string  `json:"outcome"`           // ok, failed, unknown
	Got     *string `json:"got,omitempty"`     // get: the value, absent if there was none
	Found   *bool   `json:"found,omitempty"`   // delete
	Swapped *bool   `json:"swapped,omitempty"` // cas
	Invoke  int64   `json:"invoke"`
	Return  *int64  `json:"return"` // null: it never returned
}

// WriteJSONL writes a history as lines of JSON: a line that names the format, then one for each operation. The same
// history gives the same bytes.
func WriteJSONL(out io.Writer, h History) error {
	w := bufio.NewWriter(out)
	w.WriteString(historyFormat + "\n")
	for i := range h {
		b, err := json.Marshal(newLine(&h[i]))
		if err != nil {
			return fmt.Errorf("check: operation %d: %w", h[i].ID, err)
		}
		w.Write(b)
		w.WriteByte('\n')
	}
	return w.Flush()
}

func newLine(o *Operation) line {
	l := line{ID: o.ID, Client: o.Client, Kind: o.Op.Kind.String(), Key: o.Op.Key, Outcome: o.Outcome.String(), Invoke: int64(o.Invoke)}
	if o.Op.Kind != Get && o.Op.Kind != Delete {
		l.Value = &o.Op.Value
	}
	if o.Op.Kind == CompareAndSwap {
		l.Expect = &o.Op.Expect
	}
	if o.Return != sim.Never {
		t := int64(o.Return)
		l.Return = &t
	}
	if o.Outcome != OK {
		return l
	}
	switch o.Op.Kind {
	case Get:
		if o.Result.Found {
			l.Got = &o.Result.Value
		}
	case CompareAndSwap:
		l.Swapped = &o.Result.Swapped
	case Delete:
		l.Found = &o.Result.Found
	}
	return l
}

// ReadJSONL reads what WriteJSONL wrote. It reports every line that is wrong, with its number, and nothing of a history
// that is.
func ReadJSONL(in io.Reader) (History, error) {
	s := bufio.NewScanner(in)
	s.Buffer(nil, maxLine)
	if !s.Scan() || s.Text() != historyFormat {
		if err := s.Err(); err != nil {
			return nil, fmt.Errorf("check: history: %w", err)
		}
		return nil, fmt.Errorf("check: history line 1 is %.60q, want %s", s.Text(), historyFormat)
	}
	var h History
	var bad faults
	for n := 2; s.Scan(); n++ {
		o, err := parseLine(s.Bytes())
		if err != nil {
			bad.add(n, err)
			continue
		}
		h = append(h, o)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("check: history: %w", err)
	}
	return finished(h, bad)
}

// finished returns a history that was read, unless something is wrong with it.
func finished(h History, bad faults) (History, error) {
	if err := bad.join(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(h, func(a, b Operation) int {
		switch {
		case a.Invoke < b.Invoke:
			return -1
		case a.Invoke > b.Invoke:
			return 1
		}
		return a.ID - b.ID
	})
	if err := h.Validate(); err != nil {
		return nil, err
	}
	return h, nil
}

// faults are the lines that a reader could not take.
type faults struct {
	errs []error
	more int
}

func (f *faults) add(line int, err error) {
	if len(f.errs) == maxProblems {
		f.more++
		return
	}
	f.errs = append(f.errs, fmt.Errorf("check: history line %d: %w", line, err))
}

func (f *faults) join() error {
	if f.more > 0 {
		f.errs = append(f.errs, fmt.Errorf("check: history: %d more lines are wrong", f.more))
	}
	return errors.Join(f.errs...)
}

func parseLine(text []byte) (Operation, error) {
	var l line
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return Operation{}, err
	}
	if d.More() {
		return Operation{}, errors.New("there is more than one value, want one operation")
	}
	return l.operation()
}

// operation is the operation that the line describes. It has what its kind and outcome have, and nothing else.
func (l *line) operation() (Operation, error) {
	kind, outcome := slices.Index(kindNames[:], l.Kind), slices.Index(outcomeNames[:], l.Outcome)
	if kind < 0 {
		return Operation{}, fmt.Errorf("op is %q, want get, put, append, cas or delete", l.Kind)
	}
	if outcome < 0 {
		return Operation{}, fmt.Errorf("outcome is %q, want unknown, ok or failed", l.Outcome)
	}
	o := Operation{ID: l.ID, Client: l.Client, Op: Op{Kind: Kind(kind), Key: l.Key}, Outcome: Outcome(outcome), Invoke: sim.Time(l.Invoke), Return: sim.Never}
	if l.Return != nil {
		o.Return = sim.Time(*l.Return)
	}
	ok, writes := o.Outcome == OK, o.Op.Kind != Get && o.Op.Kind != Delete
	var errs []error
	field := func(name string, there, wanted, optional bool) {
		if there && !wanted {
			errs = append(errs, fmt.Errorf("%s of a %s that is %s, want none", name, l.Kind, l.Outcome))
		} else if wanted && !there && !optional {
			errs = append(errs, fmt.Errorf("%s of a %s that is %s has no %s", l.Kind, l.Key, l.Outcome, name))
		}
	}
	field("value", l.Value != nil, writes, false)
	field("expect", l.Expect != nil, o.Op.Kind == CompareAndSwap, false)
	field("got", l.Got != nil, ok && o.Op.Kind == Get, true)
	field("found", l.Found != nil, ok && o.Op.Kind == Delete, false)
	field("swapped", l.Swapped != nil, ok && o.Op.Kind == CompareAndSwap, false)
	field("return", l.Return != nil, o.Outcome != Unknown, false)
	if err := errors.Join(errs...); err != nil {
		return Operation{}, err
	}
	set(&o.Op.Value, l.Value)
	set(&o.Op.Expect, l.Expect)
	set(&o.Result.Value, l.Got)
	set(&o.Result.Found, l.Found)
	set(&o.Result.Swapped, l.Swapped)
	o.Result.Found = o.Result.Found || l.Got != nil
	return o, nil
}

// set takes a value that may be absent.
func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

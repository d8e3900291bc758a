package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"lightcone/sim"
)

// ReadLimits bound what a reader accepts. A zero field is its documented default.
type ReadLimits struct {
	Line   int // bytes in a line; default 16 MiB
	Events int // events; default 5,000,000
	Errors int // errors reported before the reader gives up; default 20
}

func (l ReadLimits) withDefaults() ReadLimits {
	if l.Line <= 0 {
		l.Line = 16 << 20
	}
	if l.Events <= 0 {
		l.Events = 5_000_000
	}
	if l.Errors <= 0 {
		l.Errors = 20
	}
	return l
}

// Error is one thing that is wrong with a trace file.
type Error struct {
	Line   int    // from 1
	Column int    // from 1, in bytes
	Field  string // the key it is about, "" for none
	Got    string
	Want   string
}

func (e *Error) Error() string {
	about := ""
	if e.Field != "" {
		about = e.Field + " is "
	} else {
		about = "got "
	}
	return fmt.Sprintf("trace: line %d, column %d: %s%s, want %s", e.Line, e.Column, about, e.Got, e.Want)
}

var errTooMany = errors.New("too many errors")

// Read reads a trace in JSONL within the default limits.
func Read(r io.Reader) (*Trace, error) { return ReadWithin(r, ReadLimits{}) }

// ReadWithin reads a trace in JSONL, as a Writer writes it: a header line, a line an event, and a closing line. It is
// strict: keys that it does not know, links to events that are not there, times that fall and whatever else no run can
// have done are errors, each an *Error, joined, up to the limit. No trace is returned with an error.
func ReadWithin(r io.Reader, l ReadLimits) (*Trace, error) {
	d := &reader{
		in:     bufio.NewReaderSize(r, bufferSize),
		limits: l.withDefaults(),
		trace:  &Trace{},
	}
	d.inspector = inspector{trace: d.trace, report: d.reportField}
	err := d.read()
	if len(d.errs) > 0 {
		if errors.Is(err, errTooMany) {
			d.errs = append(d.errs, fmt.Errorf("trace: gave up after %d errors", len(d.errs)))
		} else if err != nil {
			d.errs = append(d.errs, err)
		}
		return nil, errors.Join(d.errs...)
	}
	if err != nil {
		return nil, err
	}
	return d.trace, nil
}

// reader is a file being read.
type reader struct {
	in        *bufio.Reader
	limits    ReadLimits
	trace     *Trace
	inspector inspector
	texts     textPool
	errs      []error

	number  int // of the line
	scanner scanner
	long    []byte // a line that is longer than the buffer
	columns [fieldCount]int
	closed  bool
}

func (d *reader) read() error {
	for {
		line, err := d.line()
		if err != nil && err != io.EOF {
			return err
		}
		if err == io.EOF && len(line) == 0 {
			break
		}
		d.scanner = scanner{line: line}
		if bad := d.record(); bad != nil {
			d.report(bad.column, "", bad.got, bad.want)
		}
		if len(d.errs) >= d.limits.Errors {
			return errTooMany
		}
	}
	switch {
	case d.number == 0:
		d.number = 1
		d.report(1, "", "an empty file", `a header: {"lightcone":1, ...}`)
	case !d.closed:
		d.number++
		d.report(1, "", "the end of the file", `a closing line, {"end":...}: the file was cut short`)
	}
	return nil
}

// line reads the next line, without its end. It is valid until the next call.
func (d *reader) line() ([]byte, error) {
	d.number++
	d.long = d.long[:0]
	for {
		part, err := d.in.ReadSlice('\n')
		if len(d.long)+len(part) > d.limits.Line {
			return d.overlong(err)
		}
		if err == nil && len(d.long) == 0 {
			return part[:len(part)-1], nil
		}
		d.long = append(d.long, part...)
		switch err {
		case bufio.ErrBufferFull:
			continue
		case nil:
			return d.long[:len(d.long)-1], nil
		case io.EOF:
			if len(d.long) == 0 {
				d.number--
			} else {
				d.report(len(d.long)+1, "", "the end of the file", "the end of the line")
			}
			return d.long, io.EOF
		}
		return nil, fmt.Errorf("trace: line %d: %w", d.number, err)
	}
}

// overlong skips the rest of a line that is too long. There is no going on after it: what it held is not known.
func (d *reader) overlong(err error) ([]byte, error) {
	d.report(d.limits.Line+1, "", "a longer line", fmt.Sprintf("a line of at most %d bytes", d.limits.Line))
	return nil, errTooMany
}

func (d *reader) report(column int, field, got, want string) {
	if len(d.errs) < d.limits.Errors {
		d.errs = append(d.errs, &Error{Line: d.number, Column: column, Field: field, Got: got, Want: want})
	}
}

// reportField reports a problem with a field of this line's event, where it stands or, if it does not, at the line's
// beginning.
func (d *reader) reportField(f field, got, want string) {
	d.report(max(d.columns[f], 1), fieldNames[f], got, want)
}

// record reads a line: the header, an event, or the closing line, as its first key says.
func (d *reader) record() *mismatch {
	if d.closed {
		return d.scanner.failAt(0, "nothing after the closing line")
	}
	if d.number == 1 {
		return d.header()
	}
	if probe := d.scanner; probe.take('{') {
		if key, bad := probe.text(); bad == nil && string(key) == "end" {
			return d.footer()
		}
	}
	return d.event()
}

var headerNames = []string{"lightcone", "scenario", "title", "seed", "nodes", "lanes", "level"}

// header reads the first line.
func (d *reader) header() *mismatch {
	s, h := &d.scanner, &d.trace.Header
	seen, bad := s.members("the header", headerNames, d.headerField)
	if bad != nil {
		return bad
	}
	for i, name := range headerNames {
		if !seen[i] && (name == "lightcone" || name == "seed" || name == "nodes" || name == "level") {
			d.report(1, name, "missing", "it in the header")
		}
	}
	if len(h.Lanes) != 0 && len(h.Lanes) != h.Nodes {
		d.report(1, "lanes", fmt.Sprintf("%d names", len(h.Lanes)), fmt.Sprintf("none, or one for each of %d nodes", h.Nodes))
	}
	return nil
}

func (d *reader) headerField(name string) (bad *mismatch) {
	s, h := &d.scanner, &d.trace.Header
	switch name {
	case "lightcone":
		_, bad = s.natural(Version, Version)
	case "scenario":
		h.Scenario, bad = d.text()
	case "title":
		h.Title, bad = d.text()
	case "seed":
		h.Seed, bad = s.natural(0, math.MaxUint64)
	case "nodes":
		var n uint64
		n, bad = s.natural(1, MaxNodes)
		h.Nodes = int(n)
	case "lanes":
		bad = s.list(func() *mismatch {
			name, bad := d.text()
			h.Lanes = append(h.Lanes, name)
			return bad
		})
	case "level":
		h.Level, bad = oneOf(s, ParseLevel, "full, messages or faults")
	}
	return bad
}

var footerNames = []string{"end", "digest", "events", "leftBefore", "leftAfter", "limit"}

// footer reads the closing line.
func (d *reader) footer() *mismatch {
	var events uint64
	d.closed = true
	_, bad := d.scanner.members("the closing line", footerNames, func(name string) *mismatch { return d.footerField(name, &events) })
	if bad == nil {
		d.sums(events)
	}
	return bad
}

func (d *reader) footerField(name string, events *uint64) (bad *mismatch) {
	s, h := &d.scanner, &d.trace.Header
	switch name {
	case "end":
		h.End, bad = wholeAs[sim.Time](s, 0)
	case "digest":
		h.Digest, bad = d.text()
	case "events":
		*events, bad = s.natural(0, math.MaxUint64)
	case "leftBefore":
		h.LeftBefore, bad = s.natural(1, math.MaxUint64)
	case "leftAfter":
		h.LeftAfter, bad = s.natural(1, math.MaxUint64)
	case "limit":
		h.Limit, bad = d.text()
	}
	return bad
}

// sums checks the closing line against the events. Lines with errors have no event, so after errors the counts say
// nothing.
func (d *reader) sums(events uint64) {
	if len(d.errs) > 0 {
		return
	}
	t := d.trace
	if n := len(t.Events); uint64(n) != events {
		d.report(1, "events", strconv.FormatUint(events, 10), fmt.Sprintf("%d, the number of lines before", n))
	}
	if n := len(t.Events); n > 0 && t.Header.End < t.Events[n-1].Time {
		d.report(1, "end", strconv.FormatInt(int64(t.Header.End), 10), fmt.Sprintf("at least %d, the time of the last event", t.Events[n-1].Time))
	}
	if d.inspector.dangling != 0 && t.Header.LeftBefore == 0 {
		d.report(1, "leftBefore", "missing", fmt.Sprintf("it, or else the event that event %d links to", d.inspector.dangling))
	}
}

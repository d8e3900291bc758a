package fault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/sim"
)

// TraceError says where a trace's text is wrong, and what would be right.
type TraceError struct {
	Line, Column int // in bytes, from 1
	Got, Want    string
}

func (e *TraceError) Error() string {
	return fmt.Sprintf("fault: trace line %d, column %d: got %s, want %s", e.Line, e.Column, e.Got, e.Want)
}

// The headers of a trace: both say node, when it went down, when it came back.
var traceHeaders = []string{"node,from,to", "node,down,up"}

// maxIntervals bounds a trace's text: what a model can draw at most.
const maxIntervals = maxOutages

// CSV returns the intervals as text, which ParseIntervals reads.
func (v Intervals) CSV() string {
	var b strings.Builder
	b.WriteString(traceHeaders[0] + "\n")
	for _, a := range v {
		to := a.To.String()
		if a.To == sim.Never {
			to = ""
		}
		fmt.Fprintf(&b, "%v,%v,%s\n", a.Node, a.From, to)
	}
	return b.String()
}

// ParseIntervals reads when which node was down from comma-separated values:
//
//	node,from,to
//	n2,1.5s,2s           # durations since the start
//	0,3600,5430.25       # node 0, in seconds
//	n1,1h30m,            # never came back
//
// The header is node,from,to or node,down,up. Empty lines, and what follows a #, are ignored. Lines may stand in any
// order: the intervals are returned sorted. Those of one node must not overlap. nodes is how many there are, 0 any
// number. The error joins a *TraceError for each wrong line, up to ten of them.
func ParseIntervals(text string, nodes int) (Intervals, error) {
	r := traceReader{nodes: nodes}
	for s := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		r.line++
		if s = withoutComment(s); strings.Trim(s, blanks) != "" && !r.read(s) {
			break
		}
	}
	if !r.begun && len(r.errs) == 0 {
		r.line++
		r.bad(1, "the end", "the header "+traceHeaders[0])
	}
	r.disjoint()
	if len(r.errs) > 0 {
		return nil, r.err()
	}
	return r.intervals(), nil
}

// traceReader reads a trace line by line.
type traceReader struct {
	nodes int
	line  int
	begun bool // the header has been read
	rows  []traceRow
	errs  []*TraceError
}

type traceRow struct {
	Interval
	line, column int
}

func (r *traceReader) bad(column int, got, want string) { r.badAt(r.line, column, got, want) }

func (r *traceReader) badAt(line, column int, got, want string) {
	if len(got) > maxShown {
		got = strings.ToValidUTF8(got[:maxShown], "") + "..."
	}
	r.errs = append(r.errs, &TraceError{line, column, got, want})
}

// err joins what is wrong in order of lines.
func (r *traceReader) err() error {
	slices.SortStableFunc(r.errs, func(a, b *TraceError) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for i, e := range r.errs {
		if i == maxReported {
			errs = append(errs, fmt.Errorf("fault: trace line %d: more errors, not reported", e.Line))
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// field is a part of a line between commas.
type field struct {
	text   string
	column int
}

func fieldsOf(s string) []field {
	var list []field
	column := 1
	for part := range strings.SplitSeq(s, ",") {
		trimmed := strings.TrimLeft(part, blanks)
		list = append(list, field{strings.TrimRight(trimmed, blanks), column + len(part) - len(trimmed)})
		column += len(part) + 1
	}
	return list
}

// read takes a line that is not empty; false ends the reading.
func (r *traceReader) read(s string) bool {
	fields := fieldsOf(s)
	whole := strconv.Quote(strings.Trim(s, blanks))
	switch {
	case !r.begun:
		r.begun = true
		if isHeader(fields) {
			return true
		}
		r.bad(fields[0].column, whole, "the header "+strings.Join(traceHeaders, " or "))
		return false
	case len(fields) != 3:
		r.bad(fields[0].column, whole, "three fields: node,from,to")
	case len(r.rows) == maxIntervals:
		r.bad(1, fmt.Sprintf("more than %d intervals", maxIntervals), "at most that many")
		return false
	default:
		r.row(fields)
	}
	return len(r.errs) <= maxReported
}

func isHeader(fields []field) bool {
	var names []string
	for _, f := range fields {
		names = append(names, f.text)
	}
	return slices.Contains(traceHeaders, strings.Join(names, ","))
}

// row takes the fields of an interval, and reports everything that is wrong with them.
func (r *traceReader) row(fields []field) {
	before := len(r.errs)
	node := r.node(fields[0])
	from := r.time(fields[1], "a time")
	to := sim.Never
	if fields[2].text != "" {
		to = r.time(fields[2], "a time or nothing")
	}
	if len(r.errs) == before && to <= from {
		r.bad(fields[2].column, fmt.Sprintf("%v down from %v to %v", node, from, to), "an end that is later than the beginning")
	}
	if len(r.errs) == before {
		r.rows = append(r.rows, traceRow{Interval{node, from, to}, r.line, fields[1].column})
	}
}

func (r *traceReader) node(f field) sim.NodeID {
	id, err := strconv.ParseUint(strings.TrimPrefix(f.text, "n"), 10, 31)
	if err != nil || r.nodes > 0 && id >= uint64(r.nodes) {
		want := "a node, such as n0"
		if r.nodes > 0 {
			want = "a node, " + rangeOf(r.nodes)
		}
		r.bad(f.column, strconv.Quote(f.text), want)
	}
	return sim.NodeID(id)
}

func (r *traceReader) time(f field, want string) sim.Time {
	t, ok := parseTime(f.text)
	if !ok {
		r.bad(f.column, strconv.Quote(f.text), want+" since the start, such as 1.5s, or 90.5 in seconds")
	}
	return t
}

// parseTime reads a duration, or a decimal number of seconds, to the nanosecond.
func parseTime(s string) (sim.Time, bool) {
	digits := s
	if strings.Trim(s, "0123456789.") == "" {
		digits += "s"
	}
	d, err := time.ParseDuration(digits)
	return sim.Time(d), err == nil && d >= 0 && sim.Time(d) < sim.Never
}

// disjoint reports intervals of one node that overlap, each with the one before it.
func (r *traceReader) disjoint() {
	slices.SortStableFunc(r.rows, func(a, b traceRow) int { return order(a.Interval, b.Interval) })
	longest := make(map[sim.NodeID]traceRow)
	for _, row := range r.rows {
		if l, ok := longest[row.Node]; ok && row.From < l.To {
			r.badAt(row.line, row.column, fmt.Sprintf("%v down from %v", row.Node, row.From), fmt.Sprintf("no overlap with line %d, %v", l.line, l.Interval))
		}
		if l, ok := longest[row.Node]; !ok || row.To > l.To {
			longest[row.Node] = row
		}
	}
}

func (r *traceReader) intervals() Intervals {
	v := make(Intervals, len(r.rows))
	for i, row := range r.rows {
		v[i] = row.Interval
	}
	return v
}

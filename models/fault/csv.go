package fault

import (
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
	Line      int // from 1
	Got, Want string
}

func (e *TraceError) Error() string {
	return fmt.Sprintf("fault: trace line %d: got %s, want %s", e.Line, e.Got, e.Want)
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
	line := 0
	for s := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line++
		if s = strings.Trim(withoutComment(s), blanks); s == "" {
			continue
		}
		if !r.read(line, s) {
			break
		}
	}
	if !r.begun && len(r.errs) == 0 {
		r.bad(line+1, "the end", "the header "+traceHeaders[0])
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
	begun bool // the header has been read
	rows  []traceRow
	errs  []*TraceError
}

type traceRow struct {
	Interval
	line int
}

func (r *traceReader) bad(line int, got, want string) {
	if len(got) > maxShown {
		got = strings.ToValidUTF8(got[:maxShown], "") + "..."
	}
	r.errs = append(r.errs, &TraceError{line, got, want})
}

// err joins what is wrong in order of lines.
func (r *traceReader) err() error {
	slices.SortStableFunc(r.errs, func(a, b *TraceError) int { return a.Line - b.Line })
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

// read takes a line that is not empty; false ends the reading.
func (r *traceReader) read(line int, s string) bool {
	fields := strings.Split(s, ",")
	for i := range fields {
		fields[i] = strings.Trim(fields[i], blanks)
	}
	if !r.begun {
		r.begun = true
		if !slices.Contains(traceHeaders, strings.Join(fields, ",")) {
			r.bad(line, strconv.Quote(s), "the header "+strings.Join(traceHeaders, " or "))
			return false
		}
		return true
	}
	if len(fields) != 3 {
		r.bad(line, strconv.Quote(s), "three fields: node,from,to")
		return true
	}
	if len(r.rows) == maxIntervals {
		r.bad(line, fmt.Sprintf("more than %d intervals", maxIntervals), "at most that many")
		return false
	}
	r.row(line, fields)
	return len(r.errs) <= maxReported
}

// row takes the fields of an interval, and reports everything that is wrong with them.
func (r *traceReader) row(line int, fields []string) {
	before := len(r.errs)
	node := r.node(line, fields[0])
	from := r.time(line, fields[1], "a time")
	to := sim.Never
	if fields[2] != "" {
		to = r.time(line, fields[2], "a time or nothing")
	}
	if len(r.errs) == before && to <= from {
		r.bad(line, fmt.Sprintf("%v down from %v to %v", node, from, to), "an end that is later than the beginning")
	}
	if len(r.errs) == before {
		r.rows = append(r.rows, traceRow{Interval{node, from, to}, line})
	}
}

func (r *traceReader) node(line int, s string) sim.NodeID {
	id, err := strconv.ParseUint(strings.TrimPrefix(s, "n"), 10, 31)
	if err != nil || r.nodes > 0 && id >= uint64(r.nodes) {
		want := "a node, such as n0"
		if r.nodes > 0 {
			want = "a node, " + rangeOf(r.nodes)
		}
		r.bad(line, strconv.Quote(s), want)
	}
	return sim.NodeID(id)
}

func (r *traceReader) time(line int, s, want string) sim.Time {
	t, ok := parseTime(s)
	if !ok {
		r.bad(line, strconv.Quote(s), want+" since the start, such as 1.5s, or 90.5 in seconds")
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
			r.bad(row.line, fmt.Sprintf("%v down from %v", row.Node, row.From), fmt.Sprintf("no overlap with line %d, %v", l.line, l.Interval))
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

package network

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// The bounds of a matrix file.
const (
	maxMatrixBytes  = 8 << 20
	maxRegions      = 1000
	maxMatrixErrors = 20
)

// ReadMatrix reads round-trip times from CSV:
//
//	# comments, and empty lines, are skipped
//	region,lisbon,madrid
//	lisbon,0.2,12.5
//	madrid,12.5,0.2
//
// Times are in milliseconds, above 0 and at most an hour, to the nanosecond. The table must be square, its rows in the
// order of its columns, and symmetric, for a round trip is as long from either end; the diagonal is the time within a
// region. The error names each problem (the first 20) with its line and column, in bytes from 1.
func ReadMatrix(r io.Reader) (*Matrix, error) {
	limited := &io.LimitedReader{R: r, N: maxMatrixBytes + 1}
	t := table{csv: csv.NewReader(limited)}
	t.csv.Comment = '#'
	t.csv.FieldsPerRecord = -1
	t.csv.TrimLeadingSpace = true
	t.read()
	if limited.N == 0 {
		return nil, fmt.Errorf("network: matrix is larger than %d bytes, want at most that", maxMatrixBytes)
	}
	if len(t.errs) > 0 {
		return nil, errors.Join(t.errs...)
	}
	return NewMatrix(t.regions, t.rtt)
}

// WriteCSV writes the matrix as ReadMatrix reads it.
func (m *Matrix) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	row := append([]string{"region"}, m.regions...)
	if err := c.Write(row); err != nil {
		return err
	}
	for a, name := range m.regions {
		row[0] = name
		for b := range m.regions {
			row[b+1] = strconv.FormatFloat(float64(m.at(a, b))/1e6, 'f', -1, 64)
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// table is a matrix file being read.
type table struct {
	csv     *csv.Reader
	regions []string
	rtt     [][]time.Duration
	errs    []error
}

func (t *table) read() {
	header, ok := t.next()
	if !ok {
		if len(t.errs) == 0 {
			t.errs = append(t.errs, errors.New("network: matrix is empty, want a header"))
		}
		return
	}
	t.header(header)
	for len(t.errs) < maxMatrixErrors {
		row, ok := t.next()
		if !ok {
			break
		}
		t.row(row)
	}
	if len(t.errs) == 0 && len(t.rtt) < len(t.regions) {
		t.errs = append(t.errs, fmt.Errorf("network: matrix has %d rows, want %d, one a region", len(t.rtt), len(t.regions)))
	}
}

// next returns the next record, and false at the end or where the file is no CSV.
func (t *table) next() ([]string, bool) {
	row, err := t.csv.Read()
	var syntax *csv.ParseError
	switch {
	case err == nil:
		return row, true
	case errors.As(err, &syntax):
		t.errs = append(t.errs, fmt.Errorf("network: matrix: line %d, column %d: %w", syntax.Line, syntax.Column, syntax.Err))
	case err != io.EOF:
		t.errs = append(t.errs, fmt.Errorf("network: matrix: %w", err))
	}
	return nil, false
}

// bad reports a field of the present record.
func (t *table) bad(field int, what, got, want string) {
	if len(t.errs) < maxMatrixErrors {
		line, column := t.csv.FieldPos(field)
		t.errs = append(t.errs, fmt.Errorf("network: matrix: line %d, column %d: %s is %s, want %s", line, column, what, got, want))
	}
}

func (t *table) header(row []string) {
	t.regions = row[1:]
	if n := len(t.regions); n < 1 || n > maxRegions {
		t.bad(0, "the number of regions", strconv.Itoa(n), fmt.Sprintf("1 to %d", maxRegions))
	}
	seen := make(map[string]bool, len(t.regions))
	for i, name := range t.regions {
		if name == "" || name[0] == '#' || seen[name] {
			t.bad(i+1, "the region", quoted(name), "a name of its own that does not begin with #")
		}
		seen[name] = true
	}
}

func (t *table) row(row []string) {
	a := len(t.rtt)
	if a >= len(t.regions) {
		t.bad(0, "the row", quoted(row[0]), fmt.Sprintf("only %d rows, one a region", len(t.regions)))
		return
	}
	if row[0] != t.regions[a] {
		t.bad(0, "the row", quoted(row[0]), quoted(t.regions[a])+", in the order of the columns")
	}
	if len(row) != len(t.regions)+1 {
		t.bad(len(row)-1, "the number of times in this row", strconv.Itoa(len(row)-1), strconv.Itoa(len(t.regions)))
	}
	times := make([]time.Duration, len(t.regions))
	for b := range min(len(row)-1, len(times)) {
		times[b] = t.time(b+1, row[b+1])
		if b < a && times[b] > 0 && t.rtt[b][a] > 0 && times[b] != t.rtt[b][a] {
			t.bad(b+1, "the time", row[b+1], fmt.Sprintf("%v as in the other direction", float64(t.rtt[b][a])/1e6))
		}
	}
	t.rtt = append(t.rtt, times)
}

// time reads milliseconds, 0 if there is an error.
func (t *table) time(field int, s string) time.Duration {
	ms, err := strconv.ParseFloat(s, 64)
	ns := math.Round(float64(ms * 1e6))
	if err != nil || !(ns >= 1 && ns <= float64(longestRTT)) {
		t.bad(field, "the time", quoted(s), "milliseconds, above 0 and at most an hour")
		return 0
	}
	return time.Duration(ns)
}

func quoted(s string) string { return strconv.Quote(clip(s)) }

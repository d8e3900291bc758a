package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// mostProblems is how many problems of one file are reported; the rest are counted.
const mostProblems = 20

// ReadCSV reads what WriteCSV wrote. The name of the file is for errors, which give line and column (a number of bytes,
// from 1) of each problem. Levels and points come in the order in which they first occur. A factor whose labels are all
// numbers is numeric.
func ReadCSV(name string, r io.Reader) (*Table, error) {
	c := csv.NewReader(r)
	c.ReuseRecord = true
	d := &reader{csv: c, file: name, points: map[string]int{}}
	header, err := c.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("table: %s is empty, want a line of names", name)
	case err != nil:
		return nil, d.broken(err)
	}
	if !d.header(slices.Clone(header)) {
		return nil, d.err()
	}
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			return nil, d.broken(err)
		}
		d.row(record)
	}
	d.finish()
	if err := d.err(); err != nil {
		return nil, err
	}
	if err := d.table.Check(); err != nil { // what is read can be written
		return nil, fmt.Errorf("table: %s: %w", name, err)
	}
	return &d.table, nil
}

// reader reads a file row by row.
type reader struct {
	csv      *csv.Reader
	file     string
	problems []error
	more     int

	table  Table
	valued []bool           // by factor: whether it has a column of values
	levels []map[string]int // by factor: the index of a label
	points map[string]int   // by labels
	seeds  int              // the column of seeds
}

// broken is an error of the format, after which there is no going on.
func (d *reader) broken(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fmt.Errorf("table: %s:%d:%d: %w, want comma-separated values", d.file, p.Line, p.Column, p.Err)
	}
	return fmt.Errorf("table: %s cannot be read: %w", d.file, err)
}

// wrong notes a problem at a column of the record that was read last.
func (d *reader) wrong(column int, format string, args ...any) {
	if len(d.problems) == mostProblems {
		d.more++
		return
	}
	line, at := d.csv.FieldPos(column)
	d.problems = append(d.problems, fmt.Errorf("table: %s:%d:%d: %s", d.file, line, at, fmt.Sprintf(format, args...)))
}

func (d *reader) err() error {
	if d.more > 0 {
		return errors.Join(append(d.problems, fmt.Errorf("table: %s: and %d more problems", d.file, d.more))...)
	}
	return errors.Join(d.problems...)
}

// header reads the names of columns, and reports whether the rows can be read by them.
func (d *reader) header(names []string) bool {
	d.seeds = -1
	for i := range names {
		if i+len(fixed) <= len(names) && slices.Equal(names[i:i+len(fixed)], fixed) {
			d.seeds = i
			break
		}
	}
	if d.seeds < 0 {
		d.wrong(0, "columns are %s, want %s after the factors, as lightcone sweep writes them", shortList(names), strings.Join(fixed, ", "))
		return false
	}
	seen := map[string]bool{}
	for i, h := range names {
		if why := wrongText(h); why != "" {
			d.wrong(i, "name of column %d is %q, want %s", i+1, h, why)
		}
		if seen[h] {
			d.wrong(i, "name of column %d is %q, which an earlier column has, want one of its own", i+1, h)
		}
		seen[h] = true
	}
	d.factors(names[:d.seeds])
	for i, h := range names[d.seeds+len(fixed):] {
		name, unit := splitHeader(h)
		switch why := wrongText(name); {
		case name == "":
			d.wrong(d.seeds+len(fixed)+i, "measure is %q, want a name before its unit", h)
		case why != "" && wrongText(h) == "":
			d.wrong(d.seeds+len(fixed)+i, "name of the measure is %q, want %s", name, why)
		}
		d.table.Measures = append(d.table.Measures, Measure{name, unit})
	}
	return len(d.problems) == 0
}

func (d *reader) factors(names []string) {
	for i := 0; i < len(names); i++ {
		f := Factor{Name: names[i]}
		if strings.Contains(f.Name, "(") {
			d.wrong(i, "factor is %q, want its labels in a column without a unit before", f.Name)
		}
		valued := i+1 < len(names) && strings.HasPrefix(names[i+1], f.Name+" (") && strings.HasSuffix(names[i+1], ")")
		if valued {
			if h := names[i+1]; h != f.Name+" (number)" {
				f.Unit = h[len(f.Name)+2 : len(h)-1]
			}
			f.Numeric = true
			i++
		}
		d.table.Factors = append(d.table.Factors, f)
		d.valued = append(d.valued, valued)
		d.levels = append(d.levels, map[string]int{})
	}
}

func (d *reader) row(record []string) {
	want := d.seeds + len(fixed) + len(d.table.Measures)
	if len(record) != want {
		d.wrong(0, "row has %d columns, want %d", len(record), want)
		return
	}
	r := Row{Point: d.point(record[:d.seeds])}
	number := func(i int) uint64 {
		v, err := strconv.ParseUint(record[i], 10, 64)
		if err != nil {
			d.wrong(i, "%s is %q, want a whole number from 0 to 18446744073709551615", fixed[i-d.seeds], record[i])
		}
		return v
	}
	r.Seed = number(d.seeds)
	r.Verdict, r.Failed, r.Digest = d.text(record, d.seeds+1), d.text(record, d.seeds+2), strings.Clone(record[d.seeds+3])
	if !isDigest(r.Digest) {
		d.wrong(d.seeds+3, "digest is %q, want 16 hexadecimal digits", r.Digest)
	}
	r.Events = number(d.seeds + 4)
	v, ok := parseFloat(record[d.seeds+5])
	if !ok || !(v >= 0) || math.IsInf(v, 1) {
		d.wrong(d.seeds+5, "virtual_time_s is %q, want a number of seconds, 0 or more", record[d.seeds+5])
	}
	r.VirtualTime = v
	r.Values = make([]float64, len(d.table.Measures))
	for m := range r.Values {
		r.Values[m] = d.value(record, d.seeds+len(fixed)+m)
	}
	d.order(&r)
	d.table.Rows = append(d.table.Rows, r)
}

// text reads a verdict, or the check that failed, which may be none.
func (d *reader) text(record []string, i int) string {
	s := record[i]
	if why := wrongText(s); why != "" && (s != "" || fixed[i-d.seeds] != "failed") {
		d.wrong(i, "%s is %q, want %s", fixed[i-d.seeds], s, why)
	}
	return strings.Clone(s)
}

func (d *reader) value(record []string, i int) float64 {
	if record[i] == "" {
		return math.NaN()
	}
	v, ok := parseFloat(record[i])
	if !ok {
		d.wrong(i, "%s is %q, want a number, or nothing", d.table.Measures[i-d.seeds-len(fixed)].Name, record[i])
	}
	return v
}

// order checks that a row follows the one before.
func (d *reader) order(r *Row) {
	if len(d.table.Rows) == 0 {
		return
	}
	p := d.table.Rows[len(d.table.Rows)-1]
	switch {
	case r.Point < p.Point:
		d.wrong(0, "row is of a point that has rows above others, want the rows of a point together")
	case r.Point == p.Point && r.Seed == p.Seed:
		d.wrong(d.seeds, "seed is %d for the second time, want each once at a point", r.Seed)
	case r.Point == p.Point && r.Seed < p.Seed:
		d.wrong(d.seeds, "seed is %d after %d, want them to rise", r.Seed, p.Seed)
	}
}

// point returns which point the cells of the factors name, a new one if need be.
func (d *reader) point(cells []string) int {
	levels := make([]int, len(d.table.Factors))
	var key strings.Builder
	column := 0
	for f := range levels {
		at := column
		label := cells[column]
		if column++; d.valued[f] {
			column++
		}
		l, ok := d.levels[f][label]
		if !ok {
			l = d.level(f, label)
		}
		if d.valued[f] {
			d.levelValue(f, l, !ok, cells[at+1], at+1)
		}
		if why := wrongText(label); why != "" {
			d.wrong(at, "level of %s is %q, want %s", d.table.Factors[f].Name, label, why)
		}
		levels[f] = l
		fmt.Fprintf(&key, "%d ", l)
	}
	p, ok := d.points[key.String()]
	if !ok {
		p = len(d.table.Points)
		d.points[key.String()] = p
		d.table.Points = append(d.table.Points, levels)
	}
	return p
}

// level adds a level to a factor.
func (d *reader) level(f int, label string) int {
	factor := &d.table.Factors[f]
	label = strings.Clone(label)
	d.levels[f][label] = len(factor.Levels)
	factor.Levels = append(factor.Levels, Level{label, math.NaN()})
	return len(factor.Levels) - 1
}

// levelValue reads the value of a level, which is the same in every row.
func (d *reader) levelValue(f, l int, fresh bool, text string, column int) {
	factor := &d.table.Factors[f]
	v, ok := parseFloat(text)
	switch {
	case !ok || math.IsInf(v, 0):
		d.wrong(column, "value of %s is %q, want a finite number", factor.Name, text)
	case fresh:
		factor.Levels[l].Value = v
	case v != factor.Levels[l].Value:
		d.wrong(column, "value of %s is %s at %s, and %v above, want one", factor.Name, text, factor.Levels[l].Label, factor.Levels[l].Value)
	}
}

// finish tells which factors are numeric.
func (d *reader) finish() {
	for i := range d.table.Factors {
		f := &d.table.Factors[i]
		if !d.valued[i] {
			f.Numeric = len(f.Levels) > 0
			for l := range f.Levels {
				v, ok := parseFloat(f.Levels[l].Label)
				if ok && !math.IsInf(v, 0) {
					f.Levels[l].Value = v
				} else {
					f.Numeric = false
				}
			}
		}
		for l := range f.Levels {
			if !f.Numeric {
				f.Levels[l].Value = math.NaN()
			}
		}
	}
}

// shortList lists names, the first of many.
func shortList(names []string) string {
	text := strings.Join(names[:min(len(names), 8)], ", ")
	if len(names) > 8 {
		text += ", ..."
	}
	return text
}

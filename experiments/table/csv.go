package table

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
)

// header is how a column with a unit is named in files: latency (ms). A name that ends in a parenthesis has an empty one
// after it if it has no unit, so that the last one is always the unit.
func header(name, unit string) string {
	if unit == "" && !strings.HasSuffix(name, ")") {
		return name
	}
	return name + " (" + unit + ")"
}

// splitHeader is the inverse of header.
func splitHeader(h string) (name, unit string) {
	if !strings.HasSuffix(h, ")") {
		return h, ""
	}
	depth := 0
	for i := len(h) - 1; i >= 0; i-- {
		switch h[i] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 {
			name = strings.TrimSuffix(h[:i], " ")
			if name == "" || len(name) != i-1 {
				return h, ""
			}
			return name, h[i+1 : len(h)-1]
		}
	}
	return h, ""
}

// plainNumbers reports whether the labels of a numeric factor are its values, written as numbers. If not, files have a
// column of labels and one of values.
func (f *Factor) plainNumbers() bool {
	if !f.Numeric || f.Unit != "" {
		return false
	}
	for _, l := range f.Levels {
		if v, ok := parseFloat(l.Label); !ok || v != l.Value {
			return false
		}
	}
	return true
}

// valueHeader is the header of the values of a numeric factor whose labels are no plain numbers.
func (f *Factor) valueHeader() string {
	if f.Unit == "" {
		return f.Name + " (number)"
	}
	return header(f.Name, f.Unit)
}

// valued tells which factors have a column of values beside that of labels.
func (t *Table) valued() []bool {
	list := make([]bool, len(t.Factors))
	for i := range t.Factors {
		list[i] = t.Factors[i].Numeric && !t.Factors[i].plainNumbers()
	}
	return list
}

// headers returns the names of the columns of files.
func (t *Table) headers() []string {
	var hs []string
	valued := t.valued()
	for i := range t.Factors {
		hs = append(hs, t.Factors[i].Name)
		if valued[i] {
			hs = append(hs, t.Factors[i].valueHeader())
		}
	}
	hs = append(hs, fixed...)
	for _, m := range t.Measures {
		hs = append(hs, header(m.Name, m.Unit))
	}
	return hs
}

// WriteCSV writes a row for each run, in the order of points and seeds, under one line of names: the factors, then seed,
// verdict, failed, digest, events and virtual_time_s, then the measures with their units. A factor such as 150ms has its
// labels, then its values: "params.retry", "params.retry (s)". Numbers are written so that they come back exactly; what a
// run has no value of is empty. It refuses a table with which Check finds fault.
func (t *Table) WriteCSV(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	if err := c.Write(t.headers()); err != nil {
		return err
	}
	var record []string
	valued := t.valued()
	for i := range t.Rows {
		record = t.record(record[:0], &t.Rows[i], valued)
		if err := c.Write(record); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// levelCells adds the cells of the factors at a point.
func (t *Table) levelCells(record []string, point int, valued []bool) []string {
	for f, l := range t.Points[point] {
		level := t.Factors[f].Levels[l]
		record = append(record, level.Label)
		if valued[f] {
			record = append(record, formatFloat(level.Value))
		}
	}
	return record
}

func (t *Table) record(record []string, r *Row, valued []bool) []string {
	record = t.levelCells(record, r.Point, valued)
	record = append(record, strconv.FormatUint(r.Seed, 10), r.Verdict, r.Failed, r.Digest,
		strconv.FormatUint(r.Events, 10), formatFloat(r.VirtualTime))
	for _, v := range r.Values {
		record = append(record, formatFloat(v))
	}
	return record
}

// formatFloat writes the shortest decimal that reads as x again; "" for NaN.
func formatFloat(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// parseFloat reads a decimal number, or an infinity as formatFloat writes it.
func parseFloat(s string) (float64, bool) {
	switch s {
	case "inf":
		return math.Inf(1), true
	case "-inf":
		return math.Inf(-1), true
	}
	if s == "" || strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

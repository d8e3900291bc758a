package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The columns between factors and measures.
var fixed = []string{"seed", "verdict", "failed", "digest", "events", "virtual_time_s"}

// Check reports all that is wrong with the table: names that are not there, not of their own or not one line of text,
// points that are not there or have no run, rows out of order.
func (t *Table) Check() error {
	var errs []error
	report := func(format string, args ...any) { errs = append(errs, fmt.Errorf("table: "+format, args...)) }
	t.checkNames(report)
	for i, levels := range t.Points {
		if len(levels) != len(t.Factors) {
			report("point %d has %d levels, want %d, one of each factor", i, len(levels), len(t.Factors))
			continue
		}
		for f, l := range levels {
			if l < 0 || l >= len(t.Factors[f].Levels) {
				report("point %d has level %d of %s, want 0 to %d", i, l, t.Factors[f].Name, len(t.Factors[f].Levels)-1)
			}
		}
	}
	t.checkRows(report)
	return errors.Join(errs...)
}

func (t *Table) checkNames(report func(string, ...any)) {
	seen := map[string]bool{}
	for _, h := range t.headers() {
		if seen[h] {
			report("two columns are %q, want names of their own", h)
		}
		seen[h] = true
	}
	for _, f := range t.Factors {
		checkText(report, "factor name", f.Name)
		checkUnit(report, f.Name, f.Unit)
		if strings.Contains(f.Name, "(") || slices.Contains(fixed, f.Name) {
			report("factor name is %q, want none with a parenthesis, and none of %s", f.Name, strings.Join(fixed, ", "))
		}
		labels := map[string]bool{}
		for _, l := range f.Levels {
			checkText(report, "level of "+f.Name, l.Label)
			if labels[l.Label] {
				report("two levels of %s are %q, want each once", f.Name, l.Label)
			}
			labels[l.Label] = true
			if f.Numeric && (math.IsNaN(l.Value) || math.IsInf(l.Value, 0)) {
				report("level %s of %s is %v, want a finite number", l.Label, f.Name, l.Value)
			}
		}
	}
	for _, m := range t.Measures {
		checkText(report, "measure name", m.Name)
		checkUnit(report, m.Name, m.Unit)
	}
}

func (t *Table) checkRows(report func(string, ...any)) {
	runs := make([]int, len(t.Points))
	for i, r := range t.Rows {
		if r.Point < 0 || r.Point >= len(t.Points) {
			report("row %d is of point %d, want 0 to %d", i, r.Point, len(t.Points)-1)
			continue
		}
		runs[r.Point]++
		if i > 0 {
			if p := t.Rows[i-1]; p.Point > r.Point || p.Point == r.Point && p.Seed >= r.Seed {
				report("row %d is of point %d, seed %d, after point %d, seed %d; want rows in order, each once", i, r.Point, r.Seed, p.Point, p.Seed)
			}
		}
		if len(r.Values) != len(t.Measures) {
			report("row %d has %d values, want %d, one of each measure", i, len(r.Values), len(t.Measures))
		}
		if !isDigest(r.Digest) {
			report("row %d has digest %q, want 16 hexadecimal digits", i, r.Digest)
		}
		checkText(report, fmt.Sprintf("verdict of row %d", i), r.Verdict)
		if r.Failed != "" {
			checkText(report, fmt.Sprintf("failed check of row %d", i), r.Failed)
		}
		if !(r.VirtualTime >= 0) || math.IsInf(r.VirtualTime, 1) {
			report("row %d has virtual time %v, want 0 or more", i, r.VirtualTime)
		}
	}
	for p, n := range runs {
		if n == 0 {
			report("point %d has no run, want at least 1", p)
		}
	}
}

// checkText wants a line of text that prints, so that it comes back from a file as it went.
func checkText(report func(string, ...any), what, text string) {
	if why := wrongText(text); why != "" {
		report("%s is %q, want %s", what, text, why)
	}
}

func wrongText(text string) string {
	switch {
	case text == "":
		return "a name"
	case !utf8.ValidString(text):
		return "UTF-8"
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "characters that print"
	case strings.TrimSpace(text) != text:
		return "no spaces at its ends"
	}
	return ""
}

func checkUnit(report func(string, ...any), of, unit string) {
	if unit == "" {
		return
	}
	checkText(report, "unit of "+of, unit)
	depth := 0
	for _, r := range unit {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			break
		}
	}
	if depth != 0 {
		report("unit of %s is %q, want parentheses in pairs", of, unit)
	}
}

func isDigest(s string) bool {
	return len(s) == 16 && strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }) < 0
}

// At returns the rows of a point.
func (t *Table) At(point int) []Row {
	from := sort.Search(len(t.Rows), func(i int) bool { return t.Rows[i].Point >= point })
	to := from + sort.Search(len(t.Rows)-from, func(i int) bool { return t.Rows[from+i].Point > point })
	return t.Rows[from:to]
}

// Values returns the values of a measure at a point, in the order of the seeds, without those that are missing.
func (t *Table) Values(point, measure int) []float64 {
	var values []float64
	for _, r := range t.At(point) {
		if v := r.Values[measure]; !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return values
}

// Only returns the table with some of its measures, in that order.
func (t *Table) Only(measures ...int) *Table {
	only := &Table{Factors: t.Factors, Points: t.Points, Rows: slices.Clone(t.Rows)}
	for _, m := range measures {
		only.Measures = append(only.Measures, t.Measures[m])
	}
	for i := range only.Rows {
		values := make([]float64, len(measures))
		for k, m := range measures {
			values[k] = t.Rows[i].Values[m]
		}
		only.Rows[i].Values = values
	}
	return only
}

// Label returns a point as people write it: network.loss=0.1 policy=none; "" if nothing is varied.
func (t *Table) Label(point int) string {
	var parts []string
	for f, l := range t.Points[point] {
		parts = append(parts, t.Factors[f].Name+"="+t.Factors[f].Levels[l].Label)
	}
	return strings.Join(parts, " ")
}

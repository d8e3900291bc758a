package table

import (
	"fmt"
	"strings"

	"lightcone/models/dist"
)

// Factor returns the index of a factor by its name: as it is varied, or the last word of that where only one has it.
func (t *Table) Factor(name string) (int, error) {
	i, err := lookup("factor", name, factorNames(t.Factors))
	if err != nil {
		return 0, fmt.Errorf("table: %w", err)
	}
	return i, nil
}

// Measure returns the index of a measure by its name, with or without its unit in parentheses.
func (t *Table) Measure(name string) (int, error) {
	i, err := lookup("measure", name, measureNames(t.Measures))
	if err != nil {
		return 0, fmt.Errorf("table: %w", err)
	}
	return i, nil
}

// Column is a factor or a measure, by index; the other is -1.
type Column struct{ Factor, Measure int }

// Column returns a factor or a measure by its name. A factor comes first where both are named so.
func (t *Table) Column(name string) (Column, error) {
	factors := factorNames(t.Factors)
	i, err := lookup("column", name, append(factors, measureNames(t.Measures)...))
	if err != nil {
		return Column{}, fmt.Errorf("table: %w", err)
	}
	if i < len(factors) {
		return Column{i, -1}, nil
	}
	return Column{-1, i - len(factors)}, nil
}

// names are the ways in which one column may be called, the full one first.
type names []string

func factorNames(fs []Factor) []names {
	var list []names
	for _, f := range fs {
		list = append(list, names{f.Name, f.Name[strings.LastIndexByte(f.Name, '.')+1:]})
	}
	return list
}

func measureNames(ms []Measure) []names {
	var list []names
	for _, m := range ms {
		list = append(list, names{m.Name, header(m.Name, m.Unit)})
	}
	return list
}

// lookup returns which column is called so: the first that is by its full name, else the only one that is in another
// way, first to the letter and then whatever the case.
func lookup(what, name string, columns []names) (int, error) {
	same := []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold}
	for _, equal := range same {
		var found []int
		for i, c := range columns {
			if equal(c[0], name) {
				return i, nil
			}
			if equal(c[1], name) {
				found = append(found, i)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
		if len(found) > 1 {
			return 0, fmt.Errorf("%s is %q, want one of %s, which all are called so", what, name, list(columns, found))
		}
	}
	return 0, fmt.Errorf("%s is %q, want %s", what, name, wanted(name, columns))
}

func wanted(name string, columns []names) string {
	var full, every []string
	var all []int
	for i, c := range columns {
		full, every, all = append(full, c[0]), append(every, c...), append(all, i)
	}
	switch len(full) {
	case 0:
		return "none: there is none"
	case 1:
		return full[0]
	}
	text := "one of " + list(columns, all)
	if near := dist.Nearest(name, every); near != "" {
		text += "; nearest is " + near
	}
	return text
}

// most is how many names an error lists.
const most = 24

func list(columns []names, which []int) string {
	var b strings.Builder
	for k, i := range which {
		if k == most {
			fmt.Fprintf(&b, "; and %d more", len(which)-k)
			break
		}
		if k > 0 {
			b.WriteString("; ")
		}
		b.WriteString(columns[i][0])
	}
	return b.String()
}

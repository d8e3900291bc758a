package table

import (
	"io"
	"math"
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// rowGroup is how many runs are written together: what a reader takes into memory at once.
const rowGroup = 1 << 16

// WriteParquet writes the columns of WriteCSV with their types: labels and verdicts are text, numbers doubles, seeds and
// counts of events whole numbers without a sign. A check that failed, and the value of a measure, are null where there
// is none. The same table, the same bytes, on every platform: nothing is compressed.
func (t *Table) WriteParquet(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	p := parquet.NewWriter(w, t.schema(), parquet.CreatedBy("lightcone", "1", ""), parquet.MaxRowsPerRowGroup(rowGroup))
	var row parquet.Row
	valued := t.valued()
	for i := range t.Rows {
		row = t.parquetRow(row[:0], &t.Rows[i], valued)
		if _, err := p.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
	}
	return p.Close()
}

// columns is a schema's root: unlike parquet.Group, it keeps the order of its fields.
type columns struct {
	parquet.Group
	order []string
}

func (c columns) Fields() []parquet.Field {
	fields := c.Group.Fields()
	place := map[string]int{}
	for i, name := range c.order {
		place[name] = i
	}
	slices.SortFunc(fields, func(a, b parquet.Field) int { return place[a.Name()] - place[b.Name()] })
	return fields
}

// GoType is asked for, but nothing is read into it.
func (c columns) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

func (t *Table) schema() *parquet.Schema {
	order := t.headers()
	group := parquet.Group{}
	text := parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	double := parquet.Leaf(parquet.DoubleType)
	whole := parquet.Uint(64)
	valued := t.valued()
	for i, f := range t.Factors {
		group[f.Name] = text
		if f.Numeric && !valued[i] {
			group[f.Name] = double
		}
		if valued[i] {
			group[t.Factors[i].valueHeader()] = double
		}
	}
	for name, node := range map[string]parquet.Node{"seed": whole, "verdict": text, "failed": parquet.Optional(text),
		"digest": parquet.String(), "events": whole, "virtual_time_s": double} {
		group[name] = node
	}
	for _, m := range t.Measures {
		group[header(m.Name, m.Unit)] = parquet.Optional(double)
	}
	return parquet.NewSchema("runs", columns{group, order})
}

// parquetRow is a row's values by column: the definition level of one that may be null is 1, or 0 where it is.
func (t *Table) parquetRow(row parquet.Row, r *Row, valued []bool) parquet.Row {
	add := func(v parquet.Value) { row = append(row, v.Level(0, 0, len(row))) }
	maybe := func(v parquet.Value, there bool) {
		if there {
			row = append(row, v.Level(0, 1, len(row)))
			return
		}
		row = append(row, parquet.NullValue().Level(0, 0, len(row)))
	}
	for f, l := range t.Points[r.Point] {
		level := t.Factors[f].Levels[l]
		if !t.Factors[f].Numeric || valued[f] {
			add(parquet.ByteArrayValue([]byte(level.Label)))
		}
		if t.Factors[f].Numeric {
			add(parquet.DoubleValue(level.Value))
		}
	}
	add(parquet.ValueOf(r.Seed))
	add(parquet.ByteArrayValue([]byte(r.Verdict)))
	maybe(parquet.ByteArrayValue([]byte(r.Failed)), r.Failed != "")
	add(parquet.ByteArrayValue([]byte(r.Digest)))
	add(parquet.ValueOf(r.Events))
	add(parquet.DoubleValue(r.VirtualTime))
	for _, v := range r.Values {
		maybe(parquet.DoubleValue(v), !math.IsNaN(v))
	}
	return row
}

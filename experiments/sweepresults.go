package experiments

import (
	"fmt"
	"math"
	"slices"

	"lightcone/experiments/batch"
	"lightcone/experiments/table"
)

// Swept is what a sweep came to.
type Swept struct {
	Sweep        *Sweep
	Table        *table.Table
	Expectations []Expectation
	Failures     []SweptFailure // runs that failed, the first of each point
	Repros       []File         // of them
}

// SweptFailure is a run of a sweep that failed.
type SweptFailure struct {
	Point  int
	Seed   uint64
	Check  string // the first that failed
	Detail string
	Repro  string // the name of its file
}

// Bounds of what is kept of runs that fail.
const (
	failuresPerPoint = 3
	failuresInAll    = 50
)

// Results reads the records of all runs.
func (s *Sweep) Results(r batch.Records) (*Swept, error) {
	if len(r) != s.Scenario.Vary.size() {
		return nil, fmt.Errorf("experiments: there are records of %d points, want %d", len(r), s.Scenario.Vary.size())
	}
	w := &Swept{Sweep: s, Table: &table.Table{Factors: s.Factors}}
	columns := map[string]int{}
	for point, records := range r {
		w.Table.Points = append(w.Table.Points, s.Point(point).Levels)
		of := 0
		for _, text := range records {
			rec, err := parseRecord(text)
			if err != nil {
				return nil, err
			}
			w.row(point, rec, columns)
			if rec.Failed != "" && of < failuresPerPoint && len(w.Failures) < failuresInAll {
				of++
				w.fail(point, rec)
			}
		}
	}
	w.fill()
	if err := s.missing(w.measureNames()); err != nil {
		return nil, err
	}
	if err := w.Table.Check(); err != nil {
		return nil, err
	}
	return w, w.judge()
}

// row adds a run to the table, and the measures that no run before it had.
func (w *Swept) row(point int, rec record, columns map[string]int) {
	t := w.Table
	row := table.Row{Point: point, Seed: rec.Seed, Verdict: rec.Verdict, Failed: rec.Failed, Digest: rec.Digest, Events: rec.Events, VirtualTime: rec.VirtualTime}
	for _, v := range rec.Values {
		c, known := columns[v.Name]
		if !known {
			c = len(t.Measures)
			columns[v.Name] = c
			t.Measures = append(t.Measures, table.Measure{Name: v.Name, Unit: v.Unit})
		}
		for len(row.Values) <= c {
			row.Values = append(row.Values, math.NaN())
		}
		if v.Value != nil {
			row.Values[c] = *v.Value
		}
	}
	t.Rows = append(t.Rows, row)
}

// fill gives rows a place for every measure.
func (w *Swept) fill() {
	for i := range w.Table.Rows {
		for v := &w.Table.Rows[i].Values; len(*v) < len(w.Table.Measures); {
			*v = append(*v, math.NaN())
		}
	}
}

func (w *Swept) measureNames() (names []string) {
	for _, m := range w.Table.Measures {
		names = append(names, m.Name)
	}
	return names
}

// fail keeps a run that failed, and the file that repeats it.
func (w *Swept) fail(point int, rec record) {
	s := w.Sweep.Scenario
	f := SweptFailure{Point: point, Seed: rec.Seed, Check: rec.Failed, Detail: rec.Detail, Repro: fmt.Sprintf("repro-%d-%d.json", point, rec.Seed)}
	r := &Repro{Format: reproFormat, Version: Version, Scenario: s.Name, Source: s.source, Files: s.Files(),
		Set: append([]string{}, slices.Concat(s.set, w.Sweep.Point(point).Set)...), Seed: rec.Seed, Drop: []string{}, Without: []string{},
		Property: rec.Failed, Digest: rec.Digest, Every: 1}
	if t := rec.Trail; t != nil {
		r.Records, r.Every, r.Trail = t.Records, t.Every, t.Steps
	}
	w.Failures = append(w.Failures, f)
	w.Repros = append(w.Repros, File{f.Repro, r.JSON()})
}

// Runs returns how many runs there were, and how many failed.
func (w *Swept) Runs() (all, failed int) {
	for _, r := range w.Table.Rows {
		if r.Failed != "" {
			failed++
		}
	}
	return len(w.Table.Rows), failed
}

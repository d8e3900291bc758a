package experiments

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lightcone/experiments/figure"
)

// Plot draws a figure of the results of a sweep, with what was expected of it.
func (r *Results) Plot(p PlotSpec) (*figure.Figure, error) {
	if r.Sweep == nil {
		return nil, fmt.Errorf("experiments: %s holds one run, want the results of a sweep", r.Dir)
	}
	expected, err := r.expectations()
	if err != nil {
		return nil, err
	}
	return p.Figure(r.Sweep, expected)
}

// expectations are those of the summary. Of each there is what a figure wants: Point, Measure, Statistic, Bound, Expected
// and Source.
func (r *Results) expectations() ([]Expectation, error) {
	name := filepath.Join(r.Dir, "summary.json")
	data, err := os.ReadFile(name)
	var sum SweepSummary
	if err == nil {
		err = json.Unmarshal(data, &sum)
	}
	if err != nil {
		return nil, fmt.Errorf("experiments: %s is no sweep's summary, want one: %w", name, err)
	}
	points := map[string]int{}
	for i, levels := range r.Sweep.Points {
		var labels []string // as those of Point
		for f, level := range levels {
			labels = append(labels, r.Sweep.Factors[f].Name+"="+r.Sweep.Factors[f].Levels[level].Label)
		}
		points[strings.Join(labels, ", ")] = i
	}
	var list []Expectation
	for _, e := range sum.Expectations {
		point, ok := points[e.Point]
		if !ok {
			return nil, fmt.Errorf("experiments: %s: an expectation is of point %q, want one of runs.csv", name, e.Point)
		}
		bound, err := parseBound(e.Bound)
		if err != nil {
			return nil, fmt.Errorf("experiments: %s: %w", name, err)
		}
		if e.Expected != nil {
			list = append(list, Expectation{Point: point, Measure: e.Measure, Statistic: e.Statistic, Bound: bound, Expected: *e.Expected, Source: e.Source})
		}
	}
	return list, nil
}

// parseBound reads a bound as String writes it.
func parseBound(s string) (Bound, error) {
	for _, b := range []Bound{Exactly, AtMost, AtLeast} {
		if s == b.String() {
			return b, nil
		}
	}
	return 0, fmt.Errorf("bound is %q, want %q, %q or nothing", s, AtMost.String(), AtLeast.String())
}

package experiments

import (
	"math"
	"slices"

	"lightcone/experiments/table"
)

// mostPlots is how many figures a sweep gets that declares none.
const mostPlots = 3

// DefaultPlots declares figures of a sweep that declares none: its first measures that are not the same in all runs,
// against the numeric factor of most levels (or the first) by the next, in panels by a third if they are few, at the first level of all
// others; without
// factors, their distributions.
func DefaultPlots(t *table.Table) []PlotSpec {
	var list []PlotSpec
	x, by, where := defaultAxes(t.Factors)
	for m := range t.Measures {
		if len(list) == mostPlots {
			break
		}
		p := PlotSpec{Y: t.Measures[m].Name, X: x, By: by, Where: where}
		if x == "" {
			p.Kind = "histogram"
		}
		if _, err := p.Figure(t, nil); err == nil && varies(t, m) {
			list = append(list, p)
		}
	}
	return list
}

// varies reports whether a measure is not the same in all runs.
func varies(t *table.Table, measure int) bool {
	return slices.ContainsFunc(t.Rows, func(r table.Row) bool {
		v, first := r.Values[measure], t.Rows[0].Values[measure]
		return v != first && !(math.IsNaN(v) && math.IsNaN(first))
	})
}

// defaultAxes chooses which factor is x, by which series are told apart, and what is held.
func defaultAxes(factors []table.Factor) (x string, by NameList, where LevelSet) {
	if len(factors) == 0 {
		return "", nil, nil
	}
	best := 0
	for i, f := range factors {
		if b := factors[best]; f.Numeric && (!b.Numeric || len(f.Levels) > len(b.Levels)) {
			best = i
		}
	}
	const mostSeries, mostPanels = 6, 4
	panels := 1
	for i, f := range factors {
		switch n := len(f.Levels); {
		case i == best:
		case len(by) == 0 && n <= mostSeries:
			by = NameList{f.Name}
		case panels*n <= mostPanels:
			panels *= n
		default:
			where = append(where, FactorLevel{f.Name, f.Levels[0].Label})
		}
	}
	return factors[best].Name, by, where
}

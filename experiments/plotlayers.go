package experiments

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lightcone/experiments/figure"
	"lightcone/experiments/table"
)

// scaling turns values into those that are drawn.
type scaling struct {
	by   float64
	unit string
}

// scalingOf chooses the unit of times by the largest.
func scalingOf(unit string, most float64) scaling {
	switch {
	case unit != "s" || most == 0:
		return scaling{1, unit}
	case most < 1e-3:
		return scaling{1e6, "µs"}
	case most < 1:
		return scaling{1e3, "ms"}
	case most >= 2*3600:
		return scaling{1. / 3600, "h"}
	}
	return scaling{1, unit}
}

// measure chooses the units.
func (r *plotting) measure() {
	most := 0.0
	for i, levels := range r.t.Points {
		if !r.drawn(levels) {
			continue
		}
		if r.distribution() || r.kind == "box" || r.kind == "violin" {
			for _, v := range r.t.Values(i, r.y) {
				most = max(most, magnitude(v))
			}
			continue
		}
		most = max(most, magnitude(r.t.Estimate(i, r.y, r.stat, table.Confidence).Value))
	}
	y := scalingOf(r.t.Measures[r.y].Unit, most)
	if r.stat == table.Nonzero && !r.samples() {
		y = scaling{1, ""}
	}
	x := scaling{1, ""}
	if r.x >= 0 && !r.categories() {
		most = 0
		for _, l := range r.t.Factors[r.x].Levels {
			most = max(most, magnitude(l.Value))
		}
		x = scalingOf(r.t.Factors[r.x].Unit, most)
	}
	if r.distribution() {
		x, y = y, scaling{1, ""}
	}
	r.unit = [2]scaling{x, y}
}

// samples reports whether all values are drawn, rather than a statistic of them.
func (r *plotting) samples() bool {
	return r.distribution() || r.kind == "box" || r.kind == "violin"
}

func magnitude(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return math.Abs(v)
}

// drawn reports whether a point of the grid is in the figure.
func (r *plotting) drawn(levels []int) bool {
	for f, level := range r.fixed {
		if level >= 0 && levels[f] != level {
			return false
		}
	}
	return true
}

// describe names the levels of some factors in a setting: names of cases alone, numbers with their factor.
func (r *plotting) describe(factors, setting []int) string {
	var list []string
	for _, f := range factors {
		label := r.t.Factors[f].Levels[setting[f]].Label
		if r.t.Factors[f].Numeric || len(factors) > 1 {
			label = lastWord(r.t.Factors[f].Name) + " = " + label
		}
		list = append(list, label)
	}
	return strings.Join(list, ", ")
}

// layers draws the series of a panel.
func (r *plotting) layers(panel []int) (layers []figure.Layer) {
	if r.kind == "heat" {
		return r.heat(panel)
	}
	var curves []figure.Layer
	for _, setting := range r.settings(r.by, panel) {
		name := r.describe(r.by, setting)
		if r.samples() {
			layers = append(layers, r.sampled(name, setting)...)
			continue
		}
		if name == "" && len(r.expected) > 0 {
			name = "measured"
		}
		if data := r.estimates(setting); len(data) > 0 {
			layers = append(layers, r.series(name, data))
			curves = append(curves, r.curves(name, setting)...)
		}
	}
	return append(layers, once(curves)...)
}

// once leaves of curves that are all the same the first, as that of no series.
func once(curves []figure.Layer) []figure.Layer {
	if len(curves) < 2 {
		return curves
	}
	first := curves[0].(figure.Curve)
	for _, c := range curves[1:] {
		if other := c.(figure.Curve); other.Form != first.Form || !slices.Equal(other.Data, first.Data) {
			return curves
		}
	}
	first.Name = ""
	return []figure.Layer{first}
}

// series draws points of the statistic.
func (r *plotting) series(name string, data []figure.Estimate) figure.Layer {
	switch r.kind {
	case "bars":
		return figure.Bars{Name: name, Data: data}
	case "points":
		return figure.Points{Name: name, Data: data}
	}
	return figure.Line{Name: name, Data: data}
}

// position is where a level of x stands.
func (r *plotting) position(level int) float64 {
	if r.categories() {
		return float64(level)
	}
	return r.t.Factors[r.x].Levels[level].Value * r.unit[0].by
}

// at is the point of the grid of a setting at a level of x.
func (r *plotting) at(setting []int, level int) (point int, ok bool) {
	levels := slices.Clone(setting)
	if r.x >= 0 {
		levels[r.x] = level
	}
	point, ok = r.points[levelsKey(levels)]
	return point, ok
}

// order lists the levels of x from left to right.
func (r *plotting) order() []int {
	list := make([]int, len(r.t.Factors[r.x].Levels))
	for i := range list {
		list[i] = i
	}
	if !r.categories() {
		slices.SortStableFunc(list, func(a, b int) int {
			return cmp.Compare(r.t.Factors[r.x].Levels[a].Value, r.t.Factors[r.x].Levels[b].Value)
		})
	}
	return list
}

// estimates are the statistic along x.
func (r *plotting) estimates(setting []int) (data []figure.Estimate) {
	for _, level := range r.order() {
		point, ok := r.at(setting, level)
		if !ok {
			continue
		}
		if e, ok := r.estimate(point); ok {
			data = append(data, figure.Estimate{X: r.position(level), Y: e.Value, Low: e.Low, High: e.High})
		}
	}
	return data
}

// estimate is the statistic at a point, in the unit of the figure. What cannot be drawn is taken down.
func (r *plotting) estimate(point int) (table.Estimate, bool) {
	e := r.t.Estimate(point, r.y, r.stat, table.Confidence)
	at := located(r.t.Label(point))
	switch {
	case e.N == 0:
		r.left = append(r.left, "no run has it"+at)
		return e, false
	case math.IsNaN(e.Value) || math.IsInf(e.Value, 0):
		r.left = append(r.left, fmt.Sprintf("it is %v%s", e.Value, at))
		return e, false
	case r.log[1] && e.Value <= 0:
		r.left = append(r.left, fmt.Sprintf("it is %v%s, which a logarithmic axis does not show", e.Value, at))
		return e, false
	}
	r.count(e.N)
	if e.Known() && e.Low < e.High && !slices.Contains(r.methods, e.Method) {
		r.methods = append(r.methods, e.Method)
	}
	e.Value, e.Low, e.High = e.Value*r.unit[1].by, e.Low*r.unit[1].by, e.High*r.unit[1].by
	return e, true
}

// count takes down how many runs something drawn has.
func (r *plotting) count(n int) {
	if r.high == 0 {
		r.low = n
	}
	r.low, r.high = min(r.low, n), max(r.high, n)
}

// curves draws what is expected of a series.
func (r *plotting) curves(name string, setting []int) (layers []figure.Layer) {
	for _, bound := range []Bound{Exactly, AtMost, AtLeast} {
		var data []figure.XY
		for _, level := range r.order() {
			point, ok := r.at(setting, level)
			if e := r.expectation(point, bound); ok && e != nil {
				data = append(data, figure.XY{X: r.position(level), Y: e.Expected * r.unit[1].by})
			}
		}
		if len(data) > 0 {
			layers = append(layers, figure.Curve{Name: name, Form: r.form(bound), Data: data})
		}
	}
	return layers
}

// expectation is what is expected of the statistic at a point, and can be drawn; nil if nothing is.
func (r *plotting) expectation(point int, bound Bound) *Expectation {
	for i := range r.expected {
		e := &r.expected[i]
		if e.Point == point && e.Bound == bound && r.expects(e) && magnitude(e.Expected) == math.Abs(e.Expected) && (!r.log[1] || e.Expected > 0) {
			return e
		}
	}
	return nil
}

// expects reports whether an expectation is of what is drawn.
func (r *plotting) expects(e *Expectation) bool {
	s := table.Mean
	if e.Statistic != "" {
		var err error
		if s, err = table.ParseStatistic(e.Statistic); err != nil {
			return false
		}
	}
	m, err := r.t.Measure(e.Measure)
	return err == nil && m == r.y && s == r.stat
}

// form is what the curve of an expectation is called: the formula, if there is one for all points.
func (r *plotting) form(bound Bound) string {
	text, source := "expected", ""
	if bound != Exactly {
		text = strings.TrimSpace(bound.String())
	}
	for i := range r.expected {
		e := &r.expected[i]
		if e.Bound != bound || !r.expects(e) {
			continue
		}
		if source != "" && e.Source != source {
			return text
		}
		source = e.Source
	}
	if source == "" || len(source) > 60 {
		return text
	}
	return text + ": " + source
}

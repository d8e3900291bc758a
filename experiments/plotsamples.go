package experiments

import (
	"fmt"
	"math"

	"lightcone/experiments/figure"
	"lightcone/experiments/table"
)

// sampled draws all values of a series.
func (r *plotting) sampled(name string, setting []int) []figure.Layer {
	if r.distribution() {
		point, ok := r.at(setting, 0)
		if !ok {
			return nil
		}
		values := r.values(point, r.unit[0], r.log[0])
		if len(values) == 0 {
			return nil
		}
		switch r.kind {
		case "histogram":
			return []figure.Layer{figure.Histogram{Name: name, Values: values}}
		default:
			return []figure.Layer{figure.CDF{Name: name, Values: values, Complement: r.kind == "ccdf", Band: true}}
		}
	}
	var data []figure.Sample
	for _, level := range r.order() {
		point, ok := r.at(setting, level)
		if !ok {
			continue
		}
		if values := r.values(point, r.unit[1], r.log[1]); len(values) > 0 {
			data = append(data, figure.Sample{X: r.position(level), Values: values})
		}
	}
	switch {
	case len(data) == 0:
		return nil
	case r.kind == "violin":
		return []figure.Layer{figure.Violin{Name: name, Data: data}}
	}
	return []figure.Layer{figure.Box{Name: name, Data: data}}
}

// values are those of a point that can be drawn. The others are taken down.
func (r *plotting) values(point int, unit scaling, log bool) (values []float64) {
	all := r.t.Values(point, r.y)
	for _, v := range all {
		if magnitude(v) == 0 && v != 0 || log && v <= 0 {
			continue
		}
		values = append(values, v*unit.by)
	}
	at := r.t.Label(point)
	switch left := len(all) - len(values); {
	case len(all) == 0:
		r.left = append(r.left, "no run has it"+located(at))
	case left > 0 && log:
		r.left = append(r.left, fmt.Sprintf("%d of %d values are not above 0%s, which a logarithmic axis does not show", left, len(all), located(at)))
	case left > 0:
		r.left = append(r.left, fmt.Sprintf("%d of %d values are infinite%s", left, len(all), located(at)))
	}
	if len(values) > 0 {
		r.count(len(values))
	}
	return values
}

// located says at which point something is, if there are several.
func located(label string) string {
	if label == "" {
		return ""
	}
	return " at " + label
}

// heat draws the statistic over two factors, each field with its interval or with what is expected.
func (r *plotting) heat(panel []int) []figure.Layer {
	h := figure.Heat{Name: r.measureName(), Log: r.log[1]}
	rows := r.by[0]
	wide := len(r.t.Factors[r.x].Levels) > 6
	for row := range r.t.Factors[rows].Levels {
		for column := range r.t.Factors[r.x].Levels {
			setting := append([]int{}, panel...)
			setting[rows] = row
			point, ok := r.at(setting, column)
			if !ok {
				continue
			}
			e, ok := r.estimate(point)
			if !ok {
				h.Cells = append(h.Cells, figure.Cell{X: column, Y: row, Value: math.NaN(), Text: []string{"–"}})
				continue
			}
			text := []string{threeDigits(e.Value)}
			expected := r.expectation(point, Exactly)
			switch {
			case wide:
			case expected != nil:
				text = append(text, "exp. "+threeDigits(expected.Expected*r.unit[1].by))
				r.beside[0] = true
			case e.Known() && e.Low < e.High:
				r.beside[1] = true
				text = append(text, threeDigits(e.Low)+" to "+threeDigits(e.High))
			}
			h.Cells = append(h.Cells, figure.Cell{X: column, Y: row, Value: e.Value, Text: text})
		}
	}
	for _, c := range h.Cells {
		if !math.IsNaN(c.Value) {
			return []figure.Layer{h}
		}
	}
	return nil
}

// measureName is what is drawn, with its unit.
func (r *plotting) measureName() string {
	unit := r.unit[1].unit
	if r.distribution() {
		unit = r.unit[0].unit
	}
	return withUnit(r.statisticName(), unit)
}

// statisticName is the statistic and the measure: mean latency.
func (r *plotting) statisticName() string {
	m := r.t.Measures[r.y].Name
	switch {
	case r.samples():
		return m
	case r.stat == table.Nonzero:
		return "share of runs with " + m
	}
	return r.stat.String() + " " + m
}

func withUnit(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " (" + unit + ")"
}

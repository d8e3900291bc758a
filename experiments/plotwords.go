package experiments

import (
	"fmt"
	"strings"

	"lightcone/experiments/figure"
	"lightcone/experiments/table"
)

// axisX is the horizontal axis; where there are few levels, they are its ticks.
func (r *plotting) axisX() figure.Axis {
	if r.distribution() {
		return figure.Axis{Label: r.measureName(), Log: r.log[0]}
	}
	f := r.t.Factors[r.x]
	if r.categories() {
		return figure.Axis{Label: f.Name, Categories: labels(f)}
	}
	a := figure.Axis{Label: withUnit(f.Name, r.unit[0].unit), Log: r.log[0]}
	const mostTicks = 8
	if len(f.Levels) <= mostTicks {
		for _, level := range r.order() {
			at := r.position(level)
			a.Ticks = append(a.Ticks, figure.Tick{At: at, Label: figure.Number(at)})
		}
	}
	return a
}

// axisY is the vertical axis.
func (r *plotting) axisY() figure.Axis {
	switch r.kind {
	case "cdf":
		return figure.Axis{Label: "share of runs, up to", Log: r.log[1]}
	case "ccdf":
		return figure.Axis{Label: "share of runs above", Log: r.log[1]}
	case "histogram":
		return figure.Axis{Label: "share of runs"}
	case "heat":
		f := r.t.Factors[r.by[0]]
		return figure.Axis{Label: f.Name, Categories: labels(f)}
	}
	return figure.Axis{Label: r.measureName(), Log: r.log[1]}
}

// title says what is drawn against what.
func (r *plotting) title() string {
	var by []string
	for _, f := range append(append([]int{}, r.by...), r.facets...) {
		by = append(by, lastWord(r.t.Factors[f].Name))
	}
	text := r.statisticName()
	if r.distribution() {
		text = "distribution of " + text
	} else {
		text += " against " + lastWord(r.t.Factors[r.x].Name)
	}
	if len(by) > 0 {
		text += ", by " + strings.Join(by, " and ")
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// caption says how many runs there are, what the intervals are, and what is left out.
func (r *plotting) caption() string {
	parts := []string{r.runs()}
	if w := r.intervals(); w != "" {
		parts = append(parts, w)
	}
	for i, level := range r.fixed {
		if level >= 0 {
			parts = append(parts, r.t.Factors[i].Name+" = "+r.t.Factors[i].Levels[level].Label)
		}
	}
	const most = 3
	for i, l := range r.left {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more that are left out", len(r.left)-most))
			break
		}
		parts = append(parts, l)
	}
	return strings.Join(parts, "; ")
}

func (r *plotting) runs() string {
	each := "a point"
	switch {
	case r.kind == "heat":
		each = "a field"
	case r.kind == "bars":
		each = "a bar"
	case r.samples():
		each = "each"
	}
	n := fmt.Sprint(r.low)
	if r.low < r.high {
		n += fmt.Sprintf(" to %d", r.high)
	}
	if r.high == 1 {
		return "1 run " + each
	}
	text := n + " runs " + each
	if len(r.t.Points) > 1 {
		text += ", on the same seeds"
	}
	return text
}

// intervals says what is drawn around the statistic.
func (r *plotting) intervals() string {
	method := ""
	if len(r.methods) == 1 {
		method = " (" + r.methods[0] + ")"
	}
	switch r.kind {
	case "cdf", "ccdf":
		return "bands: 95 % (Dvoretzky, Kiefer and Wolfowitz)"
	case "box":
		return "box: quartiles and median, whiskers: to 1.5 times the box, rings: beyond"
	case "violin":
		return "width: density, stroke: median, bar: quartiles"
	case "histogram":
		return ""
	case "heat":
		return r.small(method)
	}
	if len(r.methods) == 0 {
		return "no intervals"
	}
	around := map[string]string{"lines": "bands: ", "bars": "whiskers: "}[r.kind]
	if around == "" {
		around = "bars: "
	}
	return fmt.Sprintf("%s%g %% intervals%s", around, 100*table.Confidence, method)
}

// small says what the fields of a heat map show below the value.
func (r *plotting) small(method string) string {
	intervals := fmt.Sprintf("%g %% intervals%s", 100*table.Confidence, method)
	switch r.beside {
	case [2]bool{true, true}:
		return "small: what is expected, else " + intervals
	case [2]bool{true, false}:
		return "small (exp.): what is expected"
	case [2]bool{false, true}:
		return "small: " + intervals
	}
	return ""
}

package experiments

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lightcone/experiments/table"
)

// plotting is a declaration that was matched with what a sweep measured.
type plotting struct {
	spec     PlotSpec
	t        *table.Table
	kind     string
	x, y     int   // a factor, -1 if there is none; a measure
	by       []int // factors
	facets   []int
	fixed    []int // of each factor the level, or -1
	panels   [][]int
	stat     table.Statistic
	log      [2]bool
	unit     [2]scaling
	expected []Expectation
	points   map[string]int // by level of each factor

	beside    [2]bool  // heat: some fields show what is expected; some an interval
	low, high int      // fewest and most runs of what is drawn
	methods   []string // how its intervals were made
	left      []string // what is left out, and why
}

// called is what errors call the figure.
func (p PlotSpec) called() string { return strings.TrimSpace("plot " + p.FileName()) }

func (r *plotting) called() string { return r.spec.called() }

// resolve matches a declaration with a table; the error lists all that is wrong.
func (p PlotSpec) resolve(t *table.Table) (*plotting, error) {
	r := &plotting{spec: p, t: t, x: -1, fixed: make([]int, len(t.Factors)), points: map[string]int{}}
	for i := range r.fixed {
		r.fixed[i] = -1
	}
	for i, levels := range t.Points {
		r.points[levelsKey(levels)] = i
	}
	var errs []error
	say := func(err error) { errs = append(errs, err) }
	r.matchMeasure(say)
	r.matchFactors(say)
	r.matchWords(say)
	if len(errs) == 0 {
		r.matchKind(say)
	}
	if len(errs) == 0 {
		r.matchLog(say)
		r.matchPanels(say)
	}
	for i, err := range errs {
		errs[i] = fmt.Errorf("experiments: %s: %w", p.called(), err)
	}
	return r, errors.Join(errs...)
}

func levelsKey(levels []int) string { return fmt.Sprint(levels) }

// within drops the name of the package from an error that says more than it.
func within(what string, err error) error {
	return fmt.Errorf("%s: %s", what, strings.TrimPrefix(err.Error(), "table: "))
}

func (r *plotting) matchMeasure(say func(error)) {
	var err error
	if r.y, err = r.t.Measure(r.spec.Y); err != nil {
		say(within("y", err))
	}
	r.stat = table.Mean
	if s := r.spec.Statistic; s != "" {
		if r.stat, err = table.ParseStatistic(s); err != nil {
			say(within("statistic", err))
		}
	}
}

// matchFactors finds the factors that are named. No factor is named twice.
func (r *plotting) matchFactors(say func(error)) {
	used := map[int]string{}
	find := func(role, name string) int {
		i, err := r.t.Factor(name)
		if err != nil {
			say(within(role, err))
			return -1
		}
		if used[i] != "" {
			say(fmt.Errorf("%s is %s, which is %s already", role, r.t.Factors[i].Name, used[i]))
			return -1
		}
		used[i] = role
		return i
	}
	if r.spec.X != "" {
		r.x = find("x", r.spec.X)
	}
	for _, name := range r.spec.By {
		if i := find("by", name); i >= 0 {
			r.by = append(r.by, i)
		}
	}
	for _, w := range r.spec.Where {
		if i := find("where", w.Factor); i >= 0 {
			r.fixed[i] = levelOf(r.t.Factors[i], w.Level)
			if r.fixed[i] < 0 {
				say(fmt.Errorf("where: level of %s is %q, want %s", r.t.Factors[i].Name, w.Level, oneOf(w.Level, labels(r.t.Factors[i]))))
			}
		}
	}
	for i := range r.t.Factors {
		if used[i] == "" {
			r.facets = append(r.facets, i)
		}
	}
}

// levelOf finds a level by its label, or the number that it is; -1 if there is none.
func levelOf(f table.Factor, label string) int {
	if i := slices.IndexFunc(f.Levels, func(l table.Level) bool { return l.Label == label }); i >= 0 {
		return i
	}
	v, err := strconv.ParseFloat(label, 64)
	if err != nil {
		return -1
	}
	return slices.IndexFunc(f.Levels, func(l table.Level) bool {
		own, err := strconv.ParseFloat(l.Label, 64)
		return err == nil && own == v
	})
}

func labels(f table.Factor) []string {
	var list []string
	for _, l := range f.Levels {
		list = append(list, l.Label)
	}
	return list
}

// plotKinds are the kinds of figures.
var plotKinds = []string{"lines", "points", "bars", "cdf", "ccdf", "heat", "box", "violin", "histogram"}

// distribution reports whether the measure is along the horizontal axis.
func (r *plotting) distribution() bool {
	return r.kind == "cdf" || r.kind == "ccdf" || r.kind == "histogram"
}

// categories reports whether the levels of x are names rather than numbers.
func (r *plotting) categories() bool {
	return !r.distribution() && (r.kind != "lines" && r.kind != "points" || !r.t.Factors[r.x].Numeric)
}

// matchWords checks the words of which there are only a few.
func (r *plotting) matchWords(say func(error)) {
	if kind := r.spec.Kind; kind != "" && !slices.Contains(plotKinds, kind) {
		say(fmt.Errorf("kind is %q, want %s", kind, oneOf(kind, plotKinds)))
	}
	if axes := r.spec.Log; axes != "" && !slices.Contains([]string{"none", "x", "y", "xy"}, axes) {
		say(fmt.Errorf("log is %q, want none, x, y or xy", axes))
	}
}

// matchKind settles what is drawn. Without an x, the only factor that is left is it.
func (r *plotting) matchKind(say func(error)) {
	r.kind = r.spec.Kind
	if r.distribution() {
		if r.x >= 0 {
			say(fmt.Errorf("x is %s, want none: a %s has the measure there; series are told apart by %s", r.t.Factors[r.x].Name, r.kind, "by"))
		}
		return
	}
	if r.x < 0 && len(r.facets) == 1 {
		r.x, r.facets = r.facets[0], nil
	}
	if r.x < 0 {
		var names []string
		for _, i := range r.facets {
			names = append(names, r.t.Factors[i].Name)
		}
		if len(names) == 0 {
			say(errors.New("x is missing, and no factor is left for it: want kind cdf, ccdf or histogram"))
			return
		}
		say(fmt.Errorf("x is missing, want one of %s", list(names)))
		return
	}
	numeric := r.t.Factors[r.x].Numeric
	switch {
	case r.kind == "" && numeric:
		r.kind = "lines"
	case r.kind == "":
		r.kind = "bars"
	case r.kind == "lines" && !numeric:
		say(fmt.Errorf("kind is lines and the levels of %s are no numbers, want bars or points", r.t.Factors[r.x].Name))
	case r.kind == "heat" && len(r.by) != 1:
		say(fmt.Errorf("by has %d factors, want one: the rows of the heat map", len(r.by)))
	}
}

// matchLog settles which axes are logarithmic.
func (r *plotting) matchLog(say func(error)) {
	axes := r.spec.Log
	switch {
	case axes == "" && r.kind == "ccdf":
		r.log[1] = true
	case axes == "" && r.x >= 0:
		r.log[0] = !r.categories() && geometric(r.t.Factors[r.x].Levels)
	case axes != "none":
		r.log = [2]bool{strings.Contains(axes, "x"), strings.Contains(axes, "y")}
	}
	if r.x < 0 || !r.log[0] {
		return
	}
	if r.categories() {
		say(fmt.Errorf("log is %s and x has categories (kind %s), want y or none", axes, r.kind))
		return
	}
	for _, l := range r.t.Factors[r.x].Levels {
		if l.Value <= 0 {
			say(fmt.Errorf("log is %s and a level of %s is %s, want more than 0", axes, r.t.Factors[r.x].Name, l.Label))
		}
	}
}

// geometric reports whether levels grow by about the same factor, and much in all.
func geometric(levels []table.Level) bool {
	const much, even = 8, 1.6
	if len(levels) < 3 || levels[0].Value <= 0 {
		return false
	}
	least, most := math.Inf(1), 0.0
	for i := 1; i < len(levels); i++ {
		step := levels[i].Value / levels[i-1].Value
		least, most = min(least, step), max(most, step)
	}
	return least > 1 && most <= even*least && levels[len(levels)-1].Value >= much*levels[0].Value
}

// matchPanels gives each setting of the factors that are nowhere named a panel.
func (r *plotting) matchPanels(say func(error)) {
	n := 1
	var names []string
	for _, i := range r.facets {
		n *= len(r.t.Factors[i].Levels)
		names = append(names, r.t.Factors[i].Name)
		if n > mostPanels {
			say(fmt.Errorf("%s would have %d panels, want at most %d: name a factor as x, in by, or a level of it in where", list(names), n, mostPanels))
			return
		}
	}
	r.panels = r.settings(r.facets, r.fixed)
}

// settings are all combinations of the levels of some factors, on top of what is fixed, the first varying slowest.
func (r *plotting) settings(factors, fixed []int) [][]int {
	all := [][]int{slices.Clone(fixed)}
	for _, f := range factors {
		var next [][]int
		for _, s := range all {
			for level := range r.t.Factors[f].Levels {
				c := slices.Clone(s)
				c[f] = level
				next = append(next, c)
			}
		}
		all = next
	}
	return all
}

package experiments

import (
	"math"
	"slices"
	"strings"

	"lightcone/experiments/table"
)

// Point is one point of the grid.
type Point struct {
	Index  int
	Levels []int    // of each factor
	Set    []string // the overrides that make it
	Label  string   // the levels, as people read them: network.loss=0.1, policy=none
}

// MaxPoints bounds the grid.
const MaxPoints = 1_000_000

// factors returns what is varied, as a table has it.
func (y Vary) factors() []table.Factor {
	factors := []table.Factor{}
	for _, f := range y {
		factors = append(factors, f.factor())
	}
	return factors
}

// factor is numeric if all its levels are numbers of one kind. Those of cases are if their names are.
func (f Variable) factor() table.Factor {
	t := table.Factor{Name: f.Name, Numeric: true}
	for i, s := range f.Levels {
		v := s.value
		if v == nil {
			v = named(s.Label)
		}
		q, ok := quantityOf(v)
		if i == 0 {
			t.Unit = q.unit
		}
		t.Numeric = t.Numeric && ok && q.unit == t.Unit
		t.Levels = append(t.Levels, table.Level{Label: s.Label, Value: q.value})
	}
	if !t.Numeric {
		t.Unit = ""
		for i := range t.Levels {
			t.Levels[i].Value = math.NaN()
		}
	}
	return t
}

// named is the name of a case as a value: a number if it is written as one.
func named(label string) *value {
	if v, problems := parse(setFile, []byte(label)); len(problems) == 0 && v != nil && v.shape == number {
		return v
	}
	return &value{shape: text, raw: label}
}

// size returns how many points the grid has; more than it can count are math.MaxInt64.
func (y Vary) size() int {
	n := 1
	for _, f := range y {
		if k := len(f.Levels); k > 0 && n > math.MaxInt64/k {
			return math.MaxInt64
		}
		n *= len(f.Levels)
	}
	return n
}

// point returns the i-th point.
func (y Vary) point(i int) Point {
	p := Point{Index: i, Levels: make([]int, len(y))}
	for f := len(y) - 1; f >= 0; f-- {
		n := len(y[f].Levels)
		p.Levels[f] = i % n
		i /= n
	}
	var labels []string
	for f, l := range p.Levels {
		s := y[f].Levels[l]
		labels = append(labels, y[f].Name+"="+s.Label)
		for _, o := range s.Overrides {
			p.Set = append(p.Set, o.String())
		}
	}
	p.Label = strings.Join(labels, ", ")
	return p
}

// at returns the scenario of a point. The error is what is wrong with it there.
func (s *Scenario) at(p Point) (*Scenario, error) {
	root := s.document.clone()
	root.keys = slices.DeleteFunc(root.keys, func(k *key) bool { return slices.Contains(sections(), k.name) && k.name != "name" && k.name != "about" })
	var problems Problems
	for f, l := range p.Levels {
		for _, o := range s.Vary[f].Levels[l].Overrides {
			v := o.value.clone()
			if v.shape == null {
				v = v.removal()
			}
			if bad := graft(root, o.steps, v); bad != nil {
				problems = append(problems, o.value.problem(bad.Path, bad.Got, bad.Want))
			}
		}
	}
	root.prune()
	at := &Scenario{Name: s.Name, source: s.source, set: slices.Concat(s.set, p.Set), document: root, files: s.files.clone()}
	problems = append(problems, at.interpret(root)...)
	for i := range problems {
		problems[i].Point = p.Label
	}
	return at, problems.sorted()
}

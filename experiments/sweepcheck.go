package experiments

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// points checks every point: what is wrong at several is said once, with the first.
func (s *Sweep) points() Problems {
	found := make([]Problems, s.Scenario.Vary.size())
	var next atomic.Int64
	var busy sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		busy.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(found); i = int(next.Add(1)) - 1 {
				found[i] = s.point(s.Point(i))
			}
		})
	}
	busy.Wait()
	g := gathering{index: map[Problem]int{}}
	for _, problems := range found {
		g.add(problems)
	}
	return g.all()
}

// levels checks each level by itself, the other factors being at their first.
func (s *Sweep) levels() Problems {
	g := gathering{index: map[Problem]int{}}
	step := 1
	for f := len(s.Factors) - 1; f >= 0; f-- {
		for l := range s.Factors[f].Levels {
			g.add(s.point(s.Point(l * step)))
		}
		step *= len(s.Factors[f].Levels)
	}
	if len(s.Factors) == 0 {
		g.add(s.point(s.Point(0)))
	}
	return g.all()
}

// point returns what is wrong at a point: with its scenario, and with what is expected there.
func (s *Sweep) point(p Point) Problems {
	at, err := s.Scenario.at(p)
	if problems, ok := err.(Problems); ok {
		return problems
	}
	names := s.names(at, p)
	var problems Problems
	for i := range s.Scenario.Expect {
		e := &s.Scenario.Expect[i]
		if !e.applies(s, p) {
			continue
		}
		for _, f := range e.formulas() {
			if _, err := f.formula.evaluate(names); err != nil {
				v := s.Scenario.document.get("expect").items[i].get(f.key)
				problem := v.problem(element("$.expect", i)+"."+f.key, v.String()+", which is "+err.Error(), wantFormula)
				problem.Point = p.Label
				problems = append(problems, problem)
			}
		}
	}
	return problems
}

// names returns what formulas can use at a point.
func (s *Sweep) names(at *Scenario, p Point) map[string]any {
	names := at.names()
	short := map[string]int{}
	for _, f := range s.Factors {
		short[shortName(f.Name)]++
	}
	for i, f := range s.Factors {
		l := f.Levels[p.Levels[i]]
		v := levelValue(l.Label, l.Value)
		names[identifier(f.Name)] = v
		if short[shortName(f.Name)] == 1 {
			names[shortName(f.Name)] = v
		}
	}
	return names
}

// gathering adds up the problems of points.
type gathering struct {
	index    map[Problem]int // where a problem is in problems, without its point
	problems Problems
	more     []int // at how many further points
}

func (g *gathering) add(ps Problems) {
	for _, p := range ps {
		bare := p
		bare.Point = ""
		at, seen := g.index[bare]
		if !seen {
			g.index[bare] = len(g.problems)
			g.problems, g.more = append(g.problems, p), append(g.more, 0)
			continue
		}
		if g.problems[at].Point != p.Point {
			g.more[at]++
		}
	}
}

func (g *gathering) all() Problems {
	for i, n := range g.more {
		if p := &g.problems[i]; n > 0 && p.Point != "" {
			p.Point += fmt.Sprintf(" and %d more", n)
		}
	}
	return g.problems
}

// plots reports figures that cannot be drawn of such a grid, and those that would have the same name.
func (s *Sweep) plots() (problems Problems) {
	seen := map[string]bool{}
	for i, p := range s.Scenario.Plot {
		v := s.Scenario.document.get("plot").items[i]
		path := element("$.plot", i)
		if err := p.Check(s.Factors, s.wanted()); err != nil && !slices.ContainsFunc(s.Scenario.Vary, Variable.replaced) {
			for _, line := range strings.Split(err.Error(), "\n") {
				got, want, ok := strings.Cut(line[strings.Index(line, ": ")+2:], ", want ")
				if !ok {
					want = "a figure that can be drawn"
				}
				problems = append(problems, v.problem(path, shorten(got, 200), shorten(want, 300)))
			}
		}
		if name := p.FileName(); seen[name] {
			problems = append(problems, v.problem(path, "a second figure called "+name, "a name of its own: name"))
		} else {
			seen[name] = true
		}
	}
	return problems
}

// sweep checks what the sections of a sweep say of each other.
func (c *checker) sweep() {
	c.held(c.Baseline, c.document.get("baseline"), "$.baseline")
	for i := range c.Expect {
		c.expect(&c.Expect[i], c.document.get("expect").items[i], element("$.expect", i))
	}
	for i := range c.Plot {
		c.held(c.Plot[i].Where, c.document.get("plot").items[i].get("where"), element("$.plot", i)+".where")
	}
}

// held checks levels that factors are held at. One that an override has taken away is no mistake: nothing is held there.
func (c *checker) held(set LevelSet, v *value, path string) {
	var names []string
	for _, f := range c.Vary {
		names = append(names, f.Name)
	}
	for _, l := range set {
		k := v.key(l.Factor)
		i := slices.Index(names, l.Factor)
		if i < 0 {
			c.problems = append(c.problems, k.problem(member(path, l.Factor), l.Factor+", which is not varied", oneOf(l.Factor, names)))
			continue
		}
		var labels []string
		for _, s := range c.Vary[i].Levels {
			labels = append(labels, s.Label)
		}
		if !slices.Contains(labels, l.Level) && !c.Vary[i].replaced() {
			c.problems = append(c.problems, k.value.problem(member(path, l.Factor), k.value.String()+", which is no level of "+l.Factor, oneOf(l.Level, labels)))
		}
	}
}

// expect checks that an expectation is one.
func (c *checker) expect(e *Expect, v *value, path string) {
	c.held(e.Where, v.get("where"), member(path, "where"))
	bounds := e.AtMost.is() || e.AtLeast.is()
	switch {
	case !e.Value.is() && !bounds && v.get("value") == nil && v.get("at-most") == nil && v.get("at-least") == nil:
		c.problems = append(c.problems, v.problem(path, "neither value nor a bound", "value, at-most or at-least"))
	case e.Value.is() && bounds:
		c.problems = append(c.problems, v.problem(path, "value beside a bound", "one of them: two expectations may be of one measure"))
	case e.Within != nil && bounds:
		c.problems = append(c.problems, v.get("within").problem(member(path, "within"), "within beside a bound", "it beside value"))
	case e.Because != "" && bounds:
		c.problems = append(c.problems, v.get("because").problem(member(path, "because"), "because beside a bound", "it beside value"))
	}
}

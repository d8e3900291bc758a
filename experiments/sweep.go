package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"lightcone/experiments/figure"
	"lightcone/experiments/table"
)

// Sweep is a scenario over a grid of settings and seeds: a question, and what answers it.
//
// A scenario declares it in its sections vary, seeds, measure, baseline, plot, expect and full; a study may add closed
// forms and figures in Go (SweptStudy). All points of the grid have the same seeds, so that points differ by their settings
// alone (common random numbers).
type Sweep struct {
	Scenario *Scenario // with the overrides of the options
	Study    Study     // nil: the scenario alone
	Factors  []table.Factor

	once    sync.Once // the first run, by which the names of measures are checked
	first   []byte
	refused error
	cache   scenarioCache
	options SweepOptions
}

// SweepOptions are what the command line adds to the declaration.
type SweepOptions struct {
	Set     []string // overrides of the scenario
	Vary    []string // key=a,b,c: further factors, or other levels of those declared
	Seeds   string   // 1000, or 1..1000; "": as declared
	Measure []string // which measures; none: as declared
	Full    bool     // the settings of the section full
}

// SweptStudy is a study that is swept, with what its scenario's sections cannot say.
type SweptStudy interface {
	Study
	// Expect returns what is expected at a point, beside what the section expect says. Only Point, Measure, Statistic,
	// Expected, Error, Source and Because are set; no Statistic is the mean.
	Expect(s *Sweep, p Point) ([]Expectation, error)
	// Figures returns figures beside those of the section plot.
	Figures(r *Swept) ([]SweptFigure, error)
}

// SweptFigure is a figure with the name of its files, without extension.
type SweptFigure struct {
	Name string
	*figure.Figure
}

// WatchedStudy is a study that measures something of its own in each run of a sweep.
type WatchedStudy interface {
	Study
	// Watch prepares the analysis of one run of a sweep, of which the measures and verdicts are kept.
	Watch(p *Plan) (*Analysis, error)
}

// checkedPoints is how many points NewSweep checks; of a larger grid it checks each level by itself, and Check the rest.
const checkedPoints = 1000

// NewSweep reads a declaration: the scenario by name or path as Open does, with what the options add. The error lists
// all that is wrong, also at points other than the first. Of a grid of more than a thousand points only the levels are
// checked, each by itself: Check does the rest.
func NewSweep(arg string, o SweepOptions) (*Sweep, error) {
	s, study, err := Open(arg, o.Set...)
	if err != nil {
		return nil, err
	}
	sets, err := o.overrides(s)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(sets, s.set) {
		if s, err = s.without().With(sets...); err != nil {
			return nil, o.named(err)
		}
	}
	w, err := newSweep(s, study)
	if err != nil {
		return nil, o.named(err)
	}
	w.options = o
	return w, nil
}

func newSweep(s *Scenario, study Study) (*Sweep, error) {
	w := &Sweep{Scenario: s, Study: study, Factors: s.Vary.factors()}
	n := s.Vary.size()
	if n > MaxPoints {
		return nil, w.tooLarge(n)
	}
	if err := w.tabular(); err != nil {
		return nil, err
	}
	problems := w.levels()
	if n <= checkedPoints {
		problems = w.points()
	}
	problems = append(problems, w.plots()...)
	if err := problems.sorted(); err != nil {
		return nil, err
	}
	return w, nil
}

// tabular reports names that a table of results cannot have, before anything is run.
func (s *Sweep) tabular() error {
	t := table.Table{Factors: s.Factors, Points: [][]int{s.Point(0).Levels}, Rows: []table.Row{{Seed: 1, Verdict: "pass", Digest: Hex(0)}}}
	return t.Check()
}

// Check checks every point of the grid: what NewSweep does if there are not too many.
func (s *Sweep) Check() error {
	if s.Scenario.Vary.size() <= checkedPoints {
		return nil
	}
	return s.options.named(s.points().sorted())
}

// Extent is how large a sweep is: points, and runs that it has at most, and at least (these differ where it stops when it is
// precise enough).
type Extent struct{ Points, Least, Most int }

// Extent returns how large the sweep is.
func (s *Sweep) Extent() Extent {
	least, most := s.seeds().bounds()
	n := s.Scenario.Vary.size()
	return Extent{n, n * least, n * most}
}

// Population returns how many nodes the largest of the worlds has, as far as the factor nodes and the scenario say.
func (s *Sweep) Population() int {
	most := s.Scenario.Population()
	for _, f := range s.Factors {
		if f.Name != "nodes" {
			continue
		}
		for _, l := range f.Levels {
			most = max(most, int(l.Value))
		}
	}
	return most
}

// Point returns the i-th point of the grid. The first factor varies slowest.
func (s *Sweep) Point(i int) Point { return s.Scenario.Vary.point(i) }

// At returns the scenario of a point.
func (s *Sweep) At(p Point) (*Scenario, error) { return s.Scenario.at(p) }

// seeds are those that the scenario declares, or the default.
func (s *Sweep) seeds() *Seeds {
	if s.Scenario.Seeds == nil {
		return &Seeds{First: 1, Count: defaultSeeds}
	}
	return s.Scenario.Seeds
}

// wanted returns the measures that are kept: those that the scenario names in any section; nil for all.
func (s *Sweep) wanted() []string {
	if s.Scenario.Measure == nil {
		return nil
	}
	list := slices.Clone(s.Scenario.Measure)
	for _, name := range s.Scenario.mentioned() {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// mentioned returns the measures that sections beside measure speak of.
func (s *Scenario) mentioned() (names []string) {
	for _, e := range s.Expect {
		names = append(names, e.Measure)
	}
	for _, p := range s.Plot {
		names = append(names, p.Y)
	}
	if s.Seeds != nil && s.Seeds.Of != "" {
		names = append(names, s.Seeds.Of)
	}
	return names
}

// tooLarge says how large a grid is that cannot be run.
func (s *Sweep) tooLarge(n int) error {
	var of []string
	for _, f := range s.Factors {
		of = append(of, fmt.Sprintf("%s %d", f.Name, len(f.Levels)))
	}
	size := fmt.Sprint(n)
	if n == math.MaxInt64 {
		size = "more than " + size
	}
	return fmt.Errorf("experiments: the grid of %s has %s points (%s), want at most %d", s.Scenario.Name, size, strings.Join(of, " x "), MaxPoints)
}

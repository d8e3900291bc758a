package experiments

import (
	"lightcone/experiments/batch"
	"lightcone/experiments/report"
	"lightcone/experiments/table"
)

// Sweep is a scenario over a grid of settings and seeds: a question, and what answers it.
//
// A scenario declares it in its sections vary, seeds, measure, baseline, plot, expect and full; a study may add closed
// forms and figures in Go (Swept). All points of the grid have the same seeds, so that points differ by their settings
// alone (common random numbers).
type Sweep struct {
	Scenario *Scenario
	Study    Study // nil: the scenario alone
	Factors  []table.Factor
	Points   []Point
}

// Point is one point of the grid.
type Point struct {
	Index  int
	Levels []int    // of each factor
	Set    []string // the overrides that make it
}

// SweepOptions are what the command line adds to the declaration.
type SweepOptions struct {
	Set     []string // overrides of the scenario
	Vary    []string // key=a,b,c: further factors, or other levels of those declared
	Seeds   string   // 1000, or 1..1000; "": as declared
	Measure []string // which measures; none: as declared
	Full    bool     // the settings of the section full
}

// NewSweep reads a declaration: the scenario by name or path as Open does, with what the options add. The error lists
// all that is wrong, also at points other than the first.
func NewSweep(arg string, o SweepOptions) (*Sweep, error) { panic("experiments: not yet") }

// Extent is how large a sweep is: points, and runs that it has at most, and at least (these differ where it stops when it is
// precise enough).
type Extent struct{ Points, Least, Most int }

// Extent returns how large the sweep is.
func (s *Sweep) Extent() Extent { panic("experiments: not yet") }

// Task returns the runs of the sweep.
func (s *Sweep) Task() batch.Task { panic("experiments: not yet") }

// Failed reports whether a record of Task is that of a run that failed.
func (s *Sweep) Failed(record []byte) bool { panic("experiments: not yet") }

// Swept is what a sweep came to.
type Swept struct {
	Sweep        *Sweep
	Table        *table.Table
	Expectations []Expectation
	Repros       []File // of failing runs, the first few of each point
}

// Results reads the records of all runs.
func (s *Sweep) Results(r batch.Records) (*Swept, error) { panic("experiments: not yet") }

// Expectation is a statistic of a measure at a point, with what is expected of it.
type Expectation struct {
	Point     int
	Measure   string
	Statistic string // mean, median, p99, ...
	Value     table.Estimate
	Expected  float64
	Error     float64 // standard error of Expected, if it is itself sampled
	Agrees    Agreement
	Source    string // the formula, or the model
	Because   string // the named effect by which they differ, if it is declared that they do
}

// SweptStudy is a study that is swept, with what its scenario's sections cannot say.
type SweptStudy interface {
	Study
	// Expect returns what is expected at a point, beside what the section expect says. Only Point, Measure, Statistic,
	// Expected, Error and Source are set.
	Expect(s *Sweep, p Point) ([]Expectation, error)
	// Figures returns figures beside those of the section plot.
	Figures(r *Swept) ([]report.Figure, error)
}

// ResultFiles returns the files of the sweep, the manifest last: runs.csv, summary.csv, summary.json, runs.parquet,
// report.html, report.md, the figures, the declaration, repros of failing runs. The same inputs, the same bytes.
func (r *Swept) ResultFiles() ([]File, error) { panic("experiments: not yet") }

package table

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Cell sums up one measure at one point.
type Cell struct {
	Point, Measure int
	N, Missing     int // runs that have a value, and runs that have none
	Mean           Estimate
	SD             float64 // NaN for fewer than two runs
	Median         Estimate
	P90, P99       Estimate
	Min, Max       float64 // NaN for none
}

// Estimate returns a statistic of a measure at a point with its interval. The mean of a share ("of runs", "of operations")
// has Wilson's interval if it is 0 or 1 in every run at every point, and else ends within 0 and 1. A share of many things
// in each run that happens to be the same in all runs of a point is no coin tossed once a run: its interval is that number alone.
func (t *Table) Estimate(point, measure int, s Statistic, level float64) Estimate {
	xs := t.Values(point, measure)
	suited := t.Suited(point, measure, s)
	if suited != s && !t.coin(measure) {
		suited = s
	}
	e := suited.Of(xs, level)
	if s == Mean && t.Measures[measure].share() && all(xs, func(x float64) bool { return 0 <= x && x <= 1 }) && (e.Low < 0 || e.High > 1) {
		e.Low, e.High = max(0, e.Low), min(1, e.High)
		e.Method += ", within 0 and 1"
	}
	return e
}

// Suited returns the statistic by which one is to be judged: the mean of a share that is 0 or 1 in every run of a point
// is the share of the runs in which it is 1.
func (t *Table) Suited(point, measure int, s Statistic) Statistic {
	if s == Mean && t.Measures[measure].share() && all(t.Values(point, measure), zeroOrOne) {
		return Nonzero
	}
	return s
}

// coin reports whether a measure is 0 or 1 in every run that has it.
func (t *Table) coin(measure int) bool {
	return !slices.ContainsFunc(t.Rows, func(r Row) bool { return !math.IsNaN(r.Values[measure]) && !zeroOrOne(r.Values[measure]) })
}

func zeroOrOne(x float64) bool { return x == 0 || x == 1 }

// share reports whether a measure is a part of something.
func (m Measure) share() bool { return strings.HasPrefix(m.Unit, "of ") }

func all(xs []float64, is func(float64) bool) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return !is(x) })
}

// Cell sums up a measure at a point, with intervals at level Confidence.
func (t *Table) Cell(point, measure int) Cell {
	xs := t.Values(point, measure)
	c := Cell{Point: point, Measure: measure, N: len(xs), Missing: len(t.At(point)) - len(xs),
		Mean: t.Estimate(point, measure, Mean, Confidence), SD: math.NaN(), Min: math.NaN(), Max: math.NaN()}
	c.Median, c.P90, c.P99 = Median.Of(xs, Confidence), Quantile(0.9).Of(xs, Confidence), Quantile(0.99).Of(xs, Confidence)
	if len(xs) > 0 {
		c.SD, c.Min, c.Max = deviation(xs), slices.Min(xs), slices.Max(xs)
	}
	return c
}

// Failed returns the share of runs at a point in which a check failed, with Wilson's interval.
func (t *Table) Failed(point int) Estimate {
	rows, failed := t.At(point), 0
	for i := range rows {
		if rows[i].Failed != "" {
			failed++
		}
	}
	return Share(failed, len(rows), Confidence)
}

// Verdicts returns how many runs of a point came to each verdict, in the order in which verdicts first occur in the
// table.
func (t *Table) Verdicts(point int) []Count {
	var counts []Count
	place := map[string]int{}
	add := func(verdict string, n int) {
		i, ok := place[verdict]
		if !ok {
			i = len(counts)
			place[verdict] = i
			counts = append(counts, Count{Name: verdict})
		}
		counts[i].N += n
	}
	for i := range t.Rows {
		add(t.Rows[i].Verdict, 0)
	}
	for _, r := range t.At(point) {
		add(r.Verdict, 1)
	}
	return slices.DeleteFunc(counts, func(c Count) bool { return c.N == 0 })
}

// Count is how often something was seen.
type Count struct {
	Name string
	N    int
}

// WriteSummaryCSV writes a row for each measure at each point, in this order: the factors as in WriteCSV, the measure and
// its unit, n and missing, the statistics with the ends of their intervals. The first measure of a point is "failed", the
// share of its runs in which a check failed. What is not known is empty.
func (t *Table) WriteSummaryCSV(w io.Writer) error {
	if err := t.Check(); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	factors := t.headers()
	factors = factors[:slices.Index(factors, fixed[0])]
	if err := c.Write(append(factors, "measure", "unit", "n", "missing", "mean", "mean_low", "mean_high", "method", "sd",
		"median", "median_low", "median_high", "p90", "p90_low", "p90_high", "p99", "p99_low", "p99_high", "min", "max")); err != nil {
		return err
	}
	valued := t.valued()
	for p := range t.Points {
		levels := t.levelCells(nil, p, valued)
		if err := c.Write(failedRecord(slices.Clone(levels), t.Failed(p))); err != nil {
			return err
		}
		for m := range t.Measures {
			if err := c.Write(t.cellRecord(slices.Clone(levels), t.Cell(p, m))); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

func failedRecord(record []string, e Estimate) []string {
	record = append(record, "failed", "of runs", strconv.Itoa(e.N), "0")
	record = append(triple(record, e), e.Method)
	return append(record, make([]string, 12)...) // sd, three quantiles with their intervals, min, max
}

func (t *Table) cellRecord(record []string, c Cell) []string {
	m := t.Measures[c.Measure]
	record = append(record, m.Name, m.Unit, strconv.Itoa(c.N), strconv.Itoa(c.Missing))
	record = append(triple(record, c.Mean), c.Mean.Method, formatFloat(c.SD))
	for _, e := range []Estimate{c.Median, c.P90, c.P99} {
		record = triple(record, e)
	}
	return append(record, formatFloat(c.Min), formatFloat(c.Max))
}

func triple(record []string, e Estimate) []string {
	return append(record, formatFloat(e.Value), formatFloat(e.Low), formatFloat(e.High))
}

// Summary is the machine-readable account of a table. What is not known is null; an end of an interval that is infinite
// is null too.
type Summary struct {
	Factors []SummaryFactor `json:"factors"`
	Points  []SummaryPoint  `json:"points"`
}

// SummaryFactor is one factor of a Summary.
type SummaryFactor struct {
	Name   string   `json:"name"`
	Unit   string   `json:"unit"`
	Levels []string `json:"levels"`
}

// SummaryPoint is one point of a Summary.
type SummaryPoint struct {
	Levels   []SummaryLevel   `json:"levels"`
	Runs     int              `json:"runs"`
	Failed   SummaryEstimate  `json:"failed"` // the share of runs
	Verdicts []SummaryCount   `json:"verdicts"`
	Measures []SummaryMeasure `json:"measures"`
}

// SummaryLevel is a level of a factor: what it is called and, of a numeric factor, its value in the factor's unit.
type SummaryLevel struct {
	Factor string   `json:"factor"`
	Label  string   `json:"label"`
	Value  *float64 `json:"value"`
}

// SummaryCount is how many runs came to a verdict.
type SummaryCount struct {
	Verdict string `json:"verdict"`
	Runs    int    `json:"runs"`
}

// SummaryMeasure sums up one measure at one point.
type SummaryMeasure struct {
	Name    string          `json:"name"`
	Unit    string          `json:"unit"`
	N       int             `json:"n"`
	Missing int             `json:"missing"`
	Mean    SummaryEstimate `json:"mean"`
	SD      *float64        `json:"sd"`
	Median  SummaryEstimate `json:"median"`
	P90     SummaryEstimate `json:"p90"`
	P99     SummaryEstimate `json:"p99"`
	Min     *float64        `json:"min"`
	Max     *float64        `json:"max"`
}

// SummaryEstimate is an Estimate in a Summary.
type SummaryEstimate struct {
	Value  *float64 `json:"value"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	Error  *float64 `json:"error"`
	Level  float64  `json:"level"`
	N      int      `json:"n"`
	Method string   `json:"method"`
}

// JSON returns the estimate as it stands in a Summary.
func (e Estimate) JSON() SummaryEstimate {
	return SummaryEstimate{finite(e.Value), finite(e.Low), finite(e.High), finite(e.Error), e.Level, e.N, e.Method}
}

// finite is a number that JSON can hold, or nil.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Summary sums up every measure at every point.
func (t *Table) Summary() Summary {
	s := Summary{Factors: []SummaryFactor{}, Points: []SummaryPoint{}}
	for _, f := range t.Factors {
		sf := SummaryFactor{f.Name, f.Unit, []string{}}
		for _, l := range f.Levels {
			sf.Levels = append(sf.Levels, l.Label)
		}
		s.Factors = append(s.Factors, sf)
	}
	for p := range t.Points {
		s.Points = append(s.Points, t.summaryPoint(p))
	}
	return s
}

func (t *Table) summaryPoint(p int) SummaryPoint {
	s := SummaryPoint{Levels: []SummaryLevel{}, Runs: len(t.At(p)), Failed: t.Failed(p).JSON(), Measures: []SummaryMeasure{}}
	for f, l := range t.Points[p] {
		level := t.Factors[f].Levels[l]
		s.Levels = append(s.Levels, SummaryLevel{t.Factors[f].Name, level.Label, finite(level.Value)})
	}
	for _, c := range t.Verdicts(p) {
		s.Verdicts = append(s.Verdicts, SummaryCount{c.Name, c.N})
	}
	for m := range t.Measures {
		c := t.Cell(p, m)
		s.Measures = append(s.Measures, SummaryMeasure{t.Measures[m].Name, t.Measures[m].Unit, c.N, c.Missing, c.Mean.JSON(),
			finite(c.SD), c.Median.JSON(), c.P90.JSON(), c.P99.JSON(), finite(c.Min), finite(c.Max)})
	}
	return s
}

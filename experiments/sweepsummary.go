package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"lightcone/experiments/table"
)

// SweepSummary is the machine-readable account of a sweep: one JSON document with stable keys. What is not known is null.
type SweepSummary struct {
	Scenario     string               `json:"scenario"`
	Question     string               `json:"question"` // the scenario's about
	Version      string               `json:"version"`
	Key          string               `json:"key"`
	Set          []string             `json:"set"`
	Seeds        string               `json:"seeds"`
	Digest       string               `json:"digest"` // of all runs, 16 hexadecimal digits
	Runs         int                  `json:"runs"`
	Failed       int                  `json:"failed"`
	Events       uint64               `json:"events"`
	VirtualTime  float64              `json:"virtual_time"` // seconds, of all runs
	Verdicts     []table.SummaryCount `json:"verdicts"`
	AsExpected   int                  `json:"as_expected"` // how many expectations came out as declared
	Expectations []SummaryExpectation `json:"expectations"`
	Baseline     string               `json:"baseline"`    // the levels that others are compared to: policy=none; "" if there are none
	Differences  []SummaryDifference  `json:"differences"` // to the baseline
	Failures     []SummaryFailure     `json:"failures"`
	table.Summary
	Files []string `json:"files"`
}

// SummaryExpectation is one expectation of a SweepSummary.
type SummaryExpectation struct {
	Point     string                `json:"point"`
	Measure   string                `json:"measure"`
	Unit      string                `json:"unit"`
	Statistic string                `json:"statistic"`
	Measured  table.SummaryEstimate `json:"measured"`
	Bound     string                `json:"bound"` // "", at most, at least
	Expected  *float64              `json:"expected"`
	Error     float64               `json:"error"`  // standard error of expected; 0: it is exact
	Within    float64               `json:"within"` // tolerance, as a share of expected
	Agrees    *bool                 `json:"agrees"`
	Finding   string                `json:"finding"`
	Source    string                `json:"source"`
	Because   string                `json:"because"`
}

// SummaryDifference is by how much a measure's mean at a point differs from that at its baseline, on the same seeds.
type SummaryDifference struct {
	Point      string                `json:"point"`
	Baseline   string                `json:"baseline"`
	Measure    string                `json:"measure"`
	Unit       string                `json:"unit"`
	Difference table.SummaryEstimate `json:"difference"`
	Paired     bool                  `json:"paired"`
	P          *float64              `json:"p"`
	Gain       *float64              `json:"gain"` // how many times as many runs would be needed without common seeds
	Left       int                   `json:"left"` // runs that have a value but no partner
}

// SummaryFailure is a run that failed.
type SummaryFailure struct {
	Point  string `json:"point"`
	Seed   uint64 `json:"seed"`
	Check  string `json:"check"`
	Detail string `json:"detail"`
	Repro  string `json:"repro"` // the file that repeats it
}

// Summary returns the account of the sweep; files are the names of its files.
func (w *Swept) Summary(files []string) *SweepSummary {
	s := w.Sweep
	sum := &SweepSummary{Scenario: s.Scenario.Name, Question: s.Scenario.About, Version: Version, Key: s.Key(), Set: append([]string{}, s.Scenario.set...),
		Seeds: s.seeds().String(), Digest: w.Digest(), Verdicts: w.verdicts(), Baseline: s.Scenario.Baseline.String(), Expectations: []SummaryExpectation{}, Differences: []SummaryDifference{},
		Failures: []SummaryFailure{}, Summary: w.Table.Summary(), Files: append([]string{}, files...)}
	sum.Runs, sum.Failed = w.Runs()
	for _, r := range w.Table.Rows {
		sum.Events += r.Events
		sum.VirtualTime += r.VirtualTime
	}
	for _, e := range w.Expectations {
		sum.Expectations = append(sum.Expectations, w.summaryExpectation(e))
		if e.Finding().AsExpected() {
			sum.AsExpected++
		}
	}
	for _, d := range w.Differences() {
		sum.Differences = append(sum.Differences, SummaryDifference{s.Point(d.Point).Label, s.Point(d.From).Label, w.Table.Measures[d.Measure].Name,
			w.Table.Measures[d.Measure].Unit, d.Estimate.JSON(), d.Paired, known(d.P), known(d.Gain), d.Left})
	}
	for _, f := range w.Failures {
		sum.Failures = append(sum.Failures, SummaryFailure{s.Point(f.Point).Label, f.Seed, f.Check, f.Detail, f.Repro})
	}
	return sum
}

func (w *Swept) summaryExpectation(e Expectation) SummaryExpectation {
	x := SummaryExpectation{Point: w.Sweep.Point(e.Point).Label, Measure: e.Measure, Unit: w.unitOf(e.Measure), Statistic: e.Statistic, Measured: e.Value.JSON(),
		Bound: e.Bound.String(), Expected: known(e.Expected), Error: e.Error, Within: e.Within, Finding: e.Finding().String(), Source: e.Source, Because: e.Because}
	if e.Agrees != Unknown {
		agrees := e.Agrees == Agrees
		x.Agrees = &agrees
	}
	return x
}

func (w *Swept) unitOf(measure string) string {
	m, err := w.Table.Measure(measure)
	if err != nil {
		return ""
	}
	return w.Table.Measures[m].Unit
}

// verdicts counts the runs by verdict, the most frequent first.
func (w *Swept) verdicts() []table.SummaryCount {
	counts := []table.SummaryCount{}
	for _, r := range w.Table.Rows {
		i := slices.IndexFunc(counts, func(c table.SummaryCount) bool { return c.Verdict == r.Verdict })
		if i < 0 {
			i = len(counts)
			counts = append(counts, table.SummaryCount{Verdict: r.Verdict})
		}
		counts[i].Runs++
	}
	slices.SortStableFunc(counts, func(a, b table.SummaryCount) int { return b.Runs - a.Runs })
	return counts
}

// Digest is a hash of the digests of all runs, in their order.
func (w *Swept) Digest() string {
	h := sha256.New()
	for _, r := range w.Table.Rows {
		fmt.Fprintf(h, "%d %d %s %s\n", r.Point, r.Seed, r.Verdict, r.Digest)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Difference is by how much the mean of a measure at a point differs from that at its baseline.
type Difference struct {
	Point, From int
	Measure     int
	table.Difference
}

// Differences returns the differences to the baseline, by measure and point; none without a baseline.
func (w *Swept) Differences() (list []Difference) {
	base := w.Sweep.Scenario.Baseline
	if len(base) == 0 {
		return nil
	}
	levels := make([]int, len(w.Table.Factors))
	for i, f := range w.Table.Factors {
		levels[i] = -1
		for _, b := range base {
			if b.Factor == f.Name {
				levels[i] = slices.IndexFunc(f.Levels, func(l table.Level) bool { return l.Label == b.Level })
			}
		}
	}
	partners := w.Table.Baseline(levels)
	for m := range w.Table.Measures {
		for p, from := range partners {
			if from >= 0 {
				list = append(list, Difference{p, from, m, w.Table.Difference(m, from, p)})
			}
		}
	}
	return list
}

// JSON returns the summary as an indented document.
func (s *SweepSummary) JSON() []byte { return indented(s) }

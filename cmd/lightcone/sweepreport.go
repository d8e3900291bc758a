package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/experiments"
	tables "lightcone/experiments/table"
	"lightcone/sim"
)

// Bounds of what is printed of a sweep; all of it is in its files.
const (
	maxStatistics = 6  // tables
	maxPoints     = 40 // rows of each
)

// swept prints what a sweep came to: a table for each measure, with what is expected beside it, and the runs that failed.
func (c *command) swept(out string, s *experiments.SweepSummary) {
	paint := painter(colours(c.out))
	statistics := statisticsOf(s)
	for _, st := range statistics[:min(len(statistics), maxStatistics)] {
		c.statistic(paint, s, st)
	}
	if more := statistics[min(len(statistics), maxStatistics):]; len(more) > 0 {
		var names []string
		for _, st := range more {
			names = append(names, st.title())
		}
		fmt.Fprintf(c.out, "\nalso measured (summary.csv): %s\n", strings.Join(names, "; "))
	}
	c.sweptFailures(paint, out, s)
	fmt.Fprintf(c.out, "\n%s: %s", many(s.Runs, "run"), verdictCounts(paint, s.Verdicts))
	if n := len(s.Expectations); n > 0 {
		fmt.Fprintf(c.out, "  %d of %d as expected", s.AsExpected, n)
	}
	fmt.Fprintf(c.out, "\ndigest %s  events %d  virtual time %v\n", s.Digest, s.Events, virtual(s.VirtualTime))
	c.sweptFiles(out, s.Files)
}

// statistic is what a table is of: the mean of a measure at every point, or another statistic where it is expected to be
// something.
type statistic struct{ measure, unit, name string }

const mean = "mean"

func (s statistic) title() string {
	unit, _ := tables.Shown(s.unit)
	title := s.measure
	if unit != "" && unit != s.measure {
		title += ", " + unit
	}
	if s.name != mean {
		title += ": " + s.name
	}
	return title
}

// statisticsOf lists the statistics of a sweep: first those of which something is expected.
func statisticsOf(s *experiments.SweepSummary) (list []statistic) {
	add := func(st statistic) {
		if !slices.Contains(list, st) {
			list = append(list, st)
		}
	}
	for _, e := range s.Expectations {
		add(statistic{e.Measure, e.Unit, e.Statistic})
	}
	for _, p := range s.Points {
		for _, m := range p.Measures {
			add(statistic{m.Name, m.Unit, mean})
		}
	}
	return list
}

// statistic prints one statistic at all points.
func (c *command) statistic(paint painter, s *experiments.SweepSummary, st statistic) {
	fmt.Fprintf(c.out, "\n%s\n", st.title())
	var head []string
	for _, f := range s.Factors {
		head = append(head, f.Name)
	}
	t := table{}
	head = append(head, "runs", st.name, "95 % interval")
	differs := st.name == mean && slices.ContainsFunc(s.Differences, func(d experiments.SummaryDifference) bool { return d.Measure == st.measure })
	if differs {
		head = append(head, "to "+s.Baseline, "95 % interval")
	}
	if slices.ContainsFunc(s.Expectations, func(e experiments.SummaryExpectation) bool { return st == (statistic{e.Measure, e.Unit, e.Statistic}) }) {
		head = append(head, "expected")
	}
	t.row(head...)
	rows := 0
	for i, p := range s.Points {
		for _, cells := range pointRows(paint, s, i, st) {
			if rows++; rows > maxPoints {
				continue
			}
			if differs {
				cells = slices.Insert(cells, 3, differenceCells(s, i, st)...)
			}
			t.row(append(levels(p), cells...)...)
		}
	}
	t.print(c.out)
	if rows > maxPoints {
		fmt.Fprintf(c.out, "  and %d more (summary.csv)\n", rows-maxPoints)
	}
}

func levels(p tables.SummaryPoint) (cells []string) {
	for _, l := range p.Levels {
		cells = append(cells, l.Label)
	}
	return cells
}

// pointRows are the rows of a point in the table of a statistic: one for each expectation, else one for a mean.
func pointRows(paint painter, s *experiments.SweepSummary, point int, st statistic) (rows [][]string) {
	for _, e := range s.Expectations {
		if e.Point == pointLabel(s, point) && st == (statistic{e.Measure, e.Unit, e.Statistic}) {
			rows = append(rows, append(estimateCells(e.Measured, st.unit),
				expectedText(e, st.unit), findingText(paint, e), e.Because))
		}
	}
	if len(rows) > 0 || st.name != mean {
		return rows
	}
	for _, m := range s.Points[point].Measures {
		if m.Name == st.measure {
			rows = append(rows, estimateCells(m.Mean, st.unit))
		}
	}
	return rows
}

// expectedText is what is expected, with its bound or tolerance.
func expectedText(e experiments.SummaryExpectation, unit string) string {
	text := e.Bound + valueText(e.Expected, unit)
	if e.Within > 0 {
		text += " within " + experiments.Percent(e.Within).String()
	}
	return text
}

// differenceCells are those of the difference of a point to its baseline; empty ones where there is none.
func differenceCells(s *experiments.SweepSummary, point int, st statistic) []string {
	for _, d := range s.Differences {
		if d.Measure == st.measure && d.Point == pointLabel(s, point) {
			return estimateCells(d.Difference, st.unit)[1:]
		}
	}
	return []string{"", ""}
}

// pointLabel is how expectations name a point.
func pointLabel(s *experiments.SweepSummary, point int) string {
	var parts []string
	for _, l := range s.Points[point].Levels {
		parts = append(parts, l.Factor+"="+l.Label)
	}
	return strings.Join(parts, ", ")
}

func estimateCells(e tables.SummaryEstimate, unit string) []string {
	interval := ""
	if e.Low != nil && e.High != nil && *e.Low != *e.High {
		interval = valueText(e.Low, unit) + " .. " + valueText(e.High, unit)
	}
	return []string{strconv.Itoa(e.N), valueText(e.Value, unit), interval}
}

// valueText is a number as people read it, shares in percent; empty if there is none.
func valueText(v *float64, unit string) string {
	if v == nil {
		return ""
	}
	_, scale := tables.Shown(unit)
	return number(scale * *v)
}

func findingText(paint painter, e experiments.SummaryExpectation) string {
	switch {
	case e.Agrees == nil:
		return paint.paint(yellow, e.Finding)
	case *e.Agrees != (e.Because == ""):
		return paint.paint(red, e.Finding)
	}
	return paint.paint(green, e.Finding)
}

// sweptFailures prints the first runs that failed.
func (c *command) sweptFailures(paint painter, out string, s *experiments.SweepSummary) {
	if s.Failed == 0 {
		return
	}
	fmt.Fprintf(c.out, "\n%s of %d failed\n", many(s.Failed, "run"), s.Runs)
	t := table{}
	for _, f := range s.Failures[:min(len(s.Failures), maxFailures)] {
		t.row("seed "+strconv.FormatUint(f.Seed, 10), f.Point, paint.paint(red, f.Check), f.Detail)
	}
	t.print(c.out)
	if more := s.Failed - min(len(s.Failures), maxFailures); more > 0 {
		fmt.Fprintf(c.out, "  and %d more (runs.csv)\n", more)
	}
	if len(s.Failures) > 0 {
		fmt.Fprintf(c.out, "replay: lightcone replay %s/%s\n", out, s.Failures[0].Repro)
	}
}

// sweptFiles says where the files are.
func (c *command) sweptFiles(out string, files []string) {
	var names []string
	repros := 0
	for _, name := range files {
		if strings.HasPrefix(name, "repro-") {
			repros++
		} else {
			names = append(names, name)
		}
	}
	if repros > 0 {
		names = append(names, "and "+many(repros, "repro"))
	}
	fmt.Fprintf(c.out, "files in %s: %s\n", out, strings.Join(names, " "))
}

// verdictOf is the verdict of a name.
func verdictOf(name string) sim.Verdict {
	for v := sim.Pass; v <= sim.Nondeterminism; v++ {
		if v.String() == name {
			return v
		}
	}
	return sim.Undecided
}

func verdictCounts(paint painter, counts []tables.SummaryCount) string {
	var parts []string
	for _, n := range counts {
		parts = append(parts, fmt.Sprintf("%d %s", n.Runs, paint.verdict(verdictOf(n.Verdict))))
	}
	return strings.Join(parts, ", ")
}

// virtual is a time in seconds as a duration, in whole seconds if it is long.
func virtual(seconds float64) time.Duration {
	d := saturated(seconds)
	if d >= time.Minute {
		return d.Round(time.Second)
	}
	return time.Duration(math.Round(float64(d)/1e3)) * time.Microsecond
}

// sweepCode is the exit code of a sweep: that of the worst run, and failed or undecided if not all is as expected.
func sweepCode(s *experiments.SweepSummary) int {
	codes := map[int]bool{}
	for _, n := range s.Verdicts {
		codes[exitCode(verdictOf(n.Verdict))] = true
	}
	for _, e := range s.Expectations {
		switch {
		case e.Agrees == nil:
			codes[exitUndecided] = true
		case *e.Agrees != (e.Because == ""):
			codes[exitFailed] = true
		}
	}
	for _, code := range []int{exitNondeterminism, exitFailed, exitUndecided} {
		if codes[code] {
			return code
		}
	}
	return exitPass
}

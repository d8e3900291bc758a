package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"lightcone/experiments/report"
	"lightcone/experiments/table"
	"lightcone/sim"
)

// document returns what the sweep came to, for reading: the question, what was expected beside what was measured, figures,
// all measures, differences to the baseline, runs that failed, the declaration, and what repeats the sweep.
func (w *Swept) document(figures []illustration, undrawn []string) *report.Document {
	s := w.Sweep.Scenario
	d := &report.Document{Title: s.Name, Lead: s.About}
	add := func(section report.Section, there bool) {
		if there {
			d.Sections = append(d.Sections, section)
		}
	}
	add(report.Section{Heading: "Result", Text: w.result()}, true)
	d.Sections = append(d.Sections, w.expectedSections()...)
	pictures := report.Section{Heading: "Figures", Text: undrawn}
	for _, f := range figures {
		pictures.Figures = append(pictures.Figures, f.Figure)
	}
	add(pictures, len(figures)+len(undrawn) > 0)
	d.Sections = append(d.Sections, w.measuredSections()...)
	d.Sections = append(d.Sections, w.differenceSections(w.Differences())...)
	add(w.failureSection(), len(w.Failures) > 0)
	add(report.Section{Heading: "Scenario", Text: overrides(s.set), Code: s.source}, true)
	add(w.againSection(), true)
	return d
}

// result is what came out, in a few sentences.
func (w *Swept) result() []string {
	all, failed := w.Runs()
	points := len(w.Table.Points)
	text := fmt.Sprintf("%s at %s", counting(all, "run"), counting(points, "point"))
	if len(w.Table.Factors) > 0 {
		var of []string
		for _, f := range w.Table.Factors {
			of = append(of, fmt.Sprintf("%s (%s)", f.Name, counting(len(f.Levels), "level")))
		}
		text += " of " + strings.Join(of, " by ")
	}
	text += ", all points with the same seeds"
	verdicts := w.verdicts()
	switch {
	case failed > 0:
		text += fmt.Sprintf("; %s failed a check.", counting(failed, "run"))
	case len(verdicts) == 1 && verdicts[0].Verdict == sim.Pass.String():
		text += "; every run passed its checks."
	default:
		text += "; no run failed a check."
	}
	for _, v := range verdicts {
		switch v.Verdict {
		case sim.Unseen.String():
			text += fmt.Sprintf(" In %s something that is looked for, and may happen, did not happen (unseen).", counting(v.Runs, "run"))
		case sim.Undecided.String():
			text += fmt.Sprintf(" In %s a check came to no end (undecided).", counting(v.Runs, "run"))
		}
	}
	texts := []string{text}
	if n := len(w.Expectations); n > 0 {
		texts = append(texts, w.verdict())
	}
	return texts
}

// verdict says how many expectations came out as declared, and how the others did.
func (w *Swept) verdict() string {
	count := map[Finding]int{}
	for _, e := range w.Expectations {
		count[e.Finding()]++
	}
	var parts []string
	for f := Agreed; f <= Contrary; f++ {
		if count[f] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[f], f.of(count[f])))
		}
	}
	return fmt.Sprintf("Of %s, %s.", counting(len(w.Expectations), "expectation"), strings.Join(parts, ", "))
}

// of says how so many expectations came out.
func (f Finding) of(n int) string {
	if n == 1 {
		return f.String()
	}
	return strings.Replace(strings.Replace(f.String(), "agrees", "agree", 1), "differs", "differ", 1)
}

// AsExpected reports whether all that was expected came out as declared, as far as that can be told.
func (w *Swept) AsExpected() bool {
	for _, e := range w.Expectations {
		if f := e.Finding(); !f.AsExpected() && f != Undecidable {
			return false
		}
	}
	return true
}

func counting(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// mostRows bounds the tables of a report.
const mostRows = 400

// bounded cuts a table, and says where the rest is.
func bounded(g *report.Grid, file string) *report.Grid {
	if n := len(g.Rows); n > mostRows {
		g.Rows = g.Rows[:mostRows]
		g.Caption = strings.TrimSpace(fmt.Sprintf("%s The first %d of %d rows; all are in %s.", g.Caption, mostRows, n, file))
	}
	return g
}

// factorColumns are the columns that say which point a row is of.
func (w *Swept) factorColumns() (columns []report.Column) {
	for _, f := range w.Table.Factors {
		columns = append(columns, report.Column{Name: f.Name, Numeric: f.Numeric})
	}
	return columns
}

func (w *Swept) factorCells(point int) (cells []report.Cell) {
	for f, l := range w.Table.Points[point] {
		cells = append(cells, report.Cell{Text: w.Table.Factors[f].Levels[l].Label})
	}
	return cells
}

const expectedAbout = "An expected value agrees with a measured one if they are at most 4 standard errors apart, those of both together, " +
	"or by no more than the tolerance that was declared. A quantile agrees if what is expected lies in the interval that order statistics give it at that level. " +
	"A difference that was declared, with its reason, is as expected; where none shows, that is said."

// expectedSections has a table for each statistic of a measure of which something is expected.
func (w *Swept) expectedSections() (sections []report.Section) {
	for from := 0; from < len(w.Expectations); {
		first, to := w.Expectations[from], from
		for to < len(w.Expectations) && w.Expectations[to].Measure == first.Measure && w.Expectations[to].Statistic == first.Statistic {
			to++
		}
		unit, scale := shown(table.Measure{Name: first.Measure, Unit: w.unitOf(first.Measure)}, first.Statistic)
		section := report.Section{Heading: "Expected and measured: " + statisticName(first.Measure, first.Statistic) + unit,
			Table: bounded(w.expectedGrid(w.Expectations[from:to], scale), "summary.json")}
		if from == 0 {
			section.Text = []string{expectedAbout}
		}
		sections = append(sections, section)
		from = to
	}
	return sections
}

func (w *Swept) expectedGrid(list []Expectation, scale float64) *report.Grid {
	explained := slices.ContainsFunc(list, func(e Expectation) bool { return e.Because != "" })
	g := &report.Grid{Columns: append(w.factorColumns(), report.Column{Name: "n", Numeric: true}, report.Column{Name: "measured", Numeric: true},
		report.Column{Name: "95 % interval", Numeric: true}, report.Column{Name: "expected", Numeric: true}, report.Column{Name: "finding"}, report.Column{Name: "by"})}
	if explained {
		g.Columns = append(g.Columns, report.Column{Name: "because"})
	}
	for _, e := range list {
		expected := e.Bound.String() + report.Number(e.Expected*scale)
		if e.Within > 0 {
			expected += " within " + Percent(e.Within).String()
		}
		if e.Error > 0 {
			expected += " ± " + report.Number(e.Error*scale)
		}
		row := append(w.factorCells(e.Point), report.Cell{Text: fmt.Sprint(e.Value.N)}, report.Cell{Text: report.Number(e.Value.Value * scale)},
			report.Cell{Text: report.Range(e.Value.Low*scale, e.Value.High*scale)}, report.Cell{Text: expected},
			report.Cell{Text: e.Finding().String(), Mark: e.Finding().mark()}, report.Cell{Text: e.Source})
		if explained {
			row = append(row, report.Cell{Text: e.Because})
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (f Finding) mark() report.Mark {
	switch f {
	case Agreed, Explained:
		return report.Good
	case Undecidable:
		return report.Doubt
	}
	return report.Bad
}

func statisticName(measure, statistic string) string {
	if statistic == "" || statistic == table.Mean.String() {
		return measure
	}
	return statistic + " of " + measure
}

// shown returns how a unit is written behind a measure's name, and by what its values are multiplied: shares are in percent.
func shown(m table.Measure, statistic string) (suffix string, scale float64) {
	unit, scale := table.Shown(m.Unit)
	switch {
	case statistic == table.Nonzero.String():
		return " (% of runs)", 100
	case unit == "" || unit == m.Name:
		return "", scale
	}
	return " (" + unit + ")", scale
}

const measuredAbout = "Means over the runs of a point with Student's 95 % intervals, or Wilson's for a share that is 0 or 1 in every run. Runs that have no value of a measure are left out of n and counted as missing."

// measuredSections has a table for each measure.
func (w *Swept) measuredSections() (sections []report.Section) {
	for m, measure := range w.Table.Measures {
		unit, scale := shown(measure, "")
		section := report.Section{Heading: "Measured: " + measure.Name + unit, Table: bounded(w.measuredGrid(m, scale), "summary.csv")}
		if m == 0 {
			section.Text = []string{measuredAbout}
		}
		sections = append(sections, section)
	}
	return sections
}

func (w *Swept) measuredGrid(m int, scale float64) *report.Grid {
	t := w.Table
	missing := false
	for p := range t.Points {
		missing = missing || t.Cell(p, m).Missing > 0
	}
	g := &report.Grid{Columns: append(w.factorColumns(), report.Column{Name: "n", Numeric: true})}
	if missing {
		g.Columns = append(g.Columns, report.Column{Name: "missing", Numeric: true})
	}
	for _, name := range []string{"mean", "95 % interval", "standard deviation", "median", "least", "most"} {
		g.Columns = append(g.Columns, report.Column{Name: name, Numeric: true})
	}
	for p := range t.Points {
		c := t.Cell(p, m)
		row := append(w.factorCells(p), report.Cell{Text: fmt.Sprint(c.N)})
		if missing {
			row = append(row, report.Cell{Text: fmt.Sprint(c.Missing)})
		}
		for _, text := range []string{report.Number(c.Mean.Value * scale), report.Range(c.Mean.Low*scale, c.Mean.High*scale), report.Number(c.SD * scale),
			report.Number(c.Median.Value * scale), report.Number(c.Min * scale), report.Number(c.Max * scale)} {
			row = append(row, report.Cell{Text: text})
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// differenceSections has a table for each measure. The list is ordered by measure.
func (w *Swept) differenceSections(list []Difference) (sections []report.Section) {
	baseline := w.Sweep.Scenario.Baseline.String()
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to].Measure == list[from].Measure {
			to++
		}
		measure := w.Table.Measures[list[from].Measure]
		unit, scale := shown(measure, "")
		section := report.Section{Heading: fmt.Sprintf("Differences to %s: %s%s", baseline, measure.Name, unit),
			Table: bounded(w.differenceGrid(list[from:to], scale), "summary.json")}
		if from == 0 {
			section.Text = []string{fmt.Sprintf("By how much the mean at a point differs from that at the same point with %s, run by run on the same seeds, "+
				"with the 95 %% interval of the difference. Where there is no difference, one of twenty such intervals leaves out 0 all the same. "+
				"The gain of pairing is how many times as many runs would be needed if the points did not have the same seeds.", baseline)}
		}
		sections = append(sections, section)
		from = to
	}
	return sections
}

func (w *Swept) differenceGrid(list []Difference, scale float64) *report.Grid {
	g := &report.Grid{Columns: append(w.factorColumns(), report.Column{Name: "pairs", Numeric: true}, report.Column{Name: "difference", Numeric: true},
		report.Column{Name: "95 % interval", Numeric: true}, report.Column{Name: "p", Numeric: true}, report.Column{Name: "gain of pairing", Numeric: true}, report.Column{Name: "finding"})}
	for _, d := range list {
		finding := "no difference seen"
		switch {
		case !d.Known():
			finding = "cannot be told"
		case d.Low > 0:
			finding = "more"
		case d.High < 0:
			finding = "less"
		}
		g.Rows = append(g.Rows, append(w.factorCells(d.Point), report.Cell{Text: fmt.Sprint(d.N)}, report.Cell{Text: report.Number(d.Value * scale)},
			report.Cell{Text: report.Range(d.Low*scale, d.High*scale)}, report.Cell{Text: probability(d.P)}, report.Cell{Text: report.Number(rounded(d.Gain, 2))}, report.Cell{Text: finding}))
	}
	return g
}

func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return ""
	case p < 0.0001:
		return "< 0.0001"
	}
	return report.Number(rounded(p, 2))
}

func (w *Swept) failureSection() report.Section {
	_, failed := w.Runs()
	g := &report.Grid{Columns: append(w.factorColumns(), report.Column{Name: "seed", Numeric: true}, report.Column{Name: "check"}, report.Column{Name: "what was wrong"}, report.Column{Name: "again by"})}
	for _, f := range w.Failures {
		g.Rows = append(g.Rows, append(w.factorCells(f.Point), report.Cell{Text: fmt.Sprint(f.Seed)}, report.Cell{Text: f.Check, Mark: report.Bad},
			report.Cell{Text: f.Detail}, report.Cell{Text: "lightcone replay " + f.Repro}))
	}
	return report.Section{Heading: "Runs that failed", Table: g,
		Text: []string{fmt.Sprintf("%s, of which the first %d of each point, and %d in all, are listed. Those of all are in runs.csv. What they measured counts.",
			counting(failed, "run"), failuresPerPoint, failuresInAll)}}
}

// againSection says what names the sweep, and how to repeat it.
func (w *Swept) againSection() report.Section {
	s := w.Sweep
	var events uint64
	var virtual float64
	for _, r := range w.Table.Rows {
		events += r.Events
		virtual += r.VirtualTime
	}
	g := &report.Grid{Columns: []report.Column{{Name: "of the sweep"}, {Name: "value"}}}
	for _, row := range [][2]string{
		{"seeds", s.seeds().String()}, {"digest of all runs", w.Digest()}, {"events", fmt.Sprint(events)},
		{"virtual time", virtualTime(virtual)}, {"key", s.Key()}, {"version of lightcone", Version},
	} {
		g.Rows = append(g.Rows, []report.Cell{{Text: row[0]}, {Text: row[1]}})
	}
	return report.Section{Heading: "The same sweep again", Table: g, Code: s.Command(),
		Text: []string{"The same declaration, seeds and version give the same bytes on every machine, with any number of cores or shards."}}
}

func virtualTime(seconds float64) string {
	if seconds < 1e9 {
		return time.Duration(math.Round(seconds * 1e9)).String()
	}
	return report.Number(math.Round(seconds/3600)) + "h"
}

// Command is the command line that repeats the sweep, in the directory with its results.
func (s *Sweep) Command() string {
	words := []string{"lightcone", "sweep", studyFile}
	if s.Study != nil && string(s.Study.Scenario()) == s.Scenario.source {
		words[2] = s.Study.Name()
	}
	for _, set := range s.Scenario.set {
		words = append(words, "--set", shellQuoted(set))
	}
	return strings.Join(words, " ")
}

// shellQuoted is a word as a shell reads it.
func shellQuoted(s string) string {
	if strings.Trim(s, plainLetters+"=:,/+%") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

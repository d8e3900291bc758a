package experiments

import (
	"fmt"
	"strings"
	"time"

	"lightcone/experiments/report"
	"lightcone/experiments/table"
	"lightcone/sim"
)

// document returns what a run came to, for reading: the question, verdicts, measures with what is expected beside them,
// pictures, the scenario, and what repeats the run. The pictures are those among the files.
func (o *Outcome) document(files []File) *report.Document {
	s := o.Plan.Scenario
	d := &report.Document{Title: fmt.Sprintf("%s, seed %d: %s", s.Name, o.Plan.Seed, o.overall()), Lead: s.About}
	add := func(section report.Section, there bool) {
		if there {
			d.Sections = append(d.Sections, section)
		}
	}
	add(report.Section{Heading: "Verdicts", Table: verdictGrid(o.Verdicts)}, len(o.Verdicts) > 0)
	add(report.Section{Heading: "Measures", Text: []string{measuresAbout}, Table: measureGrid(o.Measures)}, len(o.Measures) > 0)
	figures := runFigures(files)
	add(report.Section{Heading: "Pictures", Figures: figures}, len(figures) > 0)
	add(faultSection(o.Plan), len(o.Plan.Faults) > 0)
	add(report.Section{Heading: "Scenario", Text: overrides(s.Set()), Code: s.Source()}, true)
	add(o.runSection(), true)
	return d
}

// measuresAbout says what the columns are.
const measuresAbout = "An interval is 4 standard errors either way, by the observations within this run; a measure without one " +
	"is a count or an extreme. It agrees with what is expected if that lies in the interval."

// overall is the verdict of the run in a word: one that has not shown what sometimes happens has passed.
func (o *Outcome) overall() sim.Verdict {
	if v := o.Verdict(); v != sim.Unseen {
		return v
	}
	return sim.Pass
}

func verdictGrid(verdicts []Verdict) *report.Grid {
	g := &report.Grid{Columns: []report.Column{{Name: "check"}, {Name: "verdict"}, {Name: "why"}}}
	for _, v := range verdicts {
		g.Rows = append(g.Rows, []report.Cell{{Text: v.Name}, {Text: v.Verdict.String(), Mark: verdictMark(v.Verdict)}, {Text: v.Detail}})
	}
	return g
}

func verdictMark(v sim.Verdict) report.Mark {
	switch v {
	case sim.Pass:
		return report.Good
	case sim.Unseen, sim.Undecided, sim.LimitReached:
		return report.Doubt
	}
	return report.Bad
}

func measureGrid(measures []Measure) *report.Grid {
	g := &report.Grid{Columns: []report.Column{{Name: "measure"}, {Name: "value", Numeric: true}, {Name: "unit"},
		{Name: "4 standard errors", Numeric: true}, {Name: "n", Numeric: true}, {Name: "expected", Numeric: true}, {Name: "agreement"}}}
	for _, m := range measures {
		agreement := report.Cell{}
		switch Agree(m) {
		case Agrees:
			agreement = report.Cell{Text: "agrees", Mark: report.Good}
		case Differs:
			agreement = report.Cell{Text: "differs", Mark: report.Bad}
		}
		m = InPercent(m)
		g.Rows = append(g.Rows, []report.Cell{{Text: m.Name}, {Text: report.Number(m.Value)}, {Text: m.Unit}, {Text: report.Range(m.Low, m.High)},
			{Text: fmt.Sprint(m.N)}, {Text: report.Number(m.Expected)}, agreement})
	}
	return g
}

// InPercent is a measure as people read it: a share of something, in percent.
func InPercent(m Measure) Measure {
	unit, scale := table.Shown(m.Unit)
	m.Unit = unit
	m.Value, m.Low, m.High, m.Expected = scale*m.Value, scale*m.Low, scale*m.High, scale*m.Expected
	return m
}

// largestPicture is up to which size a picture stands in a report, in bytes; a larger one is a file of its own.
const largestPicture = 2 << 20

// runFigures returns the pictures among the files, the space-time diagram last.
func runFigures(files []File) []report.Figure {
	var figures, last []report.Figure
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name, ".svg")
		if !ok || len(f.Data) > largestPicture {
			continue
		}
		if name == "trace" {
			last = append(last, report.Figure{Name: name, Caption: "The messages of the run, or of the part of it that tells most. All of it is in trace.html.", SVG: f.Data})
			continue
		}
		figures = append(figures, report.Figure{Name: name, Caption: "From the file " + f.Name + ".", SVG: f.Data})
	}
	return append(figures, last...)
}

// mostFaults is how many faults a report lists.
const mostFaults = 40

func faultSection(p *Plan) report.Section {
	lines := strings.Split(strings.TrimRight(p.Faults.String(), "\n"), "\n")
	s := report.Section{Heading: "Faults"}
	if len(lines) > mostFaults {
		s.Text = []string{fmt.Sprintf("The first %d of %d; all are in faults.txt.", mostFaults, len(lines))}
		lines = lines[:mostFaults]
	}
	s.Code = strings.Join(lines, "\n")
	return s
}

func overrides(set []string) []string {
	if len(set) == 0 {
		return nil
	}
	return []string{"With " + strings.Join(set, ", ") + "."}
}

// runSection says what names the run, and how to repeat it.
func (o *Outcome) runSection() report.Section {
	g := &report.Grid{Columns: []report.Column{{Name: "of the run"}, {Name: "value"}}}
	for _, row := range [][2]string{
		{"seed", fmt.Sprint(o.Plan.Seed)}, {"digest", Hex(o.Result.Digest)}, {"events", fmt.Sprint(o.Result.Events)},
		{"virtual time", time.Duration(o.Result.Now).String()}, {"version of lightcone", Version},
	} {
		g.Rows = append(g.Rows, []report.Cell{{Text: row[0]}, {Text: row[1]}})
	}
	text := []string{"The same scenario, seed and version give the same events on every machine: replay checks the digest."}
	if o.Plan.Full {
		text = append(text, "What the study runs besides, it ran in full (--full); a replay has as much of it as is the default.")
	}
	return report.Section{Heading: "The same run again", Text: text, Table: g, Code: "lightcone replay repro.json"}
}

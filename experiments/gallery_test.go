package experiments

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// A study has a page, README.md in its directory: what people wrote, and between two marks what the study found, which
// TestFigures keeps true. The gallery, README.md beside these directories, lists all of them in the same way.
const (
	generatedFrom = "<!-- from here on: written by make figures -->"
	generatedTo   = "<!-- up to here -->"
	pageName      = "README.md"
)

// pageHeadings are the headings of a page, in this order.
var pageHeadings = []string{"Question", "Model", "Expectation", "Result", "Not modelled", "Run it"}

// hunted reports whether a study is a ground to hunt on, which has no figures and shares the gallery's page with its like.
func hunted(s Study) bool {
	_, bare := s.(huntGround)
	return bare
}

// requireGenerated compares the part of a page between its marks with what it is to be, or writes it.
func requireGenerated(t *testing.T, page, text string) {
	t.Helper()
	data, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(data), generatedFrom+"\n")
	require.True(t, ok, "%s has no line %s", page, generatedFrom)
	have, after, ok := strings.Cut(rest, generatedTo)
	require.True(t, ok, "%s has no line %s", page, generatedTo)
	if *update && have != text {
		require.NoError(t, os.WriteFile(page, []byte(before+generatedFrom+"\n"+text+generatedTo+after), 0o644))
		return
	}
	require.Equal(t, text, have, "%s is not what the code finds: run make figures and look at the difference", page)
}

// TestGallery checks what the pages have in common, and that the gallery lists every study.
func TestGallery(t *testing.T) {
	var list, grounds strings.Builder
	list.WriteString("\n| study | | | |\n|---|---|---|---|\n")
	grounds.WriteString("\nGrounds to hunt on, in which everything goes wrong and nothing may fall:\n\n| scenario | |\n|---|---|\n")
	for _, s := range Studies() {
		if hunted(s) {
			fmt.Fprintf(&grounds, "| [%s](%s/scenario.yaml) | %s |\n", s.Name(), s.Name(), cell(s.About()))
			continue
		}
		scenario, err := openStudy(s)
		require.NoError(t, err)
		how := "run"
		if len(scenario.Vary) > 0 {
			how = "sweep"
		}
		fmt.Fprintf(&list, "| [%s](%s/%s) | %s | %s | ![%s](%s/%s) |\n", s.Name(), s.Name(), pageName, how, cell(s.About()), s.Name(), s.Name(), checkPage(t, s.Name()))
	}
	requireGenerated(t, pageName, list.String()+grounds.String()+"\n")
}

var linked = regexp.MustCompile(`\]\(([^)#]+)\)`)

// checkPage checks the page of a study, and returns the figure that it shows first.
func checkPage(t *testing.T, name string) (first string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(name, pageName))
	require.NoError(t, err)
	page, last := string(data), 0
	require.True(t, strings.HasPrefix(page, "# "+name+"\n"), "%s: the title is the study's name", name)
	for _, h := range pageHeadings {
		at := strings.Index(page, "\n## "+h+"\n")
		require.Greater(t, at, last, "%s: heading %s is missing or not in its place", name, h)
		last = at
	}
	links := map[string]bool{}
	for _, m := range linked.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[1], "://") {
			links[m[1]] = true
			if first == "" && strings.HasSuffix(m[1], ".svg") {
				first = m[1]
			}
			require.FileExists(t, filepath.Join(name, m[1]), "%s links to it", name)
		}
	}
	pictures, err := filepath.Glob(filepath.Join(name, "*.svg"))
	require.NoError(t, err)
	require.NotEmpty(t, pictures, "%s has no figure", name)
	for _, p := range pictures {
		require.True(t, links[filepath.Base(p)], "%s does not show %s", name, p)
	}
	return first
}

// foundByRun is what a run of a study found, for its page.
func foundByRun(o *Outcome, files []File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nSeed %d, digest `%s`.\n", o.Plan.Seed, Hex(o.Result.Digest))
	writeVerdicts(&b, o.Verdicts)
	compared, rest := [][]string{}, [][]string{}
	for _, m := range o.Measures {
		if math.IsNaN(m.Value) {
			continue
		}
		m = InPercent(m)
		row := []string{m.Name, short(m.Value), m.Unit, between(m), short(m.Expected), agreementWord(m)}
		if math.IsNaN(m.Expected) {
			rest = append(rest, row[:4])
			continue
		}
		compared = append(compared, row)
	}
	writeGrid(&b, []string{"expected beside measured", "value", "unit", "4 standard errors", "expected", ""}, compared)
	writeGrid(&b, []string{"measured", "value", "unit", "4 standard errors"}, rest)
	writeFiles(&b, files)
	return b.String()
}

// foundBySweep is what a sweep of a study found, for its page.
func foundBySweep(w *Swept, files []File) string {
	var b strings.Builder
	runs, _ := w.Runs()
	fmt.Fprintf(&b, "\nThe sweep: %d points, %d runs, seeds %s, digest `%s`.\n", len(w.Table.Points), runs, w.Sweep.seeds(), w.Digest())
	writeGrid(&b, []string{"expected beside measured", "", "by", "points", "as expected"}, expectedInAll(w))
	if len(w.Expectations) <= mostExpectations {
		rows := [][]string{}
		for _, e := range w.Expectations {
			m := InPercent(Measure{Unit: w.unitOf(e.Measure), Value: e.Value.Value, Low: e.Value.Low, High: e.Value.High, Expected: e.Expected})
			rows = append(rows, []string{w.Sweep.Point(e.Point).Label, e.Measure, short(m.Value), m.Unit, between(m), e.Bound.String() + short(m.Expected), e.Finding().String()})
		}
		writeGrid(&b, []string{"point", "measure", "value", "unit", "95 % interval", "expected", ""}, rows)
	}
	writeFiles(&b, files)
	b.WriteString("\nOne run of it:\n")
	return b.String()
}

// mostExpectations is how many expectations a page lists one by one.
const mostExpectations = 70

// expectedInAll counts, for each measure and what is expected of it, at how many points it is as expected.
func expectedInAll(w *Swept) (rows [][]string) {
	type kind struct{ measure, statistic, source string }
	var kinds []kind
	all, good := map[kind]int{}, map[kind]int{}
	for _, e := range w.Expectations {
		k := kind{e.Measure, e.Statistic, e.Source}
		if all[k]++; all[k] == 1 {
			kinds = append(kinds, k)
		}
		if e.Finding().AsExpected() {
			good[k]++
		}
	}
	for _, k := range kinds {
		rows = append(rows, []string{k.measure, k.statistic, k.source, strconv.Itoa(all[k]), strconv.Itoa(good[k])})
	}
	return rows
}

// writeVerdicts lists the checks: those that have nothing to say in one line.
func writeVerdicts(b *strings.Builder, verdicts []Verdict) {
	var silent []string
	rows := [][]string{}
	for _, v := range verdicts {
		if v.Verdict == sim.Pass && v.Detail == "" {
			silent = append(silent, v.Name)
			continue
		}
		rows = append(rows, []string{v.Name, v.Verdict.String(), v.Detail})
	}
	writeGrid(b, []string{"check", "", ""}, rows)
	if len(silent) > 0 {
		fmt.Fprintf(b, "\nAlso pass: %s.\n", strings.Join(silent, ", "))
	}
}

// writeFiles shows the figures, and links to the tables.
func writeFiles(b *strings.Builder, files []File) {
	var tables []string
	for _, f := range files {
		switch filepath.Ext(f.Name) {
		case ".svg":
			fmt.Fprintf(b, "\n![%s](%s)\n", titleOf(f), f.Name)
		case ".csv":
			tables = append(tables, fmt.Sprintf("[%s](%s)", f.Name, f.Name))
		}
	}
	if len(tables) > 0 {
		fmt.Fprintf(b, "\nTables: %s.\n", strings.Join(tables, ", "))
	}
}

var svgTitle = regexp.MustCompile(`(?s)<(?:title|text)[^>]*>([^<]+)<`)

// titleOf is the title of an SVG file or, if it has none, the first text in it.
func titleOf(f File) string {
	if m := svgTitle.FindSubmatch(f.Data); m != nil {
		return strings.Join(strings.Fields(string(m[1])), " ")
	}
	return strings.TrimSuffix(f.Name, ".svg")
}

func writeGrid(b *strings.Builder, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "\n| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		cells := slices.Clone(row)
		for i := range cells {
			cells[i] = cell(cells[i])
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
}

// cell is text as it may stand in a cell of a table: its first line, without what would end the cell.
func cell(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`).Replace(first)
}

// short is a number to five significant digits; empty for NaN.
func short(f float64) string {
	switch {
	case math.IsNaN(f):
		return ""
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', 5, 64)
}

func between(m Measure) string {
	low, high := short(m.Low), short(m.High)
	if low == "" || high == "" || low == high {
		return ""
	}
	return low + " to " + high
}

func agreementWord(m Measure) string {
	switch Agree(m) {
	case Agrees:
		return "agrees"
	case Differs:
		return "differs"
	}
	return ""
}

package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lightcone/experiments"
	"lightcone/sim"
)

// report prints what a run came to: verdicts, measures with what is expected beside them, and what names the run.
func (c *command) report(o *experiments.Outcome) {
	paint := painter(colours(c.out))
	fmt.Fprintf(c.out, "%s  seed %d  %s\n", o.Plan.Scenario.Name, o.Plan.Seed, paint.verdict(overall(o)))
	if len(o.Verdicts) > 0 {
		fmt.Fprintln(c.out)
		t := table{}
		for _, v := range o.Verdicts {
			t.row(paint.verdict(v.Verdict), v.Name, v.Detail)
		}
		t.print(c.out)
	}
	if len(o.Measures) > 0 {
		fmt.Fprintln(c.out)
		t := table{}
		t.row("measure", "value", "unit", "4 standard errors", "expected", "")
		for _, m := range o.Measures {
			agreement := paint.agreement(experiments.Agree(m))
			m = experiments.InPercent(m)
			t.row(m.Name, number(m.Value), m.Unit, interval(m), number(m.Expected), agreement)
		}
		t.print(c.out)
	}
	fmt.Fprintf(c.out, "\ndigest %s  events %d  virtual time %v\n", experiments.Hex(o.Result.Digest), o.Result.Events, time.Duration(o.Result.Now))
	if o.Trace != nil && o.Trace.Header.LeftAfter > 0 {
		fmt.Fprintf(c.out, "the trace holds the first %d events of the run, and leaves out %d (trace.events)\n", len(o.Trace.Events), o.Trace.Header.LeftAfter)
	}
}

// overall is the verdict of the run: one that has not shown what sometimes happens has passed.
func overall(o *experiments.Outcome) sim.Verdict {
	if v := o.Verdict(); v != sim.Unseen {
		return v
	}
	return sim.Pass
}

// where says where the files are.
func (c *command) where(dir string, files []experiments.File) {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	fmt.Fprintf(c.out, "files in %s: %s\n", dir, strings.Join(names, " "))
}

// number is a value in up to five significant digits, empty if there is none.
func number(f float64) string {
	switch {
	case math.IsNaN(f):
		return ""
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', 5, 64)
}

// interval is a measure by 4 standard errors either way, empty if that is all the same or not known.
func interval(m experiments.Measure) string {
	if math.IsNaN(m.Low) || math.IsNaN(m.High) || m.Low == m.High {
		return ""
	}
	return number(m.Low) + " .. " + number(m.High)
}

// table is text in columns. Further lines of a row's last cell follow below it.
type table struct{ rows [][]string }

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

// print aligns the columns, indented by two spaces, with no spaces at the ends of lines.
func (t *table) print(w io.Writer) {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			first, _, _ := strings.Cut(cell, "\n")
			widths[i] = max(widths[i], width(first))
		}
	}
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range row {
			first, more, _ := strings.Cut(cell, "\n")
			if widths[i] > 0 {
				b.WriteString("  " + first + strings.Repeat(" ", widths[i]-width(first)))
			}
			if more != "" {
				b.WriteString("\n    " + strings.ReplaceAll(strings.TrimRight(more, "\n"), "\n", "\n    "))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// width is the width of a cell without its colours.
func width(cell string) int {
	for strings.Contains(cell, "\x1b[") {
		from := strings.Index(cell, "\x1b[")
		cell = cell[:from] + cell[from+strings.IndexByte(cell[from:], 'm')+1:]
	}
	return utf8.RuneCountInString(cell)
}

// painter colours words, or not.
type painter bool

func (p painter) paint(code, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// The colours, which never say what the words do not.
const (
	green  = "32"
	yellow = "33"
	red    = "31"
)

func (p painter) verdict(v sim.Verdict) string {
	switch exitCode(v) {
	case exitPass:
		return p.paint(green, v.String())
	case exitUndecided:
		return p.paint(yellow, v.String())
	}
	return p.paint(red, v.String())
}

func (p painter) agreement(a experiments.Agreement) string {
	switch a {
	case experiments.Agrees:
		return p.paint(green, "agrees")
	case experiments.Differs:
		return p.paint(red, "differs")
	}
	return ""
}

// colours reports whether to colour what is written to w: only on a terminal, and never with NO_COLOR (no-color.org) or
// a dumb one.
func colours(w io.Writer) bool {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	return terminal(w)
}

// terminal reports whether w is a terminal.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

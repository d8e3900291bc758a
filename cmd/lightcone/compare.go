package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	tables "lightcone/experiments/table"
)

// comparing is the flags of compare.
type comparing struct {
	measures []string
	only     bool
	json     bool
}

func (c *command) compare() *cobra.Command {
	var f comparing
	cmd := &cobra.Command{
		Use:   "compare FIRST SECOND",
		Short: "how two results differ: settings, measures with intervals, verdicts",
		Long: `Compare two directories of results, both of sweeps or both of runs: what was set otherwise, by how much each measure differs
at each point that both have, and which runs came to another verdict.

Runs of two sweeps that share a seed at a point are compared pair by pair, so that what befalls both cancels; where less than
half of them do, the interval is Welch's. Two single runs are compared by the observations within each.

Of many comparisons some show a difference by chance: one in twenty intervals leaves out 0 where nothing differs. "differs"
is said of those alone that hold after Holm's correction for how many there are; the others are "perhaps".

The exit code is 0 if nothing differs beyond chance, 1 if a difference holds or a run came to another verdict, and 2 if the
two cannot be compared.`,
		Args: exactly(2, "2: directories that run or sweep wrote"),
		RunE: func(_ *cobra.Command, args []string) error { return c.compareResults(args[0], args[1], f) },
	}
	cmd.Flags().StringArrayVar(&f.measures, "measure", nil, "compare this measure (repeatable; default: all)")
	cmd.Flags().BoolVar(&f.only, "only-differences", false, "print only what differs, for certain or perhaps")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON document")
	return cmd
}

func (c *command) compareResults(first, second string, f comparing) error {
	a, err := experiments.ReadResults(first)
	if err != nil {
		return err
	}
	b, err := experiments.ReadResults(second)
	if err != nil {
		return err
	}
	r, err := experiments.CompareResults(a, b, f.measures)
	if err != nil {
		return err
	}
	if r.Differs() {
		c.code = exitFailed
	}
	if f.json {
		_, err := c.out.Write(r.Summary().JSON())
		return err
	}
	c.comparison(r, f.only)
	return nil
}

// comparison prints how two results differ.
func (c *command) comparison(r *experiments.Compared, only bool) {
	for i, x := range []*experiments.Results{r.First, r.Second} {
		fmt.Fprintf(c.out, "%s  %s: %s, seeds %s, digest %s\n", [2]string{"first ", "second"}[i], x.Dir, x.Scenario, x.Seeds, x.Digest)
	}
	c.settings(r.Settings)
	paint := painter(colours(c.out))
	if r.First.Sweep != nil {
		c.sweepDifferences(paint, r, only)
	} else {
		c.runDifferences(paint, r, only)
	}
	c.changes(paint, r)
	c.rest(r)
	c.conclusion(paint, r)
}

func (c *command) settings(changes []experiments.SettingChange) {
	if len(changes) == 0 {
		fmt.Fprintln(c.out, "\nthe same settings")
		return
	}
	fmt.Fprintln(c.out)
	t := table{}
	t.row("setting", "first", "second")
	for _, s := range changes {
		t.row(s.Path, orDash(s.First), orDash(s.Second))
	}
	t.print(c.out)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// byMeasure returns the differences of sweeps measure by measure, in the order of the first point.
func byMeasure(all []tables.Compared) (groups [][]tables.Compared) {
	place := map[tables.Measure]int{}
	for _, d := range all {
		i, ok := place[d.Measure]
		if !ok {
			i = len(groups)
			place[d.Measure] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], d)
	}
	return groups
}

// sweepDifferences prints a table for each measure, with at most maxPoints rows.
func (c *command) sweepDifferences(paint painter, r *experiments.Compared, only bool) {
	for _, group := range byMeasure(r.Table.Differences) {
		c.differences("\n"+measureTitle(group[0].Measure)+"\n", "point", group, paint, only, func(d *tables.Compared) string { return orDash(d.Point) })
	}
}

// runDifferences prints one table, with a row for each measure.
func (c *command) runDifferences(paint painter, r *experiments.Compared, only bool) {
	c.differences("\n", "measure", r.Table.Differences, paint, only, func(d *tables.Compared) string { return measureTitle(d.Measure) })
	fmt.Fprint(c.out, "\nOne run each: the intervals are by the observations within it, as if these were independent. What many of them share, such as\n"+
		"an outage, makes the intervals too narrow. Sweep both over seeds to tell more.\n")
}

// differences prints a table of differences, if there is any to print.
func (c *command) differences(title, of string, list []tables.Compared, paint painter, only bool, name func(*tables.Compared) string) {
	t := table{}
	t.row(of, "n", "first", "second", "difference", "95 % interval", "")
	left := 0
	for i := range list {
		d := &list[i]
		switch _, scale := tables.Shown(d.Measure.Unit); {
		case only && !d.Significant() && !(math.IsNaN(d.Low) && d.Value != 0):
		case len(t.rows) > maxPoints:
			left++
		default:
			t.row(name(d), number(float64(d.N)), number(scale*d.First.Value), number(scale*d.Second.Value), signed(scale*d.Value),
				span(scale*d.Low, scale*d.High), paint.finding(d))
		}
	}
	if len(t.rows) == 1 {
		return
	}
	fmt.Fprint(c.out, title)
	t.print(c.out)
	if left > 0 {
		fmt.Fprintf(c.out, "  and %d more (--json)\n", left)
	}
}

func measureTitle(m tables.Measure) string {
	unit, _ := tables.Shown(m.Unit)
	if unit == "" || unit == m.Name {
		return m.Name
	}
	return m.Name + ", " + unit
}

// signed is a difference, with its sign.
func signed(x float64) string {
	if x > 0 {
		return "+" + number(x)
	}
	return number(x)
}

func span(low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) || low == high {
		return ""
	}
	return signed(low) + " .. " + signed(high)
}

// finding says whether a difference is one, and how many runs have no value.
func (p painter) finding(d *tables.Compared) string {
	text := p.judgement(d)
	if d.Missing > 0 {
		text += ", " + many(d.Missing, "run") + " without a value"
	}
	return strings.TrimPrefix(text, ", ")
}

func (p painter) judgement(d *tables.Compared) string {
	switch {
	case d.Holds:
		return p.paint(red, "differs")
	case d.Significant():
		return p.paint(yellow, "perhaps")
	case d.Value == 0 && !(d.Error > 0):
		return "the same"
	case !d.Known():
		return "no interval"
	}
	return ""
}

// changes prints which runs, or which checks of a run, came to another verdict.
func (c *command) changes(paint painter, r *experiments.Compared) {
	t := table{}
	for _, v := range r.Table.Verdicts[:min(len(r.Table.Verdicts), maxPoints)] {
		t.row(orDash(v.Point), fmt.Sprintf("seed %d", v.Seed), verdictText(v.Verdicts[0], v.Failed[0])+" -> "+verdictText(v.Verdicts[1], v.Failed[1]))
	}
	for _, x := range r.Checks {
		t.row(x.Name, orDash(x.First)+" -> "+orDash(x.Second))
	}
	if len(t.rows) == 0 {
		return
	}
	fmt.Fprintf(c.out, "\n%s\n", paint.paint(red, "another verdict"))
	t.print(c.out)
	if left := len(r.Table.Verdicts) - maxPoints; left > 0 {
		fmt.Fprintf(c.out, "  and %d more (--json)\n", left)
	}
}

func verdictText(verdict, failed string) string {
	if failed == "" {
		return verdict
	}
	return verdict + " (" + failed + ")"
}

// rest prints what only one of the two has.
func (c *command) rest(r *experiments.Compared) {
	for i, which := range []string{"first", "second"} {
		for _, left := range []struct {
			what  string
			names []string
		}{{"point", r.Table.PointsLeft[i]}, {"measure", r.Table.MeasuresLeft[i]}} {
			if n := len(left.names); n > 0 {
				shown := strings.Join(left.names[:min(n, 6)], "; ")
				if n > 6 {
					shown += "; ..."
				}
				fmt.Fprintf(c.out, "\n%s in the %s only: %s\n", many(n, left.what), which, shown)
			}
		}
	}
}

// conclusion says how many differences there are, and how many would be there by chance.
func (c *command) conclusion(paint painter, r *experiments.Compared) {
	tested, significant, expected := r.Table.Tested()
	fmt.Fprintf(c.out, "\n%s compared", many(tested, "difference"))
	if left := len(r.Table.Differences) - tested; left > 0 {
		fmt.Fprintf(c.out, ", %d without an interval", left)
	}
	fmt.Fprintf(c.out, "; 95 %% intervals that leave out 0: %d", significant)
	if expected > 0 {
		fmt.Fprintf(c.out, " (by chance alone: about %.2g)", expected)
	}
	fmt.Fprintf(c.out, "; after Holm's correction: %d\n", r.Table.Holding())
	if n := r.Table.SameSeeds; n > 0 {
		fmt.Fprintf(c.out, "%s of one point and seed in both, %d with another verdict", many(n, "run"), len(r.Table.Verdicts))
		if r.Table.Alone > 0 {
			fmt.Fprintf(c.out, ", %d in one only", r.Table.Alone)
		}
		if gain := r.Table.MedianGain(); !math.IsNaN(gain) && !math.IsInf(gain, 0) {
			fmt.Fprintf(c.out, "; without common seeds it would take %.2g times as many (the median)", gain)
		}
		fmt.Fprintln(c.out)
	}
	if r.Differs() {
		fmt.Fprintln(c.out, paint.paint(red, "they differ"))
		return
	}
	fmt.Fprintln(c.out, paint.paint(green, "no difference beyond chance"))
}

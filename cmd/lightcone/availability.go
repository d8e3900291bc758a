package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/models/reliability"
)

func (c *command) availability() *cobra.Command {
	q := experiments.AvailabilityQuery{Target: math.NaN()}
	var mission, target, out string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "availability DIAGRAM|FILE|-",
		Short: "how available a block diagram is, and why not",
		Long: `Evaluate a reliability block diagram exactly: availability and unavailability, downtime, frequency of failures, mean
times up and down, the importance of each part, single points of failure, minimal cut sets. The diagram is the
argument itself, a file, or standard input (-).

A number is the availability of a part: 0.999, 99.9%. A part may have a name, which is shared where it is used again,
and attributes: db=0.999, db(u=1e-6), db(mttf=1000h, mttr=30min), in ms, s, min, h, d and y (of 365 days).
Blocks: series(...), parallel(...), kofn(k, ...), majority(...), vote(threshold, weight: x, ...), bridge(a, b, c, d, e),
network(from, to, x-y: a, x->y: b, x: c), separated(...), grid(rows, columns, ...); 3 * x makes independent copies.
Groups: in(zone=0.999, a, b) puts parts into a failure domain, common(beta=0.1, a, b) gives them common causes.
Statements stand on lines of their own or between semicolons, # starts a comment.`,
		Example: `  lightcone availability "series(0.99, 0.99, 0.99, 0.99)"
  lightcone availability "series(parallel(0.95, 0.95), kofn(2, 3 * 0.99), db=0.999)"
  lightcone availability "majority(5 * node(mttf=1000h, mttr=1h))" --mission 30d --target 99.99% --simulate
  lightcone availability "kofn(2, 3 * node(mttf=1000h, mttr=10h))" --crews 1
  lightcone availability "majority(in(zone1=0.999, 2 * 0.99), in(zone2=0.999, 0.99))"
  lightcone availability "parallel(common(beta=0.1, 3 * 0.95))"
  lightcone availability system.rbd --simulate --out out/system`,
		Args: exactly(1, "1: a diagram, the name of a file, or -"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := missionAndTarget(&q, mission, target); err != nil {
				return usage(cmd, err)
			}
			if q.Cuts < 0 {
				return usage(cmd, fmt.Errorf("lightcone: --cuts is %d, want at least 0", q.Cuts))
			}
			if q.Crews < 0 {
				return usage(cmd, fmt.Errorf("lightcone: --crews is %d, want at least 1, or 0 for a crew for each part", q.Crews))
			}
			source, err := experiments.OpenDiagram(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			return c.evaluate(source, q, out, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&mission, "mission", "", "the first hours too, from all parts up: 720h, 30d")
	f.StringVar(&target, "target", "", "the chance that a month, or the mission, is this available: 99.9%")
	f.BoolVar(&q.Simulate, "simulate", false, "simulate as well, and compare")
	f.Uint64Var(&q.Seed, "seed", 1, "the seed of the simulation")
	f.IntVar(&q.Crews, "crews", 0, "how many repair crews all parts share, in a Markov chain; by default one for each")
	f.IntVar(&q.Cuts, "cuts", 10, "how many minimal cut sets to list")
	f.StringVarP(&out, "out", "o", "", "a directory for tables and figures")
	f.BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

// missionAndTarget reads the flags that have units.
func missionAndTarget(q *experiments.AvailabilityQuery, mission, target string) error {
	var errs []error
	wrong := func(flag string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("lightcone: --%s: %s", flag, strings.TrimPrefix(err.Error(), "reliability: ")))
		}
	}
	var err error
	if mission != "" {
		q.Mission, err = reliability.ParseHours(mission)
		wrong("mission", err)
	}
	if target != "" {
		q.Target, err = reliability.ParseUnavailability(target)
		wrong("target", err)
	}
	return errors.Join(errs...)
}

func (c *command) evaluate(source experiments.DiagramText, q experiments.AvailabilityQuery, out string, asJSON bool) error {
	d, err := source.Parse()
	if err != nil {
		return err
	}
	if out != "" {
		if err := experiments.CanSave(out); err != nil { // before the work, not after
			return err
		}
	}
	r, err := q.Evaluate(source.Name, d)
	if err != nil {
		return err
	}
	var files []experiments.File
	if out != "" {
		if files, err = r.ResultFiles(source); err != nil {
			return err
		}
		if err := uninterrupted(func() error { return experiments.Save(out, files) }); err != nil {
			return err
		}
		r.Files = paths(out, files)
	}
	if !r.Agrees() {
		c.code = exitFailed
	}
	if asJSON {
		_, err = c.out.Write(r.JSON())
		return err
	}
	c.reportAvailability(r)
	if out != "" {
		fmt.Fprintln(c.out)
		c.where(out, files)
	}
	return nil
}

// maxPartsShown bounds the table of parts; --json and --out have all.
const maxPartsShown = 40

func (c *command) reportAvailability(r *experiments.AvailabilityReport) {
	fmt.Fprintf(c.out, "%s\n\n", short(r.Diagram, 200))
	t := table{}
	t.row("availability", percent(r.Availability, r.Unavailability))
	t.row("unavailability", scientific(r.Unavailability), nines(r.Nines))
	t.row("downtime", experiments.Lasting(r.DowntimeYear)+" a year", experiments.Lasting(r.DowntimeMonth)+" in 30 days")
	if r.Frequency != nil {
		every := "never"
		if *r.Frequency > 0 {
			every = "every " + experiments.Lasting(1 / *r.Frequency)
		}
		t.row("failures", figure(*r.FailuresYear)+" a year", every)
		t.row("mean up time", lasting(orInf(r.MUT)))
		t.row("mean down time", lasting(orInf(r.MDT)))
	}
	t.print(c.out)
	if r.Frequency == nil {
		fmt.Fprintln(c.out, "  failures, mean up and down time: not known without mttf= and mttr= of every part that matters")
	}
	if len(r.Unused) > 0 {
		fmt.Fprintf(c.out, "  note: defined and not used: %s\n", short(strings.Join(r.Unused, ", "), 100))
	}
	c.reportCrews(r)
	c.reportMission(r)
	c.reportParts(r)
	c.reportCuts(r)
	c.reportSimulation(r)
}

func (c *command) reportCrews(r *experiments.AvailabilityReport) {
	x := r.Crews
	if x == nil {
		return
	}
	fmt.Fprintf(c.out, "\nwith %s for all parts (a chain of %s)\n", several(float64(x.Crews), "repair crew"), several(float64(x.States), "state"))
	t := table{}
	t.row("availability", percent(1-x.Unavailability, x.Unavailability))
	t.row("unavailability", scientific(x.Unavailability))
	t.row("mean up time", lasting(orInf(x.MUT)))
	t.row("mean down time", lasting(orInf(x.MDT)))
	t.print(c.out)
}

func (c *command) reportMission(r *experiments.AvailabilityReport) {
	if m := r.Mission; m != nil {
		fmt.Fprintf(c.out, "\nthe first %s, from all parts up\n", experiments.Lasting(m.Hours))
		t := table{}
		how := "exact"
		if !m.Exact {
			how = fmt.Sprintf("approximately; between %s and %s", scientific(m.FailedLow), scientific(m.FailedHigh))
		}
		t.row("no failure of the system", percent(1-m.Failed, m.Failed), how)
		t.row("up at the end", percent(1-m.Unavailability, m.Unavailability), "")
		t.row("up at the end without repair", percent(1-m.Unrepaired, m.Unrepaired), "")
		t.row("failures", figure(m.Failures), "expected")
		t.row("downtime", experiments.Lasting(m.Downtime), "expected")
		t.print(c.out)
	}
	if g := r.Target; g != nil {
		fmt.Fprintf(c.out, "\nchance that %s are at least %s available: %s, if times up and down were exponential\n",
			experiments.Lasting(g.Hours), percent(1-g.Unavailability, g.Unavailability), percent(g.Met, g.Missed))
	}
}

func (c *command) reportParts(r *experiments.AvailabilityReport) {
	fmt.Fprintln(c.out)
	t := table{}
	t.row("part", "unavailability", "Fussell-Vesely", "criticality", "Birnbaum", "RAW", "RRW", "")
	for _, p := range r.Parts[:min(len(r.Parts), maxPartsShown)] {
		single := ""
		if p.SinglePoint {
			single = "single point of failure"
		}
		t.row(short(p.Name, 40), scientific(p.Unavailability), maybe(p.FussellVesely), maybe(p.Criticality), figure(p.Birnbaum), maybe(p.RAW), worth(p.RRW), single)
	}
	t.print(c.out)
	if more := len(r.Parts) - maxPartsShown; more > 0 {
		fmt.Fprintf(c.out, "  and %d more parts, which matter less\n", more)
	}
	if len(r.SinglePoints) == 0 {
		fmt.Fprintln(c.out, "  no single point of failure")
	}
}

func (c *command) reportCuts(r *experiments.AvailabilityReport) {
	sets := r.CutSets
	if len(sets.ByOrder) == 0 {
		fmt.Fprintln(c.out, "\nminimal cut sets: too many to find")
		return
	}
	fmt.Fprintf(c.out, "\n%s (%s)\n", several(sets.Count, "minimal cut set"), byOrder(sets.ByOrder))
	t := table{}
	for _, s := range sets.Sets {
		t.row(scientific(s.Probability), short(strings.Join(s.Parts, " "), 100))
	}
	t.print(c.out)
	if more := sets.Count - float64(len(sets.Sets)); more > 0 && len(sets.Sets) > 0 {
		fmt.Fprintf(c.out, "  and %s more\n", figure(more))
	}
	if r.MinCutBound != nil && sets.Count > 1 {
		fmt.Fprintf(c.out, "  as if they were independent the unavailability would be at most %s\n", scientific(*r.MinCutBound))
	}
}

// byOrder says how many sets there are of each size.
func byOrder(counts []float64) string {
	const most = 6
	var list []string
	for k, n := range counts {
		switch {
		case n > 0 && len(list) < most:
			list = append(list, fmt.Sprintf("%s of %d", figure(n), k))
		case n > 0 && len(list) == most:
			list = append(list, "...")
		}
	}
	if len(list) == 0 {
		return "the system never fails"
	}
	return strings.Join(list, ", ")
}

func several(n float64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return figure(n) + " " + what + "s"
}

func (c *command) reportSimulation(r *experiments.AvailabilityReport) {
	measures, method := r.Simulated()
	if len(measures) == 0 {
		return
	}
	fmt.Fprintf(c.out, "\nsimulated, seed %d: %s\n", r.Seed, method)
	paint := painter(colours(c.out))
	t := table{}
	t.row("", "simulated", "4 standard errors", "exact", "n", "")
	for _, m := range measures {
		t.row(m.Name+", "+m.Unit, number(m.Value), interval(m), number(m.Expected), strconv.Itoa(m.N), paint.agreement(experiments.Agree(m)))
	}
	t.print(c.out)
}

// percent writes an availability with all the nines it has, and four digits of what is missing.
func percent(up, down float64) string {
	if down <= 0 {
		return "100 %"
	}
	if down >= 0.5 {
		return figure(100*up) + " %"
	}
	digits := max(2, int(math.Ceil(-math.Log10(100*down)))+3)
	if digits > 17 {
		return "100 % - " + strconv.FormatFloat(100*down, 'g', 4, 64) + " %"
	}
	text := strconv.FormatFloat(100*down, 'f', digits, 64)
	return complement(text) + " %"
}

// complement writes 100 less a decimal number below 100, digit by digit.
func complement(text string) string {
	digits := []byte(text)
	borrow := 0
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] == '.' {
			continue
		}
		d := 0 - int(digits[i]-'0') - borrow
		borrow = 0
		if d < 0 {
			d += 10
			borrow = 1
		}
		digits[i] = byte('0' + d)
	}
	whole, fraction, _ := strings.Cut(string(digits), ".")
	if len(whole) < 2 {
		whole = "9" + whole
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

func scientific(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }

// figure writes a number with four digits.
func figure(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', 4, 64)
}

func maybe(f *float64) string {
	if f == nil {
		return "-"
	}
	return figure(*f)
}

// worth writes a risk reduction worth, which is infinite if the system would never fail.
func worth(f *float64) string {
	if f == nil {
		return "inf"
	}
	return figure(*f)
}

func nines(f *float64) string {
	if f == nil {
		return ""
	}
	return figure(*f) + " nines"
}

func orInf(f *float64) float64 {
	if f == nil {
		return math.Inf(1)
	}
	return *f
}

func lasting(hours float64) string {
	if math.IsInf(hours, 1) {
		return "never ends"
	}
	return experiments.Lasting(hours)
}

// short cuts a text that is too long for a line.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}

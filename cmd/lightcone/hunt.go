package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/sim"
)

// hunting is the flags of hunt.
type hunting struct {
	set       []string
	runs      int
	seeds     string
	budget    time.Duration
	keepGoing bool
	strict    bool
	out       string
	json      bool
}

func (c *command) hunt() *cobra.Command {
	var h hunting
	cmd := &cobra.Command{
		Use:   "hunt SCENARIO",
		Short: "many seeds: look for one that fails, and shrink it",
		Long: `Run a scenario over many seeds, on all cores, and stop at the first that fails. Of its faults those that it does not need
are left out, and what remains is written to a directory: a repro to replay, the story and its picture.

Exit codes are those of the worst run: 0 if none failed.`,
		Args: exactly(1, oneScenario),
		RunE: func(cmd *cobra.Command, args []string) error { return c.huntScenario(cmd, args[0], h) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&h.set, "set", nil, "override a value of the scenario: --set network.loss=0.1 (repeatable)")
	f.IntVar(&h.runs, "runs", 100, "how many seeds, from 1")
	f.StringVar(&h.seeds, "seeds", "", "which seeds instead, such as 1..1000")
	f.DurationVar(&h.budget, "budget", 0, "as many seeds as can be started in this time, instead (the only thing that depends on the machine)")
	f.BoolVar(&h.keepGoing, "keep-going", false, "run all seeds, whatever fails")
	f.BoolVar(&h.strict, "strict", false, "check that processes keep to the rules (slower, same digest)")
	f.StringVarP(&h.out, "out", "o", "", "the directory for a failing run (default out/SCENARIO-SEED)")
	f.BoolVar(&h.json, "json", false, "print one JSON document")
	return cmd
}

func (c *command) huntScenario(cmd *cobra.Command, arg string, f hunting) error {
	first, last, err := f.window(cmd)
	if err != nil {
		return err
	}
	s, _, err := experiments.Open(arg, f.set...)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := experiments.CanSave(f.out); err != nil {
			return err
		}
	}
	h := &experiments.Hunt{Scenario: s, First: first, Last: last, KeepGoing: f.keepGoing, Strict: f.strict}
	if f.budget > 0 {
		end := time.Now().Add(f.budget)
		h.More = func() bool { return time.Now().Before(end) }
	}
	done := c.progress(h)
	found, err := h.Run()
	done()
	if err != nil {
		return err
	}
	c.code = exitCode(found.Verdict())
	var shrunk *experiments.Shrunk
	var dir string
	var files []experiments.File
	if len(found.Failures) > 0 {
		if shrunk, dir, files, err = c.shrink(found, f); err != nil {
			return err
		}
	}
	if f.json {
		_, err = c.out.Write(found.Summary(shrunk, paths(dir, files)).JSON())
		return err
	}
	c.hunted(found)
	if shrunk != nil {
		fmt.Fprintf(c.out, "\n%s\nreplay: lightcone replay %s\n", shrunk.Story(), filepath.Join(dir, "repro.json"))
		c.where(dir, files)
	}
	return nil
}

// window is the seeds that the flags mean.
func (f *hunting) window(cmd *cobra.Command) (first, last uint64, err error) {
	given := 0
	for _, name := range []string{"runs", "seeds", "budget"} {
		if cmd.Flags().Changed(name) {
			given++
		}
	}
	switch {
	case given > 1:
		return 0, 0, usage(cmd, fmt.Errorf("lightcone: --runs, --seeds and --budget are given together, want one of them"))
	case f.budget < 0 || f.budget == 0 && cmd.Flags().Changed("budget"):
		return 0, 0, usage(cmd, fmt.Errorf("lightcone: --budget is %v, want more than 0s", f.budget))
	case f.budget > 0:
		return 1, 1<<64 - 1, nil
	case f.seeds != "":
		first, last, err = seedRange(f.seeds)
		if err != nil {
			return 0, 0, usage(cmd, err)
		}
		return first, last, nil
	case f.runs < 1:
		return 0, 0, usage(cmd, fmt.Errorf("lightcone: --runs is %d, want at least 1", f.runs))
	}
	return 1, uint64(f.runs), nil
}

// seedRange reads 1..1000, or one seed.
func seedRange(text string) (first, last uint64, err error) {
	a, b, ok := strings.Cut(text, "..")
	if !ok {
		b = a
	}
	first, err1 := strconv.ParseUint(a, 10, 64)
	last, err2 := strconv.ParseUint(b, 10, 64)
	if err1 != nil || err2 != nil || last < first {
		return 0, 0, fmt.Errorf("lightcone: --seeds is %q, want a range such as 1..1000", text)
	}
	return first, last, nil
}

// shrink makes the first failing run small, and saves it.
func (c *command) shrink(found *experiments.Hunted, f hunting) (*experiments.Shrunk, string, []experiments.File, error) {
	failure := found.Failures[0]
	dir := f.out
	if dir == "" {
		dir = filepath.Join("out", found.Scenario.Name+"-"+strconv.FormatUint(failure.Seed, 10))
	}
	if err := experiments.CanSave(dir); err != nil {
		return nil, "", nil, err
	}
	replay := "lightcone replay " + filepath.Join(dir, "repro.json")
	shrunk, err := experiments.Shrink(found.Scenario, failure.Seed, failure.First.Name, experiments.Execution{Strict: f.strict, Record: true, Replay: replay})
	if err != nil {
		return nil, "", nil, err
	}
	files, err := shrunk.ResultFiles()
	if err != nil {
		return nil, "", nil, err
	}
	return shrunk, dir, files, uninterrupted(func() error { return experiments.Save(dir, files) })
}

// progress shows how far a hunt is on standard error, if that is a terminal. The function that it returns clears it away.
func (c *command) progress(h *experiments.Hunt) (done func()) {
	if !terminal(c.err) {
		return func() {}
	}
	shown := time.Now()
	h.Progress = func(d *experiments.Hunted) {
		if now := time.Now(); now.Sub(shown) >= 200*time.Millisecond {
			shown = now
			fmt.Fprintf(c.err, "\r\x1b[K%s: seed %d, %d failed", d.Scenario.Name, d.Last, len(d.Failures))
		}
	}
	return func() { fmt.Fprint(c.err, "\r\x1b[K") }
}

// hunted prints what a hunt came to.
func (c *command) hunted(d *experiments.Hunted) {
	paint := painter(colours(c.out))
	fmt.Fprintf(c.out, "%s  seeds %d..%d  %s\n\n", d.Scenario.Name, d.First, d.Last, counted(paint, d.Runs))
	t := table{}
	for _, check := range d.Checks {
		t.row(check.Name, counted(paint, check.Runs))
	}
	t.print(c.out)
	if len(d.Failures) > 0 {
		fmt.Fprintln(c.out)
		t := table{}
		for _, f := range d.Failures[:min(len(d.Failures), maxFailures)] {
			t.row("seed "+strconv.FormatUint(f.Seed, 10), paint.verdict(f.First.Verdict), f.First.Name, f.First.Detail)
		}
		t.print(c.out)
		if more := len(d.Failures) - maxFailures; more > 0 {
			fmt.Fprintf(c.out, "  and %d more\n", more)
		}
	}
	fmt.Fprintf(c.out, "\nevents %d  virtual time %v\n", d.Events, time.Duration(d.VirtualTime))
	if none := d.Unseen(); len(none) > 0 {
		fmt.Fprintf(c.out, "never came true: %s\n", strings.Join(none, ", "))
	}
}

// maxFailures is how many failing seeds are printed.
const maxFailures = 10

// counted is how many runs there are of each verdict: 997 pass, 3 violation.
func counted(paint painter, runs map[sim.Verdict]int) string {
	var parts []string
	for v := sim.Pass; v <= sim.Nondeterminism; v++ {
		if n := runs[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, paint.verdict(v)))
		}
	}
	return strings.Join(parts, ", ")
}

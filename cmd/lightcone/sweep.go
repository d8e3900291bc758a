package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/experiments/batch"
)

// grid is which runs a sweep is of: the flags that sweep and plan share.
type grid struct {
	options experiments.SweepOptions
	yes     bool
}

func (g *grid) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&g.options.Seeds, "seeds", "", "the seeds of every point: a number of them, from 1, or a range such as 1..1000 (default: what the scenario says)")
	f.StringArrayVar(&g.options.Vary, "vary", nil, "vary a value of the scenario: --vary network.loss=0,0.1,0.2 (repeatable: the grid is the product)")
	f.StringArrayVar(&g.options.Set, "set", nil, "override a value of the scenario: --set nodes=5 (repeatable)")
	f.StringArrayVar(&g.options.Measure, "measure", nil, "a measure to keep, beside those that are drawn or expected (repeatable; default: what the scenario says, or all)")
	f.BoolVar(&g.options.Full, "full", false, "with the settings of the scenario's section full")
	f.BoolVar(&g.yes, "yes", false, "however many runs it is, and however long it takes")
}

// open returns the sweep of a scenario.
func (g *grid) open(arg string) (*experiments.Sweep, error) {
	s, err := experiments.NewSweep(arg, g.options)
	if err != nil {
		return nil, err
	}
	if s.Extent().Points == 0 {
		return nil, fmt.Errorf("lightcone: the grid of %s has no points, want at least 1", s.Scenario.Name)
	}
	return s, possible(s.Scenario.Name, s.Extent())
}

// sweeping is the flags of sweep.
type sweeping struct {
	grid
	out     string
	workers int
	fresh   bool
	json    bool
}

func (c *command) sweep() *cobra.Command {
	var f sweeping
	cmd := &cobra.Command{
		Use:   "sweep SCENARIO",
		Short: "a grid of settings and seeds: tables with intervals, figures, a report",
		Long: `Run a scenario, a file or a built-in name (lightcone list studies), at every point of a grid and with many seeds, on all
cores, and write what came of it to a directory: tables, figures, a report. What is varied, measured, drawn and expected is
said in the scenario, or here. The same command gives the same bytes, whatever the number of cores.

An interrupt lets the runs in flight end; a second one does not. Either way, and if the process is killed or the disk is
full, what is done is kept beside the output directory, and the same command goes on from there.

Runs that fail are counted, and those first to fail at each point kept to be replayed; the exit code is then 1, as it is if
something is not as expected.`,
		Args: exactly(1, oneScenario),
		RunE: func(_ *cobra.Command, args []string) error { return c.sweepScenario(args[0], f) },
	}
	f.grid.flags(cmd)
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the directory for results (default out/SCENARIO)")
	cmd.Flags().IntVar(&f.workers, "workers", 0, "how many runs at once (default: as many as there are cores)")
	cmd.Flags().BoolVar(&f.fresh, "fresh", false, "begin anew, though there are results or an interrupted sweep")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON document: summary.json, with the paths of the files")
	return cmd
}

func (c *command) sweepScenario(arg string, f sweeping) error {
	if f.workers < 0 {
		return fmt.Errorf("lightcone: --workers is %d, want 0 or more", f.workers)
	}
	s, err := f.open(arg)
	if err != nil {
		return err
	}
	dest := destination{sweep: s, out: orDefault(f.out, s), json: f.json}
	work := dest.work()
	if done, err := dest.prepare(f.fresh || begun(work)); done || err != nil { // what was begun goes on, whatever it is to replace
		return errors.Join(err, c.printFinished(dest, done))
	}
	if f.fresh {
		if err := batch.Remove(work); err != nil {
			return err
		}
	}
	if !begun(work) { // else it was allowed when it was
		if err := f.size(s, f.workers); err != nil {
			return err
		}
	}
	spareMemory(s)
	var records batch.Records
	again := "the same command goes on from there"
	if f.fresh {
		again = "the same command without --fresh goes on from there"
	}
	ok, err := c.work(undertaking{s.Scenario.Name, work, again}, f.workers, s.Failed, func(ctx context.Context, o batch.Options) (err error) {
		o.Progress = once(func() { c.sweepHead(dest) }, o.Progress)
		records, err = batch.Run(ctx, work, s.Task(), o)
		return err
	})
	var other *batch.MismatchError
	if errors.As(err, &other) {
		return fmt.Errorf("%w\nlightcone: %s is an interrupted sweep: finish it, begin anew with --fresh, or take another --out", err, work)
	}
	if !ok {
		return err
	}
	sum, err := c.saveSweep(dest, records)
	if err != nil {
		return fmt.Errorf("%w\nlightcone: all runs are done, and kept in %s: %s", err, work, again)
	}
	return errors.Join(batch.Remove(work), c.printSweep(dest, sum)) // in this order: printing into a closed pipe ends the process
}

// sweepHead prints what is swept.
func (c *command) sweepHead(d destination) {
	if !d.json {
		fmt.Fprintf(c.out, "%s  %s\n", d.sweep.Scenario.Name, extent(d.sweep.Extent()))
	}
}

// once returns progress with first before its first call.
func once(first func(), progress func(batch.Progress)) func(batch.Progress) {
	begin := sync.OnceFunc(first)
	return func(p batch.Progress) {
		begin()
		progress(p)
	}
}

// size reports a sweep that is too large to be begun without a word, and points at which nothing can be run.
func (g *grid) size(s *experiments.Sweep, workers int) error {
	e := s.Extent()
	if g.yes {
		return s.Check()
	}
	c, err := estimate(s.Task(), e)
	if err == nil {
		err = allowed(s.Scenario.Name, e, c, cores(workers))
	}
	if err == nil {
		err = s.Check()
	}
	return err
}

func orDefault(out string, s *experiments.Sweep) string {
	if out == "" {
		out = filepath.Join("out", s.Scenario.Name)
	}
	return filepath.Clean(out)
}

// destination is where the results of a sweep go.
type destination struct {
	sweep *experiments.Sweep
	out   string
	json  bool
}

// prepare reports whether the results are there already, or why they could not be written; others are replaced if they may be.
func (d destination) prepare(replace bool) (done bool, err error) {
	if err := experiments.CanSave(d.out); err != nil {
		return false, err
	}
	data, err := os.ReadFile(filepath.Join(d.out, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) || replace {
		return false, nil
	}
	var m experiments.SweepManifest
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	switch {
	case err != nil:
		return false, fmt.Errorf("lightcone: %s cannot be read: %w", filepath.Join(d.out, "manifest.json"), err)
	case m.Key == d.sweep.Key():
		return true, nil
	}
	other := &batch.MismatchError{Name: d.out, Differences: batch.Differences(m.About, d.sweep.Task().About)}
	return false, fmt.Errorf("%w\nlightcone: --fresh replaces it, --out takes another directory", other)
}

// work is the directory in which the sweep is worked on.
func (d destination) work() string { return d.out + ".partial" }

// begun reports whether there is a work directory.
func begun(work string) bool {
	_, err := os.Stat(work)
	return err == nil
}

// printFinished prints a sweep whose results are there.
func (c *command) printFinished(d destination, done bool) error {
	if !done {
		return nil
	}
	name := filepath.Join(d.out, "summary.json")
	data, err := os.ReadFile(name)
	var sum experiments.SweepSummary
	if err == nil {
		err = json.Unmarshal(data, &sum)
	}
	if err != nil {
		return fmt.Errorf("lightcone: %s cannot be read: %w; --fresh runs the sweep anew", name, err)
	}
	note := c.out
	if d.json {
		note = c.err
	}
	fmt.Fprintf(note, "%s  %s\n%s has it already: nothing is run (--fresh runs it anew)\n", sum.Scenario, extent(d.sweep.Extent()), d.out)
	return c.printSweep(d, &sum)
}

// saveSweep writes what a sweep came to.
func (c *command) saveSweep(d destination, records batch.Records) (*experiments.SweepSummary, error) {
	done := c.busy(d.sweep.Scenario.Name + "  writing the results")
	defer done()
	swept, err := d.sweep.Results(records)
	if err != nil {
		return nil, err
	}
	files, err := swept.ResultFiles()
	if err != nil {
		return nil, err
	}
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = f.Name
	}
	return swept.Summary(list), uninterrupted(func() error { return experiments.Save(d.out, files) })
}

// printSweep prints a sweep, and sets the exit code.
func (c *command) printSweep(d destination, sum *experiments.SweepSummary) error {
	c.code = sweepCode(sum)
	if d.json {
		shown := *sum
		shown.Files = nil
		for _, name := range sum.Files {
			shown.Files = append(shown.Files, filepath.Join(d.out, name))
		}
		_, err := c.out.Write(shown.JSON())
		return err
	}
	c.swept(d.out, sum)
	return nil
}

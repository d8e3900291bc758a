package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/sim"
)

// choice is which run is meant: the flags that run and trace share.
type choice struct {
	seed   uint64
	set    []string
	strict bool
}

func (ch *choice) flags(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&ch.seed, "seed", 1, "the seed, which names every random choice of the run")
	cmd.Flags().StringArrayVar(&ch.set, "set", nil, "override a value of the scenario: --set network.loss=0.1 (repeatable)")
	cmd.Flags().BoolVar(&ch.strict, "strict", false, "check that processes keep to the rules (slower, same digest)")
}

// oneScenario is the argument of run and trace.
const oneScenario = "1: a scenario, a file or a built-in name"

// plan opens the scenario and binds it to the seed.
func (ch *choice) plan(arg string) (*experiments.Plan, experiments.Study, error) {
	s, study, err := experiments.Open(arg, ch.set...)
	if err != nil {
		return nil, nil, err
	}
	if s.Population() >= bigWorld {
		collect(garbageOfBig)
	}
	p, err := s.Plan(ch.seed)
	return p, study, err
}

func (c *command) run() *cobra.Command {
	var ch choice
	var out string
	var full, asJSON bool
	var part partFlags
	cmd := &cobra.Command{
		Use:   "run SCENARIO | run DIR --shard INDEX/COUNT",
		Short: "one run: verdicts, measures, pictures",
		Long: `Run a scenario, a file or a built-in name (lightcone list studies), and write what came of it to a directory.

With --shard, make a part of the runs of a sweep that lightcone plan has written to a directory: see lightcone help plan.`,
		Args: exactly(1, oneScenario),
		RunE: func(cmd *cobra.Command, args []string) error {
			planned, err := part.given(cmd, args[0])
			switch {
			case err != nil:
				return usage(cmd, err)
			case planned:
				return c.runPart(args[0], part)
			}
			return c.runScenario(args[0], ch, full, out, asJSON)
		},
	}
	ch.flags(cmd)
	part.flags(cmd)
	cmd.Flags().StringVarP(&out, "out", "o", "", "the directory for results (default out/SCENARIO-SEED)")
	cmd.Flags().BoolVar(&full, "full", false, "a study that makes runs of its own makes ten times as many")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

func (c *command) runScenario(arg string, ch choice, full bool, out string, asJSON bool) error {
	p, study, err := ch.plan(arg)
	if err != nil {
		return err
	}
	if p.Full = full; full && study == nil {
		return fmt.Errorf("lightcone: --full is given for %s, want a built-in study, which makes runs of its own", p.Scenario.Name)
	}
	if full && len(p.Scenario.Vary) > 0 {
		return fmt.Errorf("lightcone: --full is given for one run of %s, which is a sweep: want lightcone sweep %s --full", p.Scenario.Name, arg)
	}
	if out == "" {
		out = filepath.Join("out", p.Scenario.Name+"-"+strconv.FormatUint(ch.seed, 10))
	}
	if err := experiments.CanSave(out); err != nil { // before the work, not after
		return err
	}
	replay := "lightcone replay " + filepath.Join(out, "repro.json")
	o, err := p.Execute(experiments.Execution{Study: study, Strict: ch.strict, Record: true, Replay: replay})
	if err != nil {
		return err
	}
	files, err := o.ResultFiles()
	if err != nil {
		return err
	}
	if err := uninterrupted(func() error { return experiments.Save(out, files) }); err != nil {
		return err
	}
	c.finish(o)
	if asJSON {
		_, err = c.out.Write(o.Summary(paths(out, files)).JSON())
		return err
	}
	c.report(o)
	fmt.Fprintln(c.out)
	if c.code != exitPass {
		fmt.Fprintf(c.out, "replay: %s\n", replay)
	}
	c.where(out, files)
	return nil
}

// uninterrupted calls save, during which interrupts are ignored: they would leave its temporary files behind.
func uninterrupted(save func() error) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	defer signal.Reset(os.Interrupt, syscall.SIGTERM)
	return save()
}

// finish sets the exit code, and shows where a process panicked.
func (c *command) finish(o *experiments.Outcome) {
	c.code = exitCode(o.Verdict())
	var e *sim.Error
	if errors.As(o.Result.Err, &e) && e.Stack != "" {
		fmt.Fprintf(c.err, "%v\n%s", e, e.Stack)
	}
}

func paths(dir string, files []experiments.File) []string {
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = filepath.Join(dir, f.Name)
	}
	return list
}

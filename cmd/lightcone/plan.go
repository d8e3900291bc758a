package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/experiments/batch"
)

// planFile is what plan writes, and run --shard and merge read.
const planFile = "plan.json"

func (c *command) plan() *cobra.Command {
	var g grid
	var out string
	cmd := &cobra.Command{
		Use:   "plan SCENARIO --out DIR",
		Short: "a sweep in parts, for many machines: what is to be run",
		Long: `Write a sweep to DIR/plan.json, so that any number of machines can make its runs:

  lightcone plan raft-elections --seeds 10000 --out DIR
  lightcone run DIR --shard 0/4      on each machine its own of 0/4, 1/4, 2/4, 3/4
  lightcone merge DIR                when all are there: the bytes of lightcone sweep

experiments/cluster has this for Slurm, Kubernetes, GNU parallel and matrices of CI jobs.`,
		Args: exactly(1, oneScenario),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usage(cmd, errors.New("lightcone: --out is not given, want a directory for the plan"))
			}
			return c.planSweep(args[0], g, out)
		},
	}
	g.flags(cmd)
	cmd.Flags().StringVarP(&out, "out", "o", "", "the directory for the plan and the parts")
	return cmd
}

func (c *command) planSweep(arg string, g grid, dir string) error {
	s, err := g.open(arg)
	if err != nil {
		return err
	}
	if there, _, err := openPlan(dir); err == nil && there.Key() != s.Key() {
		other := &batch.MismatchError{Name: filepath.Join(dir, planFile), Differences: batch.Differences(there.Task().About, s.Task().About)}
		return fmt.Errorf("%w\nlightcone: --out takes another directory", other)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	e := s.Extent()
	cost, err := estimate(s.Task(), e)
	if err == nil && !g.yes {
		err = allowed(s.Scenario.Name, e, cost, 1000)
	}
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("lightcone: %s cannot be made: %w", dir, err)
	}
	if err := experiments.SaveFile(filepath.Join(dir, planFile), s.Plan().JSON()); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s  %s, about %s on one core\nplan in %s\neach part: lightcone run %s --shard INDEX/COUNT\nthen:      lightcone merge %s\n",
		s.Scenario.Name, extent(e), about(cost.time), filepath.Join(dir, planFile), dir, dir)
	return nil
}

// openPlan returns the sweep whose plan is in a directory, or which a plan's file is; dir is where its parts are.
func openPlan(arg string) (s *experiments.Sweep, dir string, err error) {
	name := arg
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		name = filepath.Join(arg, planFile)
	}
	data, err := experiments.ReadFile(name, experiments.MaxPlanSize)
	if err != nil {
		return nil, "", err
	}
	s, err = experiments.ReadSweepPlan(name, data)
	return s, filepath.Dir(name), err
}

// plannedSweep is openPlan for a command that needs the plan.
func plannedSweep(arg string) (*experiments.Sweep, string, error) {
	s, dir, err := openPlan(arg)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("lightcone: %s has no %s, want a directory that lightcone plan has written", arg, planFile)
	}
	return s, dir, err
}

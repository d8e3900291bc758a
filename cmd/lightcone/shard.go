package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lightcone/experiments/batch"
)

// partFlags are the flags of run for a part of a planned sweep.
type partFlags struct {
	shard   string
	workers int
}

func (p *partFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.shard, "shard", "", "make a part of a planned sweep: INDEX/COUNT such as 0/4, the index from 0")
	cmd.Flags().IntVar(&p.workers, "workers", 0, "with --shard: how many runs at once (default: as many as there are cores)")
}

// given reports whether a part is meant. It is an error if flags are given that have no meaning together.
func (p *partFlags) given(cmd *cobra.Command, arg string) (bool, error) {
	if !cmd.Flags().Changed("shard") {
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			return false, fmt.Errorf("lightcone: %s is a directory, want a scenario, or --shard INDEX/COUNT for a part of the sweep that is planned in it", arg)
		}
		if cmd.Flags().Changed("workers") {
			return false, fmt.Errorf("lightcone: --workers is given without --shard, want it for a part of a planned sweep: one run has one core")
		}
		return false, nil
	}
	for _, name := range []string{"seed", "set", "strict", "out", "json"} {
		if cmd.Flags().Changed(name) {
			return false, fmt.Errorf("lightcone: --%s is given with --shard, want none: the plan says what is run", name)
		}
	}
	if p.workers < 0 {
		return false, fmt.Errorf("lightcone: --workers is %d, want 0 or more", p.workers)
	}
	return true, nil
}

// parseShard reads 0/4: the index of a part, from 0, and their count.
func parseShard(text string) (batch.Shard, error) {
	index, count, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(count)
	if !ok || err1 != nil || err2 != nil || n < 1 || n > batch.MaxShards || i < 0 || i >= n {
		return batch.Shard{}, fmt.Errorf("lightcone: --shard is %q, want INDEX/COUNT such as 0/4: an index from 0 to COUNT-1, and at most %d parts", text, batch.MaxShards)
	}
	return batch.Shard{Index: i, Count: n}, nil
}

// runPart makes the runs of a part of a planned sweep.
func (c *command) runPart(arg string, f partFlags) error {
	part, err := parseShard(f.shard)
	if err != nil {
		return err
	}
	s, dir, err := plannedSweep(arg)
	if err != nil {
		return err
	}
	spareMemory(s)
	var last batch.Progress
	name := fmt.Sprintf("%s, part %d of %d", s.Scenario.Name, part.Index, part.Count)
	ok, err := c.work(undertaking{name, dir, "the same command goes on from there"}, f.workers, s.Failed, func(ctx context.Context, o batch.Options) error {
		show := o.Progress
		o.Progress = func(p batch.Progress) { last = p; show(p) }
		return batch.RunShard(ctx, dir, s.Task(), part, o)
	})
	if !ok {
		return err
	}
	fmt.Fprintf(c.out, "%s: %s, %d failed\n", name, many(last.Done, "run"), last.Failed)
	return nil
}

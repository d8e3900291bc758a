package main

import (
	"errors"

	"github.com/spf13/cobra"

	"lightcone/experiments/batch"
)

func (c *command) merge() *cobra.Command {
	var out string
	var asJSON, fresh bool
	cmd := &cobra.Command{
		Use:   "merge DIR",
		Short: "a sweep in parts: what it came to, when all parts are there",
		Long: `Read the parts of a sweep that lightcone plan began and lightcone run DIR --shard made, and write what came of it to a
directory: the bytes that lightcone sweep would have written. Parts that are missing, damaged, or of another sweep or
division are refused, and all of them named.`,
		Args: exactly(1, "1: a directory that lightcone plan has written"),
		RunE: func(_ *cobra.Command, args []string) error { return c.mergeParts(args[0], out, fresh, asJSON) },
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the directory for results (default out/SCENARIO)")
	cmd.Flags().BoolVar(&fresh, "fresh", false, "replace other results that are there")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document: summary.json, with the paths of the files")
	return cmd
}

func (c *command) mergeParts(arg, out string, fresh, asJSON bool) error {
	s, dir, err := plannedSweep(arg)
	if err != nil {
		return err
	}
	d := destination{sweep: s, out: orDefault(out, s), json: asJSON}
	done, err := d.prepare(fresh)
	if done || err != nil {
		return errors.Join(err, c.printFinished(d, done))
	}
	spareMemory(s)
	records, err := batch.Merge(dir, s.Task())
	if err != nil {
		return err
	}
	c.sweepHead(d)
	sum, err := c.saveSweep(d, records)
	if err != nil {
		return err
	}
	return c.printSweep(d, sum)
}

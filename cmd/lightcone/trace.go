package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/sim"
	"lightcone/sim/trace"
)

// drawing is how a trace is drawn: the flags of trace.
type drawing struct {
	format   string
	out      string
	mapping  string
	as       int
	from, to time.Duration
	events   int
	collapse bool
}

// everybody is the value of --as that hides nothing.
const everybody = -1

func (c *command) trace() *cobra.Command {
	var ch choice
	var d drawing
	cmd := &cobra.Command{
		Use:   "trace SCENARIO",
		Short: "the space-time diagram of a run",
		Long:  "Run a scenario, a file or a built-in name, and print its trace or a picture of it.",
		Args:  exactly(1, oneScenario),
		RunE:  func(_ *cobra.Command, args []string) error { return c.traceScenario(args[0], ch, d) },
	}
	ch.flags(cmd)
	cmd.Flags().StringVar(&d.format, "format", "text", "one of "+strings.Join(trace.Formats(), ", "))
	cmd.Flags().StringVarP(&d.out, "out", "o", "", "the file to write (default: standard output)")
	cmd.Flags().StringVar(&d.mapping, "time", "", "how time becomes place: true, rank, compressed, own or wall (default true)")
	cmd.Flags().IntVar(&d.as, "as", everybody, "draw only what this node can know; -1: all that happened")
	cmd.Flags().DurationVar(&d.from, "from", 0, "draw from this time on")
	cmd.Flags().DurationVar(&d.to, "to", 0, "draw up to this time (default: the end)")
	cmd.Flags().IntVar(&d.events, "events", 0, "draw at most so many events (default: what the format can show)")
	cmd.Flags().BoolVar(&d.collapse, "collapse", false, "draw runs of like messages as their first and a count")
	return cmd
}

func (c *command) traceScenario(arg string, ch choice, d drawing) error {
	p, study, err := ch.plan(arg)
	if err != nil {
		return err
	}
	if err := d.check(p.Config.Nodes); err != nil {
		return err
	}
	o, err := p.Execute(experiments.Execution{Study: study, Strict: ch.strict, Record: true})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := trace.Write(&b, o.Trace, d.format, d.options(o.Picture)); err != nil {
		return err
	}
	c.finish(o)
	c.complain(o)
	if d.out != "" {
		return uninterrupted(func() error { return experiments.SaveFile(d.out, b.Bytes()) })
	}
	_, err = c.out.Write(b.Bytes())
	return err
}

// complain says what of a run did not pass, on standard error: standard output is the picture.
func (c *command) complain(o *experiments.Outcome) {
	for _, v := range o.Verdicts {
		if exitCode(v.Verdict) != exitPass {
			fmt.Fprintf(c.err, "lightcone: %v: %s: %s\n", v.Verdict, v.Name, v.Detail)
		}
	}
}

// check reports all that is wrong with the flags, for a run of so many nodes.
func (d *drawing) check(nodes int) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("lightcone: "+format, args...)) }
	if !slices.Contains(trace.Formats(), d.format) {
		bad("--format is %q, want one of %s", d.format, strings.Join(trace.Formats(), ", "))
	}
	if _, ok := trace.ParseMapping(d.mapping); d.mapping != "" && !ok {
		bad("--time is %q, want true, rank, compressed, own or wall", d.mapping)
	}
	if d.as < everybody || d.as >= nodes {
		bad("--as is %d, want a node from 0 to %d, or %d for all that happened", d.as, nodes-1, everybody)
	}
	if d.from < 0 || d.to < 0 || d.to > 0 && d.to <= d.from {
		bad("--from and --to are %v and %v, want a window of time", d.from, d.to)
	}
	if d.events < 0 {
		bad("--events is %d, want 0 (what the format can show) or more", d.events)
	}
	return errors.Join(errs...)
}

// options adds to what a study suggests what the flags say.
func (d *drawing) options(o trace.Options) trace.Options {
	if d.mapping != "" {
		o.Mapping, _ = trace.ParseMapping(d.mapping)
	}
	if d.as != everybody {
		o.View, o.As = trace.AsNode, sim.NodeID(d.as)
	}
	if d.from > 0 || d.to > 0 {
		o.From, o.To = sim.Time(d.from), sim.Time(d.to)
	}
	if d.events > 0 {
		o.MaxEvents = d.events
	}
	o.Collapse = o.Collapse || d.collapse
	return o
}

package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"lightcone/experiments"
	"lightcone/sim"
	"lightcone/sim/trace"
)

func (c *command) replay() *cobra.Command {
	var asJSON, strict bool
	cmd := &cobra.Command{
		Use:   "replay REPRO",
		Short: "the same run again, its digest checked",
		Long:  "Run again what a repro.json describes. If the run comes out differently, say at which event, and exit with 3.",
		Args:  exactly(1, "1: a repro, a file that run has written"),
		RunE:  func(_ *cobra.Command, args []string) error { return c.replayFile(args[0], asJSON, strict) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	cmd.Flags().BoolVar(&strict, "strict", false, "check that processes keep to the rules (slower, same digest)")
	return cmd
}

func (c *command) replayFile(name string, asJSON, strict bool) error {
	data, err := experiments.ReadFile(name, experiments.MaxReproSize)
	if err != nil {
		return err
	}
	r, err := experiments.ReadRepro(name, data)
	if err != nil {
		return err
	}
	p, err := r.Plan()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	o, err := p.Execute(experiments.Execution{Study: r.Study(), Strict: strict, Record: true, Replay: "lightcone replay " + name})
	if err != nil {
		return err
	}
	o.Verdicts = append(o.Verdicts, compared(r, o, name))
	c.finish(o)
	if asJSON {
		_, err = c.out.Write(o.Summary(nil).JSON())
		return err
	}
	c.report(o)
	return nil
}

// compared is the verdict on a replay.
func compared(r *experiments.Repro, o *experiments.Outcome, name string) experiments.Verdict {
	d := r.Compare(o)
	if d == nil {
		return experiments.Verdict{Name: "replay", Detail: "the digest is the recorded one"}
	}
	detail := d.Error() + versions(r)
	if story := whatParted(name, o); story != "" {
		detail += "\n" + story
	}
	return experiments.Verdict{Name: "replay", Verdict: sim.Nondeterminism, Detail: detail}
}

// versions says that another version made the repro, which may be why the runs differ.
func versions(r *experiments.Repro) string {
	if r.Version == experiments.Version {
		return ""
	}
	return fmt.Sprintf(" (recorded by version %s, this is %s)", r.Version, experiments.Version)
}

// whatParted describes the first event that differs from the trace recorded beside the repro, "" if there is none.
func whatParted(name string, o *experiments.Outcome) string {
	data, err := experiments.ReadFile(filepath.Join(filepath.Dir(name), "trace.jsonl"), trace.DefaultBytes)
	if err != nil {
		return ""
	}
	recorded, err := trace.Read(bytes.NewReader(data))
	if err != nil {
		return ""
	}
	d := trace.Diverge(recorded, o.Trace)
	if d == nil {
		return ""
	}
	return d.String()
}

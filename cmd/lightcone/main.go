// Lightcone runs scenarios of distributed protocols: `lightcone run clocks-wan`. See `lightcone help`.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lightcone/experiments"
	"lightcone/sim"
)

func main() {
	collect(garbageOfMany)
	os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitPass           = 0
	exitFailed         = 1 // a property or a check failed
	exitUsage          = 2 // the command line, the scenario or the output directory is wrong
	exitNondeterminism = 3 // the same run came out differently
	exitUndecided      = 4 // a limit was reached, or a checker gave up
)

// Main runs the command and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	c := &command{out: stdout, err: stderr}
	root := c.root()
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		fmt.Fprintln(stderr, err)
		var hint usageError
		if errors.As(err, &hint) {
			fmt.Fprintf(stderr, "see %s --help\n", hint.command)
		}
		return exitUsage
	}
	return c.code
}

// command is one invocation.
type command struct {
	out, err io.Writer
	code     int
}

// usageError is a wrong command line.
type usageError struct {
	command string
	err     error
}

func (e usageError) Error() string { return e.err.Error() }

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "lightcone",
		Short: "a deterministic simulator for distributed protocols",
		Long: `Lightcone runs distributed protocols in a deterministic discrete-event simulator: one seed, one run, to the byte.

Exit codes: 0 pass; 1 a property or check failed; 2 usage or scenario error; 3 nondeterminism; 4 limit or undecided.`,
		Version:       experiments.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(cmd, unknownCommand(cmd, args[0]))
			}
			return cmd.Help()
		},
	}
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, flagError(err)) })
	root.AddCommand(c.run(), c.sweep(), c.plan(), c.merge(), c.compare(), c.plot(), c.trace(), c.replay(), c.hunt(), c.bugs(), c.list(), c.schema(), c.availability())
	return root
}

func usage(cmd *cobra.Command, err error) error { return usageError{cmd.CommandPath(), err} }

// flagValues says what a flag of each type takes.
var flagValues = map[string]string{
	"uint64": "a whole number from 0 to 18446744073709551615", "int": "a whole number", "duration": "a duration such as 150ms",
	"bool": "true or false",
}

// flagError says of a wrong flag what was got and what is wanted.
func flagError(err error) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		f := value.GetFlag()
		return fmt.Errorf("lightcone: --%s is %q, want %s", f.Name, value.GetValue(), flagValues[f.Value.Type()])
	}
	return fmt.Errorf("lightcone: %w", err)
}

// unknownCommand names the nearest command there is.
func unknownCommand(root *cobra.Command, name string) error {
	text := fmt.Sprintf("lightcone: command is %q, want one of run, sweep, plan, merge, compare, plot, trace, replay, hunt, bugs, list, schema, availability, help, completion", name)
	if near := root.SuggestionsFor(name); len(near) > 0 {
		text += "; nearest is " + near[0]
	}
	return errors.New(text)
}

// exactly wants n arguments; what says which.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage(cmd, fmt.Errorf("lightcone: %s has %d arguments, want %s", cmd.Name(), len(args), what))
		}
		return nil
	}
}

// exitCode is the exit code of a verdict.
func exitCode(v sim.Verdict) int {
	switch v {
	case sim.Pass, sim.Unseen:
		return exitPass
	case sim.Undecided, sim.LimitReached:
		return exitUndecided
	case sim.Nondeterminism:
		return exitNondeterminism
	}
	return exitFailed
}

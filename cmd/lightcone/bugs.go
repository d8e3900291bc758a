package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lightcone/experiments"
)

func (c *command) bugs() *cobra.Command {
	var h experiments.BugHunt
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "bugs [PROTOCOL]",
		Short: "planted bugs: how many seeds until each is caught, and by what",
		Long: `Protocols carry bugs that a parameter plants (lightcone list bugs). Hunt each of them, seed after seed from 1, until something
falls; and run the protocol without a bug under the same conditions, where nothing may.

Exit codes: 0 if every bug was caught, and nothing else; 1 otherwise.`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usage(cmd, fmt.Errorf("lightcone: bugs has %d arguments, want at most 1: a protocol", len(args)))
			case h.Tries < 1:
				return usage(cmd, fmt.Errorf("lightcone: --tries is %d, want at least 1", h.Tries))
			case h.Runs < 0:
				return usage(cmd, fmt.Errorf("lightcone: --runs is %d, want 0 or more", h.Runs))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				h.Protocol = args[0]
			}
			return c.huntBugs(&h, asJSON)
		},
	}
	cmd.Flags().IntVar(&h.Tries, "tries", 20, "how many seeds are tried for each bug")
	cmd.Flags().IntVar(&h.Runs, "runs", 100, "how many seeds the protocol runs without a bug, in each scenario with each settings; 0: none")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

func (c *command) huntBugs(h *experiments.BugHunt, asJSON bool) error {
	if terminal(c.err) {
		h.Told = func(f *experiments.BugFate) { fmt.Fprintf(c.err, "\r\x1b[K%s: %s", f.Protocol, f.Bug.Name) }
		defer fmt.Fprint(c.err, "\r\x1b[K")
	}
	fates, err := h.Run()
	if err != nil {
		return err
	}
	for _, f := range fates {
		if !f.Scripted && f.Caught == (f.Bug.Name == "") {
			c.code = exitFailed
		}
	}
	if asJSON {
		_, err = c.out.Write(experiments.SummaryOfBugs(fates).JSON())
		return err
	}
	c.fates(fates)
	return nil
}

// fates prints what became of the bugs, a table for each protocol.
func (c *command) fates(fates []*experiments.BugFate) {
	paint := painter(colours(c.out))
	for i := 0; i < len(fates); {
		if i > 0 {
			fmt.Fprintln(c.out)
		}
		fmt.Fprintln(c.out, fates[i].Protocol)
		t := table{}
		t.row("bug", "seeds", "fell first", "in")
		protocol := fates[i].Protocol
		for ; i < len(fates) && fates[i].Protocol == protocol; i++ {
			t.row(fate(fates[i], paint)...)
		}
		t.print(c.out)
	}
}

// fate is a row of the table. What should have fallen is said only of what did not.
func fate(f *experiments.BugFate, paint painter) []string {
	name, tried, fell := f.Bug.Name, strconv.Itoa(f.Tried), f.Fell.Name
	in := strings.TrimSpace(f.Bug.Scenario + " " + strings.Join(f.Bug.Set, " "))
	switch {
	case f.Scripted:
		tried, fell, in = "", f.Bug.Property, "a scripted scenario, which random runs do not reach"
	case name == "" && !f.Caught:
		name, fell = "(none)", paint.paint(green, "nothing")
	case name == "":
		name, fell = "(none)", paint.paint(red, fell+" at seed "+strconv.FormatUint(f.Seed, 10))
	case !f.Caught:
		fell = paint.paint(red, "not caught") + ", want " + f.Bug.Property
	case !f.AsExpected():
		fell += ", want " + f.Bug.Property
	}
	return []string{name, tried, fell, in}
}

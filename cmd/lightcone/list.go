package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lightcone/experiments"
)

func (c *command) list() *cobra.Command {
	topics := experiments.Topics()
	var names []string
	for _, t := range topics {
		names = append(names, t.Name)
	}
	return &cobra.Command{
		Use:       "list [" + strings.Join(names, "|") + "]",
		Short:     "what there is to run, simulate and check",
		ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usage(cmd, fmt.Errorf("lightcone: list has %d arguments, want at most 1: one of %s", len(args), strings.Join(names, ", ")))
			case len(args) == 1 && !slices.Contains(names, args[0]):
				return usage(cmd, fmt.Errorf("lightcone: list of %q, want one of %s", args[0], strings.Join(names, ", ")))
			}
			return nil
		},
		Run: func(_ *cobra.Command, args []string) {
			if len(args) == 1 {
				topics = slices.DeleteFunc(topics, func(t experiments.Topic) bool { return t.Name != args[0] })
			}
			c.topics(topics)
		},
	}
}

// topics prints groups of things with what they are about.
func (c *command) topics(topics []experiments.Topic) {
	for i, t := range topics {
		if i > 0 {
			fmt.Fprintln(c.out)
		}
		fmt.Fprintln(c.out, t.Name)
		var rows table
		for _, item := range t.Items {
			rows.row(item.Name, item.About)
		}
		rows.print(c.out)
	}
}

func (c *command) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "the JSON Schema of scenarios, for editors",
		Args:  exactly(0, "none"),
		RunE: func(*cobra.Command, []string) error {
			_, err := c.out.Write(experiments.Schema())
			return err
		},
	}
}

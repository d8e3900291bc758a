package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lightcone/experiments"
)

// plotting is the flags of plot.
type plotting struct {
	spec  experiments.PlotSpec
	by    []string
	where []string
	out   string
}

func (c *command) plot() *cobra.Command {
	var f plotting
	cmd := &cobra.Command{
		Use:   "plot DIR --y MEASURE [--x FACTOR]",
		Short: "a figure of the results of a sweep that nobody declared",
		Long: `Draw a figure of what a sweep measured, as SVG or PNG: a statistic of a measure against one of the factors that were varied,
with 95 % intervals, or the distribution of the measure over the runs. What the sweep expects is drawn beside it.

Series are told apart by the factors in --by. A factor can be held at one level by --where; one that is nowhere named gets
a panel for each of its levels. Names may be short where that is clear: loss for network.loss.`,
		Example: `  lightcone plot out/mine --x loss --y "pings per round" --by policy
  lightcone plot out/mine --y latency --kind ccdf --by policy --where loss=0.1 --out tail.png`,
		Args: exactly(1, "1: a directory that lightcone sweep wrote"),
		RunE: func(_ *cobra.Command, args []string) error { return c.plotResults(args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.spec.X, "x", "", "the factor along the horizontal axis (default: the one that is left)")
	flags.StringVar(&f.spec.Y, "y", "", "the measure")
	flags.StringSliceVar(&f.by, "by", nil, "the factor by which series are told apart (repeatable); of a heat map, its rows")
	flags.StringVar(&f.spec.Kind, "kind", "", "lines, points, bars, cdf, ccdf, heat, box, violin or histogram (default: lines if x is numeric, else bars)")
	flags.StringVar(&f.spec.Statistic, "statistic", "", "mean, median, share (of runs in which it is not 0) or a percentile such as p99 (default mean)")
	flags.StringVar(&f.spec.Log, "log", "", "which axes are logarithmic: none, x, y or xy (default: x if its levels grow geometrically)")
	flags.StringArrayVar(&f.where, "where", nil, "hold a factor at a level: --where policy=none (repeatable)")
	flags.StringVar(&f.spec.Title, "title", "", "the heading (default: what is drawn)")
	flags.StringVarP(&f.out, "out", "o", "", "the file, .svg or .png (default: an SVG named after what is drawn, in the current directory)")
	return cmd
}

func (c *command) plotResults(dir string, f plotting) error {
	if err := f.complete(dir); err != nil {
		return err
	}
	results, err := experiments.ReadResults(dir)
	if err != nil {
		return err
	}
	drawn, err := results.Plot(f.spec)
	if err != nil {
		return err
	}
	encode := drawn.SVG
	if filepath.Ext(f.out) == ".png" {
		encode = drawn.PNG
	}
	data, err := encode()
	if err != nil {
		return err
	}
	if err := uninterrupted(func() error { return experiments.SaveFile(f.out, data) }); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s\n\n%s\n", drawn.Alt(), f.out)
	return nil
}

// complete reads the flags that are no plain texts, and says which are wrong.
func (f *plotting) complete(dir string) error {
	var errs []error
	f.spec.By = f.by
	for _, w := range f.where {
		factor, level, ok := strings.Cut(w, "=")
		if !ok || factor == "" {
			errs = append(errs, fmt.Errorf("lightcone: --where is %q, want FACTOR=LEVEL such as policy=none", w))
		}
		f.spec.Where = append(f.spec.Where, experiments.FactorLevel{Factor: factor, Level: level})
	}
	if f.out == "" {
		f.out = f.spec.FileName() + ".svg"
	}
	if ext := filepath.Ext(f.out); ext != ".svg" && ext != ".png" {
		errs = append(errs, fmt.Errorf("lightcone: --out is %s, want a file that ends in .svg or .png", f.out))
	}
	if filepath.Clean(filepath.Dir(f.out)) == filepath.Clean(dir) {
		errs = append(errs, fmt.Errorf("lightcone: --out is %s, want a file outside of %s, which the next sweep replaces as a whole", f.out, dir))
	}
	return errors.Join(errs...)
}

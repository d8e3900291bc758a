package experiments

import (
	"errors"
	"fmt"

	"lightcone/experiments/figure"
)

// figureFiles renders a figure as name.svg and name.png.
func figureFiles(f *figure.Figure, name string) ([]File, error) {
	svg, err1 := f.SVG()
	png, err2 := f.PNG()
	switch {
	case err1 != nil: // the second is the same
		return nil, fmt.Errorf("experiments: figure %s: %w", name, err1)
	case err2 != nil:
		return nil, fmt.Errorf("experiments: figure %s: %w", name, err2)
	}
	return []File{{name + ".svg", svg}, {name + ".png", png}}, nil
}

// drawnFigures renders figures, one after the other.
func drawnFigures(list []namedFigure) ([]File, error) {
	var files []File
	var errs []error
	for _, f := range list {
		more, err := figureFiles(f.figure, f.name)
		files, errs = append(files, more...), append(errs, err)
	}
	return files, errors.Join(errs...)
}

// namedFigure is a figure with the name of its files.
type namedFigure struct {
	name   string
	figure *figure.Figure
}

// pointOf is a measure as a point of a figure.
func pointOf(x float64, m Measure) figure.Estimate {
	return figure.Estimate{X: x, Y: m.Value, Low: m.Low, High: m.High}
}

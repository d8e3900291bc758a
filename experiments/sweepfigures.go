package experiments

import (
	"fmt"
	"strings"

	"lightcone/experiments/report"
)

// illustration is a figure of a sweep: as it stands in the report, and its files.
type illustration struct {
	report.Figure
	files []File
}

// figures draws what the section plot declares, then what the study adds; with neither, what suits the grid. A figure that
// cannot be drawn of what was measured, such as one of a measure that is not kept, costs nobody the results: undrawn says why.
func (w *Swept) figures() (drawn []illustration, undrawn []string) {
	failed := func(name string, err error) {
		undrawn = append(undrawn, fmt.Sprintf("%s could not be drawn: %s.", name, strings.ReplaceAll(err.Error(), "\n", "; ")))
	}
	var own []SweptFigure
	if study, ok := w.Sweep.Study.(SweptStudy); ok {
		var err error
		if own, err = study.Figures(w); err != nil {
			failed("Figures of the study", err)
		}
	}
	plots := w.Sweep.Scenario.Plot
	if len(plots) == 0 && len(own) == 0 {
		plots = DefaultPlots(w.Table)
	}
	for _, p := range plots {
		f, err := p.Figure(w.Table, w.Expectations)
		var i illustration
		if err == nil {
			i, err = illustrated(SweptFigure{p.FileName(), f})
		}
		if err != nil {
			failed("The figure "+p.FileName(), err)
			continue
		}
		drawn = append(drawn, i)
	}
	for _, f := range own {
		i, err := illustrated(f)
		if err != nil {
			failed("The figure "+f.Name, err)
			continue
		}
		drawn = append(drawn, i)
	}
	return drawn, undrawn
}

// illustrated draws a figure. Its caption is part of the picture.
func illustrated(f SweptFigure) (illustration, error) {
	files, err := figureFiles(f.Figure, f.Name)
	if err != nil {
		return illustration{}, err
	}
	return illustration{report.Figure{Name: f.Name, Alt: f.Alt(), SVG: files[0].Data}, files}, nil
}

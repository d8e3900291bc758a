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

// figures draws what the section plot declares, then what the study adds; with neither, what suits the grid. A declared
// figure that cannot be drawn of what was measured costs nobody the results: undrawn says why.
func (w *Swept) figures() (drawn []illustration, undrawn []string, err error) {
	var own []SweptFigure
	if study, ok := w.Sweep.Study.(SweptStudy); ok {
		if own, err = study.Figures(w); err != nil {
			return nil, nil, fmt.Errorf("experiments: study %s: figures: %w", study.Name(), err)
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
			undrawn = append(undrawn, fmt.Sprintf("The figure %s could not be drawn: %s.", p.FileName(), strings.ReplaceAll(err.Error(), "\n", "; ")))
			continue
		}
		drawn = append(drawn, i)
	}
	for _, f := range own {
		i, err := illustrated(f)
		if err != nil {
			return nil, nil, fmt.Errorf("experiments: figure %s: %w", f.Name, err)
		}
		drawn = append(drawn, i)
	}
	return drawn, undrawn, nil
}

func illustrated(f SweptFigure) (illustration, error) {
	files, err := figureFiles(f.Figure, f.Name)
	if err != nil {
		return illustration{}, err
	}
	return illustration{report.Figure{Name: f.Name, Caption: f.Caption, Alt: f.Alt(), SVG: files[0].Data}, files}, nil
}

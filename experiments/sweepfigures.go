package experiments

import (
	"fmt"

	"lightcone/experiments/report"
)

// illustration is a figure of a sweep: as it stands in the report, and its files.
type illustration struct {
	report.Figure
	files []File
}

// figures draws what the section plot declares, then what the study adds.
func (w *Swept) figures() ([]illustration, error) {
	var list []SweptFigure
	for _, p := range w.Sweep.Scenario.Plot {
		f, err := p.Figure(w.Table, w.Expectations)
		if err != nil {
			return nil, err
		}
		list = append(list, SweptFigure{p.FileName(), f})
	}
	if study, ok := w.Sweep.Study.(SweptStudy); ok {
		more, err := study.Figures(w)
		if err != nil {
			return nil, fmt.Errorf("experiments: study %s: figures: %w", study.Name(), err)
		}
		list = append(list, more...)
	}
	var figures []illustration
	for _, f := range list {
		svg, err := f.SVG()
		if err != nil {
			return nil, fmt.Errorf("experiments: figure %s: %w", f.Name, err)
		}
		png, err := f.PNG()
		if err != nil {
			return nil, fmt.Errorf("experiments: figure %s: %w", f.Name, err)
		}
		figures = append(figures, illustration{report.Figure{Name: f.Name, Caption: f.Caption, Alt: f.Alt(), SVG: svg}, []File{{f.Name + ".svg", svg}, {f.Name + ".png", png}}})
	}
	return figures, nil
}

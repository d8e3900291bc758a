package experiments

import (
	"fmt"
	"strings"

	"lightcone/experiments/figure"
	"lightcone/experiments/table"
)

// mostPanels is how many panels a figure has at most.
const mostPanels = 6

// Check reports what is wrong with the declaration for a sweep of these factors that measures these; measures may be nil,
// where they are not known before the runs.
func (p PlotSpec) Check(factors []table.Factor, measures []string) error {
	t := &table.Table{Factors: factors}
	for _, m := range measures {
		t.Measures = append(t.Measures, table.Measure{Name: m})
	}
	if measures == nil {
		t.Measures = []table.Measure{{Name: p.Y}}
	}
	_, err := p.resolve(t)
	return err
}

// FileName is what the files of the figure are called, without extension: its name, or what it draws.
func (p PlotSpec) FileName() string {
	if p.Name != "" {
		return p.Name
	}
	words := append([]string{p.Y, lastWord(p.X)}, p.By...)
	for i := range p.By {
		words[2+i] = lastWord(p.By[i])
	}
	switch p.Kind {
	case "", "lines", "bars":
	default:
		words = append(words, p.Kind)
	}
	if p.Statistic != "" && p.Statistic != table.Mean.String() {
		words = append([]string{p.Statistic}, words...)
	}
	for _, w := range p.Where {
		words = append(words, lastWord(w.Factor), w.Level)
	}
	return plainName(strings.Join(words, " "))
}

// plainName turns text into the name of a file: lower-case letters, digits, dots and single hyphens, at most 60.
func plainName(txt string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(txt) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() == 0 || strings.HasSuffix(b.String(), "-"):
		case r == '.':
			b.WriteByte('.')
		default:
			b.WriteByte('-')
		}
	}
	name := b.String()
	if len(name) > 60 {
		name = name[:60]
	}
	return strings.Trim(name, "-.")
}

// lastWord is the last word of a path: loss of network.loss.
func lastWord(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// Figure draws what is declared, from what a sweep measured, and what is expected of it as dashed curves. What cannot be
// drawn, such as a point at which no run has the measure, or one at zero on a logarithmic axis, the caption says.
func (p PlotSpec) Figure(t *table.Table, expected []Expectation) (*figure.Figure, error) {
	r, err := p.resolve(t)
	if err != nil {
		return nil, err
	}
	r.expected = expected
	r.measure()
	f := &figure.Figure{Title: p.Title, Shared: len(r.panels) > 1, Columns: min(len(r.panels), 2)}
	if f.Title == "" {
		f.Title = r.title()
	}
	for _, levels := range r.panels {
		panel := figure.Panel{X: r.axisX(), Y: r.axisY(), Layers: r.layers(levels)}
		if len(r.facets) > 0 {
			panel.Title = r.describe(r.facets, levels)
		}
		if len(panel.Layers) > 0 {
			f.Panels = append(f.Panels, panel)
		}
	}
	if len(f.Panels) == 0 {
		return nil, fmt.Errorf("experiments: %s: there is nothing to draw: %s", r.called(), strings.Join(r.left, "; "))
	}
	if len(f.Panels) == 1 && len(r.facets) == 0 {
		f.X, f.Y, f.Layers, f.Panels = f.Panels[0].X, f.Panels[0].Y, f.Panels[0].Layers, nil
	}
	f.Caption = r.caption()
	return f, nil
}

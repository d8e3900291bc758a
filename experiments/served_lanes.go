package experiments

import (
	"fmt"
	"time"

	"lightcone/experiments/figure"
	"lightcone/models/fault"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// lanes is a figure of a run: a lane for the service and one for each node, where they are up, and what was wrong when
// the service was not.
type lanes struct {
	Title, Caption string
	Report         *measure.Report
	Faults         fault.Plan
	Names          []string
}

// shownOutages is how many outages fit a figure with their causes.
const shownOutages = 10

// span is the part of the run that is drawn: as much as has no more outages than fit.
func (l *lanes) span() measure.Span {
	s := l.Report.Span
	if o := l.Report.Outages; len(o) > shownOutages {
		s.To = min(s.To, o[shownOutages].From)
	}
	return s
}

// unit is what the time axis counts in.
func unit(d time.Duration) (each float64, name string) {
	switch {
	case d > 10*24*time.Hour:
		return 24 * 3600e9, "days"
	case d > 10*time.Hour:
		return 3600e9, "h"
	}
	return 1e9, "s"
}

// files renders the figure as name.svg and name.png.
func (l *lanes) files(name string) ([]File, error) {
	s := l.span()
	each, unitName := unit(s.Length())
	in := func(t sim.Time) float64 { return float64(t) / each }
	caption := l.Caption + "; above each outage the faults active at its start, and how long it lasted"
	if s.To < l.Report.To {
		caption += fmt.Sprintf("; the first %d of %d outages", shownOutages, len(l.Report.Outages))
	}
	x := figure.Axis{Label: "time (" + unitName + ")", Min: in(s.From), Max: in(s.To)}
	if x.Max <= x.Min {
		x.Max = x.Min + 1
	}
	all := figure.Lanes{Spans: l.service(s, in)}
	for i := range l.Names {
		all.Spans = append(all.Spans, l.node(i, s, in)...)
	}
	layers := []figure.Layer{figure.Bands{Name: "cut", Spans: divisions(l.Faults, s.From, s.To, in)}, all}
	if notes := l.causes(s, in); len(notes.Marks) > 0 {
		layers = append(layers, notes)
	}
	return figureFiles(&figure.Figure{Title: l.Title, Caption: caption, X: x, Y: figure.Axis{Categories: append([]string{"service"}, l.Names...)}, Layers: layers}, name)
}

// service draws when the service could serve, in the first lane.
func (l *lanes) service(s measure.Span, in func(sim.Time) float64) (spans []figure.Span) {
	at := s.From
	for _, o := range l.Report.Outages {
		if o.From >= s.To {
			break
		}
		spans = append(spans, figure.Span{From: in(at), To: in(o.From), State: figure.Serving}, figure.Span{From: in(o.From), To: in(min(o.To, s.To)), State: figure.Outage})
		at = o.To
	}
	if at < s.To {
		spans = append(spans, figure.Span{From: in(at), To: in(s.To), State: figure.Serving})
	}
	return spans
}

// node draws when a node is up, down and paused.
func (l *lanes) node(i int, s measure.Span, in func(sim.Time) float64) []figure.Span {
	spans := []figure.Span{{Lane: i + 1, From: in(s.From), To: in(s.To), State: figure.Up}}
	add := func(list []measure.Span, state figure.State) {
		for _, d := range list {
			if d.From < s.To {
				spans = append(spans, figure.Span{Lane: i + 1, From: in(d.From), To: in(min(d.To, s.To)), State: state})
			}
		}
	}
	add(l.Report.Nodes[i].Down, figure.Down)
	add(l.Report.Nodes[i].Paused, figure.Paused)
	return spans
}

// causes says of each outage what was wrong.
func (l *lanes) causes(s measure.Span, in func(sim.Time) float64) (notes figure.Notes) {
	for i := range l.Report.Outages {
		o := &l.Report.Outages[i]
		if o.From >= s.To {
			break
		}
		label := shorten(blameText(o), 48)
		switch {
		case label == "" && o.After != "":
			label = "after " + o.After
		case label == "":
			label = "no fault"
		}
		notes.Marks = append(notes.Marks, figure.Note{At: in(o.From), Text: fmt.Sprintf("%s (%s)", label, brief(o.Length()))})
	}
	return notes
}

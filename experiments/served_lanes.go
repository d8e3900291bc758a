package experiments

import (
	"bytes"
	"fmt"
	"image/color"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

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

const (
	laneHeight  = 0.75 * vg.Centimeter
	labelHeight = 0.38 * vg.Centimeter
	labelRows   = 4
)

// files renders the figure as name.svg and name.png.
func (l *lanes) files(name string) ([]File, error) {
	s := l.span()
	each, unitName := unit(s.Length())
	in := func(t sim.Time) float64 { return float64(t) / each }
	n := len(l.Names)
	caption := l.Caption
	if s.To < l.Report.To {
		caption += fmt.Sprintf("; the first %d of %d outages", shownOutages, len(l.Report.Outages))
	}
	p := newFigure(l.Title, caption, "time ("+unitName+")    thin: up; gap: down; thick: paused; shaded: cut; red: outage, with the faults active at its start", "")
	p.X.Label.TextStyle.Font.Size = font.Length(8)
	ticks := []plot.Tick{{Value: float64(n), Label: "service"}}
	var strokes bars
	var down gaps
	for i, node := range l.Names {
		y := float64(n - 1 - i)
		ticks = append(ticks, plot.Tick{Value: y, Label: node})
		up, away := l.node(i, y, s, in)
		strokes, down = append(strokes, up...), append(down, away...)
	}
	at := s.From
	for _, o := range l.Report.Outages {
		if o.From >= s.To {
			break
		}
		strokes = append(strokes, bar{in(at), in(o.From), float64(n), vg.Points(6), green})
		at = o.To
	}
	if at < s.To {
		strokes = append(strokes, bar{in(at), in(s.To), float64(n), vg.Points(6), green})
	}
	p.Add(l.cuts(s, in), strokes, down, l.outages(s, in, float64(n)))
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Y.Min, p.Y.Max = -0.6, float64(n)+0.4+labelRows*float64(labelHeight/laneHeight)+0.3
	p.X.Min, p.X.Max = in(s.From), in(s.To)
	if p.X.Max <= p.X.Min {
		p.X.Max = p.X.Min + 1
	}
	return drawnFiles(p, name, vg.Length(float64(n)+1.3)*laneHeight+labelRows*labelHeight+2.2*vg.Centimeter)
}

// node draws a node: a thin stroke, gaps where it is down, and thick strokes where it is paused.
func (l *lanes) node(i int, y float64, s measure.Span, in func(sim.Time) float64) (strokes bars, down gaps) {
	strokes = bars{{in(s.From), in(s.To), y, vg.Points(1.5), black}}
	node := l.Report.Nodes[i]
	for _, d := range node.Down {
		if d.From < s.To {
			down = append(down, bar{in(d.From), in(min(d.To, s.To)), y, vg.Points(3), color.RGBA{0xff, 0xff, 0xff, 0xff}})
		}
	}
	for _, d := range node.Paused {
		if d.From < s.To {
			strokes = append(strokes, bar{in(d.From), in(min(d.To, s.To)), y, vg.Points(4), orange})
		}
	}
	return strokes, down
}

// gaps takes strokes away again, each at least so wide that it is seen.
type gaps []bar

// Plot implements plot.Plotter.
func (all gaps) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, b := range all {
		from := x(b.from)
		to := max(x(b.to), from+vg.Points(1.5))
		c.StrokeLine2(draw.LineStyle{Color: b.color, Width: b.width}, from, y(b.y), to, y(b.y))
	}
}

// cuts shades the times in which a cut holds.
func (l *lanes) cuts(s measure.Span, in func(sim.Time) float64) bands {
	var all bands
	for _, e := range l.Faults {
		switch a := e.Action.(type) {
		case sim.Cut:
			all = append(all, band{in(max(e.Time, s.From)), in(s.To), a.Name, false})
		case sim.Heal:
			for i := range all {
				if !all[i].over && (a.Name == "" || a.Name == all[i].label) {
					all[i].to, all[i].over = in(min(e.Time, s.To)), true
				}
			}
		}
	}
	return slices.DeleteFunc(all, func(b band) bool { return b.to <= b.from })
}

// outages draws the outages of the service, with what was wrong.
func (l *lanes) outages(s measure.Span, in func(sim.Time) float64, y float64) outageMarks {
	m := outageMarks{y: y}
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
		m.marks = append(m.marks, bar{in(o.From), in(min(o.To, s.To)), y, vg.Points(6), vermillion})
		m.labels = append(m.labels, fmt.Sprintf("%s (%s)", label, brief(o.Length())))
	}
	return m
}

// outageMarks draws outages, however short, and their labels above in rows, in the first row that has room.
type outageMarks struct {
	marks  bars
	labels []string
	y      float64
}

// Plot implements plot.Plotter.
func (m outageMarks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := plottext.Style{Color: black, Font: p.X.Tick.Label.Font, Handler: p.X.Tick.Label.Handler, YAlign: draw.YCenter}
	style.Font.Size = font.Length(7)
	taken := make([]vg.Length, labelRows)
	for i := range taken {
		taken[i] = c.Min.X - vg.Centimeter
	}
	for i, b := range m.marks {
		from, to := x(b.from), x(b.to)
		if to-from < vg.Points(1.5) {
			to = from + vg.Points(1.5)
		}
		c.StrokeLine2(draw.LineStyle{Color: b.color, Width: b.width}, from, y(m.y), to, y(m.y))
		width := style.Width(m.labels[i])
		left := min(from, c.Max.X-width)
		row := slices.IndexFunc(taken, func(end vg.Length) bool { return end+vg.Points(4) < left })
		if row < 0 {
			continue
		}
		taken[row] = left + width
		at := y(m.y) + 0.5*laneHeight + vg.Length(row)*labelHeight
		c.StrokeLine2(draw.LineStyle{Color: vermillion, Width: vg.Points(0.4)}, from, y(m.y)+vg.Points(3), from, at-vg.Points(3))
		c.FillText(style, vg.Point{X: left, Y: at}, m.labels[i])
	}
}

// drawnFiles renders a plot of some height as name.svg and name.png.
func drawnFiles(p *plot.Plot, name string, height vg.Length) ([]File, error) {
	var files []File
	for _, format := range []string{"svg", "png"} {
		var c vg.CanvasWriterTo = vgsvg.New(figureWidth, height)
		if format == "png" {
			c = vgimg.PngCanvas{Canvas: vgimg.New(figureWidth, height)}
		}
		whole := draw.New(c)
		whole.SetColor(color.White)
		whole.Fill(whole.Rectangle.Path())
		p.Draw(draw.Crop(whole, vg.Points(6), -vg.Points(8), vg.Points(2), -vg.Points(2)))
		var b bytes.Buffer
		if _, err := c.WriteTo(&b); err != nil {
			return nil, fmt.Errorf("experiments: figure %s.%s: %w", name, format, err)
		}
		files = append(files, File{name + "." + format, b.Bytes()})
	}
	return files, nil
}

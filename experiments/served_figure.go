package experiments

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"lightcone/models/fault"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// servedFigures draws how long outages last, and when there were any and why.
func servedFigures(p *Plan, r *measure.Report) ([]File, error) {
	var files []File
	if len(r.Outages) > 0 {
		list, err := outageFigure(r, fmt.Sprintf("%s, seed %d", p.Scenario.Name, p.Seed))
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	l := &lanes{Title: "When the service could serve", Caption: fmt.Sprintf("%s, seed %d", p.Scenario.Name, p.Seed), Report: r, Faults: p.real, Names: p.nodeNames()}
	list, err := l.files("lanes")
	return append(files, list...), err
}

// nodeNames are the names of the nodes that run the protocol, with their regions.
func (p *Plan) nodeNames() []string {
	names := make([]string, p.Scenario.NodeCount())
	for i := range names {
		names[i] = sim.NodeID(i).String()
		if i < len(p.Lanes) {
			names[i] = p.laneOf(i)
		}
	}
	return names
}

// outageFigure draws the share of outages that are longer than a time, by what most of each is accounted to.
func outageFigure(r *measure.Report, caption string) ([]File, error) {
	groups := map[string][]float64{}
	for i := range r.Outages {
		o := &r.Outages[i]
		groups[mainTerm(o)] = append(groups[mainTerm(o)], o.Length().Seconds())
	}
	p := newFigure("How long outages last", fmt.Sprintf("%s; %d outages in %s", caption, len(r.Outages), roundly(r.Length())), "length of an outage (s)", "share that are longer")
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	least, most, count := math.Inf(1), 0.0, 0
	for i, name := range termOrder(groups) {
		lengths := groups[name]
		slices.Sort(lengths)
		count = max(count, len(lengths))
		least, most = math.Min(least, lengths[0]), math.Max(most, lengths[len(lengths)-1])
		if err := addLine(p, fmt.Sprintf("%s (%d)", name, len(lengths)), survival(lengths), seriesStyle(i)); err != nil {
			return nil, err
		}
	}
	p.X.Min, p.X.Max = math.Pow(10, math.Floor(math.Log10(least))), math.Pow(10, math.Ceil(math.Log10(most*1.0001)))
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(-math.Log10(float64(2*count)))), 1.2
	p.Legend.Left, p.Legend.Top = true, false
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(4), vg.Points(4)
	return figureFiles(p, "outages")
}

// mainTerm is what the longest part of an outage is accounted to.
func mainTerm(o *measure.Outage) string {
	if len(o.Parts) == 0 {
		return "all"
	}
	return slices.MaxFunc(o.Parts, func(a, b measure.Part) int { return cmp.Compare(a.Length(), b.Length()) }).Term.String()
}

// termOrder lists the names of groups in the order of the terms.
func termOrder(groups map[string][]float64) []string {
	var names []string
	for _, t := range append(measure.Terms(), measure.Unaccounted) {
		if _, ok := groups[t.String()]; ok {
			names = append(names, t.String())
		}
	}
	if _, ok := groups["all"]; ok {
		names = append(names, "all")
	}
	return names
}

// survival is the share of sorted values above each of them, as stairs; of the largest half a value is left, so that a
// logarithmic axis shows it.
func survival(sorted []float64) plotter.XYs {
	n := float64(len(sorted))
	xy := plotter.XYs{{X: sorted[0], Y: 1}}
	for i, x := range sorted {
		before, after := 1-float64(i)/n, 1-float64(i+1)/n
		if after == 0 {
			after = 0.5 / n
		}
		xy = append(xy, plotter.XY{X: x, Y: before}, plotter.XY{X: x, Y: after})
	}
	return xy
}

// decades marks a logarithmic axis: the powers of ten with their names, and the multiples of each without.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := int(math.Floor(math.Log10(low))); e <= int(math.Ceil(math.Log10(high))); e++ {
		for k := 1; k < 10; k++ {
			at := float64(k) * math.Pow(10, float64(e))
			if at < low*(1-1e-9) || at > high*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: at}
			if k == 1 {
				t.Label = powerOfTen(e)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

func powerOfTen(e int) string {
	if e >= -3 && e <= 3 {
		return strconv.FormatFloat(math.Pow(10, float64(e)), 'g', 1, 64)
	}
	return fmt.Sprintf("1e%d", e)
}

// roundly writes a duration for people: 3h12m, 40 days, 2.5 years of 365 days.
func roundly(d time.Duration) string {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d >= year:
		return fmt.Sprintf("%.3g years", d.Hours()/year.Hours())
	case d >= 2*day:
		return fmt.Sprintf("%.3g days", d.Hours()/day.Hours())
	case d >= 10*time.Minute:
		return d.Round(time.Minute).String()
	}
	return d.Round(time.Millisecond).String()
}

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

// brief writes a duration with three digits.
func brief(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%.3gh", d.Hours())
	case d >= time.Minute:
		return fmt.Sprintf("%.3gmin", d.Minutes())
	case d >= time.Second:
		return fmt.Sprintf("%.3gs", d.Seconds())
	}
	return fmt.Sprintf("%.3gms", float64(d)/float64(time.Millisecond))
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

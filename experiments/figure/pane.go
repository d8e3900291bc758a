package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pane is a panel that is being drawn: the canvas is where data stand.
type pane struct {
	draw.Canvas
	panel *Panel
	x, y  scale
	look  *look
	slots []string // series that stand side by side at a category
	down  bool     // categories of the vertical axis begin at the top
}

// look is which style each series of a figure has.
type look struct{ series, forms []string }

// add gives a series a style, if it has none yet.
func (l *look) add(series, form string) {
	switch {
	case series != "":
		if !slices.Contains(l.series, series) {
			l.series = append(l.series, series)
		}
	case form != "" && !slices.Contains(l.forms, form):
		l.forms = append(l.forms, form)
	}
}

// style returns the style of a series or, if it has no name, of the form; without either it is that of the first series.
func (l *look) style(series, form string) style {
	switch {
	case series != "":
		return seriesStyle(slices.Index(l.series, series))
	case form != "":
		return neutral(slices.Index(l.forms, form))
	}
	return seriesStyle(0)
}

// at returns the place of a point.
func (p *pane) at(x, y float64) vg.Point { return vg.Point{X: p.x.at(x), Y: p.y.at(y)} }

// slot returns where a series stands at its categories, beside the others, and how wide it may be; in units of the
// category axis.
func (p *pane) slot(series string) (offset, wide float64) {
	i := slices.Index(p.slots, series)
	if i < 0 {
		return 0, 0.8
	}
	wide = 0.8 / float64(len(p.slots))
	return (float64(i)+0.5)*wide - 0.4, wide
}

// place returns where a series stands for x: beside the others at a category, else at x.
func (p *pane) place(series string, x float64) float64 {
	if !p.x.category {
		return x
	}
	offset, _ := p.slot(series)
	return x + offset
}

// stroke draws a line through points, as far as it lies in the panel.
func (p *pane) stroke(s draw.LineStyle, points []vg.Point) {
	p.StrokeLines(s, p.ClipLinesXY(thinned(points))...)
}

// thinned leaves out points that are too near the one before to be seen: a curve of thousands of values is then no
// larger than one of hundreds.
func thinned(points []vg.Point) []vg.Point {
	const near = 0.3
	var kept []vg.Point
	for i, at := range points {
		if n := len(kept); n > 0 && i < len(points)-1 {
			if d := at.Sub(kept[n-1]); d.X*d.X+d.Y*d.Y < near*near {
				continue
			}
		}
		kept = append(kept, at)
	}
	return kept
}

// box is the rectangle between two corners, cut off at the panel's edges.
func (p *pane) box(a, b vg.Point) vg.Rectangle {
	x0, x1 := min(a.X, b.X), max(a.X, b.X)
	y0, y1 := min(a.Y, b.Y), max(a.Y, b.Y)
	return vg.Rectangle{
		Min: vg.Point{X: max(x0, p.Min.X), Y: max(y0, p.Min.Y)},
		Max: vg.Point{X: min(x1, p.Max.X), Y: min(y1, p.Max.Y)},
	}
}

// interval draws an interval around a point, with an end where it ends within the panel.
func (p *pane) interval(s style, x float64, e Estimate) {
	if !(e.Low < e.High) {
		return
	}
	line := draw.LineStyle{Color: s.color, Width: vg.Points(1)}
	at, low, high := p.x.at(x), p.y.at(e.Low), p.y.at(e.High)
	if at < p.Min.X-vg.Points(0.1) || at > p.Max.X+vg.Points(0.1) {
		return
	}
	from, to := max(low, p.Min.Y), min(high, p.Max.Y)
	if from > to {
		return
	}
	p.StrokeLine2(line, at, from, at, to)
	cap := vg.Points(2.5)
	for _, end := range []vg.Length{low, high} {
		if end >= p.Min.Y && end <= p.Max.Y {
			p.StrokeLine2(line, at-cap, end, at+cap, end)
		}
	}
}

// key is an entry of the legend. Entries of one text are one, with the thumbs of all.
type key struct {
	text         string
	series, form string // whose style it has
	thumb        func(c *draw.Canvas, r vg.Rectangle, s style)
}

// middle is the line through the middle of a thumb.
func middle(r vg.Rectangle) (x0, x1, y vg.Length) { return r.Min.X, r.Max.X, (r.Min.Y + r.Max.Y) / 2 }

func lineThumb(dashes func(style) []vg.Length, wide float64) func(*draw.Canvas, vg.Rectangle, style) {
	return func(c *draw.Canvas, r vg.Rectangle, s style) {
		x0, x1, y := middle(r)
		c.StrokeLine2(draw.LineStyle{Color: s.color, Width: vg.Points(wide), Dashes: dashes(s)}, x0, y, x1, y)
	}
}

func glyphThumb(c *draw.Canvas, r vg.Rectangle, s style) {
	x0, x1, y := middle(r)
	c.DrawGlyph(glyph(s, 3), vg.Point{X: (x0 + x1) / 2, Y: y})
}

func boxThumb(c *draw.Canvas, r vg.Rectangle, s style) {
	fillHatched(c, inset(r), s.color, s.hatch)
}

// inset is a rectangle of a legend's entry, a bit smaller.
func inset(r vg.Rectangle) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: r.Min.X + 3, Y: r.Min.Y + 1}, Max: vg.Point{X: r.Max.X - 3, Y: r.Max.Y - 1}}
}

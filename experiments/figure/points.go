package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Points is measured points, with their intervals as bars.
type Points struct {
	Name string
	Data []Estimate
}

func (l Points) slotName() string { return l.Name }

func (l Points) extent(r *extents) { extentOf(l.Data, r) }

// extentOf adds points and their intervals, as far as the axes can show them.
func extentOf(data []Estimate, r *extents) {
	for _, e := range data {
		r.x.addPositive(e.X, r.logX)
		for _, y := range []float64{e.Y, e.Low, e.High} {
			r.y.addPositive(y, r.logY)
		}
	}
}

func (l Points) keys(*Panel) []key { return []key{{text: l.Name, series: l.Name, thumb: glyphThumb}} }

func (l Points) draw(p *pane) {
	s := p.look.style(l.Name, "")
	for _, e := range l.Data {
		x := p.place(l.Name, e.X)
		p.interval(s, x, e)
		if p.x.within(x) && p.y.within(e.Y) {
			p.DrawGlyphNoClip(glyph(s, 3), p.at(x, e.Y))
		}
	}
}

// Line is measured points joined by a line, with their intervals as a band.
type Line struct {
	Name string
	Data []Estimate // by X
}

func (l Line) extent(r *extents) { extentOf(l.Data, r) }

func (l Line) keys(*Panel) []key {
	dashes := func(s style) []vg.Length { return s.dashes }
	return []key{{text: l.Name, series: l.Name, thumb: lineThumb(dashes, 1.6)}, {text: l.Name, series: l.Name, thumb: glyphThumb}}
}

// mostGlyphs is how many points of a line are marked.
const mostGlyphs = 25

func (l Line) draw(p *pane) {
	s := p.look.style(l.Name, "")
	var line, edge, back []vg.Point
	for _, e := range l.Data {
		line = append(line, p.at(e.X, e.Y))
		low, high := e.Low, e.High
		if !(low <= high) {
			low, high = e.Y, e.Y
		}
		edge, back = append(edge, p.at(e.X, high)), append(back, p.at(e.X, low))
	}
	for i := len(back) - 1; i >= 0; i-- {
		edge = append(edge, back[i])
	}
	if inside := p.ClipPolygonXY(edge); len(inside) > 2 {
		p.FillPolygon(translucent(s.color), inside)
	}
	p.stroke(draw.LineStyle{Color: s.color, Width: vg.Points(1.6), Dashes: s.dashes}, line)
	every := (len(l.Data) + mostGlyphs - 1) / mostGlyphs
	for i := 0; i < len(l.Data); i += every {
		if e := l.Data[i]; p.x.within(e.X) && p.y.within(e.Y) {
			p.DrawGlyphNoClip(glyph(s, 2.8), line[i])
		}
	}
}

// Curve is what is expected: a dashed line in the colour of the series of its Name, or on categories a black stroke where
// that stands.
type Curve struct {
	Name string // of the series that it belongs to; may be empty
	Form string // what it is called in the legend: closed form
	Data []XY   // by X
	Bold bool
}

func (l Curve) extent(r *extents) {
	for _, e := range l.Data {
		r.x.addPositive(e.X, r.logX)
		r.y.addPositive(e.Y, r.logY)
	}
}

// strokes reports whether the curve is a stroke at each category.
func (l Curve) strokes(p *Panel) bool { return len(p.X.Categories) > 0 && len(p.Y.Categories) == 0 }

// line is how the curve is drawn.
func (l Curve) line(p *Panel, s style) draw.LineStyle {
	switch {
	case l.strokes(p): // black, to be seen on bars
		return draw.LineStyle{Color: black, Width: vg.Points(1.8)}
	case l.Bold:
		return draw.LineStyle{Color: s.color, Width: vg.Points(2.6)}
	}
	return draw.LineStyle{Color: s.color, Width: vg.Points(1.2), Dashes: s.form}
}

func (l Curve) keys(p *Panel) []key {
	thumb := func(c *draw.Canvas, r vg.Rectangle, s style) {
		x0, x1, y := middle(r)
		c.StrokeLine2(l.line(p, s), x0, y, x1, y)
	}
	form := key{text: l.Form, form: l.Form, thumb: thumb}
	if l.Name == "" || l.strokes(p) {
		return []key{form}
	}
	return []key{{text: l.Name, series: l.Name, thumb: thumb}, form}
}

func (l Curve) draw(p *pane) {
	if l.strokes(p.panel) {
		l.drawStrokes(p, l.line(p.panel, style{}))
		return
	}
	line := l.line(p.panel, p.look.style(l.Name, l.Form))
	points := make([]vg.Point, len(l.Data))
	for i, e := range l.Data {
		points[i] = p.at(e.X, e.Y)
	}
	p.stroke(line, points)
}

// drawStrokes draws a stroke at each category, as wide as its series stands there.
func (l Curve) drawStrokes(p *pane, line draw.LineStyle) {
	offset, wide := 0.0, 0.8
	if l.Name != "" {
		offset, wide = p.slot(l.Name)
	}
	for _, e := range l.Data {
		if p.y.within(e.Y) {
			a, b := p.at(e.X+offset-wide*0.45, e.Y), p.at(e.X+offset+wide*0.45, e.Y)
			p.StrokeLine2(line, a.X, a.Y, b.X, b.Y)
		}
	}
}

// Rule is a straight line across the panel.
type Rule struct {
	Form     string // what it is called in the legend
	At       float64
	Vertical bool
}

func (l Rule) extent(r *extents) {
	if l.Vertical {
		r.x.addPositive(l.At, r.logX)
	} else {
		r.y.addPositive(l.At, r.logY)
	}
}

func (l Rule) keys(*Panel) []key {
	return []key{{text: l.Form, form: l.Form, thumb: func(c *draw.Canvas, r vg.Rectangle, s style) {
		line := draw.LineStyle{Color: s.color, Width: vg.Points(1.2), Dashes: s.form}
		x0, x1, y := middle(r)
		if l.Vertical {
			c.StrokeLine2(line, (x0+x1)/2, r.Min.Y, (x0+x1)/2, r.Max.Y)
			return
		}
		c.StrokeLine2(line, x0, y, x1, y)
	}}}
}

func (l Rule) draw(p *pane) {
	s := p.look.style("", l.Form)
	line := draw.LineStyle{Color: s.color, Width: vg.Points(1.2), Dashes: s.form}
	switch {
	case l.Vertical && p.x.within(l.At):
		p.StrokeLine2(line, p.x.at(l.At), p.Min.Y, p.x.at(l.At), p.Max.Y)
	case !l.Vertical && p.y.within(l.At):
		p.StrokeLine2(line, p.Min.X, p.y.at(l.At), p.Max.X, p.y.at(l.At))
	}
}

// Dots is many small points: operations over time.
type Dots struct {
	Name string
	Data []XY
}

func (l Dots) extent(r *extents) {
	for _, e := range l.Data {
		r.x.addPositive(e.X, r.logX)
		r.y.addPositive(e.Y, r.logY)
	}
}

func (l Dots) keys(*Panel) []key { return []key{{text: l.Name, series: l.Name, thumb: glyphThumb}} }

func (l Dots) draw(p *pane) {
	g := glyph(p.look.style(l.Name, ""), 1.6)
	for _, e := range l.Data {
		if p.x.within(e.X) && p.y.within(e.Y) {
			p.DrawGlyphNoClip(g, p.at(e.X, e.Y))
		}
	}
}

// Rug is marks above the data: operations that have no answer, and so no latency.
type Rug struct {
	Name string
	At   []float64
}

// rugRoom is how much of the panel a rug takes.
const rugRoom vg.Length = 12

func (l Rug) room(*pane) vg.Length { return rugRoom }

func (l Rug) extent(r *extents) {
	for _, x := range l.At {
		r.x.addPositive(x, r.logX)
	}
}

// rugMark sets marks off from any series: it is a small cross.
func rugMark(c *draw.Canvas, at vg.Point) {
	const half = 2.5
	line := draw.LineStyle{Color: vermillion, Width: vg.Points(0.9)}
	c.StrokeLine2(line, at.X-half, at.Y-half, at.X+half, at.Y+half)
	c.StrokeLine2(line, at.X-half, at.Y+half, at.X+half, at.Y-half)
}

func (l Rug) keys(*Panel) []key {
	return []key{{text: l.Name, thumb: func(c *draw.Canvas, r vg.Rectangle, _ style) {
		x0, x1, y := middle(r)
		rugMark(c, vg.Point{X: (x0 + x1) / 2, Y: y})
	}}}
}

func (l Rug) draw(p *pane) {
	for _, x := range l.At {
		if p.x.within(x) {
			rugMark(&p.Canvas, vg.Point{X: p.x.at(x), Y: p.Max.Y - rugRoom/2})
		}
	}
}

// Steps is a staircase: a value that holds until the next.
type Steps struct {
	Name string
	Data []XY // by X
}

func (l Steps) extent(r *extents) {
	for _, e := range l.Data {
		r.x.addPositive(e.X, r.logX)
		r.y.addPositive(e.Y, r.logY)
	}
	r.wishX |= flush
}

func (l Steps) keys(*Panel) []key {
	return []key{{text: l.Name, series: l.Name, thumb: lineThumb(func(s style) []vg.Length { return s.dashes }, 1.6)}}
}

func (l Steps) draw(p *pane) { p.steps(l.Name, l.Data) }

// steps draws a staircase in the style of a series.
func (p *pane) steps(series string, data []XY) {
	s := p.look.style(series, "")
	var points []vg.Point
	before := math.NaN()
	for _, e := range data {
		if !math.IsNaN(before) {
			points = append(points, p.at(e.X, before))
		}
		points = append(points, p.at(e.X, e.Y))
		before = e.Y
	}
	p.stroke(draw.LineStyle{Color: s.color, Width: vg.Points(1.6), Dashes: s.dashes}, points)
}

package figure

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars is a bar for each category, with its interval; X is the category. Bars of several series stand side by side. In a
// panel whose vertical axis has the categories they lie, the first on top.
type Bars struct {
	Name string
	Data []Estimate
}

func (l Bars) slotName() string { return l.Name }

// lying reports whether the categories are those of the vertical axis.
func (l Bars) lying(p *Panel) bool { return len(p.Y.Categories) > 0 }

func (l Bars) downward(p *Panel) bool { return l.lying(p) }

func (l Bars) tall(p *pane) vg.Length {
	if !l.lying(p.panel) {
		return 0
	}
	return max(120, vg.Length(len(p.panel.Y.Categories))*vg.Length(8+11*len(p.slots)))
}

func (l Bars) extent(r *extents) {
	var v span
	for _, e := range l.Data {
		for _, y := range []float64{e.Y, e.Low, e.High} {
			v.add(y)
		}
	}
	if !r.logY && !r.logX {
		v.add(0)
	}
	// The axis that has categories needs no extent.
	for _, s := range []*span{&r.x, &r.y} {
		for _, y := range []float64{v.min, v.max} {
			s.addPositive(y, s == &r.x && r.logX || s == &r.y && r.logY)
		}
	}
	r.wishX, r.wishY = r.wishX|toZero, r.wishY|toZero
}

func (l Bars) keys(*Panel) []key { return []key{{text: l.Name, series: l.Name, thumb: boxThumb}} }

func (l Bars) draw(p *pane) {
	s := p.look.style(l.Name, "")
	offset, wide := p.slot(l.Name)
	half := wide * 0.45
	for _, e := range l.Data {
		if l.lying(p.panel) {
			from := p.x.at(foot(p.x))
			a := vg.Point{X: from, Y: p.y.at(e.X + offset - half)}
			b := vg.Point{X: p.x.at(e.Y), Y: p.y.at(e.X + offset + half)}
			fillHatched(&p.Canvas, p.box(a, b), s.color, s.hatch)
			p.lyingInterval(e.X+offset, e)
			continue
		}
		a := vg.Point{X: p.x.at(e.X + offset - half), Y: p.y.at(foot(p.y))}
		b := vg.Point{X: p.x.at(e.X + offset + half), Y: p.y.at(e.Y)}
		fillHatched(&p.Canvas, p.box(a, b), s.color, s.hatch)
		p.interval(style{color: black}, e.X+offset, e)
	}
}

// foot is where bars stand: on zero, or at the edge of the panel.
func foot(s scale) float64 {
	if s.log {
		return s.min
	}
	return min(max(0, s.min), s.max)
}

// lyingInterval draws the interval of a bar that lies.
func (p *pane) lyingInterval(at float64, e Estimate) {
	if !(e.Low < e.High) {
		return
	}
	line := draw.LineStyle{Color: black, Width: vg.Points(1)}
	y, low, high := p.y.at(at), max(p.x.at(e.Low), p.Min.X), min(p.x.at(e.High), p.Max.X)
	p.StrokeLine2(line, low, y, high, y)
	for _, x := range []vg.Length{low, high} {
		p.StrokeLine2(line, x, y-2.5, x, y+2.5)
	}
}

// Box is the distribution of samples: the median, the quartiles as a box, whiskers to the last value within one and a
// half of its height, and of what lies beyond the outermost twenty on each side as dots (Tukey).
type Box struct {
	Name string
	Data []Sample
}

func (l Box) slotName() string { return l.Name }

func (l Box) extent(r *extents) { extentOfSamples(l.Data, r) }

func extentOfSamples(data []Sample, r *extents) {
	for _, s := range data {
		r.x.addPositive(s.X, r.logX)
		for _, v := range s.Values {
			r.y.addPositive(v, r.logY)
		}
	}
}

func (l Box) keys(*Panel) []key { return []key{{text: l.Name, series: l.Name, thumb: boxThumb}} }

func (l Box) draw(p *pane) {
	s := p.look.style(l.Name, "")
	for _, d := range l.Data {
		x, half := p.stand(l.Name, d.X)
		drawBox(p, s, x, half, summarise(d.Values))
	}
}

// stand returns the middle of a series at x, and half of how wide it may be there.
func (p *pane) stand(series string, x float64) (at, half vg.Length) {
	if !p.x.category {
		return p.x.at(x), 9
	}
	offset, wide := p.slot(series)
	at = p.x.at(x + offset)
	return at, min(p.x.at(x+offset+wide*0.42)-at, 24)
}

func drawBox(p *pane, s style, x, half vg.Length, f five) {
	line := draw.LineStyle{Color: black, Width: vg.Points(1)}
	for _, side := range [][2]float64{{f.low, f.lower}, {f.upper, f.high}} {
		p.stroke(line, []vg.Point{{X: x, Y: p.y.at(side[0])}, {X: x, Y: p.y.at(side[1])}})
	}
	for _, end := range []float64{f.low, f.high} {
		p.stroke(line, []vg.Point{{X: x - half/2, Y: p.y.at(end)}, {X: x + half/2, Y: p.y.at(end)}})
	}
	fillHatched(&p.Canvas, p.box(vg.Point{X: x - half, Y: p.y.at(f.lower)}, vg.Point{X: x + half, Y: p.y.at(f.upper)}), s.color, s.hatch)
	line.Width = vg.Points(2)
	p.stroke(line, []vg.Point{{X: x - half, Y: p.y.at(f.median)}, {X: x + half, Y: p.y.at(f.median)}})
	for _, v := range f.beyond {
		if p.y.within(v) {
			p.DrawGlyphNoClip(draw.GlyphStyle{Color: s.color, Radius: 1.5, Shape: draw.RingGlyph{}}, vg.Point{X: x, Y: p.y.at(v)})
		}
	}
}

// mostBeyond is how many values beyond the whiskers are drawn on each side.
const mostBeyond = 20

// five is Tukey's summary.
type five struct {
	low, lower, median, upper, high float64
	beyond                          []float64
}

func summarise(values []float64) five {
	v := sorted(values)
	f := five{lower: quantile(v, 0.25), median: quantile(v, 0.5), upper: quantile(v, 0.75), low: math.Inf(1), high: math.Inf(-1)}
	reach := 1.5 * (f.upper - f.lower)
	var under, over []float64
	for _, x := range v {
		switch {
		case x < f.lower-reach:
			under = append(under, x)
		case x > f.upper+reach:
			over = append(over, x)
		default:
			f.low, f.high = min(f.low, x), max(f.high, x)
		}
	}
	f.beyond = append(f.beyond, under[:min(mostBeyond, len(under))]...)
	f.beyond = append(f.beyond, over[max(0, len(over)-mostBeyond):]...)
	return f
}

// Violin is the distribution of samples as its density to both sides (a normal kernel, by Silverman's rule), with the
// median and the quartiles.
type Violin struct {
	Name string
	Data []Sample
}

func (l Violin) slotName() string { return l.Name }

func (l Violin) extent(r *extents) { extentOfSamples(l.Data, r) }

func (l Violin) keys(*Panel) []key { return []key{{text: l.Name, series: l.Name, thumb: boxThumb}} }

func (l Violin) draw(p *pane) {
	s := p.look.style(l.Name, "")
	for _, d := range l.Data {
		x, half := p.stand(l.Name, d.X)
		f := summarise(d.Values)
		drawViolin(p, s, x, half, d.Values)
		line := draw.LineStyle{Color: black, Width: vg.Points(2.5)}
		p.stroke(line, []vg.Point{{X: x, Y: p.y.at(f.lower)}, {X: x, Y: p.y.at(f.upper)}})
		line.Width = vg.Points(1.6)
		p.stroke(line, []vg.Point{{X: x - half/2, Y: p.y.at(f.median)}, {X: x + half/2, Y: p.y.at(f.median)}})
	}
}

func drawViolin(p *pane, s style, x, half vg.Length, values []float64) {
	at := make([]float64, len(values))
	for i, v := range values {
		at[i] = p.y.share(v)
	}
	at = sorted(at)
	const steps = 60
	low, high := at[0], at[len(at)-1]
	densities := make([]float64, steps+1)
	most := 0.0
	for i := range densities {
		densities[i] = density(at, low+(high-low)*float64(i)/steps)
		most = max(most, densities[i])
	}
	reach := func(y vg.Length) vg.Length { // half the width at a height
		part := (float64((y-p.y.from)/(p.y.to-p.y.from)) - low) / (high - low) * steps
		if i := int(part); part >= 0 && i < steps {
			return half * vg.Length((densities[i]+(part-float64(i))*(densities[i+1]-densities[i]))/most)
		}
		return 0
	}
	var right, left []vg.Point
	for i, d := range densities {
		y := p.y.from + vg.Length(low+(high-low)*float64(i)/steps)*(p.y.to-p.y.from)
		w := half * vg.Length(d/most)
		right, left = append(right, vg.Point{X: x + w, Y: y}), append(left, vg.Point{X: x - w, Y: y})
	}
	slices.Reverse(left)
	outline := p.ClipPolygonXY(append(append(right, left...), right[0]))
	if len(outline) < 3 {
		return
	}
	share := 0.25
	if s.hatch == plain {
		share = 0.6
	}
	p.FillPolygon(tint(s.color, share), outline)
	box := p.box(vg.Point{X: x - half, Y: right[0].Y}, vg.Point{X: x + half, Y: right[steps].Y})
	inside := func(at vg.Point) bool { return at.X > x-reach(at.Y) && at.X < x+reach(at.Y) }
	if strokes := within(hatching(box, s.hatch, vg.Points(4)), inside); len(strokes) > 0 {
		p.SetLineStyle(draw.LineStyle{Color: s.color, Width: vg.Points(0.6)})
		p.Stroke(strokes)
	}
	p.StrokeLines(draw.LineStyle{Color: s.color, Width: vg.Points(0.9)}, outline)
}

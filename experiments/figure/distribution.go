package figure

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// CDF is the share of values up to each or, as the complement, above each.
type CDF struct {
	Name       string
	Values     []float64
	Complement bool
	Band       bool // the 95 % band of Dvoretzky, Kiefer and Wolfowitz (Massart 1990) around the whole curve
}

// curve returns the staircase. Of the complement the last step goes down to half a value, which a logarithmic axis shows.
func (l CDF) curve() []XY {
	sorted := slices.Sorted(slices.Values(l.Values))
	n := float64(len(sorted))
	if !l.Complement {
		xy := []XY{{sorted[0], 0}}
		for i, x := range sorted {
			xy = append(xy, XY{x, float64(i+1) / n})
		}
		return xy
	}
	xy := []XY{{sorted[0], 1}}
	for i, x := range sorted {
		xy = append(xy, XY{x, max(1-float64(i+1)/n, 0.5/n)})
	}
	return xy
}

// halfBand is half the height of the band of n values: all of the true distribution lies in it 95 times of 100.
func halfBand(n int) float64 { return math.Sqrt(math.Log(2/0.05) / (2 * float64(n))) }

func (l CDF) extent(r *extents) {
	for _, x := range l.Values {
		r.x.addPositive(x, r.logX)
	}
	if !r.logY {
		r.y.add(0)
	}
	if r.logY {
		r.y.add(0.5 / float64(len(l.Values)))
	}
	r.y.add(1)
	r.wishY |= toZero
}

func (l CDF) keys(*Panel) []key {
	dashes := func(s style) []vg.Length { return s.dashes }
	return []key{{text: l.Name, series: l.Name, thumb: lineThumb(dashes, 1.6)}}
}

func (l CDF) draw(p *pane) {
	curve := l.curve()
	if l.Band {
		l.band(p, curve)
	}
	p.steps(l.Name, curve)
}

func (l CDF) band(p *pane, curve []XY) {
	half := halfBand(len(l.Values))
	var edge, back []vg.Point
	before := curve[0].Y
	for _, e := range curve {
		for _, y := range []float64{before, e.Y} {
			edge = append(edge, p.at(e.X, min(y+half, 1)))
			back = append(back, p.at(e.X, max(y-half, 0)))
		}
		before = e.Y
	}
	slices.Reverse(back)
	if inside := p.ClipPolygonXY(thinned(append(edge, back...))); len(inside) > 2 {
		p.FillPolygon(translucent(p.look.style(l.Name, "").color), inside)
	}
}

// Histogram is the share of values in each of equal bins; on a logarithmic axis they are equally wide there.
type Histogram struct {
	Name   string
	Values []float64
	Bins   int // 0: by the rule of Freedman and Diaconis, at most 40
}

// edges are those of the bins, the same for all histograms of a panel without Bins; they begin and end where the panel
// does.
func (l Histogram) edges(p *pane) []float64 {
	n := l.Bins
	for _, layer := range p.panel.Layers {
		if h, ok := layer.(Histogram); ok && l.Bins == 0 {
			n = max(n, h.rule(p))
		}
	}
	low, high := p.x.min, p.x.max
	list := make([]float64, n+1)
	for i := range list {
		part := float64(i) / float64(n)
		list[i] = low + part*(high-low)
		if p.x.log {
			list[i] = low * math.Pow(high/low, part)
		}
	}
	list[n] = high
	return list
}

// rule is the number of bins over the panel.
func (l Histogram) rule(p *pane) int {
	at := make([]float64, len(l.Values))
	for i, v := range l.Values {
		at[i] = p.x.share(v)
	}
	slices.Sort(at)
	wide := 2 * (quantile(at, 0.75) - quantile(at, 0.25)) / math.Cbrt(float64(len(at)))
	if !(wide > 0) {
		return 20
	}
	return int(min(max(1/wide, 8), 40))
}

// shares returns the share of values in each bin; the last holds its upper end.
func (l Histogram) shares(edges []float64) []float64 {
	shares := make([]float64, len(edges)-1)
	for _, v := range l.Values {
		i, _ := slices.BinarySearch(edges, v)
		if i >= len(edges) || edges[i] != v || i == len(shares) {
			i--
		}
		if i >= 0 && i < len(shares) {
			shares[i] += 1 / float64(len(l.Values))
		}
	}
	return shares
}

func (l Histogram) extent(r *extents) {
	for _, v := range l.Values {
		r.x.addPositive(v, r.logX)
	}
	r.wishX, r.wishY = r.wishX|flush, r.wishY|toZero
}

func (l Histogram) heights(p *pane) []float64 { return l.shares(l.edges(p)) }

func (l Histogram) keys(*Panel) []key { return []key{{text: l.Name, series: l.Name, thumb: boxThumb}} }

func (l Histogram) draw(p *pane) {
	s := p.look.style(l.Name, "")
	edges := l.edges(p)
	line := []vg.Point{p.at(edges[0], 0)}
	var strokes vg.Path
	for i, share := range l.shares(edges) {
		a, b := p.at(edges[i], 0), p.at(edges[i+1], share)
		if share > 0 {
			box := p.box(a, b)
			p.SetColor(translucent(s.color))
			p.Fill(box.Path())
			strokes = append(strokes, hatching(box, s.hatch, 5)...)
		}
		line = append(line, vg.Point{X: a.X, Y: b.Y}, b)
	}
	if len(strokes) > 0 {
		p.SetLineStyle(draw.LineStyle{Color: s.color, Width: vg.Points(0.5)})
		p.Stroke(strokes)
	}
	line = append(line, p.at(edges[len(edges)-1], 0))
	p.stroke(draw.LineStyle{Color: s.color, Width: vg.Points(1.4), Dashes: s.dashes}, line)
}

// quantile is that of sorted values, between neighbours linearly (type 7 of Hyndman and Fan 1996).
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

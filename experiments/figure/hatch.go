package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// hatch is how an area is filled, so that it is told apart without colour.
type hatch uint8

const (
	plain   hatch = iota // filled
	rising               // strokes like /
	falling              // strokes like \
	level                // strokes like -
	crossed              // / and \
	upright              // strokes like |
	squared              // - and |
	empty                // nothing
	tinted               // a tint without strokes, on which a letter is read
)

// fillHatched fills a rectangle with a tint of a colour and hatching in it, and draws its outline. One that
// is too narrow for that is filled with the colour itself.
func fillHatched(c *draw.Canvas, r vg.Rectangle, ink color.RGBA, h hatch) {
	const narrow = 3
	if r.Size().X < narrow {
		c.SetColor(ink)
		c.Fill(r.Path())
		return
	}
	share := 0.25
	switch h {
	case plain:
		share = 0.75
	case empty:
		share = 0
	}
	c.SetColor(tint(ink, share))
	c.Fill(r.Path())
	thin := draw.LineStyle{Color: ink, Width: vg.Points(0.6)}
	if lines := hatching(r, h, vg.Points(4)); len(lines) > 0 {
		c.SetLineStyle(thin)
		c.Stroke(lines)
	}
	thin.Width = vg.Points(0.8)
	c.SetLineStyle(thin)
	c.Stroke(r.Path())
}

// hatching is the strokes that fill a rectangle, some distance apart.
func hatching(r vg.Rectangle, h hatch, every vg.Length) vg.Path {
	var p vg.Path
	if h == rising || h == crossed {
		diagonals(&p, r, every*1.4, false)
	}
	if h == falling || h == crossed {
		diagonals(&p, r, every*1.4, true)
	}
	if h == level || h == squared {
		for y := r.Min.Y + every/2; y < r.Max.Y; y += every {
			p.Move(vg.Point{X: r.Min.X, Y: y})
			p.Line(vg.Point{X: r.Max.X, Y: y})
		}
	}
	if h == upright || h == squared {
		for x := r.Min.X + every/2; x < r.Max.X; x += every {
			p.Move(vg.Point{X: x, Y: r.Min.Y})
			p.Line(vg.Point{X: x, Y: r.Max.Y})
		}
	}
	return p
}

// diagonals adds strokes at 45 degrees, cut off at the edges of the rectangle.
func diagonals(p *vg.Path, r vg.Rectangle, every vg.Length, down bool) {
	w, h := r.Size().X, r.Size().Y
	for d := every / 2; d < w+h; d += every { // where the stroke leaves the lower edge, counted from d-h to d
		from, to := max(0, d-h), min(w, d)
		if to <= from {
			continue
		}
		y := func(x vg.Length) vg.Length {
			if down {
				return r.Min.Y + (d - x)
			}
			return r.Max.Y - (d - x)
		}
		p.Move(vg.Point{X: r.Min.X + from, Y: y(from)})
		p.Line(vg.Point{X: r.Min.X + to, Y: y(to)})
	}
}

// within returns what of strokes lies inside an area.
func within(strokes vg.Path, inside func(vg.Point) bool) (kept vg.Path) {
	const parts = 40
	for i := 0; i+1 < len(strokes); i += 2 {
		from, to := strokes[i].Pos, strokes[i+1].Pos
		drawing := false
		for k := range parts + 1 {
			at := from.Add(to.Sub(from).Scale(vg.Length(k) / parts))
			switch in := inside(at); {
			case in && !drawing:
				kept.Move(at)
				drawing = true
			case !in || k == parts:
				if drawing {
					kept.Line(at)
				}
				drawing = false
			}
		}
	}
	return kept
}

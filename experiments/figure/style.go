package figure

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	xfont "golang.org/x/image/font"
)

// Sizes of type, in points of a figure 14 cm wide. The smallest is 6 pt in a column of 8.5 cm.
const (
	titleSize = 11.5
	labelSize = 10.5
	smallSize = 10
)

// Ink, and what stands behind it.
var (
	black  = color.RGBA{0x22, 0x22, 0x22, 0xff}
	grey   = color.RGBA{0x77, 0x77, 0x77, 0xff}
	faint  = color.RGBA{0xe4, 0xe4, 0xe4, 0xff}
	banded = color.RGBA{0xf3, 0xe6, 0xc9, 0xff}
)

// Okabe and Ito's palette, which people of every colour vision tell apart.
var (
	blue       = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	vermillion = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green      = color.RGBA{0x00, 0x9e, 0x73, 0xff}
	purple     = color.RGBA{0xcc, 0x79, 0xa7, 0xff}
	orange     = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	sky        = color.RGBA{0x56, 0xb4, 0xe9, 0xff}
)

// style is how a series is drawn: any of glyph, dashes and hatching tells it apart without its colour.
type style struct {
	color  color.RGBA
	glyph  draw.GlyphDrawer
	dashes []vg.Length // of measured lines
	form   []vg.Length // of closed forms
	hatch  hatch
}

// mostSeries is how many series can be told apart.
const mostSeries = 8

// seriesStyle returns the style of the i-th series.
func seriesStyle(i int) style {
	return [mostSeries]style{
		{blue, draw.CircleGlyph{}, nil, dash(4, 2), plain},
		{vermillion, draw.PyramidGlyph{}, dash(8, 2), dash(1.5, 1.5), rising},
		{green, draw.BoxGlyph{}, dash(2.5, 1.5), dash(6, 2, 1.5, 2), falling},
		{purple, draw.CrossGlyph{}, dash(7, 2, 2, 2), dash(9, 3), level},
		{black, draw.RingGlyph{}, dash(1, 1.5), dash(3, 4), crossed},
		{orange, draw.TriangleGlyph{}, dash(10, 2, 2, 2, 2, 2), dash(3, 1, 1, 1), upright},
		{sky, draw.SquareGlyph{}, dash(4, 4), dash(12, 2), squared},
		{grey, draw.PlusGlyph{}, dash(1, 3), dash(1, 4), empty},
	}[i%mostSeries]
}

// neutral is the style of what belongs to no series, in several dashes.
func neutral(i int) style {
	s := style{color: black, glyph: draw.RingGlyph{}}
	s.form = [][]vg.Length{dash(4, 2), dash(1.5, 1.5), dash(8, 2, 1.5, 2), dash(10, 3)}[i%4]
	s.dashes = s.form
	return s
}

func dash(points ...float64) []vg.Length {
	d := make([]vg.Length, len(points))
	for i, p := range points {
		d[i] = vg.Points(p)
	}
	return d
}

// tint mixes a colour with white: share of 1 is the colour.
func tint(c color.RGBA, share float64) color.RGBA {
	mix := func(v uint8) uint8 { return uint8(255 - share*float64(255-v) + 0.5) }
	return color.RGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

// typeface returns the style of text of a size.
func typeface(size float64) text.Style {
	return text.Style{Color: black, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: font.Length(size)}, Handler: plot.DefaultTextHandler}
}

// bold returns the style of bold text of a size.
func bold(size float64) text.Style {
	s := typeface(size)
	s.Font.Weight = xfont.WeightBold
	return s
}

// aligned places text.
func aligned(s text.Style, x text.XAlignment, y text.YAlignment) text.Style {
	s.XAlign, s.YAlign = x, y
	return s
}

func glyph(s style, radius float64) draw.GlyphStyle {
	return draw.GlyphStyle{Color: s.color, Radius: vg.Points(radius), Shape: s.glyph}
}

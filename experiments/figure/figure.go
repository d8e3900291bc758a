package figure

import (
	"bytes"
	"fmt"
	"html"
	"image/png"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is what is drawn: layers upon two axes or, if there are Panels, those.
type Figure struct {
	Title   string
	Caption string // says n and what the intervals are
	X, Y    Axis
	Layers  []Layer

	Panels  []Panel // in the place of X, Y and Layers
	Columns int     // of panels; 0: one
	Shared  bool    // all panels have the same ranges
}

// Panel is one pair of axes of a figure that has several.
type Panel struct {
	Title  string // may be empty
	X, Y   Axis
	Layers []Layer
}

// Axis is one axis.
type Axis struct {
	Label      string   // with its unit: latency (ms); may be empty if there are Categories
	Log        bool     // logarithmic
	Min, Max   float64  // both 0: as the data want
	Categories []string // names at 0, 1, 2, ... in the place of numbers
	Ticks      []Tick   // in order; none: where the range wants them. A label without room is left out
}

// Tick is a mark of an axis.
type Tick struct {
	At    float64
	Label string
}

// Layer is something that is drawn: one of the structs of this package.
type Layer interface {
	// check reports what is wrong.
	check(p *Panel) []error
	// extent adds what the axes must show.
	extent(r *extents)
	// draw draws.
	draw(p *pane)
	// keys are the entries of the legend.
	keys(p *Panel) []key
	// words say what is to be seen.
	words(p *Panel) string
}

// XY is a point.
type XY struct{ X, Y float64 }

// Estimate is a measured point with its interval. Low and High are both NaN, or equal to Y, if there is none.
type Estimate struct{ X, Y, Low, High float64 }

// Sample is what was measured at X.
type Sample struct {
	X      float64
	Values []float64
}

// dotsPerInch is the resolution of a PNG: one and a half times that of a screen.
const dotsPerInch = 144

// SVG returns the figure as SVG. It says what it shows (Alt) to those who do not see it.
func (f *Figure) SVG() ([]byte, error) {
	l, err := f.lay()
	if err != nil {
		return nil, err
	}
	c := vgsvg.New(width, l.height)
	l.draw(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("figure: %s: %w", f.Title, err)
	}
	text := strings.ReplaceAll(fitted(b.String()), "font-family:Liberation Sans;font-variant:normal;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	head := strings.Index(text, "<svg")
	end := head + strings.Index(text[head:], ">")
	return []byte(text[:end] + ` role="img">` + "\n<title>" + html.EscapeString(f.Title) + "</title>\n<desc>" + html.EscapeString(f.Alt()) + "</desc>" + text[end+1:]), nil
}

// PNG returns the figure as PNG, of 144 dots an inch.
func (f *Figure) PNG() ([]byte, error) {
	l, err := f.lay()
	if err != nil {
		return nil, err
	}
	c := vgimg.NewWith(vgimg.UseWH(width, l.height), vgimg.UseDPI(dotsPerInch))
	l.draw(draw.New(c))
	var b bytes.Buffer
	if err := png.Encode(&b, paletted(c.Image())); err != nil {
		return nil, fmt.Errorf("figure: %s: %w", f.Title, err)
	}
	return b.Bytes(), nil
}

// width is that of every figure.
const width = 14 * vg.Centimeter

// panels are those of the figure, one at least.
func (f *Figure) panels() []Panel {
	if len(f.Panels) > 0 {
		return f.Panels
	}
	return []Panel{{X: f.X, Y: f.Y, Layers: f.Layers}}
}

package experiments

import (
	"bytes"
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Okabe and Ito's palette, which people of every colour vision tell apart. Figures never rely on it alone: lines
// differ in dashes and points in shape too.
var (
	black      = color.RGBA{0x22, 0x22, 0x22, 0xff}
	blue       = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	vermillion = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	green      = color.RGBA{0x00, 0x9e, 0x73, 0xff}
	purple     = color.RGBA{0xcc, 0x79, 0xa7, 0xff}
	orange     = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	grey       = color.RGBA{0xdd, 0xdd, 0xdd, 0xff}
)

// series is how one of several series of points is drawn: by colour, shape and dashes, any of which tells them apart.
type series struct {
	color  color.RGBA
	glyph  draw.GlyphDrawer
	dashes []vg.Length
}

// seriesStyle returns the style of the i-th series.
func seriesStyle(i int) series {
	styles := []series{
		{blue, draw.CircleGlyph{}, nil},
		{vermillion, draw.TriangleGlyph{}, []vg.Length{vg.Points(5), vg.Points(2)}},
		{green, draw.SquareGlyph{}, []vg.Length{vg.Points(2), vg.Points(2)}},
		{purple, draw.CrossGlyph{}, []vg.Length{vg.Points(7), vg.Points(2), vg.Points(2), vg.Points(2)}},
		{orange, draw.PyramidGlyph{}, []vg.Length{vg.Points(1), vg.Points(2)}},
	}
	return styles[i%len(styles)]
}

// The size of a figure: a column's width, and what fills it well.
const (
	figureWidth  = 14 * vg.Centimeter
	figureHeight = 9 * vg.Centimeter
)

// newFigure returns an empty plot in the house style. Axes name their units; the caption states n and what the
// intervals are.
func newFigure(title, caption, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title + "\n" + caption
	p.Title.TextStyle.Font.Size = font.Length(9)
	p.Title.Padding = vg.Points(6)
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font.Size = font.Length(9)
		a.Tick.Label.Font.Size = font.Length(8)
		a.LineStyle.Color, a.Tick.Color = black, black
		a.Padding = vg.Points(2)
	}
	p.Legend.TextStyle.Font.Size = font.Length(8)
	p.Legend.Padding = vg.Points(2)
	p.Legend.Left, p.Legend.Top = true, true
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = grey, grey
	p.Add(grid)
	return p
}

// estimate is a point of a figure: what was measured, and its interval.
type estimate struct{ X, Y, Low, High float64 }

// addEstimates draws measured points with their intervals.
func addEstimates(p *plot.Plot, legend string, points []estimate) error {
	return addSeries(p, legend, points, seriesStyle(0))
}

// addSeries draws measured points with their intervals in a style.
func addSeries(p *plot.Plot, legend string, points []estimate, style series) error {
	xy := make(plotter.XYs, len(points))
	errs := make(plotter.YErrors, len(points))
	for i, e := range points {
		xy[i] = plotter.XY{X: e.X, Y: e.Y}
		errs[i].Low, errs[i].High = e.Y-e.Low, e.High-e.Y
	}
	data := struct {
		plotter.XYs
		plotter.YErrors
	}{xy, errs}
	bars, err := plotter.NewYErrorBars(data)
	if err != nil {
		return err
	}
	bars.Color, bars.Width, bars.CapWidth = style.color, vg.Points(1), vg.Points(5)
	dots, err := plotter.NewScatter(xy)
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: style.color, Radius: vg.Points(2.5), Shape: style.glyph}
	if slices.ContainsFunc(points, func(e estimate) bool { return e.Low < e.High }) {
		p.Add(bars)
	}
	p.Add(dots)
	p.Legend.Add(legend, dots)
	return nil
}

// addCurve draws a closed form as a dashed line.
func addCurve(p *plot.Plot, legend string, xy plotter.XYs) error {
	return addLine(p, legend, xy, series{color: vermillion, dashes: []vg.Length{vg.Points(4), vg.Points(2)}})
}

// addLine draws a line in a style.
func addLine(p *plot.Plot, legend string, xy plotter.XYs, style series) error {
	line, err := plotter.NewLine(xy)
	if err != nil {
		return err
	}
	line.Color, line.Width, line.Dashes = style.color, vg.Points(1.2), style.dashes
	p.Add(line)
	p.Legend.Add(legend, line)
	return nil
}

// figureFiles renders a plot as name.svg and name.png.
func figureFiles(p *plot.Plot, name string) ([]File, error) {
	var files []File
	for _, format := range []string{"svg", "png"} {
		w, err := p.WriterTo(figureWidth, figureHeight, format)
		if err != nil {
			return nil, fmt.Errorf("experiments: figure %s.%s: %w", name, format, err)
		}
		var b bytes.Buffer
		if _, err := w.WriteTo(&b); err != nil {
			return nil, fmt.Errorf("experiments: figure %s.%s: %w", name, format, err)
		}
		files = append(files, File{name + "." + format, b.Bytes()})
	}
	return files, nil
}

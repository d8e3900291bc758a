package experiments

import (
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// liarFigure draws the cells as a grid: generals across, liars up. Words say how each fared, and a line where theory
// has its border.
func liarFigure(name string, cells []liarCell) ([]File, error) {
	title, caption := "Oral messages, OM(liars): agreement needs more than three generals for each liar",
		"fields: outcome, behaviours that break IC1 or IC2, messages of a run; bold line: n = 3 liars"
	if cells[0].signed {
		title, caption = "Signed messages, SM(liars): agreement with any number of liars",
			"fields: outcome, behaviours that break IC1 or IC2, messages of a run if all are loyal"
	}
	p := newFigure(title, caption, "generals, the commander included (n)", "liars")
	p.Add(liarGrid(cells))
	if !cells[0].signed {
		border, err := plotter.NewLine(theoremOne())
		if err != nil {
			return nil, err
		}
		border.Color, border.Width = black, vg.Points(2.5)
		p.Add(border)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = leastGenerals-0.5, mostGenerals+0.5, -0.5, mostLiars+0.5
	p.X.Tick.Marker, p.Y.Tick.Marker = whole(leastGenerals, mostGenerals), whole(0, mostLiars)
	p.X.Padding, p.Y.Padding = 0, 0
	return figureFiles(p, name)
}

func whole(from, to int) plot.ConstantTicks {
	var ticks []plot.Tick
	for i := from; i <= to; i++ {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: strconv.Itoa(i)})
	}
	return ticks
}

// theoremOne is the border of n > 3 liars, as steps between the fields.
func theoremOne() plotter.XYs {
	xy := plotter.XYs{{X: leastGenerals - 0.5, Y: 0.5}}
	for liars := 1; liars <= mostLiars; liars++ {
		x := float64(3*liars) + 0.5
		xy = append(xy, plotter.XY{X: x, Y: float64(liars) - 0.5}, plotter.XY{X: x, Y: float64(liars) + 0.5})
	}
	return xy
}

// liarGrid is a plotter of cells.
type liarGrid []liarCell

// The shades of fields: they differ in lightness as well.
var (
	safeShade    = color.RGBA{0xe3, 0xf1, 0xfa, 0xff}
	brokenShade  = color.RGBA{0xf2, 0xb0, 0x7f, 0xff}
	vacuousShade = color.RGBA{0xf4, 0xf4, 0xf4, 0xff}
)

// Plot draws the fields.
func (g liarGrid) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for i := range g {
		cell := &g[i]
		n, liars := float64(cell.n), float64(cell.liars)
		box := []vg.Point{{X: x(n - 0.5), Y: y(liars - 0.5)}, {X: x(n + 0.5), Y: y(liars - 0.5)}, {X: x(n + 0.5), Y: y(liars + 0.5)}, {X: x(n - 0.5), Y: y(liars + 0.5)}}
		shade, lines := cell.words()
		c.FillPolygon(shade, box)
		c.StrokeLines(draw.LineStyle{Color: color.White, Width: vg.Points(1.5)}, append(box, box[0]))
		style := p.X.Tick.Label
		style.XAlign, style.YAlign, style.Color = draw.XCenter, draw.YCenter, black
		for k, line := range lines {
			style.Font.Size = font.Length(6.5)
			style.Font.Weight = 0
			if k == 0 {
				style.Font.Size = font.Length(8)
			}
			c.FillText(style, vg.Point{X: x(n), Y: y(liars) + vg.Points(10)*vg.Length(1-k)}, line)
		}
	}
}

// words says how a cell fared.
func (c *liarCell) words() (color.Color, []string) {
	switch {
	case c.vacuous():
		return vacuousShade, []string{"–", "fewer than", "two are loyal"}
	case c.liars == 0:
		return safeShade, []string{"agreed", "nobody lies", inMessages(c.messages)}
	case c.breakable() && c.all:
		return brokenShade, []string{"BROKEN", fmt.Sprintf("%d of %d", c.broken, c.cases), inMessages(c.messages)}
	case c.breakable():
		return brokenShade, []string{"BROKEN", fmt.Sprintf("%d/%d drawn", c.broken, c.cases), inMessages(c.messages)}
	case c.all:
		return safeShade, []string{"agreed", fmt.Sprintf("all %d", c.cases), inMessages(c.messages)}
	}
	return safeShade, []string{"agreed", fmt.Sprintf("0/%d drawn", c.cases), inMessages(c.messages)}
}

func inMessages(n int) string { return fmt.Sprintf("%d msgs", n) }

package experiments

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"lightcone/models/reliability"
)

// ladder draws how many nines each system has, beside how long that is down in a year.
func ladder(all []*diagramWays) ([]File, error) {
	f := newFigure("What parts of 90 to 99 % make together", fmt.Sprintf("%d outages by renewals, about %d in a world; bars: ±4 standard errors", courseOutages, worldOutages), "", "nines")
	if err := addNines(f, all); err != nil {
		return nil, err
	}
	f.Y.Tick.Marker = plot.ConstantTicks(rungs(4))
	f.Y.Min, f.Y.Max = 0.9, 4.4
	return figureFiles(f, "ladder")
}

// addNines draws systems side by side: exact as a ring, simulated with intervals.
func addNines(f *plot.Plot, all []*diagramWays) error {
	var exact plotter.XYs
	var names []string
	var renewals, worlds []estimate
	nines := func(x float64, e reliability.Estimate) estimate {
		n := e.Nines()
		return estimate{x, n.Value, n.Low, n.High}
	}
	for i, w := range all {
		x := float64(i)
		exact = append(exact, plotter.XY{X: x, Y: -math.Log10(w.Exact.Unavailability)})
		renewals = append(renewals, nines(x-0.12, w.Renewals))
		worlds = append(worlds, nines(x+0.12, w.World))
		names = append(names, w.Name)
	}
	dashes, err := plotter.NewScatter(exact)
	if err != nil {
		return err
	}
	dashes.GlyphStyle = draw.GlyphStyle{Color: black, Radius: vg.Points(9), Shape: level{}}
	f.Add(dashes)
	f.Legend.Add("exact", dashes)
	if err := addSeries(f, "renewals", renewals, seriesStyle(0)); err != nil {
		return err
	}
	if err := addSeries(f, "world", worlds, seriesStyle(1)); err != nil {
		return err
	}
	f.NominalX(shortTicks(names)...)
	f.X.Min, f.X.Max = -0.5, float64(len(all))-0.5
	f.X.Tick.Label.Font.Size = vg.Points(7)
	return nil
}

// level is a glyph: a horizontal stroke.
type level struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (level) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: vg.Points(1)})
	var path vg.Path
	path.Move(vg.Point{X: at.X - s.Radius, Y: at.Y})
	path.Line(vg.Point{X: at.X + s.Radius, Y: at.Y})
	c.Stroke(path)
}

// rungs are the ticks of a ladder of nines.
func rungs(most int) []plot.Tick {
	var ticks []plot.Tick
	for n := 1; n <= most; n++ {
		down := time.Duration(math.Pow10(-n) * hoursAYear * float64(time.Hour))
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprintf("%d: %s a year", n, aYear(down))})
	}
	return ticks
}

func aYear(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.3g days", d.Hours()/24)
	case d >= time.Hour:
		return fmt.Sprintf("%.3g h", d.Hours())
	}
	return fmt.Sprintf("%.3g min", d.Minutes())
}

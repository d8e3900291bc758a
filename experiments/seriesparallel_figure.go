package experiments

import (
	"errors"
	"fmt"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"lightcone/models/reliability"
	"lightcone/models/renewal"
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

// convergence draws how the interval of one system narrows with the outages that were seen, in one run that goes on.
func convergence(seed uint64) ([]File, error) {
	const text = "parallel(3 * 0.95)"
	d, err := reliability.Parse(text)
	if err != nil {
		return nil, err
	}
	exact, err1 := d.Evaluate()
	system, err2 := renewal.Of(d)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	var points []estimate
	var above, below plotter.XYs
	for _, n := range []int{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000} {
		found, err := system.Run(renewal.Run{Seed: seed, Outages: n})
		if err != nil {
			return nil, err
		}
		e := found.Unavailability(.95)
		points = append(points, estimate{float64(n), e.Value / exact.Unavailability, e.Low / exact.Unavailability, e.High / exact.Unavailability})
		half := 1.96 * math.Sqrt(2/float64(n)) // times up and down are nearly exponential
		above = append(above, plotter.XY{X: float64(n), Y: math.Exp(half)})
		below = append(below, plotter.XY{X: float64(n), Y: math.Exp(-half)})
	}
	f := newFigure("How many outages an interval takes, whatever the unavailability", fmt.Sprintf("%s, down for %.3g of the time; one run; bars: 95 %% intervals on outage cycles", text, exact.Unavailability),
		"outages seen", "estimate over exact value")
	if err := addSeries(f, "renewals", points, seriesStyle(0)); err != nil {
		return nil, err
	}
	style := series{color: vermillion, dashes: []vg.Length{vg.Points(4), vg.Points(2)}}
	if err := addLine(f, "expected: a factor e to ±1.96 √(2/outages)", above, style); err != nil {
		return nil, err
	}
	line, err := plotter.NewLine(below)
	if err != nil {
		return nil, err
	}
	line.Color, line.Width, line.Dashes = style.color, vg.Points(1.2), style.dashes
	f.Add(line)
	f.X.Scale, f.Y.Scale = plot.LogScale{}, plot.LogScale{}
	f.X.Tick.Marker = plot.LogTicks{Prec: -1}
	f.Y.Tick.Marker = plot.ConstantTicks([]plot.Tick{{Value: .5, Label: "0.5"}, {Value: .8, Label: "0.8"}, {Value: 1, Label: "1"}, {Value: 1.25, Label: "1.25"}, {Value: 2, Label: "2"}})
	f.X.Min, f.X.Max = 8, 12_500
	f.Y.Min, f.Y.Max = .3, 3.5
	f.Legend.Left = false
	return figureFiles(f, "convergence")
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

package experiments

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// availabilityFigures draws unavailability against the number of nodes, and how long failovers take.
func availabilityFigures(all []*Comparison) ([]File, error) {
	against, err := unavailabilityFigure(all)
	if err != nil {
		return nil, err
	}
	lengths, err := failoverFigure(all)
	return append(against, lengths...), err
}

func unavailabilityFigure(all []*Comparison) ([]File, error) {
	c := all[0]
	f := newFigure("More servers do not help below the floor of failovers", fmt.Sprintf("Raft; a server fails once in %s and is back after %s; bars: ±4 standard errors",
		brief(time.Duration(c.MTTF*3600e9)), brief(time.Duration(c.MTTR*3600e9))), "servers", "unavailability")
	f.Y.Scale, f.Y.Tick.Marker = plot.LogScale{}, decades{}
	line := func(name string, style series, y func(*Comparison) float64) error {
		var xy plotter.XYs
		for _, c := range all {
			xy = append(xy, plotter.XY{X: float64(c.Nodes), Y: y(c)})
		}
		return addLine(f, name, xy, style)
	}
	if err := line("majority formula", seriesStyle(1), func(c *Comparison) float64 { return c.Way(wayFormula).Unavailability }); err != nil {
		return nil, err
	}
	if err := line("chain with failovers", series{color: blue}, func(c *Comparison) float64 { return c.Way(wayChain).Unavailability }); err != nil {
		return nil, err
	}
	floor := series{color: color.RGBA{0x88, 0x88, 0x88, 0xff}, dashes: []vg.Length{vg.Points(1), vg.Points(3)}}
	if err := line("floor: failover / MTTF", floor, func(c *Comparison) float64 { return c.Floor }); err != nil {
		return nil, err
	}
	for i, way := range []struct {
		name, legend string
		style        series
	}{{wayRenewals, "renewals", series{vermillion, draw.RingGlyph{}, nil}}, {wayProtocol, "protocol", series{black, draw.CircleGlyph{}, nil}}} {
		var points []estimate
		for _, c := range all {
			w := c.Way(way.name)
			points = append(points, estimate{float64(c.Nodes) + 0.06*float64(i), w.Unavailability, w.Low, w.High})
		}
		if err := addSeries(f, way.legend, points, way.style); err != nil {
			return nil, err
		}
	}
	least, most := math.Inf(1), 0.0
	for _, c := range all {
		for _, w := range c.Ways {
			least, most = math.Min(least, w.Low), math.Max(most, w.High)
		}
	}
	f.Y.Min, f.Y.Max = math.Pow(10, math.Floor(math.Log10(least))), math.Pow(10, math.Ceil(math.Log10(most))+1)
	f.X.Min, f.X.Max = 2.5, 7.5
	f.X.Tick.Marker = plot.ConstantTicks([]plot.Tick{{Value: 3, Label: "3"}, {Value: 5, Label: "5"}, {Value: 7, Label: "7"}})
	f.Legend.Top, f.Legend.Left = false, true
	return figureFiles(f, "unavailability")
}

// failoverFigure draws the share of failovers that take longer than a time.
func failoverFigure(all []*Comparison) ([]File, error) {
	f := newFigure("How long a failover takes", fmt.Sprintf("from the crash of the leader to the next election; %d for each number of servers", len(all[0].lengths)), "time (s)", "share that take longer")
	f.Y.Scale, f.Y.Tick.Marker = plot.LogScale{}, decades{}
	for i, c := range all {
		sorted := inSeconds(c.lengths)
		slices.Sort(sorted)
		if err := addLine(f, fmt.Sprintf("%d servers", c.Nodes), survival(sorted), seriesStyle(i)); err != nil {
			return nil, err
		}
	}
	f.Y.Min, f.Y.Max = 1e-3, 1.2
	f.X.Min, f.X.Max = math.Floor(f.X.Min), math.Ceil(f.X.Max)
	f.Legend.Left, f.Legend.XOffs = false, -vg.Points(6)
	return figureFiles(f, "failovers")
}

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
)

// raceFigure draws what each scheme loses within a time, simulated and by the chain.
func raceFigure(races []race, mttf, mttr float64, until time.Duration) ([]File, error) {
	p := newFigure(fmt.Sprintf("Data lost within %g days on disks that last %g h and are rebuilt in %g h", until.Hours()/24, mttf, mttr),
		fmt.Sprintf("%d copies a scheme, each on disks of its own; bars: ±4 standard errors", durableWorlds), "", "share of data lost")
	var measured []estimate
	var expected plotter.XYs
	var ticks []plot.Tick
	least := .2 / float64(durableWorlds)
	for i, x := range races {
		at := float64(i)
		measured = append(measured, estimate{at, max(x.lost.Value, least), max(x.lost.Low, least), x.lost.High})
		expected = append(expected, plotter.XY{X: at, Y: x.lost.Expected})
		ticks = append(ticks, plot.Tick{Value: at, Label: [...]string{"2 replicas", "3 replicas", "3, serial", "RAID 5", "RAID 6", "RAID 6, serial", "RS 6+3"}[i]})
	}
	err := addSeries(p, "simulated", measured, seriesStyle(0))
	rings, err2 := plotter.NewScatter(expected)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	rings.GlyphStyle = draw.GlyphStyle{Color: seriesStyle(1).color, Radius: vg.Points(5), Shape: draw.RingGlyph{}}
	p.Add(rings)
	p.Legend.Add("Markov chain", rings)
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	p.X.Min, p.X.Max = -.5, float64(len(races))-.5
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Min, p.Y.Max = 1e-3, 3
	return figureFiles(p, "schemes")
}

// placementFigure draws how often an event loses data, against how many chunks there are.
func placementFigure(points []placedPoint) ([]File, error) {
	p := newFigure(fmt.Sprintf("Data lost when %d of %d nodes fail at once, 3 replicas", placedFailing, placedNodes),
		fmt.Sprintf("%d events a point; copysets of scatter width %d; bars: ±4 standard errors", placedLayouts*placedEvents, placedScatter),
		"chunks", "share of events that lose a chunk")
	model := reliability.Replicated{Nodes: placedNodes, Replicas: placedReplicas}
	one, sets := model.ChunkLoss(placedFailing), float64(model.Copysets(placedScatter))
	var random, few plotter.XYs
	for i := range 121 {
		chunks := math.Pow(10, 3+float64(i)/40)
		used := sets * -math.Expm1(chunks*math.Log1p(-1/sets))
		random = append(random, plotter.XY{X: chunks, Y: -math.Expm1(chunks * math.Log1p(-one))})
		few = append(few, plotter.XY{X: chunks, Y: -math.Expm1(used * math.Log1p(-one))})
	}
	const least = 1e-5
	for i, way := range []string{"anywhere", "on copysets"} {
		var measured []estimate
		for _, pt := range points {
			if pt.way == way {
				measured = append(measured, estimate{float64(pt.chunks), max(pt.loss.Value, least), max(pt.loss.Low, least), max(pt.loss.High, least)})
			}
		}
		if err := errors.Join(addSeries(p, way+", simulated", measured, seriesStyle(i)), addLine(p, way+", closed form", [][]plotter.XY{random, few}[i], seriesStyle(i))); err != nil {
			return nil, err
		}
	}
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 700, 1.4e6, least, 3
	return figureFiles(p, "placement")
}

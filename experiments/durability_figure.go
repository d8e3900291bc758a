package experiments

import (
	"fmt"
	"math"
	"time"

	"lightcone/experiments/figure"
	"lightcone/models/reliability"
)

// raceFigure draws what each scheme loses within a time, simulated and by the chain.
func raceFigure(races []race, mttf, mttr float64, until time.Duration) ([]File, error) {
	var measured []figure.Estimate
	var expected []figure.XY
	worlds := races[0].lost.N
	least := .2 / float64(worlds)
	for i, x := range races {
		measured = append(measured, figure.Estimate{X: float64(i), Y: max(x.lost.Value, least), Low: max(x.lost.Low, least), High: x.lost.High})
		expected = append(expected, figure.XY{X: float64(i), Y: x.lost.Expected})
	}
	return figureFiles(&figure.Figure{
		Title:   fmt.Sprintf("Data lost within %g days on disks that last %g h and are rebuilt in %g h", until.Hours()/24, mttf, mttr),
		Caption: fmt.Sprintf("%d copies a scheme, each on disks of its own; bars: ±4 standard errors", worlds),
		X:       figure.Axis{Categories: []string{"2 replicas", "3 replicas", "3, serial", "RAID 5", "RAID 6", "RAID 6, serial", "RS 6+3"}},
		Y:       figure.Axis{Label: "share of data lost", Log: true, Min: 1e-3, Max: 2},
		Layers:  []figure.Layer{figure.Curve{Form: "Markov chain", Data: expected}, figure.Points{Name: "simulated", Data: measured}},
	}, "schemes")
}

// placementFigure draws how often an event loses data, against how many chunks there are.
func placementFigure(points []placedPoint) ([]File, error) {
	f := &figure.Figure{
		Title:   fmt.Sprintf("Data lost when %d of %d nodes fail at once, 3 replicas", placedFailing, placedNodes),
		Caption: fmt.Sprintf("%d events a point; copysets of scatter width %d; bars: ±4 standard errors", points[0].loss.N, placedScatter),
		X:       figure.Axis{Label: "chunks", Log: true, Min: 700, Max: 1.4e6},
		Y:       figure.Axis{Label: "share of events that lose a chunk", Log: true, Min: placedLeast, Max: 2},
	}
	model := reliability.Replicated{Nodes: placedNodes, Replicas: placedReplicas}
	one, sets := model.ChunkLoss(placedFailing), float64(model.Copysets(placedScatter))
	var random, few []figure.XY
	for i := range 121 {
		chunks := math.Pow(10, 3+float64(i)/40)
		used := sets * -math.Expm1(chunks*math.Log1p(-1/sets))
		random = append(random, figure.XY{X: chunks, Y: -math.Expm1(chunks * math.Log1p(-one))})
		few = append(few, figure.XY{X: chunks, Y: -math.Expm1(used * math.Log1p(-one))})
	}
	for i, way := range []string{"anywhere", "on copysets"} {
		var measured []figure.Estimate
		for _, pt := range points {
			if pt.way == way {
				measured = append(measured, figure.Estimate{X: float64(pt.chunks), Y: max(pt.loss.Value, placedLeast), Low: max(pt.loss.Low, placedLeast), High: max(pt.loss.High, placedLeast)})
			}
		}
		f.Layers = append(f.Layers, figure.Points{Name: way, Data: measured}, figure.Curve{Name: way, Form: "closed form", Data: [][]figure.XY{random, few}[i]})
	}
	return figureFiles(f, "placement")
}

// placedLeast is the least share that a figure shows; what is less stands there.
const placedLeast = 1e-5

package experiments

import (
	"fmt"

	"gonum.org/v1/plot/plotter"
)

// lossFigure draws attempts against loss: the closed form as a line, the runs as points with their intervals.
func lossFigure(points []lossPoint) ([]File, error) {
	rounds := 0
	var measured []estimate
	for _, pt := range points {
		m := pt.attempts
		rounds = m.N
		measured = append(measured, estimate{pt.loss, m.Value, m.Low, m.High})
	}
	p := newFigure("Attempts until an answer", fmt.Sprintf("%d rounds a point; bars: ±4 standard errors", rounds),
		"probability that a message is lost", "attempts")
	var formula plotter.XYs
	for i := range 101 {
		loss := float64(i) / 200
		formula = append(formula, plotter.XY{X: loss, Y: 1 / ((1 - loss) * (1 - loss))})
	}
	if err := addCurve(p, "1/(1-p)²", formula); err != nil {
		return nil, err
	}
	if err := addEstimates(p, "simulated", measured); err != nil {
		return nil, err
	}
	p.X.Min, p.X.Max = -0.01, 0.51
	p.Y.Min = 0.8
	return figureFiles(p, "attempts")
}

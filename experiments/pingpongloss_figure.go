package experiments

import (
	"fmt"

	"lightcone/experiments/figure"
)

// lossFigure draws attempts against loss: the closed form as a line, the runs as points with their intervals.
func lossFigure(points []lossPoint) ([]File, error) {
	rounds := 0
	var measured []figure.Estimate
	for _, pt := range points {
		rounds = pt.attempts.N
		measured = append(measured, pointOf(pt.loss, pt.attempts))
	}
	var formula []figure.XY
	for i := range 101 {
		loss := float64(i) / 200
		formula = append(formula, figure.XY{X: loss, Y: 1 / ((1 - loss) * (1 - loss))})
	}
	return figureFiles(&figure.Figure{
		Title:   "Attempts until an answer",
		Caption: fmt.Sprintf("%d rounds a point; bars: ±4 standard errors", rounds),
		X:       figure.Axis{Label: "probability that a message is lost"},
		Y:       figure.Axis{Label: "attempts"},
		Layers:  []figure.Layer{figure.Curve{Form: "1/(1-p)²", Data: formula}, figure.Points{Name: "simulated", Data: measured}},
	}, "attempts")
}

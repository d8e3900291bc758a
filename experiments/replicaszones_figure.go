package experiments

import (
	"fmt"

	"lightcone/experiments/figure"
)

// zonesFigure draws how many nines each placement has.
func zonesFigure(all []*diagramWays, outages int) ([]File, error) {
	return figureFiles(&figure.Figure{
		Title: "Where replicas stand matters more than how many there are",
		Caption: fmt.Sprintf("majority up; node down %g %%, zone %g %%; %d outages by renewals; bars: ±4 standard errors",
			100*nodeDown/(nodeUp+nodeDown), 100*zoneDown/(zoneUp+zoneDown), outages),
		X:      figure.Axis{Label: "replicas in each zone", Categories: namesOf(all)},
		Y:      figure.Axis{Label: "nines", Ticks: rungs(5), Min: 1.9, Max: 5.4},
		Layers: ninesOf(all),
	}, "placements")
}

package experiments

import (
	"fmt"

	"gonum.org/v1/plot"
)

// zonesFigure draws how many nines each placement has.
func zonesFigure(all []*diagramWays) ([]File, error) {
	f := newFigure("Where replicas stand matters more than how many there are", fmt.Sprintf("majority up; node down %g %%, zone %g %%; %d outages by renewals; bars: ±4 standard errors",
		100*nodeDown/(nodeUp+nodeDown), 100*zoneDown/(zoneUp+zoneDown), zonesOutages), "replicas in each zone", "nines")
	if err := addNines(f, all); err != nil {
		return nil, err
	}
	f.Y.Tick.Marker = plot.ConstantTicks(rungs(5))
	f.Y.Min, f.Y.Max = 1.9, 5.4
	return figureFiles(f, "placements")
}

package experiments

import (
	"fmt"
	"time"

	"lightcone/experiments/figure"
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
	f := &figure.Figure{
		Title: "More servers do not help below the floor of failovers",
		Caption: fmt.Sprintf("Raft; a server fails once in %s and is back after %s; bars: ±4 standard errors",
			brief(time.Duration(c.MTTF*3600e9)), brief(time.Duration(c.MTTR*3600e9))),
		X: figure.Axis{Label: "servers", Min: 2.5, Max: 7.5, Ticks: []figure.Tick{{At: 3, Label: "3"}, {At: 5, Label: "5"}, {At: 7, Label: "7"}}},
		Y: figure.Axis{Label: "unavailability", Log: true},
	}
	for _, way := range []struct {
		name string
		of   func(*Comparison) float64
	}{
		{"majority formula", func(c *Comparison) float64 { return c.Way(wayFormula).Unavailability }},
		{"chain with failovers", func(c *Comparison) float64 { return c.Way(wayChain).Unavailability }},
		{"floor: failover / MTTF", func(c *Comparison) float64 { return c.Floor }},
	} {
		var xy []figure.XY
		for _, c := range all {
			xy = append(xy, figure.XY{X: float64(c.Nodes), Y: way.of(c)})
		}
		f.Layers = append(f.Layers, figure.Curve{Form: way.name, Data: xy})
	}
	for i, way := range []string{wayRenewals, wayProtocol} {
		var points []figure.Estimate
		for _, c := range all {
			w := c.Way(way)
			points = append(points, figure.Estimate{X: float64(c.Nodes) + 0.06*float64(i), Y: w.Unavailability, Low: w.Low, High: w.High})
		}
		f.Layers = append(f.Layers, figure.Points{Name: []string{"renewals", "protocol"}[i], Data: points})
	}
	return figureFiles(f, "unavailability")
}

// failoverFigure draws the share of failovers that take longer than a time.
func failoverFigure(all []*Comparison) ([]File, error) {
	f := &figure.Figure{
		Title:   "How long a failover takes",
		Caption: fmt.Sprintf("from the crash of the leader to the next election; %d for each number of servers", len(all[0].lengths)),
		X:       figure.Axis{Label: "time (s)"},
		Y:       figure.Axis{Label: "share that take longer", Log: true},
	}
	for _, c := range all {
		f.Layers = append(f.Layers, figure.CDF{Name: fmt.Sprintf("%d servers", c.Nodes), Values: inSeconds(c.lengths), Complement: true})
	}
	return figureFiles(f, "failovers")
}

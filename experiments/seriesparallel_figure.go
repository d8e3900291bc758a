package experiments

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/experiments/figure"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
)

// ladder draws how many nines each system has, beside how long that is down in a year.
func ladder(all []*diagramWays, outages int) ([]File, error) {
	return figureFiles(&figure.Figure{
		Title:   "What parts of 90 to 99 % make together",
		Caption: fmt.Sprintf("%d outages by renewals, about %d in a world; bars: ±4 standard errors", outages, worldOutages),
		X:       figure.Axis{Categories: namesOf(all)},
		Y:       figure.Axis{Label: "nines", Ticks: rungs(4), Min: 0.9, Max: 4.4},
		Layers:  ninesOf(all),
	}, "ladder")
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
	var points []figure.Estimate
	var above, below []figure.XY
	for _, n := range []int{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000} {
		found, err := system.Run(renewal.Run{Seed: seed, Outages: n})
		if err != nil {
			return nil, err
		}
		e := found.Unavailability(.95)
		points = append(points, figure.Estimate{X: float64(n), Y: e.Value / exact.Unavailability, Low: e.Low / exact.Unavailability, High: e.High / exact.Unavailability})
		half := 1.96 * math.Sqrt(2/float64(n)) // times up and down are nearly exponential
		above = append(above, figure.XY{X: float64(n), Y: math.Exp(half)})
		below = append(below, figure.XY{X: float64(n), Y: math.Exp(-half)})
	}
	const form = "expected: a factor e to ±1.96 √(2/outages)"
	return figureFiles(&figure.Figure{
		Title:   "How many outages an interval takes, whatever the unavailability",
		Caption: fmt.Sprintf("%s, down for %.3g of the time; one run; bars: 95 %% intervals on outage cycles", text, exact.Unavailability),
		X:       figure.Axis{Label: "outages seen", Log: true},
		Y:       figure.Axis{Label: "estimate over exact value", Log: true},
		Layers:  []figure.Layer{figure.Points{Name: "renewals", Data: points}, figure.Curve{Form: form, Data: above}, figure.Curve{Form: form, Data: below}},
	}, "convergence")
}

// ninesOf draws systems side by side: exact as strokes, simulated with intervals.
func ninesOf(all []*diagramWays) []figure.Layer {
	nines := func(i int, e reliability.Estimate) figure.Estimate {
		n := e.Nines()
		return figure.Estimate{X: float64(i), Y: n.Value, Low: n.Low, High: n.High}
	}
	var exact []figure.XY
	var renewals, worlds []figure.Estimate
	for i, w := range all {
		exact = append(exact, figure.XY{X: float64(i), Y: -math.Log10(w.Exact.Unavailability)})
		renewals, worlds = append(renewals, nines(i, w.Renewals)), append(worlds, nines(i, w.World))
	}
	return []figure.Layer{figure.Curve{Form: "exact", Data: exact}, figure.Points{Name: "renewals", Data: renewals}, figure.Points{Name: "world", Data: worlds}}
}

// namesOf are the names of systems.
func namesOf(all []*diagramWays) []string {
	var names []string
	for _, w := range all {
		names = append(names, w.Name)
	}
	return names
}

// rungs are the ticks of a ladder of nines.
func rungs(most int) []figure.Tick {
	var ticks []figure.Tick
	for n := 1; n <= most; n++ {
		down := time.Duration(math.Pow10(-n) * hoursAYear * float64(time.Hour))
		ticks = append(ticks, figure.Tick{At: float64(n), Label: fmt.Sprintf("%d: %s a year", n, aYear(down))})
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

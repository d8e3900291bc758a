package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"lightcone/experiments/figure"
	"lightcone/sim"
)

// electionTable is the points as CSV.
func electionTable(points []electionPoint) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"series", "range_ms", "elections", "mean_ms", "low", "high", "model", "agrees", "p90_ms", "p90_low", "p90_high", "p90_model",
		"split", "split_low", "split_high", "split_expected", "split_agrees"})
	for _, p := range points {
		row := []string{p.series, decimals(p.spread), strconv.Itoa(p.elections),
			decimals(p.mean.Value), decimals(p.mean.Low), decimals(p.mean.High), decimals(p.mean.Expected), strconv.FormatBool(Agree(p.mean) == Agrees),
			decimals(p.tail.Value), decimals(p.tail.Low), decimals(p.tail.High), decimals(p.tail.Expected)}
		if p.split.N > 0 {
			row = append(row, decimals(p.split.Value), decimals(p.split.Low), decimals(p.split.High), decimals(p.split.Expected), strconv.FormatBool(Agree(p.split) == Agrees))
		} else {
			row = append(row, "", "", "", "", "")
		}
		w.Write(row)
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// electionFigures draws the time of elections, and the split votes, against the range of the timeouts.
func electionFigures(points []electionPoint, base electionModel) ([]File, error) {
	spread := base.Max - base.Min
	x := figure.Axis{Label: "range of the timeouts (ms)", Log: true, Ticks: electionTicks(base), Min: 0.18 * spread, Max: 2.2 * spread}
	first := &figure.Figure{
		Title: "Time until there is a leader",
		Caption: fmt.Sprintf("%d servers, shortest timeout %g ms, messages %g to %g ms; %d elections a point; bars: ±4 standard errors",
			base.Servers, base.Min, base.Fast, base.Slow, electionRuns),
		X: x, Y: figure.Axis{Label: "mean time of the first election (ms)"},
	}
	split := &figure.Figure{
		Title: "Elections that the first round does not decide",
		Caption: fmt.Sprintf("%d servers, messages %g ms; %d elections a point; bars: ±4 standard errors of the closed form",
			base.Servers, (base.Fast+base.Slow)/2, electionRuns),
		X: x, Y: figure.Axis{Label: "share of elections"},
	}
	var names []string
	bySeries := map[string][]electionPoint{}
	for _, pt := range points {
		if bySeries[pt.series] == nil {
			names = append(names, pt.series)
		}
		bySeries[pt.series] = append(bySeries[pt.series], pt)
	}
	for _, name := range names {
		pts := bySeries[name]
		f, form := first, "model"
		if pts[0].split.N > 0 {
			f, form = split, "closed form"
		}
		var measured []figure.Estimate
		for _, pt := range pts {
			m := pt.mean
			if pt.split.N > 0 {
				m = pt.split
			}
			measured = append(measured, pointOf(pt.spread, m))
		}
		if curve := modelCurve(pts, base, name); len(curve) > 1 {
			f.Layers = append(f.Layers, figure.Curve{Name: name, Form: form, Data: curve})
		}
		f.Layers = append(f.Layers, figure.Points{Name: name, Data: measured})
	}
	return drawnFigures([]namedFigure{{"elections", first}, {"split", split}})
}

// modelCurve is what is expected, at many ranges between the points: of the model its means, of split votes the closed
// form.
func modelCurve(points []electionPoint, base electionModel, name string) []figure.XY {
	var xy []figure.XY
	if len(points) < 2 {
		return nil
	}
	up := base.Servers
	if name == "raft, one down" || name == "raft, fixed delay, one down" {
		up--
	}
	first, last := points[0].spread, points[len(points)-1].spread
	const steps = 48
	for i := range steps + 1 {
		x := first * math.Pow(last/first, float64(i)/steps)
		m := base
		m.Up, m.Max = up, m.Min+x
		if points[0].split.N > 0 {
			xy = append(xy, figure.XY{X: x, Y: splitVote(m.Servers, up, (m.Fast+m.Slow)/2/x)})
			continue
		}
		if i%4 != 0 {
			continue
		}
		r := sim.NewRand(0, sim.ForStudy, drawElections, uint64(i))
		sum := 0.0
		for range modelRuns {
			at, _ := m.run(&r)
			sum += at
		}
		xy = append(xy, figure.XY{X: x, Y: sum / modelRuns})
	}
	return xy
}

func electionTicks(base electionModel) []figure.Tick {
	var ticks []figure.Tick
	for _, part := range electionParts {
		v := part * (base.Max - base.Min)
		ticks = append(ticks, figure.Tick{At: v, Label: decimals(v)})
	}
	return ticks
}

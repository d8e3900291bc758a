package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

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
	p := newFigure("Time until there is a leader", fmt.Sprintf("%d servers, shortest timeout %g ms, messages %g to %g ms; %d elections a point; bars: ±4 standard errors",
		base.Servers, base.Min, base.Fast, base.Slow, electionRuns), "range of the timeouts (ms)", "mean time of the first election (ms)")
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(electionTicks(base))
	q := newFigure("Elections that the first round does not decide", fmt.Sprintf("%d servers, messages %g ms; %d elections a point; bars: ±4 standard errors of the closed form",
		base.Servers, (base.Fast+base.Slow)/2, electionRuns), "range of the timeouts (ms)", "share of elections")
	q.X.Scale, q.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(electionTicks(base))
	var names []string
	bySeries := map[string][]electionPoint{}
	for _, pt := range points {
		if bySeries[pt.series] == nil {
			names = append(names, pt.series)
		}
		bySeries[pt.series] = append(bySeries[pt.series], pt)
	}
	for i, name := range names {
		fig, style := p, seriesStyle(i)
		pts := bySeries[name]
		split := pts[0].split.N > 0
		if split {
			fig, style = q, seriesStyle(i-3)
		}
		var measured []estimate
		for _, pt := range pts {
			m := pt.mean
			if split {
				m = pt.split
			}
			measured = append(measured, estimate{pt.spread, m.Value, m.Low, m.High})
		}
		curve := modelCurve(pts, base, name)
		if len(curve) > 1 {
			legend := name + ", model"
			if split {
				legend = name + ", closed form"
			}
			if err := addLine(fig, legend, curve, style); err != nil {
				return nil, err
			}
		}
		if err := addSeries(fig, name, measured, style); err != nil {
			return nil, err
		}
	}
	spread := base.Max - base.Min
	p.X.Min, p.X.Max, q.X.Min, q.X.Max = 0.18*spread, 2.2*spread, 0.18*spread, 2.2*spread
	p.Y.Min, q.Y.Min, q.Y.Max = 0, -0.02, 1.02
	p.Legend.Left, q.Legend.Left = false, false
	p.Legend.XOffs, q.Legend.XOffs = -6, -6
	one, err := figureFiles(p, "elections")
	if err != nil {
		return nil, err
	}
	two, err := figureFiles(q, "split")
	return append(one, two...), err
}

// modelCurve is what is expected, at many ranges between the points: of the model its means, of split votes the closed
// form.
func modelCurve(points []electionPoint, base electionModel, name string) plotter.XYs {
	var xy plotter.XYs
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
			xy = append(xy, plotter.XY{X: x, Y: splitVote(m.Servers, up, (m.Fast+m.Slow)/2/x)})
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
		xy = append(xy, plotter.XY{X: x, Y: sum / modelRuns})
	}
	return xy
}

func electionTicks(base electionModel) []plot.Tick {
	var ticks []plot.Tick
	for _, part := range electionParts {
		v := part * (base.Max - base.Min)
		ticks = append(ticks, plot.Tick{Value: v, Label: decimals(v)})
	}
	return ticks
}

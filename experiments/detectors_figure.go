package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"time"

	"lightcone/experiments/figure"
	"lightcone/protocols/detector"
	"lightcone/sim"
)

// detectorTable is the points as CSV: a row for each measure of each.
func detectorTable(points []detectorPoint) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"algorithm", "parameter", "setting", "measure", "unit", "n", "value", "low", "high", "expected", "agrees"})
	for _, pt := range points {
		for _, row := range []struct {
			name string
			m    Measure
		}{{"detection time", pt.detection}, {"mistake recurrence", pt.recurrence}, {"mistake duration", pt.mistake}, {"query accuracy", pt.accurate}} {
			agrees := ""
			if row.m.N >= detectorCycles && Agree(row.m) != Unknown {
				agrees = strconv.FormatBool(Agree(row.m) == Agrees)
			}
			w.Write([]string{string(pt.algorithm), pt.parameter, pt.setting(), row.name, row.m.Unit, strconv.Itoa(row.m.N), decimals(row.m.Value),
				decimals(row.m.Low), decimals(row.m.High), decimals(row.m.Expected), agrees})
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// detectorFigures draws what detection costs in mistakes, and how mistakes add up in the timing models.
func detectorFigures(b *detectorBench, points []detectorPoint, models []timingRow) ([]File, error) {
	return drawnFigures([]namedFigure{{"mistakes", tradeFigure(b, points)}, {"timing", timingFigure(models)}})
}

// tradeFigure is mistakes against detection time. Points of few mistakes are left out: nobody knows their spread.
func tradeFigure(b *detectorBench, points []detectorPoint) *figure.Figure {
	var curve []figure.XY
	for i := 0; i <= 220; i++ {
		q := b.link.NFDS(b.params.Interval, time.Duration(float64(i)/100*float64(b.params.Interval)))
		if rate := 3600 / q.Recurrence; rate > 0 {
			curve = append(curve, figure.XY{X: q.Detection, Y: rate})
		}
	}
	f := &figure.Figure{
		Title:   "What a failure detector gives and takes",
		Caption: fmt.Sprintf("%s\n%d heartbeats and %d crashes a point; bars: ±4 standard errors", b.text, b.beats, b.crashes),
		X:       figure.Axis{Label: "mean time until a crash is detected (s)"},
		Y:       figure.Axis{Label: "mistakes per hour", Log: true},
		Layers:  []figure.Layer{figure.Curve{Form: "NFD-S, closed form", Data: curve}},
	}
	for _, sweep := range b.sweeps() {
		var list []figure.Estimate
		for _, pt := range points {
			if pt.algorithm == sweep.algorithm && pt.recurrence.N >= detectorCycles && pt.rate.High > 0 {
				list = append(list, pointOf(pt.detection.Value, pt.rate))
			}
		}
		if len(list) > 0 {
			f.Layers = append(f.Layers, figure.Points{Name: algorithmName(sweep.algorithm), Data: list})
		}
	}
	return f
}

// algorithmName is what a figure calls an algorithm.
func algorithmName(a detector.Algorithm) string {
	switch a {
	case detector.NFDS:
		return "NFD-S"
	case detector.NFDE:
		return "NFD-E"
	case detector.Timeout:
		return "plain timeout"
	case detector.Phi:
		return "phi, normal"
	case detector.PhiExponential:
		return "phi, exponential"
	}
	return string(a)
}

// timingFigure is how many mistakes there have been, as time goes by.
func timingFigure(rows []timingRow) *figure.Figure {
	f := &figure.Figure{
		Title:   "Mistakes in the three timing models",
		Caption: fmt.Sprintf("a heartbeat every %v, delays of at most %v where there is a bound, GST at %v", timingInterval, timingBound, timingGST),
		X:       figure.Axis{Label: "time (s)", Log: true},
		Y:       figure.Axis{Label: "mistakes so far", Log: true},
	}
	for _, line := range []struct {
		name, model string
		algorithm   detector.Algorithm
	}{
		{"synchronous, timeout 1 ns below the bound", "synchronous", detector.Timeout},
		{"partially synchronous, growing timeout", "partially synchronous", detector.Growing},
		{"asynchronous, growing timeout", "asynchronous", detector.Growing},
		{"asynchronous, phi", "asynchronous", detector.Phi},
	} {
		for _, r := range rows {
			if r.model == line.model && r.config.Algorithm == line.algorithm && len(r.suspicions) > 0 {
				f.Layers = append(f.Layers, figure.Steps{Name: line.name, Data: staircase(r)})
			}
		}
	}
	return f
}

// staircase is the number of mistakes at 200 times, evenly on a logarithmic scale.
func staircase(r timingRow) []figure.XY {
	var xy []figure.XY
	const steps = 200
	end := float64(timingEnd) / 1e9
	for i := range steps + 1 {
		x := 0.1 * math.Pow(end/0.1, float64(i)/steps)
		if n := r.until(sim.Time(x * 1e9)); n > 0 {
			xy = append(xy, figure.XY{X: x, Y: float64(n)})
		}
	}
	return xy
}

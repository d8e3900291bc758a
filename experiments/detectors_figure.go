package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

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
	trade, err := tradeFigure(b, points)
	if err != nil {
		return nil, err
	}
	files, err := figureFiles(trade, "mistakes")
	if err != nil {
		return nil, err
	}
	sums, err := timingFigure(models)
	if err != nil {
		return nil, err
	}
	more, err := figureFiles(sums, "timing")
	return append(files, more...), err
}

// tradeFigure is mistakes against detection time. Points of few mistakes are left out: nobody knows their spread.
func tradeFigure(b *detectorBench, points []detectorPoint) (*plot.Plot, error) {
	p := newFigure("What a failure detector gives and takes", fmt.Sprintf("%s\n%d heartbeats and %d crashes a point; bars: ±4 standard errors",
		b.text, detectorBeats, detectorCrashes), "mean time until a crash is detected (s)", "mistakes per hour")
	var curve plotter.XYs
	for i := 0; i <= 220; i++ {
		q := b.link.NFDS(b.params.Interval, time.Duration(float64(i)/100*float64(b.params.Interval)))
		if rate := 3600 / q.Recurrence; rate > 0 {
			curve = append(curve, plotter.XY{X: q.Detection, Y: rate})
		}
	}
	if err := addCurve(p, "NFD-S, closed form", curve); err != nil {
		return nil, err
	}
	for i, sweep := range b.sweeps() {
		var list []estimate
		for _, pt := range points {
			if pt.algorithm == sweep.algorithm && pt.recurrence.N >= detectorCycles && pt.rate.High > 0 {
				list = append(list, estimate{pt.detection.Value, pt.rate.Value, pt.rate.Low, pt.rate.High})
			}
		}
		if len(list) > 0 {
			if err := addSeries(p, algorithmName(sweep.algorithm), list, seriesStyle(i)); err != nil {
				return nil, err
			}
		}
	}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Legend.Left = false
	return p, nil
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
func timingFigure(rows []timingRow) (*plot.Plot, error) {
	p := newFigure("Mistakes in the three timing models",
		fmt.Sprintf("a heartbeat every %v, delays of at most %v where there is a bound, GST at %v", timingInterval, timingBound, timingGST),
		"time (s)", "mistakes so far")
	for i, line := range []struct {
		name, model string
		algorithm   detector.Algorithm
	}{
		{"synchronous, timeout 1 ns below the bound", "synchronous", detector.Timeout},
		{"partially synchronous, growing timeout", "partially synchronous", detector.Growing},
		{"asynchronous, growing timeout", "asynchronous", detector.Growing},
		{"asynchronous, phi", "asynchronous", detector.Phi},
	} {
		for _, r := range rows {
			if r.model != line.model || r.config.Algorithm != line.algorithm || len(r.suspicions) == 0 {
				continue
			}
			if err := addLine(p, line.name, staircase(r), seriesStyle(i)); err != nil {
				return nil, err
			}
		}
	}
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.X.Min, p.Y.Min = 0.1, 1
	p.Y.Max *= 4 // for the legend
	return p, nil
}

// staircase is the number of mistakes at 200 times, evenly on a logarithmic scale.
func staircase(r timingRow) plotter.XYs {
	var xy plotter.XYs
	const steps = 200
	end := float64(timingEnd) / 1e9
	for i := range steps + 1 {
		x := 0.1 * math.Pow(end/0.1, float64(i)/steps)
		if n := r.until(sim.Time(x * 1e9)); n > 0 {
			xy = append(xy, plotter.XY{X: x, Y: float64(n)})
		}
	}
	return xy
}

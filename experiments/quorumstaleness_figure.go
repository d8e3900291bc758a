package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// staleTable is the points as CSV: a row for each measure of each.
func staleTable(points []stalePoint) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"r", "w", "measure", "unit", "n", "value", "low", "high", "expected", "agrees"})
	for _, p := range points {
		for _, row := range []struct {
			name string
			m    Measure
		}{
			{"stale reads", p.stale}, {"read mean", p.read}, {"read p99", p.readTail}, {"write mean", p.write}, {"write p99", p.writeTail},
			{"reads served", p.readable}, {"writes served", p.writable},
		} {
			w.Write([]string{strconv.Itoa(p.r), strconv.Itoa(p.w), row.name, row.m.Unit, strconv.Itoa(row.m.N), decimals(row.m.Value), decimals(row.m.Low),
				decimals(row.m.High), decimals(row.m.Expected), strconv.FormatBool(Agree(row.m) == Agrees)})
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// staleFigures draws staleness, latency and availability against the quorums.
func staleFigures(points []stalePoint, base staleModel, delay string) ([]File, error) {
	caption := fmt.Sprintf("N = %d, messages %s; %d worlds a point; bars: ±4 standard errors", base.N, delay, staleWorlds)
	stale := newFigure("Reads that miss a write that was acknowledged before them", caption, "", "share of reads")
	slow := newFigure("How long an operation takes", caption, "", "mean latency (ms)")
	served := newFigure("Operations that find a quorum, asked for once",
		fmt.Sprintf("N = %d, servers up for %v and down for %v on average; %d worlds a point; bars: ±4 standard errors", base.N, servedUp, servedDown, staleWorlds),
		"", "share of operations")
	for _, f := range []struct {
		p    *plot.Plot
		pick []func(stalePoint) Measure
		of   []string
	}{
		{stale, []func(stalePoint) Measure{func(p stalePoint) Measure { return p.stale }}, []string{"reads"}},
		{slow, []func(stalePoint) Measure{func(p stalePoint) Measure { return p.read }, func(p stalePoint) Measure { return p.write }}, []string{"reads", "writes"}},
		{served, []func(stalePoint) Measure{func(p stalePoint) Measure { return p.readable }, func(p stalePoint) Measure { return p.writable }}, []string{"reads", "writes"}},
	} {
		for i, pick := range f.pick {
			if err := addQuorums(f.p, f.of[i], points, pick, i, len(f.pick)); err != nil {
				return nil, err
			}
		}
		var names []string
		for _, pt := range points {
			names = append(names, pt.name())
		}
		f.p.NominalX(names...)
		f.p.X.Min, f.p.X.Max = -0.5, float64(len(points))-0.5
		f.p.Y.Min = 0
		f.p.Y.Max *= 1.3 // for the legend
	}
	stale.Legend.Left = false
	var files []File
	for _, f := range []struct {
		p    *plot.Plot
		name string
	}{{stale, "stale"}, {slow, "latency"}, {served, "served"}} {
		list, err := figureFiles(f.p, f.name)
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	return files, nil
}

// addQuorums draws one measure of all points, with what is expected of it as a ring around.
func addQuorums(p *plot.Plot, name string, points []stalePoint, pick func(stalePoint) Measure, i, of int) error {
	var measured []estimate
	var expected plotter.XYs
	for x, pt := range points {
		m := pick(pt)
		at := float64(x) + 0.25*(float64(i)-float64(of-1)/2)
		measured = append(measured, estimate{at, m.Value, m.Low, m.High})
		expected = append(expected, plotter.XY{X: at, Y: m.Expected})
	}
	style := seriesStyle(i)
	if err := addSeries(p, name+", measured", measured, style); err != nil {
		return err
	}
	rings, err := plotter.NewScatter(expected)
	if err != nil {
		return err
	}
	rings.GlyphStyle = draw.GlyphStyle{Color: style.color, Radius: vg.Points(5), Shape: draw.RingGlyph{}}
	p.Add(rings)
	p.Legend.Add(name+", expected", rings)
	return nil
}

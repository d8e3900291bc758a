package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"lightcone/experiments/figure"
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
	caption := fmt.Sprintf("N = %d, messages %s; %d worlds a point; bars: ±4 standard errors", base.N, delay, points[0].worlds)
	var names []string
	for _, pt := range points {
		names = append(names, pt.name())
	}
	draw := func(title, caption, y string, layers ...[]figure.Layer) *figure.Figure {
		return &figure.Figure{Title: title, Caption: caption, X: figure.Axis{Categories: names}, Y: figure.Axis{Label: y}, Layers: slices.Concat(layers...)}
	}
	return drawnFigures([]namedFigure{
		{"stale", draw("Reads that miss a write that was acknowledged before them", caption, "share of reads",
			quorumsOf("reads", points, func(p stalePoint) Measure { return p.stale }))},
		{"latency", draw("How long an operation takes", caption, "mean latency (ms)",
			quorumsOf("reads", points, func(p stalePoint) Measure { return p.read }),
			quorumsOf("writes", points, func(p stalePoint) Measure { return p.write }))},
		{"served", draw("Operations that find a quorum, asked for once",
			fmt.Sprintf("N = %d, servers up for %v and down for %v on average; %d worlds a point; bars: ±4 standard errors", base.N, servedUp, servedDown, points[0].worlds), "share of operations",
			quorumsOf("reads", points, func(p stalePoint) Measure { return p.readable }),
			quorumsOf("writes", points, func(p stalePoint) Measure { return p.writable }))},
	})
}

// quorumsOf draws one measure of all points, with what is expected of it as strokes.
func quorumsOf(name string, points []stalePoint, pick func(stalePoint) Measure) []figure.Layer {
	var measured []figure.Estimate
	var expected []figure.XY
	for i, pt := range points {
		m := pick(pt)
		measured = append(measured, pointOf(float64(i), m))
		expected = append(expected, figure.XY{X: float64(i), Y: m.Expected})
	}
	return []figure.Layer{figure.Curve{Name: name, Form: "expected", Data: expected}, figure.Points{Name: name, Data: measured}}
}

package experiments

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/figure"
	"lightcone/experiments/table"
)

var plotsTo = flag.String("experiments.plots", "", "write the plots of the tests as PNG to this directory, to be looked at")

// plotted is a sweep of three factors and two measures over 40 seeds. The latency is 0.01 s times the loss' level plus 1,
// twice that under the second policy, with noise of a tenth; answered is 0 for one seed in four.
func plotted() *table.Table {
	level := func(label string, v float64) table.Level { return table.Level{Label: label, Value: v} }
	t := &table.Table{
		Factors: []table.Factor{
			{Name: "network.loss", Numeric: true, Levels: []table.Level{level("0.1", 0.1), level("0.2", 0.2), level("0.3", 0.3)}},
			{Name: "policy", Levels: []table.Level{level("none", math.NaN()), level("full", math.NaN())}},
			{Name: "params.retry", Unit: "s", Numeric: true, Levels: []table.Level{level("10ms", 0.01), level("100ms", 0.1), level("1s", 1)}},
		},
		Measures: []table.Measure{{Name: "latency", Unit: "s"}, {Name: "answered"}, {Name: "never"}},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for loss := range 3 {
		for policy := range 2 {
			for retry := range 3 {
				t.Points = append(t.Points, []int{loss, policy, retry})
				for seed := range uint64(40) {
					v := 0.01 * float64(loss+1) * float64(policy+1) * (1 + 0.1*r.NormFloat64())
					answered := 1.
					if seed%4 == 0 {
						answered = 0
					}
					t.Rows = append(t.Rows, table.Row{Point: len(t.Points) - 1, Seed: seed + 1, Verdict: "pass", Digest: "0123456789abcdef",
						Values: []float64{v, answered, math.NaN()}})
				}
			}
		}
	}
	return t
}

// draw draws a declaration, and its files where they are wanted.
func drawPlot(t *testing.T, p PlotSpec, tab *table.Table, expected ...Expectation) *figure.Figure {
	f, err := p.Figure(tab, expected)
	require.NoError(t, err)
	_, err = f.SVG()
	require.NoError(t, err)
	if *plotsTo != "" {
		png, err := f.PNG()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(*plotsTo, strings.ReplaceAll(t.Name(), "/", "-")+".png"), png, 0o644))
	}
	return f
}

func TestPlot(t *testing.T) {
	tab := plotted()
	at := LevelSet{{"retry", "10ms"}}
	t.Run("lines", func(t *testing.T) {
		f := drawPlot(t, PlotSpec{X: "loss", Y: "latency", By: NameList{"policy"}, Where: at}, tab)
		require.Equal(t, "Mean latency against loss, by policy", f.Title)
		require.Equal(t, figure.Axis{Label: "network.loss", Ticks: []figure.Tick{{At: 0.1, Label: "0.1"}, {At: 0.2, Label: "0.2"}, {At: 0.3, Label: "0.3"}}}, f.X)
		require.Equal(t, figure.Axis{Label: "mean latency (ms)"}, f.Y)
		require.Contains(t, f.Caption, "40 runs a point, on the same seeds; bands: 95 % intervals")
		require.Contains(t, f.Caption, "params.retry = 10ms")
		require.Len(t, f.Layers, 2)
		line := f.Layers[1].(figure.Line)
		require.Equal(t, "full", line.Name)
		for i, e := range line.Data {
			require.InDelta(t, []float64{0.1, 0.2, 0.3}[i], e.X, 1e-12)
			require.InDelta(t, 20*float64(i+1), e.Y, 4*2*float64(i+1)/math.Sqrt(40))
			require.InDelta(t, 2.023*2*float64(i+1)/math.Sqrt(40), (e.High-e.Low)/2, 0.4*float64(i+1)) // Student's t of 39
		}
	})
	t.Run("expected", func(t *testing.T) {
		var expected []Expectation
		for i := range tab.Points {
			v := 0.01 * float64(tab.Points[i][0]+1) * float64(tab.Points[i][1]+1)
			expected = append(expected, Expectation{Point: i, Measure: "latency", Expected: v, Source: "0.01 (l+1)(p+1)"}, Expectation{Point: i, Measure: "answered", Expected: 7},
				Expectation{Point: i, Measure: "latency", Statistic: "median", Expected: 7})
		}
		f := drawPlot(t, PlotSpec{X: "loss", Y: "latency", By: NameList{"policy"}, Where: at}, tab, expected...)
		require.Len(t, f.Layers, 4)
		require.Equal(t, "none", f.Layers[2].(figure.Curve).Name)
		curve := f.Layers[3].(figure.Curve)
		require.Equal(t, "full", curve.Name)
		require.Equal(t, "expected: 0.01 (l+1)(p+1)", curve.Form)
		require.InDeltaSlice(t, []float64{20, 40, 60}, []float64{curve.Data[0].Y, curve.Data[1].Y, curve.Data[2].Y}, 1e-9)
	})
	t.Run("panels", func(t *testing.T) {
		f := drawPlot(t, PlotSpec{X: "retry", Y: "latency", By: NameList{"loss"}, Statistic: "median"}, tab)
		require.True(t, f.Shared)
		require.Len(t, f.Panels, 2)
		require.Equal(t, "full", f.Panels[1].Title)
		require.Equal(t, figure.Axis{Label: "params.retry (s)", Log: true, Ticks: []figure.Tick{{At: 0.01, Label: "0.01"}, {At: 0.1, Label: "0.1"}, {At: 1, Label: "1"}}},
			f.Panels[0].X, "10ms, 100ms, 1s grow geometrically")
		require.Equal(t, "loss = 0.3", f.Panels[0].Layers[2].(figure.Line).Name)
	})
	t.Run("bars of a share", func(t *testing.T) {
		f := drawPlot(t, PlotSpec{X: "policy", Y: "answered", By: NameList{"loss"}, Where: at, Statistic: "share"}, tab)
		require.Equal(t, "share of runs with answered", f.Y.Label)
		bars := f.Layers[0].(figure.Bars)
		require.Equal(t, 0.75, bars.Data[0].Y)
		require.InDelta(t, 0.598, bars.Data[0].Low, 0.001) // Wilson's of 30 of 40
		require.InDelta(t, 0.858, bars.Data[0].High, 0.001)
	})
	t.Run("heat", func(t *testing.T) {
		f := drawPlot(t, PlotSpec{X: "loss", Y: "latency", By: NameList{"retry"}, Kind: "heat", Where: LevelSet{{"policy", "none"}}}, tab)
		require.Equal(t, []string{"10ms", "100ms", "1s"}, f.Y.Categories)
		require.Len(t, f.Layers[0].(figure.Heat).Cells, 9)
		require.Contains(t, f.Caption, "small: 95 % intervals")
		all := make([]Expectation, len(tab.Points))
		for i := range all {
			all[i] = Expectation{Point: i, Measure: "latency", Expected: 1}
		}
		f, err := PlotSpec{X: "loss", Y: "latency", By: NameList{"retry"}, Kind: "heat", Where: LevelSet{{"policy", "none"}}}.Figure(tab, all)
		require.NoError(t, err)
		require.Contains(t, f.Caption, "small (exp.): what is expected")
		require.NotContains(t, f.Caption, "interval")
	})
	t.Run("distributions", func(t *testing.T) {
		for _, kind := range []string{"cdf", "ccdf", "histogram", "box", "violin"} {
			t.Run(kind, func(t *testing.T) {
				p := PlotSpec{Y: "latency", By: NameList{"policy"}, Kind: kind, Where: at}
				if kind == "box" || kind == "violin" {
					p.X = "loss"
				} else {
					p.Where = append(p.Where, FactorLevel{"loss", "0.10"})
				}
				require.Len(t, drawPlot(t, p, tab).Layers, 2)
			})
		}
	})
	t.Run("points on a logarithmic axis", func(t *testing.T) {
		some := plotted()
		for i := range some.Rows {
			if some.Rows[i].Point < 6 {
				some.Rows[i].Values[1] = 0 // nobody is answered at the lowest loss
			}
		}
		f := drawPlot(t, PlotSpec{X: "loss", Y: "answered", Kind: "points", Log: "y", Where: LevelSet{{"policy", "none"}, {"retry", "1s"}}}, some)
		require.Len(t, f.Layers[0].(figure.Points).Data, 2)
		require.Contains(t, f.Caption, "it is 0 at network.loss=0.1 policy=none params.retry=1s, which a logarithmic axis does not show")
	})
}

// What a declaration gets wrong is said, before the runs too.
func TestPlotRefuses(t *testing.T) {
	tab := plotted()
	for name, c := range map[string]struct {
		p    PlotSpec
		want []string
	}{
		"names":     {PlotSpec{X: "los", Y: "latenzy", By: NameList{"polici"}, Where: LevelSet{{"retri", "1s"}}}, []string{`y: measure is "latenzy"`, "nearest is latency", `x: factor is "los"`, "nearest is loss", "nearest is policy", "nearest is retry"}},
		"level":     {PlotSpec{X: "loss", Y: "latency", Where: LevelSet{{"policy", "ful"}}}, []string{`where: level of policy is "ful", want one of none, full; nearest is full`}},
		"twice":     {PlotSpec{X: "loss", Y: "latency", By: NameList{"network.loss"}}, []string{"by is network.loss, which is x already"}},
		"kind":      {PlotSpec{X: "loss", Y: "latency", Kind: "line"}, []string{`kind is "line", want one of`, "nearest is lines"}},
		"statistic": {PlotSpec{X: "loss", Y: "latency", Statistic: "p101"}, []string{`statistic is "p101"`}},
		"log":       {PlotSpec{X: "loss", Y: "latency", Log: "z"}, []string{`log is "z", want none, x, y or xy`}},
		"no x":      {PlotSpec{Y: "latency", By: NameList{"policy"}}, []string{"x is missing, want one of network.loss, params.retry"}},
		"lines":     {PlotSpec{X: "policy", Y: "latency", Kind: "lines"}, []string{"the levels of policy are no numbers, want bars or points"}},
		"log names": {PlotSpec{X: "policy", Y: "latency", Log: "x"}, []string{"x has categories"}},
		"x of cdf":  {PlotSpec{X: "loss", Y: "latency", Kind: "cdf"}, []string{"a cdf has the measure there"}},
		"heat":      {PlotSpec{X: "loss", Y: "latency", Kind: "heat"}, []string{"by has 0 factors, want one"}},
		"panels":    {PlotSpec{Y: "latency", Kind: "cdf"}, []string{"want at most 6"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.p.Figure(tab, nil)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.EqualError(t, c.p.Check(tab.Factors, []string{"latency", "answered", "never"}), err.Error())
		})
	}
	_, err := PlotSpec{X: "loss", Y: "never", Where: LevelSet{{"policy", "none"}, {"retry", "1s"}}}.Figure(tab, nil)
	require.ErrorContains(t, err, "there is nothing to draw: no run has it at network.loss=0.1")
}

func TestPlotFileName(t *testing.T) {
	require.Equal(t, "mine", PlotSpec{Name: "mine", Y: "latency"}.FileName())
	require.Equal(t, "pings-per-round-loss-policy", PlotSpec{X: "network.loss", Y: "pings per round", By: NameList{"policy"}}.FileName())
	require.Equal(t, "p99-latency-ms-loss-box-policy-none", PlotSpec{X: "network.loss", Y: "latency (ms)", Kind: "box", Statistic: "p99", Where: LevelSet{{"policy", "none"}}}.FileName())
}

func TestGeometric(t *testing.T) {
	levels := func(values ...float64) (list []table.Level) {
		for _, v := range values {
			list = append(list, table.Level{Value: v})
		}
		return list
	}
	require.True(t, geometric(levels(1, 10, 100)))
	require.True(t, geometric(levels(10, 20, 50, 100)))
	require.False(t, geometric(levels(3, 5, 7, 9)))
	require.False(t, geometric(levels(0, 1, 10, 100)))
	require.False(t, geometric(levels(1, 1000)))
	require.False(t, geometric(levels(100, 10, 1)))
}

package figure

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// value is a number that figures are seldom tried with.
func value(r *rand.Rand) float64 {
	odd := []float64{0, 1, -1, math.NaN(), math.Inf(1), 1e-300, 1e300, 5e-324, math.MaxFloat64, 0.5}
	if r.IntN(8) == 0 {
		return odd[r.IntN(len(odd))]
	}
	return math.Exp(4 * r.NormFloat64())
}

func values(r *rand.Rand) (list []float64) {
	for range r.IntN(6) {
		list = append(list, value(r))
	}
	return list
}

// layer is any layer with any data.
func layer(r *rand.Rand) Layer {
	var estimates []Estimate
	var points []XY
	var samples []Sample
	var spans []Span
	for i := range r.IntN(5) {
		x := float64(i)
		if r.IntN(3) == 0 {
			x = value(r)
		}
		y := value(r)
		estimates, points = append(estimates, Estimate{x, y, y - 1, y + 1}), append(points, XY{x, y})
		samples, spans = append(samples, Sample{x, values(r)}), append(spans, Span{r.IntN(3), x, x + 1, State(r.IntN(7))})
	}
	name := []string{"a", "b", "", "a long name that takes much of the width of a figure, and more than that if it goes on and on as this one does"}[r.IntN(4)]
	layers := []Layer{Points{name, estimates}, Line{name, estimates}, Curve{name, "form", points, r.IntN(2) == 0}, Rule{"rule", value(r), r.IntN(2) == 0}, Steps{name, points},
		CDF{name, values(r), r.IntN(2) == 0, true}, Histogram{name, values(r), r.IntN(4)}, Bars{name, estimates}, Box{name, samples}, Violin{name, samples},
		Heat{Name: name, Cells: []Cell{{r.IntN(3), r.IntN(2), value(r), nil}}, Log: r.IntN(2) == 0}, Dots{name, points}, Rug{name, values(r)}, Lanes{Spans: spans},
		Bands{name, []Band{{value(r), value(r), "band"}}}, Notes{[]Note{{value(r), "note"}, {value(r), name}}}}
	return layers[r.IntN(len(layers))]
}

func axis(r *rand.Rand) Axis {
	a := Axis{Label: "x (ms)", Log: r.IntN(4) == 0}
	switch r.IntN(6) {
	case 0, 1:
		a = Axis{Categories: []string{"one", "two", "a category of a long name"}}
	case 2:
		a.Min, a.Max = value(r), value(r)
	}
	return a
}

// texts are texts, in which NaN may stand.
var texts = regexp.MustCompile(`(?s)<(desc|text|title)[^>]*>.*?</(desc|text|title)>`)

// Whatever it is given, a figure is drawn or says what is wrong, the same each time.
func TestAnyFigure(t *testing.T) {
	drawn := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 9))
		f := &Figure{Title: "any", Columns: r.IntN(3), Shared: r.IntN(2) == 0}
		for range 1 + r.IntN(3) {
			p := Panel{X: axis(r), Y: axis(r)}
			for range 1 + r.IntN(2) {
				p.Layers = append(p.Layers, layer(r))
			}
			f.Panels = append(f.Panels, p)
		}
		svg, err := f.SVG()
		again, second := f.SVG()
		require.Equal(t, err, second, "seed %d", seed)
		require.True(t, string(svg) == string(again), "seed %d", seed)
		for _, wrong := range []string{"NaN", "Inf"} {
			require.False(t, strings.Contains(texts.ReplaceAllString(string(svg), "<desc/>"), wrong), "seed %d: %s: %+v", seed, wrong, f.Panels)
		}
		require.NotEmpty(t, f.Alt())
		if err == nil {
			drawn++
		}
	}
	require.Greater(t, drawn, 150)
}

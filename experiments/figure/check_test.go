package figure

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// fine is a figure without faults.
func fine(layers ...Layer) *Figure {
	return &Figure{Title: "t", X: Axis{Label: "x"}, Y: Axis{Label: "y"}, Layers: layers}
}

func logarithmic(layers ...Layer) *Figure {
	f := fine(layers...)
	f.X.Log, f.Y.Log = true, true
	return f
}

func named(layers ...Layer) *Figure {
	f := fine(layers...)
	f.X.Categories = []string{"a", "b"}
	return f
}

// What cannot be drawn as it is meant is said, and nothing is left out in silence.
func TestRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := []Estimate{{1, 1, nan, nan}}
	for name, c := range map[string]struct {
		figure *Figure
		want   string
	}{
		"no title":               {&Figure{X: Axis{Label: "x"}, Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", one}}}, "title is empty"},
		"no layers":              {fine(), "it has no layers"},
		"no label of x":          {&Figure{Title: "t", Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", one}}}, "the horizontal axis has no label, want one with its unit"},
		"no label of y":          {&Figure{Title: "t", X: Axis{Label: "x"}, Layers: []Layer{Points{"p", one}}}, "the vertical axis has no label"},
		"both":                   {&Figure{Title: "t", Layers: []Layer{Points{"p", one}}, Panels: []Panel{{}}}, "1 layers beside 1 panels, want either"},
		"points without data":    {fine(Points{"p", nil}), `points "p": it has no data`},
		"line without data":      {fine(Line{"p", nil}), `line "p": it has no data`},
		"curve without data":     {fine(Curve{Form: "p"}), `curve "p": it has no data`},
		"steps without data":     {fine(Steps{"p", nil}), `steps "p": it has no data`},
		"dots without data":      {fine(Dots{"p", nil}), `dots "p": it has no data`},
		"rug without data":       {fine(Rug{"p", nil}), `rug "p": it has no data`},
		"cdf without data":       {fine(CDF{Name: "p"}), `distribution "p": it has no data`},
		"histogram without data": {fine(Histogram{Name: "p"}), `histogram "p": it has no data`},
		"box without data":       {fine(Box{"p", nil}), `box "p": it has no data`},
		"empty sample":           {fine(Violin{"p", []Sample{{1, nil}}}), "the sample at 1 has no data"},
		"bars without data":      {named(Bars{"p", nil}), `bars "p": it has no data`},
		"heat without data":      {fine(Heat{Name: "p"}), `heat map "p": an axis has no categories`},
		"lanes without names":    {fine(Lanes{}), "the vertical axis has no categories"},
		"x is NaN":               {fine(Points{"p", []Estimate{{nan, 1, nan, nan}}}), "x of point 0 is NaN, want a number"},
		"y is NaN":               {fine(Line{"p", []Estimate{{1, nan, nan, nan}}}), "y of point 0 is NaN, want a number"},
		"y is infinite":          {fine(Curve{Form: "p", Data: []XY{{1, inf}}}), "y of point 0 is +Inf, want a number"},
		"value is NaN":           {fine(CDF{Name: "p", Values: []float64{1, nan}}), "value 1 is NaN, want a number"},
		"field is NaN":           {&Figure{Title: "t", X: Axis{Categories: []string{"a"}}, Y: Axis{Categories: []string{"b"}}, Layers: []Layer{Heat{Cells: []Cell{{Value: nan}}}}}, "value of field 0 is NaN"},
		"field is elsewhere":     {&Figure{Title: "t", X: Axis{Categories: []string{"a"}}, Y: Axis{Categories: []string{"b"}}, Layers: []Layer{Heat{Cells: []Cell{{X: 1}}}}}, "x of field 0 is category 1, want one of 0 to 0"},
		"zero on a log axis":     {logarithmic(Points{"p", []Estimate{{1, 0, nan, nan}}}), "y of point 0 is 0, want more than 0 on a logarithmic axis"},
		"less on a log axis":     {logarithmic(Dots{"p", []XY{{-1, 1}}}), "x of point 0 is -1, want more than 0"},
		"values on a log axis":   {logarithmic(CDF{Name: "p", Values: []float64{0}}), "value 0 is 0, want more than 0"},
		"rule on a log axis":     {logarithmic(Points{"p", one}, Rule{Form: "r", At: 0}), `rule "r": it is 0, want more than 0`},
		"interval":               {fine(Points{"p", []Estimate{{1, 1, 2, 3}}}), "the interval of point 0 is [2, 3], want one that holds 1"},
		"half an interval":       {fine(Points{"p", []Estimate{{1, 1, nan, 3}}}), "want both ends or none"},
		"no such category":       {named(Bars{"p", []Estimate{{2, 1, 1, 1}}}), "x of point 0 is category 2, want one of 0 to 1"},
		"between categories":     {named(Points{"p", []Estimate{{0.5, 1, 1, 1}}}), "x of point 0 is category 0.5"},
		"bars of numbers":        {fine(Bars{"p", one}), "want them on one"},
		"line of categories":     {named(Line{"p", []Estimate{{0, 1, 1, 1}}}), "the horizontal axis has categories, want numbers"},
		"not from left to right": {fine(Steps{"p", []XY{{2, 1}, {1, 1}}}), "x of point 1 is 1, want at least 2"},
		"span":                   {&Figure{Title: "t", X: Axis{Label: "x"}, Y: Axis{Categories: []string{"n0"}}, Layers: []Layer{Lanes{Spans: []Span{{0, 2, 1, Up}}}}}, "span 0 is from 2 to 1"},
		"lane":                   {&Figure{Title: "t", X: Axis{Label: "x"}, Y: Axis{Categories: []string{"n0"}}, Layers: []Layer{Lanes{Spans: []Span{{1, 1, 2, Up}}}}}, "lane of span 0 is category 1"},
		"band":                   {fine(Bands{"b", []Band{{2, 1, ""}}}), "band 0 is from 2 to 1"},
		"range":                  {&Figure{Title: "t", X: Axis{Label: "x", Min: 2, Max: 1}, Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", one}}}, "the horizontal axis is from 2 to 1, want a range"},
		"range of a log axis":    {&Figure{Title: "t", X: Axis{Label: "x", Log: true, Max: 1}, Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", one}}}, "is logarithmic and begins at 0"},
		"categories and range":   {&Figure{Title: "t", X: Axis{Categories: []string{"a"}, Max: 1}, Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", []Estimate{{0, 1, 1, 1}}}}}, "has categories and a range"},
		"unlike panels":          {&Figure{Title: "t", Shared: true, Panels: []Panel{{X: Axis{Label: "x"}, Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", one}}}, {X: Axis{Label: "x", Log: true}, Y: Axis{Label: "y"}, Layers: []Layer{Points{"p", one}}}}}, "its panels share their ranges and differ"},
		"too large":              {fine(Points{"p", []Estimate{{1, 1e300, nan, nan}}}), "y of point 0 is 1e+300, want 0 or a size from 1e-100 to 1e+100"},
		"panel":                  {&Figure{Title: "t", Panels: []Panel{{Y: Axis{Label: "y"}, X: Axis{Label: "x"}, Layers: []Layer{Points{"p", one}}}, {}}}, "panel 2: it has no layers"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.figure.SVG()
			require.ErrorContains(t, err, c.want)
			_, png := c.figure.PNG()
			require.EqualError(t, png, err.Error())
		})
	}
}

// All that is wrong is said at once, though not a thousand values one by one.
func TestRefusedAtOnce(t *testing.T) {
	bad := make([]Estimate, 1000)
	for i := range bad {
		bad[i] = Estimate{float64(i), math.NaN(), 0, 0}
	}
	_, err := (&Figure{Layers: []Layer{Points{"many", bad}, Rug{"none", nil}}}).SVG()
	for _, want := range []string{"title is empty", "horizontal axis", "vertical axis", "y of point 2 is NaN", "and 997 more like these", `rug "none"`} {
		require.ErrorContains(t, err, want)
	}
	require.NotContains(t, err.Error(), "point 3 ")
}

func TestMoreSeriesThanCanBeToldApart(t *testing.T) {
	f := fine()
	for i := range mostSeries {
		f.Layers = append(f.Layers, Points{string(rune('a' + i)), []Estimate{{1, 1, 1, 1}}})
	}
	_, err := f.SVG()
	require.NoError(t, err)
	f.Layers = append(f.Layers, Points{"one more", []Estimate{{1, 1, 1, 1}}})
	_, err = f.SVG()
	require.ErrorContains(t, err, "it has 9 series, want at most 8")
}

// Intervals may reach to infinity, or below a logarithmic axis: they are drawn to the edge.
func TestOpenIntervals(t *testing.T) {
	_, err := fine(Points{"p", []Estimate{{1, 1, math.Inf(-1), math.Inf(1)}, {2, 3, 2, 4}}}).SVG()
	require.NoError(t, err)
	_, err = logarithmic(Line{"p", []Estimate{{1, 1, 0, 2}, {2, 3, -1, math.Inf(1)}}}).SVG()
	require.NoError(t, err)
}

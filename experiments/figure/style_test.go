package figure

import (
	"bytes"
	"encoding/xml"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// Any two series differ in glyph, in dashes, in the dashes of their closed forms and in hatching: each alone tells them
// apart without colour.
func TestSeriesAreToldApartWithoutColour(t *testing.T) {
	for i := range mostSeries {
		a := seriesStyle(i)
		for j := range i {
			b := seriesStyle(j)
			require.NotEqual(t, a.glyph, b.glyph, "%d and %d", i, j)
			require.NotEqual(t, a.dashes, b.dashes, "%d and %d", i, j)
			require.NotEqual(t, a.form, b.form, "%d and %d", i, j)
			require.NotEqual(t, a.hatch, b.hatch, "%d and %d", i, j)
			require.NotEqual(t, a.color, b.color, "%d and %d", i, j)
		}
	}
}

// simulated is a colour as it is seen without the cones for long, middle or short wavelengths (Viénot, Brettel and Mollon
// 1999 for the first two), or in grey, in linear RGB.
func simulated(c color.RGBA, how string) [3]float64 {
	lin := [3]float64{luminance(color.RGBA{R: c.R}) / 0.2126, luminance(color.RGBA{G: c.G}) / 0.7152, luminance(color.RGBA{B: c.B}) / 0.0722}
	switch how {
	case "protan":
		rg := 0.11238*lin[0] + 0.88762*lin[1]
		return [3]float64{rg, rg, 0.00401*lin[0] - 0.00401*lin[1] + lin[2]}
	case "deutan":
		rg := 0.29275*lin[0] + 0.70725*lin[1]
		return [3]float64{rg, rg, -0.02234*lin[0] + 0.02234*lin[1] + lin[2]}
	}
	return lin
}

// lab are the coordinates of a linear RGB colour in CIELAB, of illuminant D65.
func lab(c [3]float64) [3]float64 {
	f := func(v float64) float64 {
		if v > 216./24389 {
			return math.Cbrt(v)
		}
		return (24389./27*v + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// Any two colours of series differ for those who see red or green otherwise, by several times the 2.3 of CIELAB that are
// just seen (Mahy, Van Eycken and Oosterlinck 1994).
func TestColoursAreToldApartWithoutRedOrGreen(t *testing.T) {
	for _, how := range []string{"", "protan", "deutan"} {
		for i := range mostSeries - 1 {
			for j := range i {
				a, b := lab(simulated(seriesStyle(i).color, how)), lab(simulated(seriesStyle(j).color, how))
				square := 0.0
				for k := range a {
					square += (a[k] - b[k]) * (a[k] - b[k])
				}
				require.Greater(t, math.Sqrt(square), 5*2.3, "%s: %d and %d", how, i, j)
			}
		}
	}
}

// Text has a contrast of 4.5 to 1 at least, lines of 2 to 1.
func TestContrast(t *testing.T) {
	white := color.RGBA{0xff, 0xff, 0xff, 0xff}
	require.InDelta(t, 21, contrast(color.RGBA{A: 0xff}, white), 1e-9)
	require.GreaterOrEqual(t, contrast(black, white), 4.5)
	require.GreaterOrEqual(t, contrast(black, banded), 4.5)
	for part := lightest; part <= darkest; part += 0.01 {
		ground := tint(blue, part)
		require.GreaterOrEqual(t, contrast(inkOn(ground), ground), 4.5, "%v", part)
	}
	for i := range mostSeries {
		require.GreaterOrEqual(t, contrast(seriesStyle(i).color, white), 2., "%d", i)
	}
}

var typeSize = regexp.MustCompile(`font-size:([0-9.]+)px`)

// Reduced to a column of 8.5 cm, no type is smaller than 6 pt, but in fields of a heat map that are too narrow.
func TestTypeIsLegibleInAColumn(t *testing.T) {
	require.GreaterOrEqual(t, float64(smallSize*(8.5*vg.Centimeter)/width), 6.)
	for _, g := range gallery() {
		svg, err := g.figure.SVG()
		require.NoError(t, err)
		found := typeSize.FindAllSubmatch(svg, -1)
		require.NotEmpty(t, found)
		for _, size := range found {
			v, err := strconv.ParseFloat(string(size[1]), 64)
			require.NoError(t, err)
			require.GreaterOrEqual(t, v*8.5/14, 6., g.name)
		}
	}
}

// Everything is within the figure: no text begins or ends outside.
func TestNothingIsCutOff(t *testing.T) {
	for _, g := range gallery() {
		l, err := g.figure.lay()
		require.NoError(t, err)
		for _, row := range l.legend.rows {
			for _, e := range row {
				require.LessOrEqual(t, margin+e.left+e.wide, width, g.name)
			}
		}
		for i, c := range l.cells {
			require.GreaterOrEqual(t, c.left, margin-0.001, g.name)
			require.LessOrEqual(t, c.left+c.labels+c.wide, width, g.name)
			require.LessOrEqual(t, c.top+c.head+c.data+c.foot, l.height-margin+0.001, g.name)
			// The legend ends above the first panel: it never stands on data.
			legend := margin + vg.Length(len(l.title))*leading(bold(titleSize)) + 2 + l.legend.height()
			require.GreaterOrEqual(t, c.top, legend, "%s %d", g.name, i)
		}
	}
}

// An SVG is well-formed, and says what it shows.
func TestSVGIsWellFormed(t *testing.T) {
	f := attempts()
	f.Title, f.Caption = `less < more & "quoted"`, "a caption <b>"
	svg, err := f.SVG()
	require.NoError(t, err)
	d := xml.NewDecoder(bytes.NewReader(svg))
	var desc string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "desc" {
			require.NoError(t, d.DecodeElement(&desc, &e))
		}
	}
	require.Equal(t, f.Alt(), desc)
	require.True(t, strings.Contains(string(svg), `role="img"`))
}

// A PNG is 14 cm wide at 144 dots an inch, and has the same bytes twice.
func TestPNG(t *testing.T) {
	for _, name := range []string{"points", "timeline"} {
		for _, g := range gallery() {
			if g.name != name {
				continue
			}
			one, err := g.figure.PNG()
			require.NoError(t, err)
			two, err := g.figure.PNG()
			require.NoError(t, err)
			require.Equal(t, one, two)
			img, err := png.Decode(bytes.NewReader(one))
			require.NoError(t, err)
			require.Equal(t, 794, img.Bounds().Dx())
		}
	}
}

// Every text of an SVG says how long it is, so that it fits in any typeface.
func TestTextsFit(t *testing.T) {
	svg, err := manyLines().SVG()
	require.NoError(t, err)
	require.Equal(t, strings.Count(string(svg), "<text "), strings.Count(string(svg), ` textLength="`))
	require.Contains(t, fitted(`<text x="1" y="2" transform="scale(1, -1)" style="font-weight:bold;font-size:10px">a &amp; b</text>`),
		`textLength="`+strconv.FormatFloat(bold(10).Width("a & b").Points(), 'g', 5, 64)+`"`)
}

// The labels of an axis do not touch one another, whatever the range.
func TestLabelsDoNotTouch(t *testing.T) {
	figures := gallery()
	for _, most := range []float64{1e-5, 0.037, 0.9, 7, 123, 8765, 456_789, 1e7} {
		for _, log := range []bool{false, true} {
			f := fine(Points{"p", []Estimate{{most / 900, most / 900, most / 900, most}, {most, most, most, most}}})
			f.X.Log, f.Y.Log = log, log
			if !log && most > 100 {
				f.Layers = []Layer{Points{"p", []Estimate{{1e6, 1e6, 1e6, 1e6}, {1e6 + most/1e4, 1e6 + most/1e4, 1e6, 1e6 + most/1e4}}}}
			}
			f.Panels, f.Columns = []Panel{{X: f.X, Y: f.Y, Layers: f.Layers}, {X: f.X, Y: f.Y, Layers: f.Layers}}, 2
			f.Layers = nil
			figures = append(figures, figures[0])
			figures[len(figures)-1].figure = f
		}
	}
	small := typeface(smallSize)
	for _, g := range figures {
		l, err := g.figure.lay()
		require.NoError(t, err)
		for i, c := range l.cells {
			end, low := vg.Length(-1000), vg.Length(-1000)
			seen := map[string]bool{}
			x, y := l.panes[i].x, l.panes[i].y
			for k, tick := range c.xTicks {
				if tick.Label == "" || c.rotated {
					continue
				}
				for _, line := range c.xLines[k] {
					require.Greater(t, x.at(tick.At)-small.Width(line)/2, end, "%s: %s", g.figure.Title, line)
				}
				for _, line := range c.xLines[k] {
					end = max(end, x.at(tick.At)+small.Width(line)/2)
				}
			}
			y.from, y.to = 0, c.data
			for _, tick := range c.yTicks {
				if tick.Label != "" {
					require.False(t, seen[tick.Label], "%s: %s", g.figure.Title, tick.Label)
					seen[tick.Label] = true
					require.Greater(t, y.at(tick.At), low+small.Font.Size, "%s: %s", g.figure.Title, tick.Label)
					low = y.at(tick.At)
				}
			}
		}
	}
}

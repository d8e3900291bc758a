package figure

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Heat is a field for each pair of categories, shaded by its value and labelled, so that it reads without its shades. The
// first category of the vertical axis is at the bottom.
type Heat struct {
	Name  string // what is shaded, with its unit; empty: no entry in the legend
	Cells []Cell
	Log   bool // shades go by the logarithm

	Min, Max float64 // what is lightest and darkest; both 0: the least and the greatest value
}

// Cell is one field.
type Cell struct {
	X, Y  int // its categories
	Value float64
	Text  []string // its label, the first line bold if there are several; none: the value. Without it a value that is NaN is an error
}

const (
	lightest = 0.06
	darkest  = 1.0
)

// limits are what is lightest and darkest.
func (l Heat) limits() span {
	if l.Min != 0 || l.Max != 0 {
		return span{l.Min, l.Max, true}
	}
	var s span
	for _, c := range l.Cells {
		s.add(c.Value)
	}
	return s
}

// shade is the colour of a value.
func (l Heat) shade(v float64, s span) color.RGBA {
	if math.IsNaN(v) {
		return color.RGBA{0xff, 0xff, 0xff, 0xff}
	}
	part := (v - s.min) / (s.max - s.min)
	if l.Log {
		part = math.Log(v/s.min) / math.Log(s.max/s.min)
	}
	if math.IsNaN(part) { // all values are one
		part = 0
	}
	part = min(max(part, 0), 1)
	return tint(blue, lightest+part*(darkest-lightest))
}

// inkOn is the colour of text on a ground: the one of more contrast (WCAG 2.2, relative luminance).
func inkOn(ground color.RGBA) color.RGBA {
	white, ink := color.RGBA{0xff, 0xff, 0xff, 0xff}, color.RGBA{A: 0xff}
	if contrast(white, ground) > contrast(ink, ground) {
		return white
	}
	return ink
}

func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func (l Heat) extent(*extents) {}

func (l Heat) tall(p *pane) vg.Length {
	most := 1
	for _, c := range l.Cells {
		most = max(most, len(c.Text))
	}
	row := vg.Length(most)*leading(typeface(smallSize)) + 10
	return max(90, row*vg.Length(len(p.panel.Y.Categories)))
}

func (l Heat) keys(*Panel) []key {
	if l.Name == "" {
		return nil
	}
	s := l.limits()
	return []key{{text: fmt.Sprintf("%s: from %s (light) to %s (dark)", l.Name, threeDigits(s.min), threeDigits(s.max)), thumb: func(c *draw.Canvas, r vg.Rectangle, _ style) {
		const steps = 6
		r = inset(r)
		w := r.Size().X / steps
		for i := range steps {
			x := r.Min.X + vg.Length(i)*w
			c.SetColor(tint(blue, lightest+(darkest-lightest)*float64(i)/(steps-1)))
			c.Fill(vg.Rectangle{Min: vg.Point{X: x, Y: r.Min.Y}, Max: vg.Point{X: x + w, Y: r.Max.Y}}.Path())
		}
	}}}
}

func (l Heat) draw(p *pane) {
	s := l.limits()
	for _, c := range l.Cells {
		x, y := float64(c.X), float64(c.Y)
		box := p.box(p.at(x-0.5, y-0.5), p.at(x+0.5, y+0.5))
		ground := l.shade(c.Value, s)
		p.SetColor(ground)
		p.Fill(box.Path())
		p.SetLineStyle(draw.LineStyle{Color: color.White, Width: vg.Points(1.5)})
		p.Stroke(box.Path())
		label := c.Text
		if len(label) == 0 {
			label = []string{threeDigits(c.Value)}
		}
		l.write(p, box, inkOn(ground), label)
	}
}

// write writes the label of a field, in smaller type if it has no room.
func (l Heat) write(p *pane, box vg.Rectangle, ink color.RGBA, label []string) {
	x, y := (box.Min.X+box.Max.X)/2, (box.Min.Y+box.Max.Y)/2
	for i, line := range label {
		style := aligned(typeface(smallSize), text.XCenter, text.YCenter)
		if i == 0 && len(label) > 1 {
			style = aligned(bold(smallSize), text.XCenter, text.YCenter)
		}
		style.Color = ink
		for style.Width(line) > box.Size().X-3 && style.Font.Size > 5 {
			style.Font.Size -= 0.25
		}
		p.FillText(style, vg.Point{X: x, Y: y + leading(typeface(smallSize))*(vg.Length(len(label)-1)/2-vg.Length(i))}, line)
	}
}

// threeDigits writes a number with three significant digits.
func threeDigits(v float64) string {
	if a := math.Abs(v); a >= 999.5 && a < 1e6 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	return brief(r)
}

package figure

import (
	"fmt"
	"math"
	"strings"
)

// mostReported is how many values of a layer are complained of one by one.
const mostReported = 3

// complaints gathers what is wrong with a layer.
type complaints struct {
	layer string
	errs  []error
	more  int
}

func (c *complaints) add(format string, args ...any) {
	if len(c.errs) == mostReported {
		c.more++
		return
	}
	c.errs = append(c.errs, fmt.Errorf("%s: %w", c.layer, fmt.Errorf(format, args...)))
}

func (c *complaints) all() []error {
	if c.more > 0 {
		c.errs = append(c.errs, fmt.Errorf("%s: and %d more like these", c.layer, c.more))
	}
	return c.errs
}

// Sizes of what axes can show without their arithmetic overflowing.
const (
	leastShown = 1e-100
	mostShown  = 1e100
)

// coordinate complains of a value that an axis cannot show.
func (c *complaints) coordinate(what string, v float64, a Axis) {
	switch n := len(a.Categories); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		c.add("%s is %g, want a number", what, v)
	case v != 0 && (math.Abs(v) < leastShown || math.Abs(v) > mostShown):
		c.add("%s is %g, want 0 or a size from %g to %g", what, v, leastShown, mostShown)
	case n > 0 && (v != math.Trunc(v) || v < 0 || v >= float64(n)):
		c.add("%s is category %g, want one of 0 to %d", what, v, n-1)
	case a.Log && v <= 0:
		c.add("%s is %g, want more than 0 on a logarithmic axis", what, v)
	}
}

// estimates complains of measured points.
func (c *complaints) estimates(data []Estimate, x, y Axis) []error {
	if len(data) == 0 {
		c.add("it has no data")
	}
	for i, e := range data {
		c.coordinate(fmt.Sprintf("x of point %d", i), e.X, x)
		c.coordinate(fmt.Sprintf("y of point %d", i), e.Y, y)
		switch {
		case math.IsNaN(e.Low) && math.IsNaN(e.High):
		case math.IsNaN(e.Low) || math.IsNaN(e.High):
			c.add("the interval of point %d is [%g, %g], want both ends or none", i, e.Low, e.High)
		case e.Low > e.Y || e.High < e.Y:
			c.add("the interval of point %d is [%g, %g], want one that holds %g", i, e.Low, e.High, e.Y)
		}
	}
	return c.all()
}

func (c *complaints) points(data []XY, x, y Axis) []error {
	if len(data) == 0 {
		c.add("it has no data")
	}
	for i, e := range data {
		c.coordinate(fmt.Sprintf("x of point %d", i), e.X, x)
		c.coordinate(fmt.Sprintf("y of point %d", i), e.Y, y)
	}
	return c.all()
}

// ascending complains of points that do not go from left to right.
func (c *complaints) ascending(x func(int) float64, n int) {
	for i := 1; i < n; i++ {
		if x(i) < x(i-1) {
			c.add("x of point %d is %g, want at least %g, that of the point before", i, x(i), x(i-1))
		}
	}
}

func (c *complaints) values(values []float64, a Axis) []error {
	if len(values) == 0 {
		c.add("it has no data")
	}
	for i, v := range values {
		c.coordinate(fmt.Sprintf("value %d", i), v, a)
	}
	return c.all()
}

func (c *complaints) samples(data []Sample, x, y Axis) []error {
	if len(data) == 0 {
		c.add("it has no data")
	}
	for _, s := range data {
		c.coordinate("x of a sample", s.X, x)
		if len(s.Values) == 0 {
			c.add("the sample at %g has no data", s.X)
		}
		for i, v := range s.Values {
			c.coordinate(fmt.Sprintf("value %d at %g", i, s.X), v, y)
		}
	}
	return c.all()
}

func about(kind, name string) *complaints {
	return &complaints{layer: fmt.Sprintf("%s %q", kind, name)}
}

func (l Points) check(p *Panel) []error { return about("points", l.Name).estimates(l.Data, p.X, p.Y) }

func (l Line) check(p *Panel) []error {
	c := about("line", l.Name)
	c.ascending(func(i int) float64 { return l.Data[i].X }, len(l.Data))
	if len(p.X.Categories) > 0 {
		c.add("the horizontal axis has categories, want numbers")
	}
	return c.estimates(l.Data, p.X, p.Y)
}

func (l Curve) check(p *Panel) []error {
	if len(p.X.Categories) > 0 && len(p.Y.Categories) > 0 { // a border between fields
		return about("curve", l.Name+l.Form).points(l.Data, Axis{}, Axis{})
	}
	return about("curve", l.Name+l.Form).points(l.Data, p.X, p.Y)
}

func (l Rule) check(p *Panel) []error {
	c := about("rule", l.Form)
	a := p.Y
	if l.Vertical {
		a = p.X
	}
	c.coordinate("it", l.At, Axis{Log: a.Log})
	return c.all()
}

func (l Dots) check(p *Panel) []error { return about("dots", l.Name).points(l.Data, p.X, p.Y) }

func (l Rug) check(p *Panel) []error { return about("rug", l.Name).values(l.At, p.X) }

func (l Steps) check(p *Panel) []error {
	c := about("steps", l.Name)
	c.ascending(func(i int) float64 { return l.Data[i].X }, len(l.Data))
	return c.points(l.Data, p.X, p.Y)
}

func (l CDF) check(p *Panel) []error { return about("distribution", l.Name).values(l.Values, p.X) }

func (l Histogram) check(p *Panel) []error {
	c := about("histogram", l.Name)
	if l.Bins < 0 || l.Bins > 1000 {
		c.add("it has %d bins, want 0 to 1000", l.Bins)
	}
	return c.values(l.Values, p.X)
}

func (l Bars) check(p *Panel) []error {
	c := about("bars", l.Name)
	switch x, y := len(p.X.Categories) > 0, len(p.Y.Categories) > 0; {
	case x == y:
		c.add("categories are on both axes or on none, want them on one")
		return c.all()
	case y:
		return c.estimates(l.Data, p.Y, p.X)
	}
	return c.estimates(l.Data, p.X, p.Y)
}

func (l Box) check(p *Panel) []error { return about("box", l.Name).samples(l.Data, p.X, p.Y) }

func (l Violin) check(p *Panel) []error { return about("violin", l.Name).samples(l.Data, p.X, p.Y) }

func (l Heat) check(p *Panel) []error {
	c := about("heat map", l.Name)
	if len(p.X.Categories) == 0 || len(p.Y.Categories) == 0 {
		c.add("an axis has no categories, want them on both")
	}
	if len(l.Cells) == 0 {
		c.add("it has no data")
	}
	if l.Min > l.Max || l.Log && l.Max != 0 && l.Min <= 0 {
		c.add("shades are from %g to %g, want a range", l.Min, l.Max)
	}
	for i, cell := range l.Cells {
		c.coordinate(fmt.Sprintf("x of field %d", i), float64(cell.X), p.X)
		c.coordinate(fmt.Sprintf("y of field %d", i), float64(cell.Y), p.Y)
		switch v := cell.Value; {
		case math.IsNaN(v) && len(cell.Text) > 0:
		default:
			c.coordinate(fmt.Sprintf("value of field %d", i), v, Axis{Log: l.Log})
		}
	}
	return c.all()
}

func (l Lanes) check(p *Panel) []error {
	c := about("lanes", strings.Join(p.Y.Categories, ", "))
	if len(p.Y.Categories) == 0 {
		c.add("the vertical axis has no categories, want the lanes' names")
		return c.all()
	}
	if len(l.Spans) == 0 {
		c.add("it has no data")
	}
	for i, s := range l.Spans {
		c.coordinate(fmt.Sprintf("lane of span %d", i), float64(s.Lane), p.Y)
		c.coordinate(fmt.Sprintf("begin of span %d", i), s.From, p.X)
		c.coordinate(fmt.Sprintf("end of span %d", i), s.To, p.X)
		if s.From > s.To {
			c.add("span %d is from %g to %g, want an end after its begin", i, s.From, s.To)
		}
		if s.State > Outage {
			c.add("state of span %d is %d, want at most %d", i, s.State, Outage)
		}
	}
	return c.all()
}

func (l Bands) check(p *Panel) []error {
	c := about("bands", l.Name)
	for i, b := range l.Spans {
		c.coordinate(fmt.Sprintf("begin of band %d", i), b.From, Axis{})
		if math.IsNaN(b.To) || b.To < b.From {
			c.add("band %d is from %g to %g, want an end after its begin", i, b.From, b.To)
		}
	}
	return c.all()
}

func (l Notes) check(p *Panel) []error {
	c := about("notes", "")
	for i, n := range l.Marks {
		c.coordinate(fmt.Sprintf("note %d", i), n.At, Axis{Log: p.X.Log})
	}
	return c.all()
}

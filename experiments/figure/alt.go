package figure

import (
	"fmt"
	"slices"
	"strings"
)

// Alt says in words what is to be seen: axes, series, and where they begin, end and turn.
func (f *Figure) Alt() string {
	var b strings.Builder
	b.WriteString(f.Title + ".")
	for i := range f.panels() {
		p := &f.panels()[i]
		if p.Title != "" {
			b.WriteString(" " + p.Title + ":")
		}
		b.WriteString(p.alt())
	}
	if f.Caption != "" {
		b.WriteString(" " + strings.ReplaceAll(f.Caption, "\n", " ") + ".")
	}
	return b.String()
}

func (p *Panel) alt() string {
	var b strings.Builder
	for _, a := range []struct {
		name string
		axis Axis
	}{{"Across", p.X}, {"Up", p.Y}} {
		switch {
		case len(a.axis.Categories) > 0:
			names := a.axis.Categories
			if len(names) > 12 {
				names = append(slices.Clone(names[:11]), fmt.Sprintf("%d more", len(names)-11))
			}
			fmt.Fprintf(&b, " %s: %s.", a.name, strings.ReplaceAll(strings.Trim(a.axis.Label+" "+strings.Join(names, ", "), " "), "\n", " "))
		case a.axis.Label != "":
			scale := ""
			if a.axis.Log {
				scale = ", logarithmic"
			}
			fmt.Fprintf(&b, " %s: %s%s.", a.name, a.axis.Label, scale)
		}
	}
	for _, layer := range p.Layers {
		if words := layer.words(p); words != "" {
			b.WriteString(" " + words + ".")
		}
	}
	return b.String()
}

// name of a value on an axis.
func (a Axis) name(v float64) string {
	if i := int(v); len(a.Categories) > 0 && i >= 0 && i < len(a.Categories) {
		return strings.ReplaceAll(a.Categories[i], "\n", " ")
	}
	return threeDigits(v)
}

// called begins what is said of a series; the only one may have no name.
func called(name string) string {
	if name == "" {
		return ""
	}
	return name + ": "
}

// course says where points begin, end and turn.
func course(p *Panel, name string, n int, at func(int) XY) string {
	if n == 0 {
		return called(name) + "nothing"
	}
	tell := func(e XY) string { return p.Y.name(e.Y) + " at " + p.X.name(e.X) }
	if n <= 4 {
		var list []string
		for i := range n {
			list = append(list, tell(at(i)))
		}
		return called(name) + strings.Join(list, ", ")
	}
	least, most := 0, 0
	for i := range n {
		if at(i).Y < at(least).Y {
			least = i
		}
		if at(i).Y > at(most).Y {
			most = i
		}
	}
	text := fmt.Sprintf("%sfrom %s to %s", called(name), tell(at(0)), tell(at(n-1)))
	if inner := func(i int) bool { return at(i).Y != at(0).Y && at(i).Y != at(n-1).Y }; inner(most) {
		text += ", highest " + tell(at(most))
	} else if inner(least) {
		text += ", lowest " + tell(at(least))
	}
	return text
}

func courseOf(p *Panel, name string, data []Estimate) string {
	return course(p, name, len(data), func(i int) XY { return XY{data[i].X, data[i].Y} })
}

func courseOfXY(p *Panel, name string, data []XY) string {
	return course(p, name, len(data), func(i int) XY { return data[i] })
}

func (l Points) words(p *Panel) string { return courseOf(p, l.Name, l.Data) }

func (l Line) words(p *Panel) string { return courseOf(p, l.Name, l.Data) }

func (l Curve) words(p *Panel) string {
	return courseOfXY(p, strings.Trim(l.Name+", "+l.Form, ", "), l.Data)
}

func (l Rule) words(p *Panel) string {
	if l.Vertical {
		return l.Form + " across at " + p.X.name(l.At)
	}
	return l.Form + " at " + p.Y.name(l.At)
}

func (l Dots) words(p *Panel) string {
	var x, y span
	for _, e := range l.Data {
		x.add(e.X)
		y.add(e.Y)
	}
	return fmt.Sprintf("%s%d points, from %s to %s", called(l.Name), len(l.Data), p.Y.name(y.min), p.Y.name(y.max))
}

func (l Rug) words(p *Panel) string {
	var x span
	for _, v := range l.At {
		x.add(v)
	}
	return fmt.Sprintf("%s%d, from %s to %s", called(l.Name), len(l.At), p.X.name(x.min), p.X.name(x.max))
}

func (l Steps) words(p *Panel) string { return courseOfXY(p, l.Name, l.Data) }

// spread says where values lie.
func spread(name string, values []float64, a Axis) string {
	if len(values) == 0 {
		return called(name) + "nothing"
	}
	v := sorted(values)
	if len(v) < 5 {
		return fmt.Sprintf("%s%d values, median %s", called(name), len(v), a.name(quantile(v, 0.5)))
	}
	return fmt.Sprintf("%s%d values, median %s, 90th percentile %s, highest %s", called(name), len(v), a.name(quantile(v, 0.5)), a.name(quantile(v, 0.9)), a.name(v[len(v)-1]))
}

func (l CDF) words(p *Panel) string { return spread(l.Name, l.Values, p.X) }

func (l Histogram) words(p *Panel) string { return spread(l.Name, l.Values, p.X) }

func (l Bars) words(p *Panel) string {
	x, y := p.X, p.Y
	if l.lying(p) {
		x, y = y, x
	}
	var list []string
	for _, e := range l.Data {
		list = append(list, x.name(e.X)+" "+y.name(e.Y))
	}
	return called(l.Name) + strings.Join(list, ", ")
}

func spreads(p *Panel, name string, data []Sample) string {
	var list []string
	for _, s := range data {
		list = append(list, spread(strings.Trim(name+" at "+p.X.name(s.X), " "), s.Values, p.Y))
	}
	return strings.Join(list, "; ")
}

func (l Box) words(p *Panel) string { return spreads(p, l.Name, l.Data) }

func (l Violin) words(p *Panel) string { return spreads(p, l.Name, l.Data) }

func (l Heat) words(p *Panel) string {
	var list []string
	for _, c := range l.Cells {
		text := strings.Join(c.Text, " ")
		if text == "" {
			text = threeDigits(c.Value)
		}
		list = append(list, fmt.Sprintf("%s, %s: %s", p.X.name(float64(c.X)), p.Y.name(float64(c.Y)), text))
	}
	return strings.Trim(l.Name+" "+strings.Join(list, "; "), " ")
}

func (l Lanes) words(p *Panel) string {
	var list []string
	for state := Paused; state <= Outage; state++ {
		n := 0
		for _, s := range l.Spans {
			if s.State == state {
				n++
			}
		}
		if n > 0 {
			list = append(list, fmt.Sprintf("%s %d times", state.name(l.Role), n))
		}
	}
	return strings.Join(list, ", ")
}

func (l Bands) words(p *Panel) string {
	var list []string
	for _, b := range l.Spans {
		list = append(list, fmt.Sprintf("%s from %s to %s", strings.Trim(l.Name+" "+b.Label, " "), p.X.name(b.From), p.X.name(b.To)))
	}
	return strings.Join(list, ", ")
}

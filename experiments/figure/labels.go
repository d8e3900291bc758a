package figure

import (
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// xLabels chooses the marks of the horizontal axis so that their labels do not touch: of numbers fewer, of categories on
// several lines or slanted.
func (c *cell) xLabels(p *pane) {
	small := typeface(smallSize)
	for n := max(2, int(c.wide/45)); ; n-- {
		c.xTicks = p.x.ticks(p.panel.X, n)
		if p.x.category || len(p.panel.X.Ticks) > 0 || n <= 2 || apart(small, p.x, c.xTicks) {
			break
		}
	}
	if len(p.panel.X.Ticks) > 0 {
		c.xTicks = spaced(small, p.x, c.xTicks)
	}
	c.xLines, c.rotated = nil, false
	room := c.wide
	if p.x.category {
		room = c.wide / vg.Length(len(p.panel.X.Categories)) * 0.96
	}
	for _, t := range c.xTicks {
		lines := wrap(small, t.Label, room)
		broken := slices.ContainsFunc(lines, func(s string) bool { return !slices.Contains(splitWords(t.Label), s) && len(splitWords(s)) == 1 })
		c.rotated = c.rotated || len(lines) > 3 || broken
		c.xLines = append(c.xLines, lines)
	}
	if c.rotated {
		for i, t := range c.xTicks {
			c.xLines[i] = []string{shortened(t.Label)}
		}
	}
}

// slant is the angle of labels that have no room side by side.
const slant = 0.6

// xHeight is how high the labels of the horizontal axis are.
func (c *cell) xHeight() vg.Length {
	small := typeface(smallSize)
	most := vg.Length(0)
	for _, lines := range c.xLines {
		h := vg.Length(len(lines)) * leading(small)
		if c.rotated {
			h = leading(small) + 0.57*small.Width(lines[0])
		}
		most = max(most, h)
	}
	return most
}

// spaced leaves out labels that would touch the one before.
func spaced(s text.Style, x scale, ticks []Tick) []Tick {
	var kept []Tick
	for _, t := range ticks {
		if !apart(s, x, append(slices.Clone(kept), t)) {
			t.Label = ""
		}
		kept = append(kept, t)
	}
	return kept
}

// apart reports whether no label touches the next.
func apart(s text.Style, x scale, ticks []Tick) bool {
	end := x.from - 1000
	for _, t := range ticks {
		if t.Label == "" {
			continue
		}
		half := s.Width(t.Label) / 2
		if at := x.at(t.At); at-half < end+6 {
			return false
		} else {
			end = at + half
		}
	}
	return true
}

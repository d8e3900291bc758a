package figure

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Distances.
const (
	margin   vg.Length = 6
	gap      vg.Length = 8
	tickSize vg.Length = 4
)

// layout is a figure with everything in its place.
type layout struct {
	figure  *Figure
	title   []string
	caption []string
	legend  legend
	panes   []*pane
	cells   []cell
	height  vg.Length
}

// cell is what surrounds a panel: from the top its title, its data, the labels of its horizontal axis.
type cell struct {
	left, top    vg.Length // where it begins; top counts from the figure's top
	head         vg.Length // of the panel's title
	labels       vg.Length // width of what stands left of the data
	data         vg.Length // height of the data
	wide         vg.Length // width of the data
	foot         vg.Length // height of what stands below the data
	showX, showY bool
	xTicks       []Tick
	yTicks       []Tick
	xLines       [][]string
	rotated      bool
}

// lay places everything, or says what is wrong with the figure.
func (f *Figure) lay() (*layout, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	l := &layout{figure: f}
	inner := width - 2*margin
	l.title = wrap(bold(titleSize), f.Title, inner)
	l.caption = wrap(typeface(smallSize), f.Caption, inner)
	looks := &look{}
	for i := range f.panels() {
		l.panes = append(l.panes, newPane(&f.panels()[i], looks))
	}
	l.scales()
	l.legend = newLegend(l.panes, looks, inner)
	top := margin + vg.Length(len(l.title))*leading(bold(titleSize)) + 2 + l.legend.height() + 4
	top = l.placePanels(top)
	if f.Caption != "" {
		top += 4 + vg.Length(len(l.caption))*leading(typeface(smallSize))
	}
	l.height = top + margin
	return l, nil
}

// newPane gives the series of a panel their styles, and their places at categories.
func newPane(p *Panel, looks *look) *pane {
	out := &pane{panel: p, look: looks}
	for _, layer := range p.Layers {
		for _, k := range layer.keys(p) {
			looks.add(k.series, k.form)
		}
		if s, ok := layer.(beside); ok && !slices.Contains(out.slots, s.slotName()) {
			out.slots = append(out.slots, s.slotName())
		}
		if d, ok := layer.(downward); ok && d.downward(p) {
			out.down = true
		}
	}
	return out
}

// beside is implemented by layers whose series stand side by side at a category.
type beside interface{ slotName() string }

// downward is implemented by layers that want the first category of the vertical axis at the top.
type downward interface{ downward(p *Panel) bool }

// tall is implemented by layers that say how high their panel is.
type tall interface {
	tall(p *pane) vg.Length
}

// scales gives every panel its ranges, all the same if they are shared.
func (l *layout) scales() {
	all := make([]extents, len(l.panes))
	for i, p := range l.panes {
		all[i] = extents{logX: p.panel.X.Log, logY: p.panel.Y.Log}
		for _, layer := range p.panel.Layers {
			layer.extent(&all[i])
		}
	}
	l.share(all, func(e *extents) *span { return &e.x })
	for i, p := range l.panes {
		p.x = newScale(p.panel.X, all[i].x, all[i].wishX)
		for _, layer := range p.panel.Layers {
			if b, ok := layer.(binned); ok {
				for _, y := range b.heights(p) {
					all[i].y.addPositive(y, all[i].logY)
				}
			}
		}
	}
	l.share(all, func(e *extents) *span { return &e.y })
	for i, p := range l.panes {
		p.y = newScale(p.panel.Y, all[i].y, all[i].wishY|rooted)
	}
}

// share makes a range of all panels the same, if the figure wants that.
func (l *layout) share(all []extents, of func(*extents) *span) {
	if !l.figure.Shared {
		return
	}
	var joined span
	for i := range all {
		joined.join(*of(&all[i]))
	}
	for i := range all {
		*of(&all[i]) = joined
	}
}

// binned is implemented by layers whose heights depend on the range of the horizontal axis.
type binned interface{ heights(p *pane) []float64 }

// placePanels places the panels in rows from the top, and returns where they end.
func (l *layout) placePanels(top vg.Length) vg.Length {
	columns := max(l.figure.Columns, 1)
	l.cells = make([]cell, len(l.panes))
	labels := make([]vg.Length, columns)
	for i, p := range l.panes {
		c := &l.cells[i]
		c.showY = !l.figure.Shared || i%columns == 0
		c.showX = !l.figure.Shared || i+columns >= len(l.panes)
		p.x.from, p.x.to = 0, width*3/4/vg.Length(columns)
		c.data = dataHeight(p, columns)
		c.yTicks = p.y.ticks(p.panel.Y, max(2, int(c.data/30)))
		labels[i%columns] = max(labels[i%columns], l.labelWidth(p, c))
	}
	wide := width - 2*margin - vg.Length(columns-1)*gap - 8
	for _, w := range labels {
		wide -= w
	}
	wide /= vg.Length(columns)
	for row := 0; row < len(l.panes); row += columns {
		left, end := margin, top
		for i := row; i < min(row+columns, len(l.panes)); i++ {
			c := &l.cells[i]
			c.left, c.top, c.labels, c.wide = left, top, labels[i-row], wide
			l.size(l.panes[i], c, columns)
			left += c.labels + wide + gap
			end = max(end, top+c.head+c.data+c.foot)
		}
		top = end + gap/2
	}
	return top - gap/2
}

// labelWidth is how much stands left of a panel's data.
func (l *layout) labelWidth(p *pane, c *cell) vg.Length {
	if !c.showY {
		return gap / 2
	}
	small := typeface(smallSize)
	widest := vg.Length(0)
	for _, t := range c.yTicks {
		for _, line := range wrap(small, t.Label, width/3) {
			widest = max(widest, small.Width(line))
		}
	}
	widest += tickSize + 3
	if lines := c.yLabel(p); len(lines) > 0 {
		widest += vg.Length(len(lines))*leading(typeface(labelSize)) + 2
	}
	return widest
}

// yLabel is the label of the vertical axis, in lines as long as the panel is high.
func (c *cell) yLabel(p *pane) []string {
	if p.panel.Y.Label == "" {
		return nil
	}
	return wrap(typeface(labelSize), p.panel.Y.Label, c.data+c.head+10)
}

// dataHeight is how high a panel's data are.
func dataHeight(p *pane, columns int) vg.Length {
	for _, layer := range p.panel.Layers {
		if t, ok := layer.(tall); ok {
			if h := t.tall(p); h > 0 {
				return h
			}
		}
	}
	return [...]vg.Length{215, 165}[min(columns-1, 1)]
}

// size says how high a panel is, and what stands below it.
func (l *layout) size(p *pane, c *cell, columns int) {
	if p.panel.Title != "" {
		c.head = vg.Length(len(wrap(bold(smallSize), p.panel.Title, c.wide)))*leading(bold(smallSize)) + 2
	}
	p.x.from, p.x.to = 0, c.wide
	c.data = dataHeight(p, columns)
	c.xLabels(p)
	c.yTicks = p.y.ticks(p.panel.Y, max(2, int(c.data/30)))
	c.foot = 2
	if c.showX {
		c.foot = tickSize + 3 + c.xHeight()
		if p.panel.X.Label != "" {
			lines := len(wrap(typeface(labelSize), p.panel.X.Label, c.wide+c.labels))
			c.foot += vg.Length(lines)*leading(typeface(labelSize)) + 1
		}
	}
}

// draw draws the whole figure.
func (l *layout) draw(c draw.Canvas) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	y := l.height - margin
	y = lines(c, aligned(bold(titleSize), text.XLeft, text.YTop), margin, y, l.title)
	l.legend.draw(c, margin, y-2)
	for i, p := range l.panes {
		l.cells[i].draw(c, l.height, p)
	}
	if l.figure.Caption != "" {
		bottom := margin + vg.Length(len(l.caption))*leading(typeface(smallSize))
		lines(c, aligned(typeface(smallSize), text.XLeft, text.YTop), margin, bottom, l.caption)
	}
}

// lines writes lines of text from y down, and returns where they end.
func lines(c draw.Canvas, s text.Style, x, y vg.Length, txt []string) vg.Length {
	for _, line := range txt {
		if line != "" {
			c.FillText(s, vg.Point{X: x, Y: y}, line)
		}
		y -= leading(s)
	}
	return y
}

package figure

import (
	"math"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws a panel in its cell of a figure of some height.
func (c *cell) draw(whole draw.Canvas, height vg.Length, p *pane) {
	left, top := c.left+c.labels, height-c.top-c.head
	p.Canvas = draw.Canvas{Canvas: whole.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: left, Y: top - c.data}, Max: vg.Point{X: left + c.wide, Y: top}}}
	p.x.from, p.x.to = p.Min.X, p.Max.X
	p.y.from, p.y.to = p.Min.Y, p.Max.Y
	if p.down {
		p.y.from, p.y.to = p.y.to, p.y.from
	}
	p.makeRoom()
	if p.panel.Title != "" {
		style := aligned(bold(smallSize), text.XLeft, text.YTop)
		lines(whole, style, left, height-c.top, wrap(style, p.panel.Title, c.wide))
	}
	c.grid(p)
	for _, layer := range p.panel.Layers {
		layer.draw(p)
	}
	c.frame(p)
	if c.showX {
		c.drawX(p)
	}
	if c.showY {
		c.drawY(p)
	}
}

// roomy is implemented by layers that stand above the data.
type roomy interface{ room(p *pane) vg.Length }

// makeRoom keeps the top of the panel for layers that stand above the data.
func (p *pane) makeRoom() {
	for _, layer := range p.panel.Layers {
		r, ok := layer.(roomy)
		switch {
		case !ok:
		case p.down:
			p.y.from -= r.room(p)
		default:
			p.y.to -= r.room(p)
		}
	}
}

// grid draws faint lines at the labels.
func (c *cell) grid(p *pane) {
	line := draw.LineStyle{Color: faint, Width: vg.Points(0.6)}
	for _, t := range c.xTicks {
		if at := p.x.at(t.At); t.Label != "" && !p.x.category {
			p.StrokeLine2(line, at, p.Min.Y, at, p.Max.Y)
		}
	}
	for _, t := range c.yTicks {
		if at := p.y.at(t.At); t.Label != "" && !p.y.category {
			p.StrokeLine2(line, p.Min.X, at, p.Max.X, at)
		}
	}
}

// frame draws the two axes and their marks.
func (c *cell) frame(p *pane) {
	line := draw.LineStyle{Color: black, Width: vg.Points(0.8)}
	p.StrokeLine2(line, p.Min.X, p.Min.Y, p.Max.X, p.Min.Y)
	p.StrokeLine2(line, p.Min.X, p.Min.Y, p.Min.X, p.Max.Y)
	mark := func(t Tick) vg.Length {
		if t.Label == "" {
			return tickSize / 2
		}
		return tickSize
	}
	for _, t := range c.xTicks {
		if at := p.x.at(t.At); !p.x.category {
			p.StrokeLine2(line, at, p.Min.Y, at, p.Min.Y-mark(t))
		}
	}
	for _, t := range c.yTicks {
		if at := p.y.at(t.At); !p.y.category {
			p.StrokeLine2(line, p.Min.X, at, p.Min.X-mark(t), at)
		}
	}
}

// drawX writes the labels of the horizontal axis.
func (c *cell) drawX(p *pane) {
	style := aligned(typeface(smallSize), text.XCenter, text.YTop)
	top := p.Min.Y - tickSize - 2
	for i, t := range c.xTicks {
		at := p.x.at(t.At)
		if c.rotated {
			s := aligned(typeface(smallSize), text.XRight, text.YTop)
			s.Rotation = slant
			p.FillText(s, vg.Point{X: at + 4, Y: top}, c.xLines[i][0])
			continue
		}
		y := top
		for _, line := range c.xLines[i] {
			x := min(at, p.Max.X+8-style.Width(line)/2)
			if line != "" {
				p.FillText(style, vg.Point{X: x, Y: y}, line)
			}
			y -= leading(style)
		}
	}
	if p.panel.X.Label == "" {
		return
	}
	label := aligned(typeface(labelSize), text.XCenter, text.YTop)
	txt := wrap(label, p.panel.X.Label, c.wide+c.labels)
	y := top - c.xHeight()
	for _, line := range txt {
		half := label.Width(line) / 2
		x := max(min(p.Center().X, p.Max.X+6-half), c.left+half)
		p.FillText(label, vg.Point{X: x, Y: y}, line)
		y -= leading(label)
	}
}

// drawY writes the labels of the vertical axis.
func (c *cell) drawY(p *pane) {
	style := aligned(typeface(smallSize), text.XRight, text.YCenter)
	for _, t := range c.yTicks {
		txt := wrap(style, t.Label, width/3)
		y := p.y.at(t.At) + leading(style)*vg.Length(len(txt)-1)/2
		for _, line := range txt {
			if line != "" {
				p.FillText(style, vg.Point{X: p.Min.X - tickSize - 2, Y: y}, line)
			}
			y -= leading(style)
		}
	}
	if p.panel.Y.Label == "" {
		return
	}
	label := aligned(typeface(labelSize), text.XCenter, text.YTop)
	label.Rotation = math.Pi / 2
	x := c.left
	for _, line := range c.yLabel(p) {
		half := typeface(labelSize).Width(line) / 2
		y := min(max(p.Center().Y, p.Min.Y-c.foot+half), p.Max.Y+c.head-half)
		p.FillText(label, vg.Point{X: x, Y: y}, line)
		x += leading(typeface(labelSize))
	}
}

func splitWords(s string) []string { return strings.Fields(s) }

// shortened cuts a name that is too long to be slanted.
func shortened(s string) string {
	const most = 24
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

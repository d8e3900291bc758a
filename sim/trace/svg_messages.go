package trace

import (
	"fmt"
	"strconv"

	"lightcone/sim"
)

// drawMarks highlights what is pointed out, beneath everything else.
func (p *picture) drawMarks() {
	for i := range p.arrows {
		if a := &p.arrows[i]; a.mark >= 0 {
			from, to := p.ends(a)
			p.path("glow", from, to)
		}
	}
	for i := range p.glyphs {
		g := &p.glyphs[i]
		if g.mark < 0 {
			continue
		}
		at := p.at(g.row, g.x)
		p.circle("ring", at, 9)
		p.badge(point{at.x + 10, at.y - 13}, g.mark)
	}
}

// badge writes the number of a mark.
func (p *picture) badge(c point, mark int) {
	if !p.free(c.x-5, c.y-5, 10, 10) {
		c.y += 26
	}
	p.take(c.x-7, c.y-7, 14, 14)
	p.lettering = append(p.lettering, func() {
		p.circle("badge", c, 7)
		p.text("badgetext", point{c.x, c.y + 3.2}, strconv.Itoa(mark+1))
	})
}

// ends returns where an arrow begins and ends. One that dies at once, or whose end is not seen, is drawn a little to
// the right.
func (p *picture) ends(a *arrow) (from, to point) {
	from, to = p.at(a.from, a.x0), p.at(a.to, a.x1)
	if a.from == a.to {
		return from, to
	}
	way := to.y - from.y
	from.y += mul(a.start, way)
	if a.end < 0 || a.lost {
		if to.x-from.x < 12 && to.x-from.x > -12 {
			to.x = from.x + 12
		}
		reach := mul(max(a.stop-a.start, 0), way)
		if a.end < 0 {
			reach = min(max(reach, -p.gap/2), p.gap/2)
		}
		to.y = from.y + reach
	}
	return from, to
}

func (p *picture) drawArrows() {
	for i := range p.arrows {
		a := &p.arrows[i]
		p.open("message", p.tooltip(a))
		from, to := p.ends(a)
		switch {
		case a.end < 0:
			p.path("open", from, to)
			p.lettering = append(p.lettering, func() { p.fit("small halo", "?", 10, p.width, point{to.x + 2, to.y + 4}) })
		case a.from == a.to:
			p.loop(a, from, to)
		case a.lost:
			p.lostArrow(a, from, to)
		default:
			p.delivered(a, from, to)
		}
		p.close()
		if a.mark >= 0 && a.from != a.to {
			p.badge(from.toward(to, 0.5), a.mark)
		}
		p.labelArrow(a, from, to)
	}
}

func (p *picture) tooltip(a *arrow) string {
	t := p.sel.trace
	if a.end < 0 {
		return t.minute(a.send)
	}
	s := t.minute(a.end) + p.sel.aside(a.end)
	if a.like > 0 {
		s += p.sel.aside(a.send)
	}
	return s
}

// delivered draws an arrow: solid; dashed with two heads for a duplicate; in zigzag if the message was altered; with a
// clock if it came late.
func (p *picture) delivered(a *arrow, from, to point) {
	d, length := from.direction(to)
	tip := from.along(d, max(length-4, 0), 0)
	line, head := "msg", "head"
	switch {
	case a.altered:
		p.zigzag(from, d, length-10)
		line, head = "alt", "althead"
		p.path(line, from.along(d, max(length-10, 0), 0), tip)
	case a.duplicate:
		p.path("dup", from, tip)
	default:
		p.path(line, from, tip)
	}
	p.head(head, tip, d)
	if a.duplicate {
		p.head(head, tip.along(d, -7, 0), d)
	}
	if a.late {
		p.clock(from.along(d, max(length-22, 8), 0))
	}
}

// head draws an arrow's head with its tip at p.
func (p *picture) head(class string, tip, d point) {
	p.polygon(class, tip, tip.along(d, -8, 3.4), tip.along(d, -8, -3.4))
}

func (p *picture) zigzag(from, d point, length float64) {
	points := []point{from}
	side := 3.5
	for s := 5.0; s < length; s += 5 {
		points = append(points, from.along(d, s, side))
		side = -side
	}
	p.path("alt", append(points, from.along(d, max(length, 0), 0))...)
}

// clock is the sign of a message that came too late.
func (p *picture) clock(c point) {
	p.take(c.x-6, c.y-6, 12, 12)
	p.circle("clock", c, 5.5)
	p.path("hand", point{c.x, c.y - 3.5}, c, point{c.x + 2.6, c.y + 1.4})
}

// lostArrow draws how far a message got, and a cross where it died.
func (p *picture) lostArrow(a *arrow, from, to point) {
	line := "lost"
	if a.duplicate {
		line = "lost dash"
	}
	p.path(line, from, to)
	p.path("cross", point{to.x - 4, to.y - 4}, point{to.x + 4, to.y + 4})
	p.path("cross", point{to.x - 4, to.y + 4}, point{to.x + 4, to.y - 4})
	p.take(to.x-4, to.y-4, 8, 8)
	tag := p.event(a.end).Cause.String()
	p.causes = append(p.causes, func() {
		w := widthOf(tag, 10)
		var places []point
		for _, dy := range [...]float64{4, 16, -8, 28, -20} {
			for _, x := range [...]float64{to.x + 7, to.x - w - 7, to.x - w/2} {
				if dy != 4 || x != to.x-w/2 {
					places = append(places, point{x, to.y + dy})
				}
			}
		}
		p.fit("losttext halo", tag, 10, p.width, places...)
	})
}

// loop draws a message to oneself.
func (p *picture) loop(a *arrow, from, to point) {
	class := "msg"
	if a.lost {
		class = "lost"
	}
	p.put(`<path class="`, class, `" d="M`, px(from.x), " ", px(from.y), "C", px(from.x-8), " ", px(from.y-24), " ", px(to.x+14), " ",
		px(to.y-24), " ", px(to.x+3), " ", px(to.y-4), "\"/>\n")
	p.head("head", point{to.x + 2, to.y - 3}, point{-0.5, 0.866})
}

// labelArrow writes a message's text along its arrow, or beside one that is steep, where there is room.
func (p *picture) labelArrow(a *arrow, from, to point) {
	text := shorten(a.label, 26)
	if a.like > 0 {
		text = fmt.Sprintf("×%d %s", a.like+1, text)
	}
	if a.from == a.to {
		return
	}
	p.lettering = append(p.lettering, func() {
		d, length := from.direction(to)
		if d.x < 0 {
			d = point{-d.x, -d.y}
		}
		class := "small halo"
		if d.x > 0.55 {
			p.labelAlong(class, text, from, to, d, length)
			return
		}
		var places []point
		for _, f := range [...]float64{0.5, 0.36, 0.64, 0.24, 0.76} {
			q := from.toward(to, f)
			places = append(places, point{q.x + 5, q.y + 3}, point{q.x - widthOf(text, 10) - 5, q.y + 3})
		}
		p.fit(class, text, 10, p.width, places...)
	})
}

func (p *picture) labelAlong(class, text string, from, to, d point, length float64) {
	if widthOf(text, 10) > length-14 {
		if text = shorten(text, int((length-14)/5.6)); len(text) < 4 {
			return
		}
	}
	for _, f := range [...]float64{0.5, 0.38, 0.62, 0.28, 0.72} {
		if p.fitAlong(class, text, 10, from.toward(to, f).along(d, 0, -4), d) {
			return
		}
	}
}

// drawHooks draws timers: from the lane where one was set, along it, and back with a head where it fired or a bar where
// it was stopped.
func (p *picture) drawHooks() {
	for i := range p.hooks {
		h := &p.hooks[i]
		from, to := p.at(h.row, h.x0), p.at(h.row, h.x1)
		rise := min(11, p.gap/3.5)
		p.open("timer", p.sel.trace.minute(h.timeout))
		if to.x-from.x < 6 {
			from.x = to.x - 6
		}
		p.hookLine(from, to, rise)
		if h.fired {
			p.polygon("hookhead", point{to.x, to.y - 3}, point{to.x - 2.8, to.y - 8}, point{to.x + 2.8, to.y - 8})
		} else {
			p.path("hook", point{to.x - 4, to.y - 5}, point{to.x + 4, to.y - 5})
		}
		p.close()
		if h.fired && h.label != "" {
			text := shorten(h.label, 16)
			w := widthOf(text, 10)
			p.lettering = append(p.lettering, func() {
				p.fit("timertext halo", text, 10, p.width, point{to.x - w - 4, to.y - rise - 2}, point{to.x + 4, to.y - rise + 2})
			})
		}
	}
}

// hookLine draws the line of a timer; the middle of a long one is dotted.
func (p *picture) hookLine(from, to point, rise float64) {
	const near = 40
	top := from.y - rise
	if to.x-from.x <= 3*near {
		p.put(`<path class="hook" d="M`, px(from.x), " ", px(from.y-2), "V", px(top+3), "q0 -3 3 -3H", px(to.x-3), "q3 0 3 3V", px(to.y-5), "\"/>\n")
		return
	}
	p.put(`<path class="hook" d="M`, px(from.x), " ", px(from.y-2), "V", px(top+3), "q0 -3 3 -3H", px(from.x+near), "\"/>\n")
	p.path("far", point{from.x + near, top}, point{to.x - near, top})
	p.put(`<path class="hook" d="M`, px(to.x-near), " ", px(top), "H", px(to.x-3), "q3 0 3 3V", px(to.y-5), "\"/>\n")
}

// drawLabels writes all labels, the rarer the earlier: there may not be room for all.
func (p *picture) drawLabels() {
	for _, write := range p.causes {
		write()
	}
	for i := range p.glyphs {
		if k := p.event(p.glyphs[i].event).Kind; k.Fault() {
			p.labelGlyph(&p.glyphs[i], "faulttext halo")
		}
	}
	for _, write := range p.lettering {
		write()
	}
	for i := range p.glyphs {
		switch p.event(p.glyphs[i].event).Kind {
		case sim.Note:
			p.labelGlyph(&p.glyphs[i], "notetext halo")
		case sim.Persist:
			p.labelGlyph(&p.glyphs[i], "small halo")
		}
	}
}

package trace

import (
	"cmp"
	"slices"
	"strconv"
)

// drawBands draws partitions: what was cut, from when to when, and who was on which side.
func (p *picture) drawBands() {
	for n := range p.bands {
		b := &p.bands[n]
		p.open("partition", p.sel.trace.Sentence(b.event))
		var edge, back []point
		overhang := p.gap / 3
		for row := range p.lanes {
			y := p.laneY(row)
			x0, x1 := p.x(b.x0[row]), max(p.x(b.x1[row]), p.x(b.x0[row])+3)
			if row == 0 {
				edge, back = append(edge, point{x0, y - overhang}), append(back, point{x1, y - overhang})
			}
			edge, back = append(edge, point{x0, y}), append(back, point{x1, y})
			if row == len(p.lanes)-1 {
				edge, back = append(edge, point{x0, y + overhang}), append(back, point{x1, y + overhang})
			}
		}
		slices.Reverse(back)
		p.polygon("band", append(edge, back...)...)
		p.close()
		for row, side := range b.side {
			if side != "" {
				c := point{p.x(b.x0[row]) + 8, p.laneY(row) - 10}
				p.lettering = append(p.lettering, func() {
					p.take(c.x-6, c.y-6, 12, 12)
					p.circle("chip", c, 6)
					p.text("chiptext", point{c.x, c.y + 3.2}, side)
				})
			}
		}
		p.labelBand(n, b)
	}
}

func (p *picture) labelBand(n int, b *band) {
	if len(p.lanes) == 0 {
		return
	}
	x, y := p.x(b.x0[0]), p.top-p.gap/3-4
	label := shorten(b.label, 64)
	p.lettering = append(p.lettering, func() {
		var places []point
		for _, dy := range [...]float64{0, 14, 28} {
			places = append(places, point{x + 2, y - dy}, point{max(p.width-8-widthOf(label, 10), 0), y - dy})
		}
		p.fit("small halo", label, 10, p.width, places...)
	})
}

// drawLanes draws the nodes: up, down, paused, and their roles.
func (p *picture) drawLanes() {
	for row, id := range p.lanes {
		y := p.laneY(row)
		p.take(0, y-4, p.width, 8)
		p.text("name end", point{p.left - 12, y + 4}, shorten(p.sel.trace.Header.Lane(id), 30))
		at := 0.0
		for _, s := range p.gaps(row) {
			if s.x0 > at {
				p.path("lane", p.at(row, at), p.at(row, s.x0))
			}
			at = max(at, s.x1)
		}
		if at < 1 {
			p.path("lane", p.at(row, at), p.at(row, 1))
		}
	}
	for i := range p.spans {
		p.drawSpan(&p.spans[i])
	}
}

// gaps returns the spans of a lane in which its node does not run, in order.
func (p *picture) gaps(row int) []span {
	var gaps []span
	for _, s := range p.spans {
		if s.row == row && s.state != spanRole {
			gaps = append(gaps, s)
		}
	}
	slices.SortStableFunc(gaps, func(a, b span) int { return cmp.Compare(a.x0, b.x0) })
	return gaps
}

func (p *picture) drawSpan(s *span) {
	from, to := p.at(s.row, s.x0), p.at(s.row, s.x1)
	switch s.state {
	case spanDown:
		p.open("crash", p.sel.trace.Sentence(s.from))
		p.rect("down", point{from.x, from.y - 8}, max(to.x-from.x, 4), 16)
		p.take(from.x, from.y-8, max(to.x-from.x, 4), 16)
		if s.disk {
			p.disk(point{from.x + max(min((to.x-from.x)/2, 24), 12), from.y})
		}
		p.close()
	case spanPaused:
		p.open("pause", p.sel.trace.Sentence(s.from))
		p.path("dots", from, to)
		p.close()
	case spanRole:
		p.drawRole(s, from, to)
	}
}

// drawRole draws a thick lane with the role's letter, and its words where there is room.
func (p *picture) drawRole(s *span, from, to point) {
	p.open("role", p.sel.trace.Sentence(s.from))
	class := "role" + strconv.Itoa(p.roleOf(p.event(s.from).Role)%5)
	at := s.x0
	for _, g := range p.gaps(s.row) { // while the node does not run its lane shows that instead
		if g.x1 <= at || g.x0 >= s.x1 {
			continue
		}
		if g.x0 > at {
			p.path(class, p.at(s.row, at), p.at(s.row, g.x0))
		}
		at = g.x1
	}
	if at < s.x1 {
		p.path(class, p.at(s.row, at), to)
	}
	p.close()
	p.lettering = append(p.lettering, func() {
		c := point{from.x + 9, from.y + 13}
		if s.letter != "" {
			if !p.free(c.x-6, c.y-6, 12, 12) {
				c.y = from.y - 13
			}
			p.take(c.x-7, c.y-7, 14, 14)
			p.circle("letter", c, 7)
			p.text("lettertext", point{c.x, c.y + 3.6}, s.letter)
		}
		if widthOf(s.label, 10) < to.x-from.x-10 {
			p.fit("small halo", s.label, 10, p.width, point{c.x + 10, c.y + 4})
		}
	})
}

// disk is the sign of durable state.
func (p *picture) disk(c point) {
	p.put(`<path class="disk" d="M`, px(c.x-5), " ", px(c.y-4), "v8a5 2 0 0 0 10 0v-8", "\"/>\n")
	p.put(`<ellipse class="disk" cx="`, px(c.x), `" cy="`, px(c.y-4), `" rx="5" ry="2"/>`, "\n")
}

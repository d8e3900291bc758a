package trace

import "lightcone/sim"

// drawGlyphs draws the signs of events on their lanes.
func (p *picture) drawGlyphs() {
	for i := range p.glyphs {
		g := &p.glyphs[i]
		e := p.event(g.event)
		if e.Kind == sim.TimerSet || e.Kind == sim.TimerStopped || e.Kind == sim.BadgeSet {
			continue // a hook or a thick lane shows it
		}
		at := p.at(g.row, g.x)
		p.open("event", p.sel.trace.minute(g.event))
		p.sign(e.Kind, at)
		p.close()
	}
}

// sign draws the sign of a kind of event.
func (p *picture) sign(k sim.Kind, at point) {
	switch k {
	case sim.Init:
		p.circle("start", at, 4)
	case sim.Deliver:
		p.circle("recv", at, 3.2)
	case sim.Timeout:
		p.circle("fire", at, 3.2)
	case sim.Send:
		p.circle("sent", at, 2)
	case sim.Note:
		p.polygon("note", point{at.x, at.y - 4.5}, point{at.x + 4.5, at.y}, point{at.x, at.y + 4.5}, point{at.x - 4.5, at.y})
	case sim.Persist:
		p.rect("write", point{at.x - 3.5, at.y - 3.5}, 7, 7)
	case sim.Durable:
		p.disk(at)
	case sim.WriteLost:
		p.disk(point{at.x + 7, at.y + 13})
		p.path("cross", point{at.x + 2, at.y + 18}, point{at.x + 12, at.y + 8})
	case sim.Crashed:
		p.path("burst", point{at.x - 5, at.y - 5}, point{at.x + 5, at.y + 5})
		p.path("burst", point{at.x - 5, at.y + 5}, point{at.x + 5, at.y - 5})
	case sim.Recovered:
		p.polygon("rise", point{at.x, at.y - 7}, point{at.x + 6, at.y + 4}, point{at.x - 6, at.y + 4})
	case sim.Paused:
		p.path("bar", point{at.x - 2.5, at.y - 6}, point{at.x - 2.5, at.y + 6})
		p.path("bar", point{at.x + 2.5, at.y - 6}, point{at.x + 2.5, at.y + 6})
	case sim.Resumed:
		p.polygon("recv", point{at.x - 4, at.y - 6}, point{at.x + 5, at.y}, point{at.x - 4, at.y + 6})
	case sim.WallStepped:
		p.path("stair", point{at.x - 7, at.y + 5}, point{at.x, at.y + 5}, point{at.x, at.y - 5}, point{at.x + 7, at.y - 5})
	case sim.Custom:
		p.polygon("custom", point{at.x - 5, at.y - 6}, point{at.x + 5, at.y - 6}, point{at.x, at.y + 4})
	}
}

// labelGlyph writes the text of an event below its sign or above, where there is room.
func (p *picture) labelGlyph(g *glyph, class string) {
	if g.label == "" {
		return
	}
	at := p.at(g.row, g.x)
	text := shorten(g.label, 28)
	w := widthOf(text, 10)
	p.fit(class, text, 10, p.width, point{at.x + 3, at.y + 19}, point{at.x - w, at.y + 19}, point{at.x + 3, at.y - 14}, point{at.x - w, at.y - 14},
		point{at.x + 3, at.y + 31}, point{at.x + 3, at.y - 25})
}

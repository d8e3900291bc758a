package trace

import (
	"strconv"

	"lightcone/sim"
)

// legendItem is a sign and what it means.
type legendItem struct {
	draw func(p *picture, at point) // about 28 pixels wide, from at
	says string
}

// footLine is a line under the picture: items of the legend, or words.
type footLine struct {
	items []legendItem
	words string
	mark  int // the number of the mark that the words are the caption of, -1 for none
}

const footStep = 20

// footLines collects what stands under the picture: the captions of marks, the legend of what occurs, and what is not
// drawn.
func (p *picture) footLines() []footLine {
	var lines []footLine
	for n, m := range p.o.Marks {
		if p.sel.pointed(m) {
			lines = append(lines, footLine{words: m.Caption, mark: n})
		}
	}
	if !p.o.NoLegend {
		line, x := footLine{mark: -1}, 16.0
		for _, item := range p.legend() {
			w := 54 + widthOf(item.says, 11)
			if x+w > p.width-8 && len(line.items) > 0 {
				lines = append(lines, line)
				line, x = footLine{mark: -1}, 16
			}
			line.items = append(line.items, item)
			x += w
		}
		if len(line.items) > 0 {
			lines = append(lines, line)
		}
	}
	for _, n := range p.notes {
		lines = append(lines, footLine{words: n, mark: -1})
	}
	return lines
}

func (p *picture) footHeight() float64 { return mul(footStep, float64(len(p.foot))) + 12 }

func (p *picture) drawFoot() {
	y := p.axisY() + 56
	p.put(`<g class="legend">`, "\n")
	for _, line := range p.foot {
		x := 16.0
		switch {
		case line.mark >= 0:
			p.circle("badge", point{x + 8, y - 4}, 7)
			p.text("badgetext", point{x + 8, y - 0.8}, strconv.Itoa(line.mark+1))
			p.text("caption", point{x + 22, y}, line.words)
		case line.words != "":
			p.text("sub", point{x, y}, line.words)
		}
		for _, item := range line.items {
			item.draw(p, point{x, y - 4})
			p.text("caption", point{x + 34, y}, item.says)
			x += 54 + widthOf(item.says, 11)
		}
		y += footStep
	}
	p.close()
}

// legend returns the signs that occur.
func (p *picture) legend() []legendItem {
	var items []legendItem
	add := func(occurs bool, says string, draw func(*picture, point)) {
		if occurs {
			items = append(items, legendItem{draw, says})
		}
	}
	right := func(at point) point { return point{at.x + 28, at.y} }
	p.legendArrows(add, right)
	timers, stopped := false, false
	for i := range p.hooks {
		timers = timers || p.hooks[i].fired
		stopped = stopped || !p.hooks[i].fired
	}
	hook := func(p *picture, at point) {
		p.put(`<path class="hook" d="M`, px(at.x+2), " ", px(at.y+6), "v-8q0 -3 3 -3h15q3 0 3 3v4", "\"/>\n")
	}
	add(timers, "timer, set and fired", func(p *picture, at point) {
		hook(p, at)
		p.polygon("hookhead", point{at.x + 23, at.y + 6}, point{at.x + 20, at.y}, point{at.x + 26, at.y})
	})
	add(stopped, "timer, set and stopped", func(p *picture, at point) {
		hook(p, at)
		p.path("hook", point{at.x + 19, at.y + 1}, point{at.x + 27, at.y + 1})
	})
	p.legendStates(add, right)
	p.legendSigns(add)
	return items
}

type addItem = func(occurs bool, says string, draw func(*picture, point))

func (p *picture) legendArrows(add addItem, right func(point) point) {
	var plain, duplicate, late, altered, lost, open bool
	for i := range p.arrows {
		a := &p.arrows[i]
		lost = lost || a.lost
		open = open || a.end < 0
		if !a.lost && a.end >= 0 {
			duplicate, late, altered = duplicate || a.duplicate, late || a.late, altered || a.altered
			plain = plain || !a.duplicate && !a.altered
		}
	}
	sample := func(a arrow) func(*picture, point) {
		return func(p *picture, at point) { p.delivered(&a, at, right(at)) }
	}
	add(plain, "message", sample(arrow{}))
	add(lost, "lost where the cross is, and why", func(p *picture, at point) {
		end := point{at.x + 20, at.y}
		p.path("lost", at, end)
		p.path("cross", point{end.x - 4, end.y - 4}, point{end.x + 4, end.y + 4})
		p.path("cross", point{end.x - 4, end.y + 4}, point{end.x + 4, end.y - 4})
	})
	add(duplicate, "duplicate", sample(arrow{duplicate: true}))
	add(late, "late: after the timer set for it", sample(arrow{late: true}))
	add(altered, "altered, or a lie", sample(arrow{altered: true}))
	add(open, "sent; its end is not seen", func(p *picture, at point) {
		p.path("open", at, point{at.x + 20, at.y})
		p.text("small", point{at.x + 22, at.y + 4}, "?")
	})
}

func (p *picture) legendStates(add addItem, right func(point) point) {
	var down, disk, pausing bool
	for i := range p.spans {
		s := &p.spans[i]
		down = down || s.state == spanDown
		disk = disk || s.disk
		pausing = pausing || s.state == spanPaused
	}
	add(down, "down: volatile state is lost", func(p *picture, at point) { p.rect("down", point{at.x, at.y - 7}, 28, 14) })
	add(disk, "what was written survives", func(p *picture, at point) {
		p.rect("down", point{at.x, at.y - 7}, 28, 14)
		p.disk(point{at.x + 14, at.y})
	})
	add(pausing, "paused", func(p *picture, at point) { p.path("dots", at, right(at)) })
	add(len(p.bands) > 0, "partition, sides A and B", func(p *picture, at point) {
		p.polygon("band", point{at.x, at.y - 7}, point{at.x + 28, at.y - 7}, point{at.x + 28, at.y + 7}, point{at.x, at.y + 7})
	})
	for n, role := range p.roles {
		if n < 5 {
			add(true, brief(role), func(p *picture, at point) {
				p.path("role"+strconv.Itoa(n), at, right(at))
				p.circle("letter", point{at.x + 14, at.y}, 7)
				p.text("lettertext", point{at.x + 14, at.y + 3.6}, letterOf(role))
			})
		}
	}
}

// signWords say what the signs on lanes mean.
var signWords = [...]string{
	sim.Init: "start", sim.Note: "note", sim.Persist: "write issued", sim.Durable: "write durable", sim.WriteLost: "write lost or torn",
	sim.Crashed: "crash", sim.Recovered: "recovery", sim.Paused: "pause", sim.Resumed: "resumes", sim.WallStepped: "wall clock stepped", sim.Custom: "another fault",
}

func (p *picture) legendSigns(add addItem) {
	var occurs [len(signWords)]bool
	for i := range p.glyphs {
		if k := p.event(p.glyphs[i].event).Kind; int(k) < len(occurs) {
			occurs[k] = true
		}
	}
	for k, says := range signWords {
		add(occurs[k] && says != "", says, func(p *picture, at point) {
			c := point{at.x + 14, at.y}
			if sim.Kind(k) == sim.WriteLost {
				c = point{at.x + 7, at.y - 13}
			}
			p.sign(sim.Kind(k), c)
		})
	}
}

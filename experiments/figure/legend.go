package figure

import (
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// thumbWidth is how wide the sample of an entry of a legend is.
const thumbWidth vg.Length = 26

// legend is rows of entries.
type legend struct {
	look *look
	rows [][]entry
}

// entry is a text with samples of what it names.
type entry struct {
	text  []string
	left  vg.Length
	wide  vg.Length
	keys  []key
	words string
}

// newLegend gathers the entries of all panels, in rows of at most a width.
func newLegend(panes []*pane, looks *look, most vg.Length) legend {
	var entries []entry
	for _, p := range panes {
		for _, layer := range p.panel.Layers {
			for _, k := range layer.keys(p.panel) {
				if k.text == "" {
					continue
				}
				i := slices.IndexFunc(entries, func(e entry) bool { return e.words == k.text })
				if i < 0 {
					entries = append(entries, newEntry(k.text, most))
					i = len(entries) - 1
				}
				entries[i].keys = append(entries[i].keys, k)
			}
		}
	}
	general := func(e entry) int { // what belongs to no series comes last
		if e.keys[0].form != "" {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return general(a) - general(b) })
	l := legend{look: looks}
	x := most
	for _, e := range entries {
		if x+e.wide > most {
			l.rows = append(l.rows, nil)
			x = 0
		}
		e.left = x
		x += e.wide + 2*gap
		l.rows[len(l.rows)-1] = append(l.rows[len(l.rows)-1], e)
	}
	return l
}

func newEntry(words string, most vg.Length) entry {
	style := typeface(smallSize)
	e := entry{words: words, text: wrap(style, words, most-thumbWidth-4)}
	for _, line := range e.text {
		e.wide = max(e.wide, thumbWidth+4+style.Width(line))
	}
	return e
}

func (l *legend) rowHeight(row []entry) vg.Length {
	n := 1
	for _, e := range row {
		n = max(n, len(e.text))
	}
	return vg.Length(n) * (leading(typeface(smallSize)) + 1)
}

func (l *legend) height() vg.Length {
	h := vg.Length(0)
	for _, row := range l.rows {
		h += l.rowHeight(row)
	}
	if h > 0 {
		h += 4
	}
	return h
}

// draw draws the legend from y down.
func (l *legend) draw(c draw.Canvas, left, y vg.Length) {
	style := aligned(typeface(smallSize), text.XLeft, text.YTop)
	y -= 2
	for _, row := range l.rows {
		for _, e := range row {
			x := left + e.left
			box := vg.Rectangle{Min: vg.Point{X: x, Y: y - leading(style) + 0.5}, Max: vg.Point{X: x + thumbWidth, Y: y}}
			for _, k := range e.keys {
				k.thumb(&c, box, l.look.style(k.series, k.form))
			}
			lines(c, style, x+thumbWidth+4, y, e.text)
		}
		y -= l.rowHeight(row)
	}
}

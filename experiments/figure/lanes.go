package figure

import (
	"cmp"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Lanes is what became of nodes over time: a lane for each category of the vertical axis, the first on top.
type Lanes struct {
	Spans []Span
	Role  string // of those who lead; empty: leader. Its first letter stands in their spans
}

// Span is a state of a lane for a time.
type Span struct {
	Lane     int
	From, To float64
	State    State
}

// State is how a lane is.
type State uint8

// States. Those of one lane may lie on one another: the later in this order on top.
const (
	Up      State = iota // a thin line
	Paused               // a dotted band
	Serving              // a filled bar: the service works
	Leading              // a bar with a letter
	Down                 // a hatched gap
	Outage               // a cross-hatched bar: the service does not work
)

func (s State) name(role string) string {
	if s == Leading && role != "" {
		return role
	}
	return [...]string{"up", "paused", "service up", "leader", "down", "outage"}[s]
}

const laneHeight vg.Length = 21

func (l Lanes) downward(*Panel) bool { return true }

func (l Lanes) tall(p *pane) vg.Length {
	room := vg.Length(0)
	for _, layer := range p.panel.Layers {
		if r, ok := layer.(roomy); ok {
			room += r.room(p)
		}
	}
	return max(2, vg.Length(len(p.panel.Y.Categories)))*laneHeight + room
}

func (l Lanes) extent(r *extents) {
	for _, s := range l.Spans {
		r.x.add(s.From)
		r.x.add(s.To)
	}
	r.wishX |= flush
}

func (l Lanes) keys(*Panel) []key {
	var keys []key
	for state := Up; state <= Outage; state++ {
		if slices.ContainsFunc(l.Spans, func(s Span) bool { return s.State == state }) {
			keys = append(keys, key{text: state.name(l.Role), thumb: func(c *draw.Canvas, r vg.Rectangle, _ style) {
				x0, x1, y := middle(r)
				l.drawState(c, state, x0+2, x1-2, y)
			}})
		}
	}
	return keys
}

func (l Lanes) draw(p *pane) {
	for state := Up; state <= Outage; state++ {
		for _, s := range l.Spans {
			if s.State != state {
				continue
			}
			from, to := max(p.x.at(s.From), p.Min.X), min(p.x.at(s.To), p.Max.X)
			if s.To < p.x.min || s.From > p.x.max {
				continue
			}
			l.drawState(&p.Canvas, state, from, max(to, from+1.5), p.y.at(float64(s.Lane)))
		}
	}
}

// drawState draws a state from one place to another at a height.
func (l Lanes) drawState(c *draw.Canvas, state State, from, to, y vg.Length) {
	bar := func(half vg.Length) vg.Rectangle {
		return vg.Rectangle{Min: vg.Point{X: from, Y: y - half}, Max: vg.Point{X: to, Y: y + half}}
	}
	switch state {
	case Up:
		c.StrokeLine2(draw.LineStyle{Color: black, Width: vg.Points(1.6)}, from, y, to, y)
	case Paused:
		c.SetColor(tint(orange, 0.15))
		c.Fill(bar(3).Path())
		c.StrokeLine2(draw.LineStyle{Color: black, Width: vg.Points(3), Dashes: dash(1, 2)}, from, y, to, y)
	case Serving:
		fillHatched(c, bar(4), green, plain)
	case Leading:
		fillHatched(c, bar(6), blue, tinted)
		l.letter(c, from, to, y)
	case Down:
		fillHatched(c, bar(4), grey, rising)
	case Outage:
		fillHatched(c, bar(6), vermillion, crossed)
	}
}

func (l Lanes) letter(c *draw.Canvas, from, to, y vg.Length) {
	style := aligned(bold(smallSize), text.XCenter, text.YCenter)
	letter := strings.ToUpper(Leading.name(l.Role)[:1])
	if to-from > style.Width(letter)+2 {
		c.FillText(style, vg.Point{X: (from + to) / 2, Y: y}, letter)
	}
}

// Bands is times at which something held, shaded over the whole height of the panel.
type Bands struct {
	Name  string
	Spans []Band
}

// Band is one such time.
type Band struct {
	From, To float64
	Label    string // stands above; may be empty
}

func (l Bands) notes() Notes {
	n := Notes{}
	for _, b := range l.Spans {
		if b.Label != "" {
			n.Marks = append(n.Marks, Note{b.From, b.Label})
		}
	}
	return n
}

func (l Bands) room(p *pane) vg.Length { return l.notes().room(p) }

func (l Bands) extent(*extents) {}

func (l Bands) keys(*Panel) []key {
	if len(l.Spans) == 0 {
		return nil
	}
	return []key{{text: l.Name, thumb: func(c *draw.Canvas, r vg.Rectangle, _ style) {
		drawBand(c, inset(r))
	}}}
}

func drawBand(c *draw.Canvas, r vg.Rectangle) {
	c.SetColor(banded)
	c.Fill(r.Path())
	line := draw.LineStyle{Color: orange, Width: vg.Points(0.7), Dashes: dash(2, 2)}
	c.StrokeLine2(line, r.Min.X, r.Min.Y, r.Min.X, r.Max.Y)
	c.StrokeLine2(line, r.Max.X, r.Min.Y, r.Max.X, r.Max.Y)
}

func (l Bands) draw(p *pane) {
	for _, b := range l.Spans {
		if b.To > p.x.min && b.From < p.x.max {
			drawBand(&p.Canvas, p.box(vg.Point{X: p.x.at(b.From), Y: p.Min.Y}, vg.Point{X: p.x.at(b.To), Y: p.Max.Y}))
		}
	}
	l.notes().draw(p)
}

// Notes is short texts above the data, each with a thin line down to its place.
type Notes struct{ Marks []Note }

// Note is one text.
type Note struct {
	At   float64
	Text string
}

// place is where a note stands: its row from below, the line down from it, and its left end and width.
type place struct {
	row            int
	at, left, wide vg.Length
	text           string
}

// rows places the notes from the right, each in the lowest row that has room, so that the line down from one passes no
// other.
func (l Notes) rows(p *pane) (places []place, rows int) {
	style := typeface(smallSize)
	var taken []vg.Length // where each row begins
	marks := slices.Clone(l.Marks)
	slices.SortStableFunc(marks, func(a, b Note) int { return cmp.Compare(b.At, a.At) })
	for _, n := range marks {
		txt := n.Text
		for style.Width(txt) > p.x.to-p.x.from {
			r := []rune(txt)
			txt = string(r[:len(r)-2]) + "…"
		}
		wide := style.Width(txt)
		at := min(max(p.x.at(n.At), p.x.from), p.x.to)
		left := max(min(at, p.x.to-wide), p.x.from)
		row := slices.IndexFunc(taken, func(begin vg.Length) bool { return left+wide+5 < begin })
		if row < 0 {
			row = len(taken)
			taken = append(taken, 0)
		}
		taken[row] = left
		places = append(places, place{row, at, left, wide, txt})
	}
	return places, len(taken)
}

func (l Notes) room(p *pane) vg.Length {
	_, rows := l.rows(p)
	if rows == 0 {
		return 0
	}
	return vg.Length(rows)*leading(typeface(smallSize)) + 3
}

func (l Notes) extent(*extents) {}

func (l Notes) keys(*Panel) []key { return nil }

func (l Notes) draw(p *pane) {
	style := aligned(typeface(smallSize), text.XLeft, text.YBottom)
	places, rows := l.rows(p)
	base := p.Max.Y - vg.Length(rows)*leading(style)
	bottom := func(n place) vg.Length { return base + vg.Length(n.row)*leading(style) }
	for _, n := range places {
		p.StrokeLine2(draw.LineStyle{Color: grey, Width: vg.Points(0.5)}, n.at, base-3, n.at, bottom(n)+2)
	}
	for _, n := range places {
		p.SetColor(color.White)
		p.Fill(vg.Rectangle{Min: vg.Point{X: n.left - 1, Y: bottom(n)}, Max: vg.Point{X: n.left + n.wide + 1, Y: bottom(n) + leading(style)}}.Path())
		p.FillText(style, vg.Point{X: n.left, Y: bottom(n)}, n.text)
	}
}

func (l Notes) words(p *Panel) string {
	var list []string
	for _, n := range l.Marks {
		list = append(list, n.Text+" at "+p.X.name(n.At))
	}
	return strings.Join(list, "; ")
}

package trace

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// point is a place on a picture, in pixels from its top left corner.
type point struct{ x, y float64 }

// mul is a product that is rounded before it is added to anything, so that pictures are the same on every platform.
func mul(a, b float64) float64 { return float64(a * b) }

// toward returns the point at fraction f of the way from p to q.
func (p point) toward(q point, f float64) point {
	return point{p.x + mul(f, q.x-p.x), p.y + mul(f, q.y-p.y)}
}

// direction returns the unit vector from p to q and their distance.
func (p point) direction(q point) (d point, length float64) {
	dx, dy := q.x-p.x, q.y-p.y
	length = math.Sqrt(mul(dx, dx) + mul(dy, dy))
	if length == 0 {
		return point{1, 0}, 0
	}
	return point{dx / length, dy / length}, length
}

// along returns the point s pixels from p in direction d and t pixels to its side.
func (p point) along(d point, s, t float64) point {
	return point{p.x + mul(s, d.x) - mul(t, d.y), p.y + mul(s, d.y) + mul(t, d.x)}
}

// canvas writes SVG elements.
type canvas struct {
	out   *bufio.Writer
	taken map[cell]struct{}
}

// cell is a square of a picture that text may take only once.
type cell struct{ x, y int }

const cellSize = 4

func newCanvas(w io.Writer) *canvas {
	return &canvas{out: bufio.NewWriter(w), taken: map[cell]struct{}{}}
}

// px writes a length to a tenth of a pixel.
func px(v float64) string {
	v = math.Round(mul(v, 10)) / 10
	if v == 0 {
		v = 0 // not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// put writes text as it is.
func (c *canvas) put(parts ...string) {
	for _, p := range parts {
		c.out.WriteString(p)
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape returns a text as SVG text: without the control characters that XML does not allow.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s))
}

// path writes a line through points.
func (c *canvas) path(class string, points ...point) {
	c.put(`<path class="`, class, `" d="`)
	move := "M"
	for _, p := range points {
		c.put(move, px(p.x), " ", px(p.y))
		move = "L"
	}
	c.put("\"/>\n")
}

// polygon writes a filled shape.
func (c *canvas) polygon(class string, points ...point) {
	c.put(`<polygon class="`, class, `" points="`)
	for i, p := range points {
		if i > 0 {
			c.put(" ")
		}
		c.put(px(p.x), ",", px(p.y))
	}
	c.put("\"/>\n")
}

func (c *canvas) circle(class string, p point, r float64) {
	c.put(`<circle class="`, class, `" cx="`, px(p.x), `" cy="`, px(p.y), `" r="`, px(r), "\"/>\n")
}

func (c *canvas) rect(class string, p point, w, h float64) {
	c.put(`<rect class="`, class, `" x="`, px(p.x), `" y="`, px(p.y), `" width="`, px(max(w, 0)), `" height="`, px(h), "\"/>\n")
}

// open begins a group with a tooltip.
func (c *canvas) open(class, title string) {
	c.put(`<g class="`, class, `">`)
	if title != "" {
		c.put("<title>", escape(title), "</title>")
	}
	c.put("\n")
}

func (c *canvas) close() { c.put("</g>\n") }

// text writes a line of text whose baseline begins at p.
func (c *canvas) text(class string, p point, s string) {
	c.put(`<text class="`, class, `" x="`, px(p.x), `" y="`, px(p.y), `">`, escape(s), "</text>\n")
}

// textAlong writes a line of text in direction d, its middle at p.
func (c *canvas) textAlong(class string, p, d point, s string) {
	f := func(v float64) string { return strconv.FormatFloat(math.Round(mul(v, 1000))/1000, 'f', -1, 64) }
	c.put(`<text class="`, class, ` mid" transform="matrix(`, f(d.x), " ", f(d.y), " ", f(-d.y), " ", f(d.x), " ", px(p.x), " ", px(p.y), `)">`,
		escape(s), "</text>\n")
}

// widthOf is about how wide a text of a font size is.
func widthOf(s string, size float64) float64 {
	return mul(mul(0.56, size), float64(utf8.RuneCountInString(s)))
}

// wrap breaks a text between words into lines of at most a width, if the words allow it. There is at least one line.
func wrap(s string, width, size float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if longer := line + " " + word; line != "" && widthOf(longer, size) <= width {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
	}
	return append(lines, line)
}

// free reports whether nothing is written in a box yet.
func (c *canvas) free(x, y, w, h float64) bool {
	for cx := int(x) / cellSize; cx <= int(x+w)/cellSize; cx++ {
		for cy := int(y) / cellSize; cy <= int(y+h)/cellSize; cy++ {
			if _, ok := c.taken[cell{cx, cy}]; ok {
				return false
			}
		}
	}
	return true
}

// take keeps text out of a box.
func (c *canvas) take(x, y, w, h float64) {
	for cx := int(x) / cellSize; cx <= int(x+w)/cellSize; cx++ {
		for cy := int(y) / cellSize; cy <= int(y+h)/cellSize; cy++ {
			c.taken[cell{cx, cy}] = struct{}{}
		}
	}
}

// fit writes a text at the first of some places where there is room, within a picture of a width, and reports whether
// there was.
func (c *canvas) fit(class, s string, size, width float64, places ...point) bool {
	w := widthOf(s, size)
	for _, p := range places {
		if p.x >= 0 && p.x+w <= width && c.free(p.x, p.y-size, w, size+1) {
			c.take(p.x, p.y-size, w, size+1)
			c.text(class, p, s)
			return true
		}
	}
	return false
}

// fitAlong is fit for a text in direction d with its middle at p.
func (c *canvas) fitAlong(class, s string, size float64, p, d point) bool {
	w := widthOf(s, size)
	var boxes []point
	for at := -w/2 + 2; at <= w/2-1; at += 4 {
		q := p.along(d, at, -size/2+1)
		if !c.free(q.x-2, q.y-size/2+1, 4, size-2) {
			return false
		}
		boxes = append(boxes, q)
	}
	for _, q := range boxes {
		c.take(q.x-2, q.y-size/2+1, 4, size-2)
	}
	c.textAlong(class, p, d, s)
	return true
}

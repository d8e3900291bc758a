package trace

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"lightcone/sim"
)

const (
	svgLimit = 2000 // events drawn by default
	minWidth = 320
	maxWidth = 20000
)

// svgStyle uses the palette of Okabe and Ito (2008), which those who do not tell all colours apart can read; no sign
// differs by colour alone.
const svgStyle = `
text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:11px;fill:#222}
.title{font-size:16px;font-weight:600}.sub{fill:#555}.name{font-size:12px;font-weight:600}.small{font-size:10px}.axis{fill:#555;font-size:10px}
.mid{text-anchor:middle}.end{text-anchor:end}.halo{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
path,line{fill:none}
.grid{stroke:#e4e4e4;stroke-width:1}.lane{stroke:#777;stroke-width:1.3}.dots{stroke:#777;stroke-width:2;stroke-dasharray:1.5 4;stroke-linecap:round}
.down{fill:url(#lightcone-hatch);stroke:#a33f00;stroke-width:.8;stroke-dasharray:3 2}
.band{fill:#e69f00;fill-opacity:.15;stroke:#9a6a00;stroke-width:1;stroke-dasharray:5 3}.chip{fill:#fff;stroke:#9a6a00}.chiptext{font-size:9px;font-weight:600;fill:#6b4a00;text-anchor:middle}
.msg{stroke:#0072b2;stroke-width:1.4}.head{fill:#0072b2}
.lost{stroke:#d55e00;stroke-width:1.4}.cross{stroke:#d55e00;stroke-width:2.2;stroke-linecap:round}.losttext{fill:#a33f00;font-size:10px}
.dup{stroke:#0072b2;stroke-width:1.4;stroke-dasharray:5 3}.alt{stroke:#9c3d77;stroke-width:1.5}.althead{fill:#9c3d77}
.paper{fill:#fff}.dash{stroke-dasharray:5 3}
.open{stroke:#666;stroke-width:1.3;stroke-dasharray:2 3}
.clock{fill:#fff;stroke:#000;stroke-width:1.2}.hand{stroke:#000;stroke-width:1.2;stroke-linecap:round}
.hook{stroke:#009e73;stroke-width:1.1}.far{stroke:#009e73;stroke-width:1.1;stroke-dasharray:1 5}.hookhead{fill:#009e73}.timertext{fill:#00694d;font-size:10px}
.start{fill:#fff;stroke:#222;stroke-width:1.4}.recv{fill:#222}.fire{fill:#009e73}.sent{fill:#0072b2}
.note{fill:#9c3d77}.notetext{fill:#7d2f5f;font-size:10px}.write{fill:#fff;stroke:#222;stroke-width:1.1}.disk{fill:#fff;stroke:#222;stroke-width:1.1}.platter{fill:#222}
.burst{stroke:#a33f00;stroke-width:2.6;stroke-linecap:round}.faulttext{fill:#a33f00;font-size:10px;font-weight:600}.rise{fill:#009e73;stroke:#00694d}
.bar{stroke:#222;stroke-width:2.4}.stair{stroke:#222;stroke-width:1.8}.custom{fill:#e69f00;stroke:#222}
.role0{stroke:#0072b2;stroke-width:5}.role1{stroke:#e69f00;stroke-width:5}.role2{stroke:#009e73;stroke-width:5}.role3{stroke:#cc79a7;stroke-width:5}.role4{stroke:#56b4e9;stroke-width:5}
.letter{fill:#fff;stroke:#222;stroke-width:1.2}.lettertext{font-size:10px;font-weight:700;text-anchor:middle}
.glow{stroke:#f0e442;stroke-width:9;stroke-linecap:round}.ring{fill:#f0e442;fill-opacity:.55;stroke:#222;stroke-width:1.2}.badge{fill:#222}.badgetext{font-size:9px;font-weight:700;fill:#fff;text-anchor:middle}
`

// scoped makes style rules apply to our pictures only, so that a page may hold them among others.
func scoped(style string) string {
	var b strings.Builder
	for _, rule := range strings.SplitAfter(strings.TrimSpace(style), "}") {
		selectors, body, ok := strings.Cut(strings.TrimSpace(rule), "{")
		if !ok {
			continue
		}
		for i, s := range strings.Split(selectors, ",") {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(".lightcone " + s)
		}
		b.WriteString("{" + body + "\n")
	}
	return b.String()
}

// writeSVG writes a space-time diagram as SVG: lanes from top to bottom, time from left to right.
func writeSVG(w io.Writer, t *Trace, o Options) error {
	p := &picture{layout: newLayout(t, o, svgLimit), canvas: newCanvas(w)}
	p.measure()
	p.begin()
	p.drawGrid()
	p.drawBands()
	p.drawLanes()
	p.drawMarks()
	p.drawArrows()
	p.drawHooks()
	p.drawGlyphs()
	p.drawLabels()
	p.drawAxis()
	p.drawFoot()
	p.put("</svg>\n")
	return p.out.Flush()
}

// picture is a layout being drawn.
type picture struct {
	*layout
	*canvas

	left, right float64  // where the time axis begins, and how much is beside its end
	span        float64  // how wide the axis is
	heading     []string // the title's lines
	top         float64  // where the first lane is
	gap         float64  // from lane to lane
	width       float64
	height      float64
	foot        []footLine
	roles       []string
	causes      []func() // why messages were lost: written before other labels
	lettering   []func() // the labels, written when all lines are drawn
}

// measure decides how large everything is.
func (p *picture) measure() {
	longest := 0
	for _, id := range p.lanes {
		longest = max(longest, utf8.RuneCountInString(p.sel.trace.Header.Lane(id)))
	}
	p.left = min(max(30+mul(7.4, float64(longest)), 60), 240)
	p.right = 28
	p.span = p.naturalSpan()
	if p.o.Width > 0 {
		p.span = max(float64(p.o.Width)-p.left-p.right, 100)
	}
	p.width = p.left + p.span + p.right
	p.gap = p.laneGap()
	p.heading = wrap(p.title, p.width-32, 17)
	p.top = 74 + mul(20, float64(len(p.heading)-1)) + mul(15, float64(min(len(p.bands), 3))) + min(p.gap/3, 14)
	p.collectRoles()
	p.foot = p.footLines()
	p.height = p.axisY() + 40 + p.footHeight()
}

// naturalSpan is a width that fits what is drawn.
func (p *picture) naturalSpan() float64 {
	n := float64(len(p.axis.moments))
	switch p.o.Mapping {
	case Rank, Compressed:
		return min(max(mul(30, n), 640), 12000)
	}
	return min(max(mul(18, n), 720), 2400)
}

func (p *picture) laneGap() float64 {
	switch n := len(p.lanes); {
	case n <= 3:
		return 92
	case n <= 6:
		return 78
	case n <= 12:
		return 58
	case n <= 24:
		return 42
	}
	return 30
}

func (p *picture) laneY(row int) float64 { return p.top + mul(float64(row), p.gap) }

func (p *picture) axisY() float64 { return p.laneY(max(len(p.lanes)-1, 0)) + max(p.gap/2, 30) }

func (p *picture) x(place float64) float64 { return p.left + mul(place, p.span) }

func (p *picture) at(row int, place float64) point {
	if row < 0 {
		return point{p.x(place), p.top - p.gap/3}
	}
	return point{p.x(place), p.laneY(row)}
}

func (p *picture) collectRoles() {
	for i := range p.spans {
		if s := &p.spans[i]; s.state == spanRole {
			p.roleOf(p.event(s.from).Role)
		}
	}
}

// roleOf returns the number of a role, in order of appearance.
func (p *picture) roleOf(role string) int {
	for i, r := range p.roles {
		if r == role {
			return i
		}
	}
	p.roles = append(p.roles, role)
	return len(p.roles) - 1
}

func (p *picture) begin() {
	w, h := px(p.width), px(p.height)
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" width="`, w, `" height="`, h, `" viewBox="0 0 `, w, " ", h,
		`" class="lightcone" role="img" aria-labelledby="lightcone-title lightcone-desc">`, "\n")
	p.put(`<title id="lightcone-title">`, escape(p.title), "</title>\n", `<desc id="lightcone-desc">`, escape(p.describe()), "</desc>\n")
	p.put("<style>\n", scoped(svgStyle), "</style>\n")
	p.put(`<defs><pattern id="lightcone-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`,
		`<rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#d55e00" fill-opacity=".55"/></pattern></defs>`, "\n")
	p.rect("paper", point{0, 0}, p.width, p.height)
	y := 28.0
	for _, line := range p.heading {
		p.text("title", point{16, y}, line)
		y += 20
	}
	p.text("sub", point{16, y - 2}, p.subtitle())
}

func (p *picture) subtitle() string {
	h := &p.sel.trace.Header
	s := fmt.Sprintf("seed %d · %s · %v to %v", h.Seed, count(uint64(h.Nodes), "node"), p.sel.from, p.sel.to)
	if p.o.View == AsNode {
		s += " · what " + h.Lane(p.o.As) + " can know"
	}
	return s
}

// describe says in words what the picture shows, for those who do not see it.
func (p *picture) describe() string {
	var lost, late, duplicates, crashes uint64
	for i := range p.arrows {
		a := &p.arrows[i]
		lost += one(a.lost)
		late += one(a.late)
		duplicates += one(a.duplicate)
	}
	for i := range p.glyphs {
		crashes += one(p.event(p.glyphs[i].event).Kind == sim.Crashed)
	}
	s := fmt.Sprintf("Space-time diagram of %s from %v to %v, %s: %s, of which %d lost, %d late and %s; %d crashed; %s.",
		count(uint64(len(p.lanes)), "node"), p.sel.from, p.sel.to, p.axis.name(), count(uint64(len(p.arrows)), "message"), lost, late,
		count(duplicates, "duplicate"), crashes, count(uint64(len(p.bands)), "partition"))
	for _, n := range p.notes {
		s += " " + n
	}
	return s
}

// one is 1 if b is true, else 0.
func one(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (p *picture) drawGrid() {
	p.put(`<g class="grid">`, "\n")
	for _, t := range p.ticks() {
		p.path("grid", point{p.x(t.x), p.top - 20}, point{p.x(t.x), p.axisY()})
	}
	p.close()
}

func (p *picture) ticks() []tick { return p.axis.ticks(int(p.span / 90)) }

func (p *picture) drawAxis() {
	y := p.axisY()
	p.path("lane", point{p.left, y}, point{p.left + p.span, y})
	end := 0.0
	for _, t := range p.ticks() {
		x, w := p.x(t.x), widthOf(t.label, 10)
		p.path("lane", point{x, y}, point{x, y + 4})
		if x-w/2 > end && x+w/2 < p.width {
			p.text("axis mid", point{x, y + 16}, t.label)
			end = x + w/2 + 6
		}
	}
	p.text("axis mid", point{p.left + p.span/2, y + 31}, p.axis.name())
}

package check

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"lightcone/sim"
)

// svgStyle is that of the space-time diagrams of sim/trace: the palette of Okabe and Ito (2008), and no sign that
// differs by colour alone.
const svgStyle = `
.lightcone text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:11px;fill:#222}
.lightcone .title{font-size:14px;font-weight:600}.lightcone .name{font-size:12px;font-weight:600}.lightcone .axis{fill:#555;font-size:10px}
.lightcone .mid{text-anchor:middle}.lightcone .end{text-anchor:end}.lightcone path{fill:none}.lightcone .paper{fill:#fff}
.lightcone .grid{stroke:#e4e4e4}.lightcone .lane{stroke:#777;stroke-width:1.3}
.lightcone .write{fill:#fff;stroke:#0072b2;stroke-width:2}.lightcone .read{fill:#fdf1d6;stroke:#9a6a00;stroke-width:1.4}
.lightcone .open{stroke:#0072b2;stroke-width:2;stroke-dasharray:2 3}
`

const (
	svgLeft = 70.0  // where the first moment is
	svgStep = 120.0 // from moment to moment
	svgLane = 44.0  // from lane to lane
	svgBar  = 22.0  // how high an operation is
	svgFont = 6.2   // about how wide a letter is
	svgBold = 9.0   // how wide a letter of the heading is at most, taken over a line
)

// WriteSVG draws the operations: a lane for each client, and a bar from invocation to response for each operation, that
// of a write with a thick border; one without a response is open to the right. Each moment has the same room.
func (w *Witness) WriteSVG(out io.Writer) error {
	d := &drawing{w: w, out: bufio.NewWriter(out), times: moments(w.Ops)}
	d.lanes()
	d.begin()
	d.grid()
	for i := range w.Ops {
		d.bar(i)
	}
	d.put("</svg>\n")
	return d.out.Flush()
}

// drawing is a picture being drawn.
type drawing struct {
	w       *Witness
	out     *bufio.Writer
	times   instants
	clients []int // by lane
	lane    []int // by operation
	heading []string
	top     float64
	width   float64
}

// lanes gives each client one lane, and another where its operations overlap.
func (d *drawing) lanes() {
	var until []sim.Time
	for i := range d.w.Ops {
		o := &d.w.Ops[i]
		lane := -1
		for l, c := range d.clients {
			if c == o.Client && until[l] <= o.Invoke {
				lane = l
				break
			}
		}
		if lane < 0 {
			lane = len(d.clients)
			d.clients, until = append(d.clients, o.Client), append(until, 0)
		}
		d.lane, until[lane] = append(d.lane, lane), o.Return
	}
	d.width = max(svgLeft+float64(float64(len(d.times))*svgStep)+60, 480)
	if len(d.w.Story) > 0 {
		d.heading = wrap(d.w.Story[0], int((d.width-32)/svgBold))
	}
	d.top = 40 + float64(18*float64(len(d.heading)))
}

func (d *drawing) put(parts ...string) {
	for _, p := range parts {
		d.out.WriteString(p)
	}
}

func (d *drawing) begin() {
	height := d.y(len(d.clients)) + 16
	w, h := px(d.width), px(height)
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" width="`, w, `" height="`, h, `" viewBox="0 0 `, w, " ", h, `" class="lightcone" role="img" aria-labelledby="check-title check-desc">`, "\n")
	d.put(`<title id="check-title">`, escape(strings.Join(d.heading, " ")), "</title>\n", `<desc id="check-desc">`, escape(strings.Join(d.w.Story, ". ")), "</desc>\n")
	d.put("<style>", svgStyle, "</style>\n", `<rect class="paper" width="`, w, `" height="`, h, `"/>`, "\n")
	for i, line := range d.heading {
		d.text("title", 16, 26+float64(18*float64(i)), line)
	}
}

func (d *drawing) y(lane int) float64 { return d.top + float64(float64(lane)*svgLane) }

func (d *drawing) x(t sim.Time) float64 {
	return svgLeft + float64((float64(d.times.rank(t))+0.3)*svgStep)
}

// grid draws the moments and the lanes.
func (d *drawing) grid() {
	bottom := d.y(len(d.clients)) - 8
	for _, t := range d.times {
		d.line("grid", d.x(t), d.top-14, d.x(t), bottom)
		d.text("axis mid", d.x(t), bottom+14, t.String())
	}
	for lane, c := range d.clients {
		y := d.y(lane) + svgBar/2
		d.line("lane", svgLeft, y, d.width-16, y)
		d.text("name end", svgLeft-12, y+4, clientName(c))
	}
}

// bar draws an operation.
func (d *drawing) bar(i int) {
	o := &d.w.Ops[i]
	x, y := d.x(o.Invoke), d.y(d.lane[i])
	end := d.width - 16
	if o.Return != sim.Never {
		end = max(d.x(o.Return), x+8)
	}
	class := "read"
	if o.Op.Kind.Writes() {
		class = "write"
	}
	d.put("<g><title>", escape(o.sentence()), "</title>\n")
	d.put(`<rect class="`, class, `" x="`, px(x), `" y="`, px(y), `" width="`, px(end-x), `" height="`, px(svgBar), `" rx="3"/>`, "\n")
	if o.Return == sim.Never {
		d.put(`<rect class="paper" x="`, px(end-14), `" y="`, px(y-2), `" width="16" height="`, px(svgBar+4), `"/>`, "\n")
		d.line("open", end-14, y, end, y)
		d.line("open", end-14, y+svgBar, end, y+svgBar)
	}
	label := []rune(o.Label())
	if room := int((end - x - 8) / svgFont); len(label) > room && room > 1 {
		label = append(label[:room-1], '…')
	}
	d.text("label", x+5, y+15, string(label))
	d.put("</g>\n")
}

func (d *drawing) line(class string, x0, y0, x1, y1 float64) {
	d.put(`<path class="`, class, `" d="M`, px(x0), " ", px(y0), "L", px(x1), " ", px(y1), "\"/>\n")
}

func (d *drawing) text(class string, x, y float64, s string) {
	d.put(`<text class="`, class, `" x="`, px(x), `" y="`, px(y), `">`, escape(s), "</text>\n")
}

// px writes a length to a tenth of a pixel.
func px(v float64) string { return strconv.FormatFloat(math.Round(float64(v*10))/10, 'f', -1, 64) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape returns a text as SVG text: valid UTF-8 without the control characters that XML does not allow.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// wrap breaks a text between words into lines of at most so many letters, if the words allow it.
func wrap(s string, letters int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if longer := line + " " + word; line != "" && utf8.RuneCountInString(longer) <= letters {
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

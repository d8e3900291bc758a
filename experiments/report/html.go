package report

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed page.css
var style string

// HTML returns the document as one page. Its content security policy forbids it to load or run anything; it needs no
// script.
func (d *Document) HTML() []byte {
	w := &page{ids: map[string]bool{"main": true}}
	w.put(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="generator" content="lightcone">
<title>`, text(d.Title), `</title>
<link rel="icon" href="data:,">
<style>
`, style, `</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>`, text(d.Title), "</h1>\n")
	if d.Lead != "" {
		w.put(`<p class="lead">`, text(d.Lead), "</p>\n")
	}
	w.put("</header>\n")
	ids := w.headings(d.Sections)
	w.contents(d.Sections, ids)
	w.put(`<main id="main">`, "\n")
	for i := range d.Sections {
		w.section(&d.Sections[i], ids[i])
	}
	w.put("</main>\n</body>\n</html>\n")
	return []byte(w.b.String())
}

// page is written from top to bottom.
type page struct {
	b       strings.Builder
	ids     map[string]bool
	figures int
}

func (w *page) put(parts ...string) {
	for _, p := range parts {
		w.b.WriteString(p)
	}
}

// text is text as it stands in HTML.
func text(s string) string { return html.EscapeString(printable(s)) }

// printable replaces what is no text: bytes that are no UTF-8, and control characters but for lines and tabs.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// headings returns an id for each section, made of its heading.
func (w *page) headings(sections []Section) []string {
	ids := make([]string, len(sections))
	for i, s := range sections {
		ids[i] = w.id(slug(s.Heading))
	}
	return ids
}

// id returns an id that no element has yet.
func (w *page) id(want string) string {
	id := want
	for n := 2; w.ids[id]; n++ {
		id = want + "-" + strconv.Itoa(n)
	}
	w.ids[id] = true
	return id
}

// slug is a heading as an id.
func slug(s string) string {
	fields := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(fields) == 0 {
		return "section"
	}
	return "s-" + strings.Join(fields, "-") // no figure's id begins so
}

// fewest is from how many sections on a page has a list of contents.
const fewest = 3

func (w *page) contents(sections []Section, ids []string) {
	if len(sections) < fewest {
		return
	}
	w.put("<nav aria-label=\"Contents\">\n<ul class=\"contents\">\n")
	for i, s := range sections {
		if s.Heading != "" {
			w.put(`<li><a href="#`, text(ids[i]), `">`, text(s.Heading), "</a></li>\n")
		}
	}
	w.put("</ul>\n</nav>\n")
}

func (w *page) section(s *Section, id string) {
	if s.Heading == "" {
		w.put("<div>\n")
	} else {
		w.put("<section>\n<h2 id=\"", text(id), `">`, text(s.Heading), "</h2>\n")
	}
	for _, p := range s.Text {
		w.put("<p>", text(p), "</p>\n")
	}
	if s.Table != nil {
		w.grid(s.Table, s.Heading)
	}
	for i := range s.Figures {
		w.figure(&s.Figures[i])
	}
	if s.Code != "" {
		w.put(`<div class="scroll" role="group" tabindex="0" aria-label="`, text(label(s.Heading, "text")), `"><pre>`, text(s.Code), "</pre></div>\n")
	}
	if s.Heading == "" {
		w.put("</div>\n")
		return
	}
	w.put("</section>\n")
}

// label names what scrolls by the heading above it.
func label(heading, what string) string {
	if heading == "" {
		return what
	}
	return heading + ": " + what
}

func (w *page) grid(g *Grid, heading string) {
	name := g.Caption
	if name == "" {
		name = label(heading, "table")
	}
	w.put(`<div class="scroll" role="group" tabindex="0" aria-label="`, text(name), "\">\n<table>\n")
	if g.Caption != "" {
		w.put("<caption>", text(g.Caption), "</caption>\n")
	}
	w.put("<thead><tr>")
	for _, c := range g.Columns {
		tag := "th" // a column without a name heads nothing
		if c.Name == "" {
			tag = "td"
		}
		w.put("<", tag)
		if tag == "th" {
			w.put(` scope="col"`)
		}
		w.put(class(c, Plain, false), ">", text(c.Name), "</", tag, ">")
	}
	w.put("</tr></thead>\n<tbody>\n")
	for _, row := range g.Rows {
		w.row(g.Columns, row)
	}
	w.put("</tbody>\n</table>\n</div>\n")
}

func (w *page) row(columns []Column, row []Cell) {
	w.put("<tr>")
	for i, c := range columns {
		var cell Cell
		if i < len(row) {
			cell = row[i]
		}
		content := text(cell.Text)
		if sign := cell.Mark.sign(); sign != "" {
			content = `<span aria-hidden="true">` + sign + "\u00a0</span>" + content
		}
		if i == 0 && cell.Text != "" && !c.Numeric {
			w.put(`<th scope="row"`, class(c, cell.Mark, false), ">", content, "</th>")
			continue
		}
		w.put("<td", class(c, cell.Mark, cell.short()), ">", content, "</td>")
	}
	w.put("</tr>\n")
}

// class is the attribute of a cell, with a space before it; empty if it has none.
func class(c Column, m Mark, short bool) string {
	var names []string
	switch {
	case c.Numeric:
		names = append(names, "number")
	case short:
		names = append(names, "short")
	}
	if name := m.class(); name != "" {
		names = append(names, name)
	}
	if names == nil {
		return ""
	}
	return ` class="` + strings.Join(names, " ") + `"`
}

// shortest is up to how many characters the text of a cell stays on one line.
const shortest = 24

func (c Cell) short() bool { return c.Text != "" && utf8.RuneCountInString(c.Text) <= shortest }

// sign goes with the words of a cell for those who see no colours.
func (m Mark) sign() string { return [...]string{"", "✓", "✗", "?"}[m] }

func (m Mark) class() string { return [...]string{"", "good", "bad", "doubt"}[m] }

// widest is from which width on, in pixels, a picture is not made smaller to fit, but scrolls.
const widest = 1100

func (w *page) figure(f *Figure) {
	w.figures++
	id := "figure-" + strconv.Itoa(w.figures)
	w.put("<figure>\n")
	p, err := inline(f.SVG, id+"-", id)
	if err != nil {
		// What cannot be read is left to the browser, which runs and loads nothing of a picture.
		w.put(`<div class="plate" id="`, id, `" style="--natural:28rem"><img src="data:image/svg+xml;base64,`,
			base64.StdEncoding.EncodeToString(f.SVG), `" alt="`, text(f.words("")), "\"></div>\n")
	} else {
		w.picture(f, p, id)
	}
	if f.Caption != "" {
		w.put("<figcaption>", text(f.Caption), "</figcaption>\n")
	}
	w.put("</figure>\n")
}

func (w *page) picture(f *Figure, p *picture, id string) {
	plate := "plate"
	if p.width > widest {
		plate += " wide"
	}
	size := ""
	if p.width > 0 && p.height > 0 {
		size = fmt.Sprintf(` width="%.6g" height="%.6g"`, p.width, p.height)
	}
	name := f.Caption
	if name == "" {
		name = f.Name
	}
	// The words of the plate name what scrolls, those of the picture say what is to be seen.
	w.put(`<div class="`, plate, `" id="`, id, `" role="group" tabindex="0" aria-label="`, text(fmt.Sprintf("Figure %d", w.figures)), `"`,
		fmt.Sprintf(` style="--natural:%.6gpx">`, p.width), "\n",
		`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" aria-labelledby="`, id, `-name" aria-describedby="`, id, `-words"`, size)
	if p.viewBox != "" {
		w.put(` viewBox="`, text(p.viewBox), `"`)
	}
	if p.class != "" {
		w.put(` class="`, text(p.class), `"`)
	}
	w.put(">\n<title id=\"", id, `-name">`, text(name), "</title>\n<desc id=\"", id, `-words">`, text(f.words(p.desc)), "</desc>", p.inner, "</svg>\n</div>\n")
}

// words say what is to be seen: as the figure has it, or as its picture says itself, or as it is called.
func (f *Figure) words(own string) string {
	for _, s := range []string{f.Alt, own, f.Caption} {
		if s != "" {
			return s
		}
	}
	return f.Name
}

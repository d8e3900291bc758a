package report

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Markdown returns the document with links to the figures' files, NAME.svg (GitHub Flavored Markdown, for its tables).
func (d *Document) Markdown() []byte {
	var b strings.Builder
	block := func(s string) {
		if s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	block("# " + span(d.Title))
	block(paragraph(d.Lead))
	for i := range d.Sections {
		s := &d.Sections[i]
		if s.Heading != "" {
			block("## " + span(s.Heading))
		}
		for _, p := range s.Text {
			block(paragraph(p))
		}
		if s.Table != nil {
			block(s.Table.markdown())
		}
		for _, f := range s.Figures {
			block("![" + span(f.words("")) + "](" + url.PathEscape(f.Name+".svg") + ")")
			block(paragraph(f.Caption))
		}
		block(fenced(s.Code))
	}
	return []byte(strings.TrimRight(b.String(), "\n") + "\n")
}

// special are the characters that Markdown or the HTML in it would take for its own wherever they stand.
var special = regexp.MustCompile("[\\\\`*_\\[\\]<>&|~$]")

// starts are what makes a block of a line that begins with it.
var starts = regexp.MustCompile(`^(\d*)([.)] |[.)]$|[#+=:-])`)

// line is text on a line of its own.
func line(s string) string { return starts.ReplaceAllString(span(s), `$1\$2`) }

// span is text within a line of Markdown.
func span(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
	return special.ReplaceAllString(strings.Join(strings.Fields(s), " "), `\$0`)
}

// paragraph keeps the lines of a text apart.
func paragraph(s string) string {
	var lines []string
	for l := range strings.Lines(s) {
		if l = line(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "  \n")
}

var fences = regexp.MustCompile("`{3,}")

// fenced is code between fences longer than any that is in it.
func fenced(s string) string {
	if s == "" {
		return ""
	}
	fence := "```"
	for _, inside := range fences.FindAllString(s, -1) {
		if len(inside) >= len(fence) {
			fence = inside + "`"
		}
	}
	s = printable(s)
	return fence + "text\n" + strings.TrimRight(s, "\n") + "\n" + fence
}

func (g *Grid) markdown() string {
	var b strings.Builder
	if g.Caption != "" {
		b.WriteString(paragraph(g.Caption) + "\n\n")
	}
	rule := "|"
	b.WriteByte('|')
	for _, c := range g.Columns {
		b.WriteString(" " + span(c.Name) + " |")
		if c.Numeric {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	b.WriteString("\n" + rule)
	for _, row := range g.Rows {
		b.WriteString("\n|")
		for i := range g.Columns {
			var cell Cell
			if i < len(row) {
				cell = row[i]
			}
			b.WriteString(" " + strings.TrimSpace(cell.Mark.sign()+" "+span(cell.Text)) + " |")
		}
	}
	return b.String()
}

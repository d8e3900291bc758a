// Package report writes a document of sections, tables and figures as one self-contained HTML page, and as Markdown.
//
//	d := report.Document{Title: "raft-wan", Lead: "What do clients see?", Sections: []report.Section{
//		{Heading: "Measures", Table: &report.Grid{...}},
//		{Heading: "Figures", Figures: []report.Figure{{Name: "latency", Caption: "...", Alt: "...", SVG: svg}}},
//	}}
//	os.WriteFile("report.html", d.HTML(), 0o644)
//
// The page loads nothing and runs nothing: its figures are inside it as SVG, and its content security policy forbids the
// rest. It is readable on a phone, in the dark, in print and with the reader's own colours; pictures stay on white, for
// which they are drawn; wide tables and pictures scroll by themselves. It aims at WCAG 2.2, level AA.
//
// All text is plain: it is escaped, whatever it holds. Of an SVG only what draws and describes is kept. The same
// document, the same bytes.
package report

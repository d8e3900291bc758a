// Package report writes a document of sections, tables and figures as one self-contained HTML page, and as Markdown.
package report

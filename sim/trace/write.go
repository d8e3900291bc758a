package trace

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Formats returns the names of the formats that Write knows.
func Formats() []string {
	return []string{"text", "transcript", "svg", "html", "jsonl", "shiviz", "perfetto"}
}

// Write writes a trace in a format:
//
//	text        a space-time diagram in characters
//	transcript  the minutes of the run: a line an event, in words
//	svg         a space-time diagram
//	html        a page with the diagram to explore, in one file
//	jsonl       the trace itself, as Read reads it
//	shiviz      a log with vector clocks, for ShiViz
//	perfetto    a timeline, for Perfetto and Chrome's trace viewer
//
// The formats that are not pictures hold the whole trace whatever the options. Equal traces and options give equal
// bytes.
func Write(w io.Writer, t *Trace, format string, o Options) error {
	if err := errors.Join(t.Header.validate(), o.validate(t)); err != nil {
		return err
	}
	switch format {
	case "text":
		return writeText(w, t, o)
	case "transcript":
		return writeTranscript(w, t, o)
	case "svg":
		return writeSVG(w, t, o)
	case "html":
		return writeHTML(w, t, o)
	case "jsonl":
		return writeJSONL(w, t)
	case "shiviz":
		return writeShiViz(w, t)
	case "perfetto":
		return writePerfetto(w, t)
	}
	return fmt.Errorf("trace: format is %q, want one of %s", format, strings.Join(Formats(), ", "))
}

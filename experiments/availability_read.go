package experiments

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"lightcone/models/reliability"
)

// DiagramText is the text of a block diagram: where it is from, and what it is called.
type DiagramText struct {
	Name string // of results: that of the file without its ending
	From string // as errors call it
	Text string
}

// OpenDiagram returns the text that an argument means: the name of a file, "-" for standard input, or else the diagram
// itself.
func OpenDiagram(arg string, stdin io.Reader) (DiagramText, error) {
	if arg == "-" {
		data, err := io.ReadAll(io.LimitReader(stdin, MaxSize+1))
		if err == nil && len(data) > MaxSize {
			err = Problems{{File: "standard input", Got: fmt.Sprintf("more than %d bytes", MaxSize), Want: "at most that"}}
		}
		return DiagramText{"diagram", "standard input", trimmed(string(data))}, err
	}
	data, err := ReadFile(arg, MaxSize)
	switch {
	case err == nil:
		return DiagramText{nameOf(arg), arg, trimmed(string(data))}, nil
	case errors.Is(err, fs.ErrNotExist) && looksLikeFile(arg):
		return DiagramText{}, fmt.Errorf("experiments: diagram is %q, want a file that exists or a diagram such as series(0.99, 0.999)", shorten(arg, 80))
	case errors.Is(err, fs.ErrNotExist) || errors.As(err, new(*fs.PathError)):
		return DiagramText{"diagram", "diagram", trimmed(arg)}, nil
	}
	return DiagramText{}, err
}

// trimmed leaves out what is empty at the end, so that what is missing there is missed after the last word.
func trimmed(text string) string { return strings.TrimRight(text, " \t\r\n") }

// looksLikeFile reports whether an argument that is no file was meant to be one: it has an ending or a folder, and
// nothing that only diagrams have.
func looksLikeFile(arg string) bool {
	if strings.ContainsAny(arg, "()=,;* \n") {
		return false
	}
	if _, err := strconv.ParseFloat(strings.TrimSuffix(arg, "%"), 64); err == nil {
		return false
	}
	return strings.ContainsAny(arg, "./\\")
}

// Parse reads the diagram. The error is a Problems, by position.
func (t DiagramText) Parse() (*reliability.Diagram, error) {
	d, err := reliability.Parse(t.Text)
	if err == nil {
		return d, nil
	}
	lines := strings.Split(t.Text, "\n")
	var problems Problems
	for _, e := range unjoined(err) {
		var at *reliability.ParseError
		if !errors.As(e, &at) {
			return nil, err
		}
		problems = append(problems, Problem{File: t.From, Line: at.Line, Column: at.Column, Got: at.Got, Want: at.Want, Text: lines[min(at.Line, len(lines))-1]})
	}
	return nil, problems.sorted()
}

// unjoined returns the errors that were joined.
func unjoined(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

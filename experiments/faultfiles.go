package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"lightcone/models/fault"
)

// Attached is a study whose scenario reads files: they are in it, by their names.
type Attached interface{ Files() fs.FS }

// attachments are the files that a scenario's traces were read from.
type attachments struct {
	dir   fs.FS // where they are; nil: nowhere
	texts []Attachment
}

// Attachment is a file that a scenario reads beside itself.
type Attachment struct {
	Name string `yaml:"name" json:"name" jsonschema:"required,pattern=^[A-Za-z0-9][A-Za-z0-9_.-]*[.]csv$,maxLength=100" jsonschema_description:"the file's name"`
	Text string `yaml:"text" json:"text" jsonschema:"required" jsonschema_description:"what is in it"`
}

// attached returns a directory of just those files.
func attached(list []Attachment) *attachments { return &attachments{texts: slices.Clone(list)} }

// clone returns the files, and where further ones are.
func (a *attachments) clone() *attachments { return &attachments{a.dir, slices.Clone(a.texts)} }

// Files returns the files that the scenario was read with beside itself, by name.
func (s *Scenario) Files() []Attachment { return slices.Clone(s.files.texts) }

// text returns a file by name, reading it the first time.
func (a *attachments) text(name string) (string, error) {
	i := slices.IndexFunc(a.texts, func(t Attachment) bool { return t.Name == name })
	if i >= 0 {
		return a.texts[i].Text, nil
	}
	if a.dir == nil {
		return "", errors.New("no files to be read here")
	}
	info, err := fs.Stat(a.dir, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New("no such file beside the scenario")
	case err != nil:
		return "", errors.New("a file that cannot be read")
	case !info.Mode().IsRegular() || info.Size() > MaxSize:
		return "", fmt.Errorf("a file of more than %d bytes, or none", MaxSize)
	}
	data, err := fs.ReadFile(a.dir, name)
	if err != nil {
		return "", errors.New("a file that cannot be read")
	}
	total := len(data)
	for _, t := range a.texts {
		total += len(t.Text)
	}
	if total > MaxSize {
		return "", fmt.Errorf("files of more than %d bytes together", MaxSize)
	}
	a.texts = append(a.texts, Attachment{name, string(data)})
	return string(data), nil
}

// isInline reports whether a trace is written in the scenario instead of a file's name.
func isInline(trace string) bool { return strings.ContainsRune(trace, '\n') }

const wantTrace = "the name of a CSV file beside the scenario, such as nodes.csv (or its lines: node,from,to)"

// plainFile reports whether a name is one that a results directory can have too.
func plainFile(name string) bool {
	base, ok := strings.CutSuffix(name, ".csv")
	return ok && base != "" && len(name) <= 100 && !strings.HasPrefix(base, ".") && strings.Trim(base, plainLetters) == ""
}

const plainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

// trace reads the intervals that a fault replays.
func (c *checker) trace(f *Fault, path string) {
	text := f.Trace
	file := ""
	if !isInline(f.Trace) {
		if !plainFile(f.Trace) {
			c.bad(path, "", wantTrace)
			return
		}
		file = f.Trace
		var err error
		if text, err = c.files.text(file); err != nil {
			c.bad(path, shorten(file, 60)+", "+err.Error(), wantTrace)
			return
		}
	}
	v, err := fault.ParseIntervals(text, c.Population())
	if err != nil {
		c.traceErrors(err, file, text, path)
		return
	}
	f.intervals = v
}

// traceErrors reports each wrong line of a trace: in its file, or at the text of it.
func (c *checker) traceErrors(err error, file, text, path string) {
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	lines := strings.Split(text, "\n")
	for _, e := range list {
		var wrong *fault.TraceError
		switch {
		case !errors.As(e, &wrong):
			c.bad(path, shorten(e.Error(), 200), "a trace without errors")
		case file == "":
			c.bad(path, fmt.Sprintf("in line %d of the trace %s", wrong.Line, wrong.Got), wrong.Want)
		default:
			line := ""
			if wrong.Line <= len(lines) {
				line = lines[wrong.Line-1]
			}
			c.problems = append(c.problems, Problem{File: file, Line: wrong.Line, Column: wrong.Column, Path: path, Got: wrong.Got, Want: wrong.Want, Text: line})
		}
	}
}

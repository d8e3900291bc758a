package experiments

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Limits of what is read. A scenario is a page or two; whatever is larger is a mistake or an attack, and is refused
// before it costs anything.
const (
	MaxSize  = 1 << 20 // bytes in a file
	maxDepth = 32      // nesting of mappings and lists
	maxKeys  = 1000    // keys of a mapping
)

// parse reads one YAML or JSON document into values with positions. Anchors, aliases and tags are refused, so that a
// document cannot be larger than it looks.
func parse(file string, data []byte) (*value, Problems) { return parseWithin(file, data, MaxSize) }

func parseWithin(file string, data []byte, size int) (root *value, problems Problems) {
	if len(data) > size {
		return nil, Problems{{File: file, Got: fmt.Sprintf("%d bytes", len(data)), Want: fmt.Sprintf("at most %d", size)}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // a byte order mark
	src := newSource(file, string(data))
	if !utf8.Valid(data) {
		return nil, Problems{src.garbled()}
	}
	defer func() {
		if r := recover(); r != nil { // a fault of the YAML library is the document's problem, not the program's
			root, problems = nil, Problems{src.at(1, 1, "$", "text that the YAML parser fails on", "plain YAML")}
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if problems = screen(src, tokens); len(problems) > 0 {
		return nil, problems
	}
	doc, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Problems{syntax(src, err)}
	}
	bodies := bodiesOf(doc)
	switch {
	case len(bodies) == 0:
		return nil, Problems{src.at(1, 1, "$", "an empty document", "a mapping")}
	case len(bodies) > 1:
		t := bodies[1].GetToken()
		return nil, Problems{src.at(t.Position.Line, t.Position.Column, "", "a second document", "one")}
	}
	p := &planter{src: src}
	root = p.plant(bodies[0], "$", 0)
	return root, p.problems
}

// garbled is the first place that is not UTF-8.
func (s *source) garbled() Problem {
	for i, line := range s.lines {
		for at, r := range line {
			if _, size := utf8.DecodeRuneInString(line[at:]); r == utf8.RuneError && size == 1 {
				return s.at(i+1, 1+utf8.RuneCountInString(line[:at]), "", "text that is not UTF-8", "UTF-8")
			}
		}
	}
	return s.at(1, 1, "", "text that is not UTF-8", "UTF-8")
}

// bodiesOf returns the documents that are not empty.
func bodiesOf(f *ast.File) (bodies []ast.Node) {
	for _, d := range f.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType {
			bodies = append(bodies, d.Body)
		}
	}
	return bodies
}

// syntax is what the YAML parser found wrong.
func syntax(src *source, err error) Problem {
	var e *yaml.SyntaxError
	if errors.As(err, &e) && e.Token != nil && e.Token.Position != nil {
		return src.at(e.Token.Position.Line, e.Token.Position.Column, "", e.Message, "valid YAML")
	}
	return src.at(1, 1, "", shorten(err.Error(), 200), "valid YAML")
}

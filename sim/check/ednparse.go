package check

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ednValue is a value of EDN (github.com/edn-format/edn): nil, bool, int64, string, ednKeyword, []ednValue for vectors,
// lists and sets, map[string]ednValue for maps, by what their keys print as, ednOther for the rest.
type ednValue struct {
	any
	line int
}

type (
	ednKeyword string // with its colon
	ednOther   string // a symbol, a float, a character: as it is written
)

func (v ednValue) String() string {
	switch x := v.any.(type) {
	case nil:
		return "nil"
	case string:
		return strconv.Quote(x)
	case []ednValue:
		return fmt.Sprintf("a vector of %d", len(x))
	case map[string]ednValue:
		return fmt.Sprintf("a map of %d", len(x))
	}
	return fmt.Sprint(v.any)
}

// maxNesting is how deep values may be nested.
const maxNesting = 64

// ednParser reads the values of a text one after the other.
type ednParser struct {
	text string
	at   int
	line int
}

// skip passes over white space, commas and comments.
func (p *ednParser) skip() {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '\n':
			p.line++
		case c == ';':
			for p.at+1 < len(p.text) && p.text[p.at+1] != '\n' {
				p.at++
			}
		case c != ' ' && c != '\t' && c != '\r' && c != ',' && c != '\f':
			return
		}
		p.at++
	}
}

// value reads the next value; io.EOF if there is none.
func (p *ednParser) value(depth int) (ednValue, error) {
	p.skip()
	v := ednValue{line: p.line}
	if depth > maxNesting {
		return v, fmt.Errorf("values nested deeper than %d, want less", maxNesting)
	}
	if p.at == len(p.text) {
		return v, io.EOF
	}
	rest := p.text[p.at:]
	var err error
	switch c := rest[0]; {
	case c == '{':
		p.at++
		v.any, err = p.mapping(depth)
	case c == '[' || c == '(':
		p.at++
		end := byte(']')
		if c == '(' {
			end = ')'
		}
		v.any, err = p.list(end, depth)
	case strings.HasPrefix(rest, "#{"):
		p.at += 2
		v.any, err = p.list('}', depth)
	case strings.HasPrefix(rest, "#_"): // a value that is commented out
		p.at += 2
		if _, err := p.value(depth + 1); err != nil {
			return v, unfinished(err)
		}
		return p.value(depth)
	case c == '#': // a tag: the value counts
		p.at++
		p.token()
		v, err = p.value(depth + 1)
		err = unfinished(err)
	case c == '"':
		p.at++
		v.any, err = p.str()
	case c == ']' || c == ')' || c == '}':
		err = fmt.Errorf("%q closes nothing", c)
	default:
		v.any, err = atom(p.token())
	}
	return v, err
}

// unfinished is the error of a value that the text ends in.
func unfinished(err error) error {
	if err == io.EOF {
		return errors.New("the text ends within a value")
	}
	return err
}

func (p *ednParser) list(end byte, depth int) ([]ednValue, error) {
	list := []ednValue{}
	for {
		if p.closes(end) {
			return list, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, unfinished(err)
		}
		list = append(list, v)
	}
}

// closes reports whether a collection ends here, and passes over its end.
func (p *ednParser) closes(end byte) bool {
	p.skip()
	if p.at < len(p.text) && p.text[p.at] == end {
		p.at++
		return true
	}
	return false
}

func (p *ednParser) mapping(depth int) (map[string]ednValue, error) {
	list, err := p.list('}', depth)
	if err != nil {
		return nil, err
	}
	if len(list)%2 != 0 {
		return nil, fmt.Errorf("a map of %d values, want keys with values", len(list))
	}
	m := make(map[string]ednValue, len(list)/2)
	for i := 0; i < len(list); i += 2 {
		k := list[i].String()
		if _, twice := m[k]; twice {
			return nil, fmt.Errorf("a map with the key %s a second time", k)
		}
		m[k] = list[i+1]
	}
	return m, nil
}

// str reads a text up to its closing quote.
func (p *ednParser) str() (string, error) {
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch c {
		case '"':
			return b.String(), nil
		case '\n':
			p.line++
		case '\\':
			if p.at == len(p.text) {
				return "", unfinished(io.EOF)
			}
			i := strings.IndexByte(escapes, p.text[p.at])
			if i < 0 {
				return "", fmt.Errorf("the escape \\%c, want one of \\\" \\\\ \\n \\r \\t", p.text[p.at])
			}
			c = escaped[i]
			p.at++
		}
		b.WriteByte(c)
	}
	return "", unfinished(io.EOF)
}

// What may follow a backslash, and what each stands for.
const (
	escapes = `"\nrt`
	escaped = "\"\\\n\r\t"
)

// token reads up to the next delimiter.
func (p *ednParser) token() string {
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" \t\r\n\f,;\"()[]{}", rune(p.text[p.at])) {
		p.at++
	}
	return p.text[start:p.at]
}

// atom is what a token stands for.
func atom(t string) (any, error) {
	switch {
	case t == "nil":
		return nil, nil
	case t == "true" || t == "false":
		return t == "true", nil
	case len(t) > 1 && t[0] == ':':
		return ednKeyword(t), nil
	}
	if n, err := strconv.ParseInt(strings.TrimSuffix(t, "N"), 10, 64); err == nil {
		return n, nil
	}
	if t == "" {
		return nil, errors.New("something that is no value")
	}
	return ednOther(t), nil
}

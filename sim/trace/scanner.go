package trace

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep the JSON of a value may be nested.
const maxDepth = 64

// scanner reads one line of JSON. It allocates only for strings with escapes and for what it keeps.
type scanner struct {
	line []byte
	pos  int
}

// mismatch is what is wrong with a line, and where.
type mismatch struct {
	column    int // from 1, in bytes
	got, want string
}

func (m *mismatch) Error() string { return "got " + m.got + ", want " + m.want }

func (s *scanner) fail(want string) *mismatch { return s.failAt(s.pos, want) }

func (s *scanner) failAt(pos int, want string) *mismatch {
	return &mismatch{column: pos + 1, got: s.excerpt(pos), want: want}
}

// excerpt quotes a few bytes of the line.
func (s *scanner) excerpt(pos int) string {
	if pos >= len(s.line) {
		return "the end of the line"
	}
	rest := s.line[pos:]
	if len(rest) <= 24 {
		return strconv.Quote(string(rest))
	}
	return strconv.Quote(string(rest[:24])) + "..."
}

func (s *scanner) space() {
	for s.pos < len(s.line) && (s.line[s.pos] == ' ' || s.line[s.pos] == '\t' || s.line[s.pos] == '\r') {
		s.pos++
	}
}

// at skips space and reports whether c is next.
func (s *scanner) at(c byte) bool {
	s.space()
	return s.pos < len(s.line) && s.line[s.pos] == c
}

// take takes c if it is next.
func (s *scanner) take(c byte) bool {
	if s.at(c) {
		s.pos++
		return true
	}
	return false
}

// object reads an object, calling field with each key after which the scanner stands at the value.
func (s *scanner) object(field func(key []byte, column int) *mismatch) *mismatch {
	if !s.take('{') {
		return s.fail(`an object: {"key": value, ...}`)
	}
	if s.take('}') {
		return nil
	}
	for {
		s.space()
		start := s.pos
		key, bad := s.text()
		if bad != nil {
			return bad
		}
		if !s.take(':') {
			return s.fail("a colon after the key")
		}
		if bad := field(key, start+1); bad != nil {
			return bad
		}
		if s.take(',') {
			continue
		}
		if s.take('}') {
			return nil
		}
		return s.fail("a comma or the object's closing brace")
	}
}

// named reads an object whose keys are among names, none of them twice, calling field with each; it returns which there
// were. What the object is is said in errors.
func (s *scanner) named(what string, names []string, field func(name string) *mismatch) (seen []bool, bad *mismatch) {
	seen = make([]bool, len(names))
	bad = s.object(func(key []byte, column int) *mismatch {
		i := slices.IndexFunc(names, func(name string) bool { return name == string(key) })
		switch {
		case i < 0:
			return s.failAt(column-1, "a key of "+what+": "+strings.Join(names, ", "))
		case seen[i]:
			return s.failAt(column-1, strconv.Quote(names[i])+" only once")
		}
		seen[i] = true
		return field(names[i])
	})
	return seen, bad
}

// members is named for the object that is the whole line.
func (s *scanner) members(what string, names []string, field func(name string) *mismatch) (seen []bool, bad *mismatch) {
	if seen, bad = s.named(what, names, field); bad == nil {
		bad = s.end()
	}
	return seen, bad
}

// list reads an array, calling item at each of its values.
func (s *scanner) list(item func() *mismatch) *mismatch {
	if !s.take('[') {
		return s.fail("a list: [value, ...]")
	}
	if s.take(']') {
		return nil
	}
	for {
		if bad := item(); bad != nil {
			return bad
		}
		if s.take(',') {
			continue
		}
		if s.take(']') {
			return nil
		}
		return s.fail("a comma or the list's closing bracket")
	}
}

// end checks that nothing follows.
func (s *scanner) end() *mismatch {
	if s.space(); s.pos < len(s.line) {
		return s.fail("the end of the line")
	}
	return nil
}

// text reads a string. The result is valid until the line changes.
func (s *scanner) text() ([]byte, *mismatch) {
	if !s.take('"') {
		return nil, s.fail("a string")
	}
	start, plain := s.pos, true
	for ; s.pos < len(s.line); s.pos++ {
		switch c := s.line[s.pos]; {
		case c == '"':
			b := s.line[start:s.pos]
			s.pos++
			if plain {
				return b, nil
			}
			return s.unescape(b, start)
		case c == '\\':
			plain = false
			s.pos++
		case c < ' ':
			return nil, s.fail("no control character in a string")
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(s.line[s.pos:])
			if r == utf8.RuneError && n == 1 {
				return nil, s.fail("valid UTF-8")
			}
			s.pos += n - 1
		}
	}
	s.pos = len(s.line)
	return nil, s.fail("the string's closing quote")
}

// unescape resolves the escapes of a string, whose rules are those of encoding/json.
func (s *scanner) unescape(b []byte, start int) ([]byte, *mismatch) {
	var text string
	if json.Unmarshal(s.line[start-1:start+len(b)+1], &text) != nil {
		return nil, s.failAt(start, "a string with valid escapes")
	}
	return []byte(text), nil
}

// number takes the characters of a number.
func (s *scanner) number() []byte {
	s.space()
	start := s.pos
	for s.pos < len(s.line) {
		switch c := s.line[s.pos]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			s.pos++
		default:
			return s.line[start:s.pos]
		}
	}
	return s.line[start:]
}

// natural reads a whole number from lo to hi.
func (s *scanner) natural(lo, hi uint64) (uint64, *mismatch) {
	s.space()
	start := s.pos
	b := s.number()
	n, ok := parseNatural(b)
	if !ok || n < lo || n > hi {
		return 0, s.failAt(start, between(strconv.FormatUint(lo, 10), strconv.FormatUint(hi, 10)))
	}
	return n, nil
}

// whole reads a whole number from lo to hi, which may be negative.
func (s *scanner) whole(lo, hi int64) (int64, *mismatch) {
	s.space()
	start := s.pos
	b := s.number()
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	n, ok := parseNatural(b)
	v := int64(n)
	if negative {
		v = -v
		ok = ok && n != 0 && n <= 1<<63
	} else {
		ok = ok && n < 1<<63
	}
	if !ok || v < lo || v > hi {
		return 0, s.failAt(start, between(strconv.FormatInt(lo, 10), strconv.FormatInt(hi, 10)))
	}
	return v, nil
}

func between(lo, hi string) string { return "a whole number from " + lo + " to " + hi }

// parseNatural parses decimal digits without leading zeros.
func parseNatural(b []byte) (n uint64, ok bool) {
	if len(b) == 0 || len(b) > 20 || b[0] == '0' && len(b) > 1 {
		return 0, false
	}
	for _, c := range b {
		d := uint64(c - '0')
		if d > 9 || n > (1<<64-1-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}

// boolean reads true or false.
func (s *scanner) boolean() (bool, *mismatch) {
	switch {
	case s.word("true"):
		return true, nil
	case s.word("false"):
		return false, nil
	}
	return false, s.fail("true or false")
}

func (s *scanner) word(w string) bool {
	s.space()
	if len(s.line)-s.pos < len(w) || string(s.line[s.pos:s.pos+len(w)]) != w {
		return false
	}
	s.pos += len(w)
	return true
}

// raw returns the text of any JSON value, after checking it and its depth.
func (s *scanner) raw() ([]byte, *mismatch) {
	s.space()
	start := s.pos
	if bad := s.skip(); bad != nil {
		return nil, bad
	}
	b := s.line[start:s.pos]
	if !json.Valid(b) {
		return nil, s.failAt(start, "valid JSON")
	}
	return b, nil
}

// skip passes over a JSON value. It checks brackets, strings and depth, and leaves the rest to json.Valid.
func (s *scanner) skip() *mismatch {
	depth := 0
	for {
		s.space()
		if s.pos >= len(s.line) {
			return s.fail("a JSON value")
		}
		switch c := s.line[s.pos]; c {
		case '{', '[':
			if depth++; depth > maxDepth {
				return s.fail("JSON nested at most " + strconv.Itoa(maxDepth) + " deep")
			}
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		case ',', ':':
			if depth == 0 {
				return s.fail("a JSON value")
			}
			s.pos++
		case '"':
			if _, bad := s.text(); bad != nil {
				return bad
			}
		default:
			if !s.word("true") && !s.word("false") && !s.word("null") && len(s.number()) == 0 {
				return s.fail("a JSON value")
			}
		}
		if depth <= 0 {
			return nil
		}
	}
}

package reliability

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseError is one thing that is wrong with the text of a diagram.
type ParseError struct {
	Line, Column int    // from 1, the column in characters
	Got          string // what stands there, quoted if it is text
	Want         string // what could stand there
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("reliability: line %d, column %d: got %s, want %s", e.Line, e.Column, e.Got, e.Want)
}

type tokenKind uint8

const (
	endToken       tokenKind = iota
	separatorToken           // ; or, outside of parentheses, the end of a line
	numberToken
	nameToken
	markToken // one of ( ) , = : * - ->
	strangeToken
)

// token is one word of the text.
type token struct {
	kind         tokenKind
	text         string // as written
	digits       string // of a number: without its unit
	unit         string // of a number
	literal      bool   // of a name: written in quotes, so that it is no kind of block
	line, column int
}

// quoted returns the token for an error message.
func (t token) quoted() string {
	switch {
	case t.kind == endToken:
		return "the end"
	case t.kind == separatorToken && t.text == "\n":
		return "the end of the line"
	}
	return strconv.Quote(short(t.text))
}

// short cuts a long piece of text for an error message.
func short(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}

// lexer cuts a text into tokens.
type lexer struct {
	text         string
	at           int // in bytes
	line, column int // of at
	depth        int // of parentheses that are open
}

// tokens returns all tokens, the end last.
func tokens(text string) []token {
	l := &lexer{text: text, line: 1, column: 1}
	var list []token
	for {
		t := l.next()
		list = append(list, t)
		if t.kind == endToken {
			return list
		}
	}
}

// take moves past n bytes and returns them.
func (l *lexer) take(n int) string {
	s := l.text[l.at : l.at+n]
	l.at += n
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		l.column++
		if r == '\n' {
			l.line, l.column = l.line+1, 1
		}
	}
	return l.text[l.at-n : l.at]
}

// skip moves past spaces, comments, and ends of lines within parentheses.
func (l *lexer) skip() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' && l.depth > 0:
			l.take(1)
		case c == '#':
			n := 0
			for l.at+n < len(l.text) && l.text[l.at+n] != '\n' {
				n++
			}
			l.take(n)
		default:
			return
		}
	}
}

func (l *lexer) next() token {
	l.skip()
	t := token{line: l.line, column: l.column}
	if l.at == len(l.text) {
		return t
	}
	rest := l.text[l.at:]
	n := 1
	switch c := rest[0]; {
	case isDigit(c) || c == '.':
		n = l.number(&t, rest)
	case isLetter(c):
		t.kind = nameToken
		for n < len(rest) && (isLetter(rest[n]) || isDigit(rest[n]) || rest[n] == '.') {
			n++
		}
	case c == '"':
		return l.literal(t, rest)
	case c == '\n' || c == ';':
		t.kind = separatorToken
	case c == '-' && len(rest) > 1 && rest[1] == '>':
		t.kind, n = markToken, 2
	case c == '(' || c == ')' || c == ',' || c == '=' || c == ':' || c == '*' || c == '-':
		t.kind = markToken
		if c == '(' {
			l.depth++
		} else if c == ')' {
			l.depth = max(l.depth-1, 0)
		}
	default:
		t.kind = strangeToken
		_, n = utf8.DecodeRuneInString(rest)
	}
	t.text = l.take(n)
	return t
}

// literal scans a name in quotes.
func (l *lexer) literal(t token, s string) token {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		n := strings.IndexByte(s, '\n')
		if n < 0 {
			n = len(s)
		}
		t.kind, t.text = strangeToken, l.take(n)
		return t
	}
	l.take(len(quoted))
	t.kind, t.literal = nameToken, true
	t.text, _ = strconv.Unquote(quoted)
	return t
}

// number scans digits, a fraction, an exponent and a unit, and returns their length.
func (l *lexer) number(t *token, s string) int {
	digits := func(i int) int {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		return i
	}
	i := digits(0)
	count := i
	if i < len(s) && s[i] == '.' {
		end := digits(i + 1)
		count += end - i - 1
		i = end
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if end := digits(j); end > j {
			i = end
		}
	}
	end := i
	for end < len(s) && (isLetter(s[end]) || s[end] == '%' || isDigit(s[end])) {
		end++
	}
	t.kind, t.digits, t.unit = numberToken, s[:i], s[i:end]
	if count == 0 {
		t.kind = strangeToken
	}
	return end
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

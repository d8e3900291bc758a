package dist

import (
	"strconv"
	"unicode/utf8"
)

// token is one word of the text form.
type token struct {
	kind   tokenKind
	text   string // as written
	digits string // of a number: without its suffix
	suffix string // of a number
	offset int    // of its first byte
}

type tokenKind uint8

const (
	endToken tokenKind = iota
	numberToken
	nameToken
	markToken // one of ( ) , : = + - *
	strangeToken
)

// quoted returns the token for an error message.
func (t token) quoted() string {
	if t.kind == endToken {
		return "the end"
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

// scan returns the token at or after offset i, and where it ends.
func scan(s string, i int) (t token, end int) {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	t.offset = i
	switch {
	case i == len(s):
		return t, i
	case isDigit(s[i]) || s[i] == '.':
		return scanNumber(s, i)
	case isLetter(s, i) > 0:
		t.kind, end = nameToken, skipName(s, i)
	case isMark(s[i]):
		t.kind, end = markToken, i+1
	default:
		_, size := utf8.DecodeRuneInString(s[i:])
		t.kind, end = strangeToken, i+size
	}
	t.text = s[i:end]
	return t, end
}

// scanNumber scans digits, a fraction, an exponent, and the letters of a suffix.
func scanNumber(s string, i int) (t token, end int) {
	t = token{kind: numberToken, offset: i}
	j := skipDigits(s, i)
	count := j - i
	if j < len(s) && s[j] == '.' {
		k := skipDigits(s, j+1)
		count += k - j - 1
		j = k
	}
	if k := skipExponent(s, j); k > j {
		j = k
	}
	end = skipName(s, j)
	t.text, t.digits, t.suffix = s[i:end], s[i:j], s[j:end]
	if count == 0 {
		t.kind, end = strangeToken, max(end, i+1)
		t.text = s[i:end]
	}
	return t, end
}

func skipDigits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// skipExponent returns the end of e[+-]digits at i, or i.
func skipExponent(s string, i int) int {
	if i == len(s) || s[i]|0x20 != 'e' {
		return i
	}
	j := i + 1
	if j < len(s) && (s[j] == '+' || s[j] == '-') {
		j++
	}
	if k := skipDigits(s, j); k > j {
		return k
	}
	return i
}

func skipName(s string, i int) int {
	for i < len(s) {
		n := isLetter(s, i)
		if n == 0 && !isDigit(s[i]) {
			break
		}
		i += max(n, 1)
	}
	return i
}

// isLetter returns the length of the letter at i, 0 if there is none: ASCII letters, _, % and both signs for micro.
func isLetter(s string, i int) int {
	c := s[i]
	if c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '%' {
		return 1
	}
	if r, size := utf8.DecodeRuneInString(s[i:]); r == 'µ' || r == 'μ' {
		return size
	}
	return 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isMark(c byte) bool {
	switch c {
	case '(', ')', ',', ':', '=', '+', '-', '*':
		return true
	}
	return false
}

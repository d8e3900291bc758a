package experiments

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// maxProblems bounds how many problems one error prints; the rest are counted.
const maxProblems = 50

// Problem is one thing that is wrong with a scenario or a repro: where, what was got and what was wanted.
type Problem struct {
	File         string // the file's name; "--set" for an override
	Line, Column int    // from 1, in characters; 0 when the problem has no place
	Path         string // the JSON path of the value: $.faults[1].kind
	Got, Want    string
	Text         string // the source line
	Point        string // the point of a grid at which it is wrong; "" if it is wrong everywhere
}

// Problems is an error that holds everything that is wrong, sorted by position.
type Problems []Problem

// Error prints every problem with its source line and a caret under the place.
func (ps Problems) Error() string {
	var b strings.Builder
	for i, p := range ps {
		if i == maxProblems {
			fmt.Fprintf(&b, "\nand %d more problems", len(ps)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// String is `file:line:col: path: got ..., want ...`, then the source line and a caret.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.place())
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString("got " + p.Got + ", want " + p.Want)
	if p.Point != "" {
		b.WriteString(" (at " + p.Point + ")")
	}
	if p.Line > 0 {
		line, caret := excerpt(p.Text, p.Column)
		b.WriteString("\n    " + line + "\n    " + caret)
	}
	return b.String()
}

func (p Problem) place() string {
	switch {
	case p.File == setFile:
		return setFile + " " + shorten(p.Text, 80) + ": "
	case p.Line > 0:
		return fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)
	}
	return p.File + ": "
}

// sorted returns the problems in order of position, one per place and path, or nil if there are none.
func (ps Problems) sorted() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Got, b.Got))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool { return a == b })
}

// maxExcerpt bounds the printed part of a source line, in characters.
const maxExcerpt = 100

// excerpt returns the part of a source line around a column, and a line with a caret under that column. Tabs become
// spaces and what does not print becomes a dot, so that the caret stands where it should.
func excerpt(text string, column int) (line, caret string) {
	runes := []rune(strings.ToValidUTF8(strings.TrimRight(text, "\r\n"), "."))
	for i, r := range runes {
		switch {
		case r == '\t':
			runes[i] = ' '
		case !unicode.IsPrint(r):
			runes[i] = '.'
		}
	}
	at := min(max(column-1, 0), len(runes))
	start := max(0, at-maxExcerpt*3/4)
	end := min(len(runes), start+maxExcerpt)
	line = string(runes[start:end])
	if start > 0 {
		line, at = "..."+line, at+3
	}
	if end < len(runes) {
		line += "..."
	}
	return line, strings.Repeat(" ", at-start) + "^"
}

// shorten returns s on one line, of at most n characters.
func shorten(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	if r := []rune(s); len(r) > n {
		return string(r[:n-3]) + "..."
	}
	return s
}

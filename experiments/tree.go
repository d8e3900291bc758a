package experiments

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// source is the text that positions refer to.
type source struct {
	file  string
	lines []string
}

func newSource(file, text string) *source { return &source{file, strings.Split(text, "\n")} }

// at returns a problem at a line and column of the source.
func (s *source) at(line, column int, path, got, want string) Problem {
	p := Problem{File: s.file, Line: max(line, 1), Column: max(column, 1), Path: path, Got: got, Want: want}
	if p.Line <= len(s.lines) {
		p.Text = strings.TrimRight(s.lines[p.Line-1], "\r")
	}
	return p
}

// shape says what a value is.
type shape uint8

const (
	null shape = iota
	boolean
	number
	text
	sequence
	mapping
)

var shapeNames = [...]string{"nothing", "a truth value", "a number", "a text", "a list", "a mapping"}

func (s shape) String() string { return shapeNames[s] }

// value is a node of a document together with where it stands. Keys of a mapping are unique and in their order.
type value struct {
	shape        shape
	raw          string // scalars: the text itself, of a number as it was written
	integer      bool   // number: without fraction and exponent
	quoted       bool   // text: in quotes
	keys         []*key
	items        []*value
	src          *source
	line, column int
}

type key struct {
	name         string
	value        *value
	src          *source
	line, column int
}

// get returns the value of a key, nil if there is none.
func (v *value) get(name string) *value {
	if k := v.key(name); k != nil {
		return k.value
	}
	return nil
}

func (v *value) key(name string) *key {
	for _, k := range v.keys {
		if k.name == name {
			return k
		}
	}
	return nil
}

// problem is a problem with v itself.
func (v *value) problem(path, got, want string) Problem {
	return v.src.at(v.line, v.column, path, got, want)
}

// problemAt is a problem with the character of a text at a byte offset.
func (v *value) problemAt(offset int, path, got, want string) Problem {
	column := v.column
	if offset >= 0 && offset <= len(v.raw) {
		column += utf8.RuneCountInString(v.raw[:offset])
		if v.quoted {
			column++
		}
	}
	return v.src.at(v.line, column, path, got, want)
}

func (k *key) problem(path, got, want string) Problem {
	return k.src.at(k.line, k.column, path, got, want)
}

// String describes a value in an error: a scalar as it was written, else what it is.
func (v *value) String() string {
	switch v.shape {
	case boolean, number:
		return shorten(v.raw, 60)
	case text:
		return strconv.Quote(shorten(v.raw, 60))
	}
	return v.shape.String()
}

// plain returns v as the encoding/json package would: what a JSON Schema is checked against.
func (v *value) plain() any {
	switch v.shape {
	case boolean:
		return v.raw == "true"
	case number:
		return v.numeral()
	case text:
		return v.raw
	case sequence:
		list := make([]any, len(v.items))
		for i, item := range v.items {
			list[i] = item.plain()
		}
		return list
	case mapping:
		m := make(map[string]any, len(v.keys))
		for _, k := range v.keys {
			m[k.name] = k.value.plain()
		}
		return m
	}
	return nil
}

// numeral is the number: an int64 or uint64 if it is an integer that fits, else a float64.
func (v *value) numeral() any {
	if v.integer {
		if i, err := strconv.ParseInt(v.raw, 0, 64); err == nil {
			return i
		}
		if u, err := strconv.ParseUint(v.raw, 0, 64); err == nil {
			return u
		}
	}
	f, _ := strconv.ParseFloat(strings.ReplaceAll(v.raw, "_", ""), 64)
	return f
}

// member extends a path by a key.
func member(path, name string) string {
	if isWord(name) {
		return path + "." + name
	}
	return path + "[" + strconv.Quote(shorten(name, 60)) + "]"
}

// element extends a path by an index.
func element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func isWord(s string) bool {
	for _, r := range s {
		if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= 60
}

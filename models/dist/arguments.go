package dist

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// argument is a number as written, and what it means.
type argument struct {
	name     string
	text     string // with its sign
	offset   int
	negative bool
	number   token
	value    float64
	given    bool
}

// sign reads an optional minus and a number.
func (p *parser) sign() (argument, error) {
	a := argument{offset: p.tok.offset, given: true}
	if p.is("-") {
		a.negative = true
		p.advance()
	}
	if p.tok.kind != numberToken {
		return a, p.unexpected("a number")
	}
	if err := p.count(); err != nil {
		return a, err
	}
	a.number = p.tok
	a.text = p.text[a.offset:p.end]
	p.advance()
	return a, nil
}

// in returns the value in a unit. Negative zero is 0.
func (a argument) in(u Unit) (float64, error) {
	wrong := func(want string) error { return &ParseError{a.offset, strconv.Quote(short(a.text)), want} }
	s := suffix{factor: 1}
	switch name := a.number.suffix; {
	case name != "" && u == Numbers:
		return 0, wrong(u.want())
	case name != "":
		var known bool
		if s, known = u.suffix(name); !known {
			return 0, wrong(oneOf("a unit", name, u.suffixNames()))
		}
	}
	v := s.value(a.number.digits)
	switch {
	case a.number.suffix == "" && u != Numbers && v != 0:
		return 0, wrong(u.want())
	case math.IsInf(v, 0):
		return 0, wrong("a number of at most 1e100")
	case a.negative:
		v = 0 - v
	}
	return v, nil
}

// arguments reads values up to the closing bracket, by position and then by name.
func (p *parser) arguments(params []param, u Unit) ([]argument, error) {
	read := make([]argument, len(params))
	for position := 0; ; position++ {
		i, err := p.parameter(params, read, position)
		if err != nil {
			return nil, err
		}
		if read[i], err = p.value(params[i], u); err != nil {
			return nil, err
		}
		if !p.is(",") {
			break
		}
		p.advance()
	}
	if !p.is(")") {
		return nil, p.unexpected(`"," or ")"`)
	}
	for i, a := range read {
		if !a.given {
			return nil, p.unexpected(fmt.Sprintf("%q and the parameter %s", ",", params[i].name))
		}
	}
	p.advance()
	return read, nil
}

// parameter returns which parameter the next value is for.
func (p *parser) parameter(params []param, read []argument, position int) (int, error) {
	names := make([]string, len(params))
	for i := range params {
		names[i] = params[i].name
	}
	if p.tok.kind != nameToken {
		switch {
		case position >= len(params):
			return 0, p.unexpected(fmt.Sprintf("only the parameters %s", strings.Join(names, ", ")))
		case position > 0 && !read[position-1].given || read[position].given:
			return 0, p.unexpected("name=value, as the values before it")
		}
		return position, nil
	}
	for i, name := range names {
		if name != p.tok.text {
			continue
		}
		if read[i].given {
			return 0, p.unexpected("each parameter once")
		}
		p.advance()
		return i, p.expect("=")
	}
	return 0, p.unexpected(oneOf("a parameter", p.tok.text, names))
}

// value reads the value of a parameter.
func (p *parser) value(param param, u Unit) (argument, error) {
	if param.kind != inUnit {
		u = Numbers
	}
	a, err := p.sign()
	if err != nil {
		return a, err
	}
	a.name = param.name
	if a.value, err = a.in(u); err != nil {
		return a, err
	}
	if param.kind == whole && (a.value != math.Floor(a.value) || math.Abs(a.value) > 1<<53) {
		return a, &ParseError{a.offset, strconv.Quote(short(a.text)), "a whole number"}
	}
	return a, nil
}

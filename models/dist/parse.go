package dist

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseError is one thing wrong with the text of a law.
type ParseError struct {
	Offset int    // in bytes from the start of the text
	Got    string // what stands there, quoted if it is text
	Want   string // what could stand there
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("dist: offset %d: got %s, want %s", e.Offset, e.Got, e.Want)
}

// Limits of Parse.
const (
	maxText  = 1 << 20 // bytes
	maxItems = 1 << 14 // laws and numbers
	maxDepth = 32      // laws within laws
)

// Parse reads a law whose values have the given unit:
//
//	law   = term { ("+" | "-") term }            at most one term is not constant
//	term  = value | factor "*" term | name "(" arguments ")" | "(" law ")"
//
// A factor with a unit multiplies a law of plain numbers: 1ms * poisson(mean=3). Arguments go by position or by name;
// doc.go lists the laws. A value of 0 needs no unit. The error, if any, is one *ParseError or several joined, in the
// order of the text: the first that is not of the syntax, and everything before it that is not a valid law.
func Parse(text string, unit Unit) (Dist, error) {
	if len(text) > maxText {
		return nil, &ParseError{maxText, fmt.Sprintf("%d bytes", len(text)), fmt.Sprintf("at most %d", maxText)}
	}
	p := &parser{text: text}
	p.advance()
	n, err := p.law(unit)
	if err == nil && p.tok.kind != endToken {
		err = p.unexpected(`"+", "-" or the end`)
	}
	if e := (*ParseError)(nil); errors.As(err, &e) {
		p.problems = append(p.problems, e)
	}
	if len(p.problems) > 0 {
		return nil, p.joined()
	}
	return n.law, nil
}

// joined returns the problems in the order of the text.
func (p *parser) joined() error {
	slices.SortStableFunc(p.problems, func(a, b *ParseError) int { return a.Offset - b.Offset })
	errs := make([]error, len(p.problems))
	for i, e := range p.problems {
		errs[i] = e
	}
	return errors.Join(errs...)
}

// parser reads by recursive descent, one token ahead.
type parser struct {
	text     string
	tok      token
	end      int // of tok
	nest     int // calls of term in progress
	items    int
	problems []*ParseError // laws that are well-formed and not valid
}

// node is a law that was read.
type node struct {
	law   Dist
	token token // its first
	depth int   // of laws within laws
}

func (p *parser) advance() { p.tok, p.end = scan(p.text, p.end) }

func (p *parser) is(mark string) bool { return p.tok.kind == markToken && p.tok.text == mark }

func (p *parser) unexpected(want string) error {
	return &ParseError{p.tok.offset, p.tok.quoted(), want}
}

func (p *parser) expect(mark string) error {
	if !p.is(mark) {
		return p.unexpected(strconv.Quote(mark))
	}
	p.advance()
	return nil
}

// count bounds the size of what is read.
func (p *parser) count() error {
	if p.items++; p.items > maxItems {
		return p.unexpected(fmt.Sprintf("at most %d laws and numbers", maxItems))
	}
	return nil
}

// over returns the node of a law around others, whose depth is limited.
func (p *parser) over(first token, law Dist, depth int) (node, error) {
	if depth++; depth > maxDepth {
		return node{}, &ParseError{first.offset, first.quoted(), fmt.Sprintf("laws nested at most %d deep", maxDepth)}
	}
	return node{law: law, token: first, depth: depth}, nil
}

func (p *parser) law(u Unit) (node, error) {
	left, err := p.term(u)
	for err == nil && (p.is("+") || p.is("-")) {
		minus := p.is("-")
		p.advance()
		var right node
		if right, err = p.term(u); err == nil {
			left, err = p.join(left, right, minus)
		}
	}
	return left, err
}

// join returns left + right or left - right, of which one is constant.
func (p *parser) join(left, right node, minus bool) (node, error) {
	var s Shifted
	if c, ok := right.law.(Constant); ok {
		s = Shifted{left.law, c.Value}
		if minus {
			s.By = 0 - c.Value
		}
	} else if c, ok := left.law.(Constant); ok && !minus {
		s = Shifted{right.law, c.Value}
	} else {
		return node{}, &ParseError{right.token.offset, right.token.quoted(), "a constant: no law here is the sum of two others"}
	}
	p.report(s.check(), left.token, nil)
	return p.over(left.token, s, max(left.depth, right.depth))
}

func (p *parser) term(u Unit) (node, error) {
	if p.nest++; p.nest > 4*maxDepth {
		return node{}, p.unexpected(fmt.Sprintf("laws nested at most %d deep", maxDepth))
	}
	defer func() { p.nest-- }()
	switch {
	case p.is("("):
		p.advance()
		n, err := p.law(u)
		if err == nil {
			err = p.expect(")")
		}
		return n, err
	case p.tok.kind == numberToken || p.is("-"):
		return p.literal(u)
	case p.tok.kind == nameToken:
		return p.named(u)
	}
	return node{}, p.unexpected("a law such as exponential(mean=...), or " + u.want())
}

// literal reads a value, or a factor and what it multiplies.
func (p *parser) literal(u Unit) (node, error) {
	first := p.tok
	a, err := p.sign()
	if err != nil {
		return node{}, err
	}
	if p.is("*") {
		p.advance()
		return p.scaled(first, a, u, p.term)
	}
	v, err := a.in(u)
	if err != nil {
		return node{}, err
	}
	c := Constant{v}
	p.report(c.Validate(), first, nil)
	return node{law: c, token: first}, nil
}

// scaled reads the law that the factor a multiplies.
func (p *parser) scaled(first token, a argument, u Unit, read func(Unit) (node, error)) (node, error) {
	unitOfFactor, unitOfLaw := Numbers, u
	if a.number.suffix != "" {
		unitOfFactor, unitOfLaw = u, Numbers
	}
	by, err := a.in(unitOfFactor)
	if err != nil {
		return node{}, err
	}
	n, err := read(unitOfLaw)
	if err != nil || by == 1 && isCount(n.law) {
		return n, err
	}
	s := Scaled{by, n.law}
	a.name = "by"
	p.report(s.check(), first, []argument{a})
	return p.over(first, s, n.depth)
}

// named reads a law by name.
func (p *parser) named(u Unit) (node, error) {
	name := p.tok
	f, simple := formOf(name.text)
	read := p.composite(name.text)
	if err := p.count(); err != nil {
		return node{}, err
	}
	switch {
	case !simple && read == nil:
		return node{}, p.unexpected(oneOf("a law", name.text, Names()))
	case simple && f.counts && u != Numbers:
		return node{}, p.unexpected(fmt.Sprintf("a law of %v: %s gives counts, give them a unit as in %s * %s(...)",
			u, f.name, appendValue(nil, 1, u), f.name))
	}
	p.advance()
	if err := p.expect("("); err != nil {
		return node{}, err
	}
	if !simple {
		return read(name, u)
	}
	arguments, err := p.arguments(f.params, u)
	if err != nil {
		return node{}, err
	}
	values := make([]float64, len(arguments))
	for i, a := range arguments {
		values[i] = a.value
	}
	d, err := f.make(values)
	p.report(err, name, arguments)
	return node{law: d, token: name, depth: 1}, nil
}

// report turns what a law finds wrong with itself into errors at the places of the arguments.
func (p *parser) report(err error, law token, arguments []argument) {
	var joined interface{ Unwrap() []error }
	var one *problem
	switch {
	case err == nil:
	case errors.As(err, &joined):
		for _, e := range joined.Unwrap() {
			p.report(e, law, arguments)
		}
	case errors.As(err, &one):
		for _, a := range arguments {
			if strings.EqualFold(a.name, one.field) {
				p.problems = append(p.problems, &ParseError{a.offset, strconv.Quote(short(a.text)), one.want})
				return
			}
		}
		p.problems = append(p.problems, &ParseError{law.offset, law.quoted(), one.want})
	default:
		p.problems = append(p.problems, &ParseError{law.offset, law.quoted(), strings.TrimPrefix(err.Error(), "dist: ")})
	}
}

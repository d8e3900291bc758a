package reliability

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Limits of Parse.
const (
	maxText   = 1 << 23 // bytes
	maxName   = 100     // bytes
	maxErrors = 100
	maxSteps  = 4 * maxBlocks // of making blocks from the text
)

// Parse reads a diagram:
//
//	diagram    = { statement ( ";" | end of line ) }      # starts a comment
//	statement  = item                                     the system, a definition, or a group
//	item       = [ name "=" ] block
//	block      = number                                   a part with this availability: 0.999, 99.9%
//	           | name                                     the part or block of this name, shared
//	           | name "(" attributes ")"                  a part with a name
//	           | "part" "(" attributes ")"                a part without
//	           | count "*" item                           independent copies
//	           | kind "(" ... ")"
//	           | "(" item ")"
//	attributes = a= | u= | mttf= , mttr=                  availability, unavailability (or q=), mean times with
//	                                                      their units ms, s, min (or m), h, d, y; two of them at most
//
// The kinds of blocks, in which items stand separated by commas:
//
//	series(items)  parallel(items)  kofn(k, items)  majority(items)
//	vote(threshold, weight: item, ...)                    weights that work reach the threshold
//	bridge(a, b, c, d, e)                                 a, b and c, d are two ways, e joins their middles
//	network(from, to, x-y: item, x->y: item, x: item)     links both ways, one way, vertices that fail
//	separated(from, to, ...)                              no path of failed links joins the ends
//	grid(rows, columns, items)                            a row that works, and one that works in every row
//	common(beta=b, gamma=c, ..., items)                   parts alike with common causes: beta factor, Greek letters
//	in(domain, items)                                     items that are down when their domain is
//
// A name is a letter or _ followed by letters, digits, _ and ., or anything in double quotes.
//
// The system is the one statement that is neither a definition nor a group; if there is none, the last definition.
// Statements may stand in any order. A name used again is the same part or block, so nothing is counted twice.
//
// "n * item" makes n copies of all that is written within the item; if the item is a name, of what that name is defined
// to be. Names that occur there without being defined there are shared by the copies. The copies of a part node are
// called node.1, node.2 and so on, and cannot be used by name elsewhere.
//
// common and in, which stand for their items and so for several blocks at once, hold for a name wherever it is used:
// after "in(zone=0.999, a, b)" on a line of its own, a and b are everywhere the parts in their zone.
//
// The error, if any, is one *ParseError or several joined, in the order of the text.
func Parse(text string) (*Diagram, error) {
	if len(text) > maxText {
		return nil, &ParseError{1, 1, fmt.Sprintf("%d bytes", len(text)), fmt.Sprintf("at most %d", maxText)}
	}
	p := &parser{tokens: tokens(text)}
	statements := p.statements()
	if p.broken {
		return nil, p.joined()
	}
	return p.resolve(statements)
}

// exprKind is what an expression is.
type exprKind uint8

const (
	exprPart exprKind = iota
	exprName
	exprCopies
	exprBlock
	exprGroup // common or in
)

// expr is a piece of the text.
type expr struct {
	kind  exprKind
	at    token // where it starts, after its name
	name  token // under which it is defined, if it is
	part  Part  // exprPart
	op    op    // exprBlock
	kids  []*expr
	count int // exprCopies: how many; opKofN, opVote, opGrid: its first number
	cols  int // opGrid
	given token
	half  bool // opKofN: more than half
	// weights are those of opVote, for each kid.
	weights []int
	graph   *graph
	// Of a group: its parameters, or its domain.
	greek  []float64
	domain *expr
}

// parser reads by recursive descent, one token ahead.
type parser struct {
	tokens   []token
	i        int
	nest     int
	broken   bool // something does not parse
	problems []*ParseError
}

func (p *parser) tok() token { return p.tokens[p.i] }

func (p *parser) peek() token { return p.tokens[min(p.i+1, len(p.tokens)-1)] }

func (p *parser) advance() token {
	t := p.tokens[p.i]
	p.i = min(p.i+1, len(p.tokens)-1)
	return t
}

func (t token) is(mark string) bool { return t.kind == markToken && t.text == mark }

// wrong reports a problem at a token.
func (p *parser) wrong(t token, got, want string) {
	if len(p.problems) < maxErrors {
		p.problems = append(p.problems, &ParseError{t.line, t.column, got, want})
	}
}

// unexpected reports the token ahead, and returns nil.
func (p *parser) unexpected(want string) *expr {
	p.broken = true
	p.wrong(p.tok(), p.tok().quoted(), want)
	return nil
}

func (p *parser) expect(mark string) bool {
	if !p.tok().is(mark) {
		p.unexpected(strconv.Quote(mark))
		return false
	}
	p.advance()
	return true
}

// joined returns the problems in the order of the text, one for each place.
func (p *parser) joined() error {
	slices.SortStableFunc(p.problems, func(a, b *ParseError) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	var errs []error
	for i, e := range p.problems {
		if i == 0 || *e != *p.problems[i-1] {
			errs = append(errs, e)
		}
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

func (p *parser) statements() []*expr {
	var list []*expr
	for p.tok().kind != endToken {
		if p.tok().kind == separatorToken {
			p.advance()
			continue
		}
		e := p.item()
		if e != nil && p.tok().kind != separatorToken && p.tok().kind != endToken {
			e = p.unexpected(`";", the end of the line or the end`)
		}
		if e == nil {
			p.broken = true
			p.skipTo(func(t token) bool { return t.kind == separatorToken })
			continue
		}
		list = append(list, e)
	}
	return list
}

// skipTo skips to a token outside of the parentheses that open on the way, or to the one that closes those around.
func (p *parser) skipTo(stop func(token) bool) {
	for depth := 0; p.tok().kind != endToken; p.advance() {
		switch t := p.tok(); {
		case depth == 0 && stop(t):
			return
		case t.is("("):
			depth++
		case t.is(")"):
			depth = max(depth-1, 0)
		}
	}
}

// item reads a block that may have a name.
func (p *parser) item() *expr {
	if p.nest++; p.nest > maxDepth {
		p.nest--
		return p.unexpected(fmt.Sprintf("blocks nested at most %d deep", maxDepth))
	}
	defer func() { p.nest-- }()
	if p.tok().kind != nameToken || !p.peek().is("=") {
		return p.block()
	}
	name := p.advance()
	p.advance()
	if p.reserved(name) {
		return nil
	}
	e := p.block()
	if e == nil {
		return nil
	}
	if e.name.text != "" {
		p.wrong(name, name.quoted(), fmt.Sprintf("one name: this is already called %q", e.name.text))
		return nil
	}
	e.name = name
	return e
}

func (p *parser) reserved(name token) bool {
	switch {
	case len(name.text) > maxName || name.text == "":
		p.wrong(name, name.quoted(), fmt.Sprintf("a name of 1 to %d bytes", maxName))
	case !name.literal && (kind(name.text) != nil || name.text == "part"):
		p.wrong(name, name.quoted(), "a name that is no kind of block, or one in quotes")
	default:
		return false
	}
	return true
}

const wantBlock = "a block: an availability such as 0.999, a name, or a kind such as series(...)"

func (p *parser) block() *expr {
	t := p.tok()
	switch {
	case t.kind == numberToken && p.peek().is("*"):
		return p.copies()
	case t.kind == numberToken || t.is("-") && p.peek().kind == numberToken:
		return p.number()
	case t.is("("):
		p.advance()
		e := p.item()
		if e == nil || !p.expect(")") {
			return nil
		}
		return e
	case t.kind != nameToken:
		return p.unexpected(wantBlock)
	}
	p.advance()
	if !p.tok().is("(") {
		if p.reserved(t) {
			return nil
		}
		return &expr{kind: exprName, at: t}
	}
	if read := kind(t.text); read != nil && !t.literal {
		e := &expr{kind: exprBlock, at: t}
		p.advance()
		if !read(p, e) {
			return nil
		}
		return e
	}
	return p.attributes(t)
}

// number reads a part with an availability.
func (p *parser) number() *expr {
	negative := p.tok().is("-")
	at := p.tok()
	if negative {
		p.advance()
	}
	t := p.advance()
	_, q, ok := probability(t, negative)
	if !ok {
		p.wrong(at, signed(t, negative), wantProbability)
	}
	return &expr{kind: exprPart, at: at, part: Part{Q: q}}
}

func signed(t token, negative bool) string {
	if negative {
		return strconv.Quote("-" + short(t.text))
	}
	return t.quoted()
}

// copies reads count * item.
func (p *parser) copies() *expr {
	t := p.advance()
	p.advance()
	n, ok := count(t)
	if !ok || n < 1 || n > maxBlocks {
		p.wrong(t, t.quoted(), fmt.Sprintf("a number of copies from 1 to %d", maxBlocks))
	}
	e := p.item()
	if e == nil {
		return nil
	}
	return &expr{kind: exprCopies, at: t, count: n, kids: []*expr{e}}
}

// arguments reads what read reads, separated by commas, up to the parenthesis that closes. What does not parse is
// skipped.
func (p *parser) arguments(read func() bool) bool {
	all := true
	for {
		if !read() {
			all = false
			p.skipArgument()
		}
		switch t := p.tok(); {
		case t.is(","):
			p.advance()
		case t.is(")"):
			p.advance()
			return all
		default:
			if all || t.kind != endToken {
				p.unexpected(`"," or ")"`)
			}
			all = false
			p.skipArgument()
			if p.tok().kind == endToken {
				return false
			}
			if p.tok().is(",") {
				p.advance()
			} else if p.tok().is(")") {
				p.advance()
				return false
			}
		}
	}
}

// skipArgument skips to the next comma or closing parenthesis of this list.
func (p *parser) skipArgument() {
	p.skipTo(func(t token) bool { return t.is(",") || t.is(")") })
}

// attributes reads the part called name, up to the parenthesis that closes.
func (p *parser) attributes(name token) *expr {
	isPart := name.text == "part" && !name.literal
	if !isPart && p.reserved(name) {
		p.advance()
		p.skipArguments()
		return nil
	}
	p.advance()
	if p.tok().kind != nameToken || !p.peek().is("=") || !slices.Contains(attributeNames, p.tok().text) {
		if !isPart && (p.tok().kind != nameToken || !p.peek().is("=")) {
			p.wrong(name, name.quoted(), oneOf("a kind of block", name.text))
			p.skipArguments()
			return nil
		}
	}
	e := &expr{kind: exprPart, at: name}
	if !isPart {
		e.name = name
		e.part.Name = name.text
	}
	var a attributes
	if !p.arguments(func() bool { return p.attribute(&a) }) {
		return nil
	}
	part, got, want := a.part()
	if want != "" {
		p.wrong(name, got, want)
	}
	part.Name = e.part.Name
	e.part = part
	return e
}

func (p *parser) skipArguments() {
	for !p.tok().is(")") && p.tok().kind != endToken {
		p.skipArgument()
		if p.tok().is(",") {
			p.advance()
		}
	}
	p.advance()
}

var attributeNames = []string{"a", "u", "q", "mttf", "mttr"}

// attribute reads one attribute of a part.
func (p *parser) attribute(a *attributes) bool {
	name := p.tok()
	if name.kind != nameToken || !slices.Contains(attributeNames, name.text) {
		p.unexpected("one of a=, u=, q=, mttf=, mttr=")
		return false
	}
	p.advance()
	if !p.expect("=") {
		return false
	}
	at, negative := p.tok(), p.tok().is("-")
	if negative {
		p.advance()
	}
	if p.tok().kind != numberToken {
		p.unexpected("a number")
		return false
	}
	t := p.advance()
	if given := a.find(name.text); given {
		p.wrong(name, name.quoted(), "each attribute once, and one of a, u and q")
		return true
	}
	a.set(name.text, t, negative, func(want string) { p.wrong(at, signed(t, negative), want) })
	return true
}

// attributes are those that were given of a part.
type attributes struct {
	q, mttf, mttr                 float64
	hasQ, hasMTTF, hasMTTR, wrong bool
}

func (a *attributes) find(name string) bool {
	switch name {
	case "mttf":
		return a.hasMTTF
	case "mttr":
		return a.hasMTTR
	}
	return a.hasQ
}

func (a *attributes) set(name string, t token, negative bool, wrong func(want string)) {
	fail := func(want string) {
		a.wrong = true
		wrong(want)
	}
	var ok bool
	switch name {
	case "mttf":
		a.hasMTTF = true
		if a.mttf, ok = duration(t); !ok {
			fail(wantTime)
		} else if negative || a.mttf == 0 {
			fail("a mean time to failure of more than 0")
		}
	case "mttr":
		a.hasMTTR = true
		if a.mttr, ok = duration(t); !ok {
			fail(wantTime)
		} else if negative && a.mttr != 0 {
			fail("a mean time to repair of at least 0")
		}
	default:
		a.hasQ = true
		var up float64
		if a.q, up, ok = probability(t, negative); !ok {
			fail(wantProbability)
		}
		if name == "a" {
			a.q = up
		}
	}
}

// part returns the part that the attributes describe, or what is wrong with them.
func (a *attributes) part() (p Part, got, want string) {
	switch {
	case a.wrong:
		return Part{}, "", ""
	case a.hasQ && a.hasMTTF && a.hasMTTR:
		return Part{}, "an availability, mttf and mttr", "two of the three: the third follows"
	case a.hasMTTF && a.hasMTTR:
		p = Part{MTTF: a.mttf, MTTR: a.mttr}
	case !a.hasQ:
		return Part{}, "one mean time", "mttf and mttr, or one of them and the availability"
	case a.hasMTTF && a.q < 1:
		p = Part{MTTF: a.mttf, MTTR: a.mttf * a.q / (1 - a.q)}
	case a.hasMTTR && a.q > 0 && a.mttr > 0:
		p = Part{MTTF: a.mttr * (1 - a.q) / a.q, MTTR: a.mttr}
	case a.hasMTTF || a.hasMTTR:
		return Part{}, fmt.Sprintf("unavailability %v with a mean time", a.q), "one that gives the other mean time"
	default:
		return Part{Q: a.q}, "", ""
	}
	p.Q = p.MTTR / (p.MTTF + p.MTTR)
	if p.Validate() != nil {
		return Part{}, fmt.Sprintf("mttf %v h and mttr %v h", p.MTTF, p.MTTR), "mean times that a float64 holds"
	}
	return p, "", ""
}

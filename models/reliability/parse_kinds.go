package reliability

import (
	"fmt"
	"slices"
	"strings"
)

var kindNames = []string{"bridge", "common", "grid", "in", "kofn", "majority", "network", "parallel", "separated", "series", "vote"}

// reader reads the arguments of a kind of block, up to the parenthesis that closes.
type reader func(*parser, *expr) bool

// kind returns how a kind of block is read, nil if there is none of this name.
func kind(name string) reader {
	switch name {
	case "series", "parallel", "majority", "bridge":
		return (*parser).plain
	case "kofn":
		return (*parser).kofn
	case "vote":
		return (*parser).vote
	case "grid":
		return (*parser).grid
	case "network", "separated":
		return (*parser).network
	case "common":
		return (*parser).common
	case "in":
		return (*parser).in
	}
	return nil
}

// oneOf says what kinds there are, and which is nearest.
func oneOf(what, got string) string {
	text := what + " (" + strings.Join(kindNames, ", ") + ") or attributes of a part such as mttf="
	for _, n := range kindNames {
		if strings.HasPrefix(n, strings.ToLower(got)) || strings.HasPrefix(strings.ToLower(got), n) {
			return text + "; nearest is " + n
		}
	}
	return text
}

func (p *parser) plain(e *expr) bool {
	switch e.at.text {
	case "series":
		e.op = opSeries
	case "parallel":
		e.op = opParallel
	case "majority":
		e.op, e.half = opKofN, true
	case "bridge":
		e.op = opNetwork
	}
	return p.items(e)
}

// items reads one item after the other.
func (p *parser) items(e *expr) bool { return p.arguments(func() bool { return p.kid(e) }) }

// kid reads an item of a block.
func (p *parser) kid(e *expr) bool {
	kid := p.item()
	if kid != nil {
		e.kids = append(e.kids, kid)
	}
	return kid != nil
}

// whole reads a whole number.
func (p *parser) whole(into *int, want string) bool {
	n, ok := count(p.tok())
	if !ok {
		p.unexpected(want)
		return false
	}
	p.advance()
	*into = n
	return true
}

func (p *parser) kofn(e *expr) bool {
	e.op, e.given = opKofN, p.tok()
	first := true
	return p.arguments(func() bool {
		if first {
			first = false
			return p.whole(&e.count, "how many have to work, a whole number")
		}
		return p.kid(e)
	})
}

func (p *parser) vote(e *expr) bool {
	e.op, e.given = opVote, p.tok()
	first := true
	return p.arguments(func() bool {
		if first {
			first = false
			return p.whole(&e.count, "the threshold, a whole number")
		}
		weight := 1
		if p.peek().is(":") {
			t := p.tok()
			if !p.whole(&weight, "a weight, a whole number") {
				return false
			}
			if weight < 1 || weight > maxWeight {
				p.wrong(t, t.quoted(), fmt.Sprintf("a weight from 1 to %d", maxWeight))
			}
			p.advance()
		}
		e.weights = append(e.weights, weight)
		return p.kid(e)
	})
}

func (p *parser) grid(e *expr) bool {
	e.op, e.given = opGrid, p.tok()
	n := 0
	return p.arguments(func() bool {
		switch n++; n {
		case 1:
			return p.whole(&e.count, "the number of rows")
		case 2:
			return p.whole(&e.cols, "the number of columns")
		}
		return p.kid(e)
	})
}

// vertex reads the name or number of a vertex.
func (p *parser) vertex() (string, bool) {
	t := p.tok()
	if t.kind != nameToken && (t.kind != numberToken || t.text != t.digits || strings.Contains(t.text, ".")) {
		p.unexpected("a vertex: a name or a whole number")
		return "", false
	}
	if len(t.text) > maxName {
		p.unexpected(fmt.Sprintf("a vertex of at most %d bytes", maxName))
		return "", false
	}
	p.advance()
	return t.text, true
}

func (p *parser) network(e *expr) bool {
	e.op = opNetwork
	if e.at.text == "separated" {
		e.op = opSeparated
	}
	var ends []string
	all := p.arguments(func() bool {
		if len(ends) < 2 {
			e.given = p.tok()
			v, ok := p.vertex()
			ends = append(ends, v)
			if ok && len(ends) == 2 {
				e.graph = newGraph(ends[0], ends[1])
			}
			return ok
		}
		return p.link(e)
	})
	if all && e.graph == nil {
		p.wrong(e.at, e.at.quoted()+" of "+fmt.Sprint(len(ends))+" vertices", "from, to, and links")
		return false
	}
	return all
}

// link reads x-y: item, x->y: item, or x: item.
func (p *parser) link(e *expr) bool {
	from, ok := p.vertex()
	if !ok {
		return false
	}
	to, oneWay := "", p.tok().is("->")
	if oneWay || p.tok().is("-") {
		p.advance()
		if to, ok = p.vertex(); !ok {
			return false
		}
	}
	if !p.tok().is(":") {
		p.unexpected(`":" and what makes the link work`)
		return false
	}
	p.advance()
	if e.graph != nil {
		e.graph.add(from, to, oneWay)
	}
	return p.kid(e)
}

// greek are the letters of common causes: beta is the share of a part's failures that others share, gamma that of those
// which two others share at least, and so on.
var greek = []string{"beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"}

func (p *parser) common(e *expr) bool {
	e.kind = exprGroup
	return p.arguments(func() bool {
		letter := p.tok()
		if i := slices.Index(greek, letter.text); i < 0 || !p.peek().is("=") {
			return p.kid(e)
		} else if i != len(e.greek) {
			p.wrong(letter, letter.quoted(), fmt.Sprintf("%s, then what follows in %v", greek[min(len(e.greek), len(greek)-1)], greek))
		}
		p.advance()
		p.advance()
		t := p.tok()
		share, _, ok := probability(t, false)
		if t.kind != numberToken || !ok {
			p.unexpected("a share from 0 to 1")
			return false
		}
		p.advance()
		e.greek = append(e.greek, share)
		return true
	})
}

func (p *parser) in(e *expr) bool {
	e.kind = exprGroup
	return p.arguments(func() bool {
		if e.domain != nil {
			return p.kid(e)
		}
		e.domain = p.item()
		if e.domain == nil {
			e.domain = &expr{}
			return false
		}
		return true
	})
}

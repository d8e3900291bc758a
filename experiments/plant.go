package experiments

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// planter turns the syntax tree of a document into values, collecting what is wrong on the way.
type planter struct {
	src      *source
	problems Problems
}

func (p *planter) bad(t *token.Token, path, got, want string) {
	p.problems = append(p.problems, p.src.at(t.Position.Line, t.Position.Column, path, got, want))
}

// plant returns the value of a node, nil if there is none to be had.
func (p *planter) plant(n ast.Node, path string, depth int) *value {
	t := n.GetToken()
	v := &value{src: p.src, line: t.Position.Line, column: t.Position.Column}
	if depth > maxDepth {
		p.bad(t, "$", "values nested deeper than "+strconv.Itoa(maxDepth), "less")
		return nil
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return p.mapping(v, n.Values, path, depth)
	case *ast.MappingValueNode:
		return p.mapping(v, []*ast.MappingValueNode{n}, path, depth)
	case *ast.SequenceNode:
		return p.sequence(v, n, path, depth)
	case *ast.NullNode:
		return v
	case *ast.BoolNode:
		v.shape, v.raw = boolean, strconv.FormatBool(n.Value)
		return v
	case *ast.IntegerNode:
		v.shape, v.raw, v.integer = number, decimal(n), true
		return v
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return p.float(v, t, path)
	case *ast.LiteralNode:
		v.shape, v.raw = text, n.Value.Value
		return v
	case *ast.StringNode:
		return p.text(v, n, path)
	}
	p.bad(t, path, "a YAML "+strings.ToLower(n.Type().String()), "a plain value")
	return nil
}

// decimal is an integer as a schema checker and strconv read it.
func decimal(n *ast.IntegerNode) string {
	switch i := n.Value.(type) {
	case int64:
		return strconv.FormatInt(i, 10)
	case uint64:
		return strconv.FormatUint(i, 10)
	}
	return n.Token.Value
}

func (p *planter) float(v *value, t *token.Token, path string) *value {
	f, err := strconv.ParseFloat(strings.ReplaceAll(t.Value, "_", ""), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		p.bad(t, path, shorten(t.Value, 60), "a finite number")
		return nil
	}
	v.shape, v.raw = number, t.Value
	return v
}

// text is a text, or a number in the exponent form of JSON, which the parser takes for a text.
func (p *planter) text(v *value, n *ast.StringNode, path string) *value {
	v.quoted = n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
	v.shape, v.raw = text, n.Value
	if !utf8.ValidString(v.raw) || strings.ContainsRune(v.raw, 0) { // an escape can make either
		p.bad(n.Token, path, "a text that is not UTF-8, or holds a zero byte", "text")
		return nil
	}
	if !v.quoted && strings.ContainsAny(v.raw, "eE") && strings.Trim(v.raw, "0123456789+-.eE") == "" {
		if _, err := strconv.ParseFloat(v.raw, 64); err == nil {
			return p.float(v, n.Token, path)
		}
	}
	return v
}

func (p *planter) sequence(v *value, n *ast.SequenceNode, path string, depth int) *value {
	v.shape = sequence
	for i, item := range n.Values {
		if item == nil {
			p.bad(n.GetToken(), element(path, i), "nothing", "a value")
			continue
		}
		if child := p.plant(item, element(path, i), depth+1); child != nil {
			v.items = append(v.items, child)
		}
	}
	return v
}

func (p *planter) mapping(v *value, pairs []*ast.MappingValueNode, path string, depth int) *value {
	v.shape = mapping
	seen := make(map[string]*key, len(pairs))
	for i, pair := range pairs {
		k := p.key(pair.Key, path)
		if k == nil || pair.Value == nil {
			continue
		}
		if i == 0 && v.column > k.column && v.line == k.line {
			v.column = k.column // a block mapping stands where its first key does, not where its colon is
		}
		if first := seen[k.name]; first != nil {
			p.problems = append(p.problems, k.problem(member(path, k.name), "the key "+shorten(k.name, 60)+" a second time",
				fmt.Sprintf("it once (line %d)", first.line)))
			continue
		}
		seen[k.name] = k
		if k.value = p.plant(pair.Value, member(path, k.name), depth+1); k.value != nil {
			v.keys = append(v.keys, k)
		}
	}
	return v
}

func (p *planter) key(n ast.MapKeyNode, path string) *key {
	t := n.GetToken()
	switch n := n.(type) {
	case *ast.StringNode:
		return &key{name: n.Value, src: p.src, line: t.Position.Line, column: t.Position.Column}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return &key{name: t.Value, src: p.src, line: t.Position.Line, column: t.Position.Column}
	}
	p.bad(t, path, "a key that is no name", "a name")
	return nil
}

package experiments

import (
	"strconv"

	"github.com/goccy/go-yaml/token"
)

// refused are the parts of YAML that no scenario needs, and with which a small file can be a large value.
var refused = map[token.Type]string{
	token.AnchorType:    "an anchor",
	token.AliasType:     "an alias",
	token.TagType:       "a tag",
	token.MergeKeyType:  "a merge key",
	token.DirectiveType: "a directive",
}

// screen refuses what must not reach the parser: several documents, anchors and aliases, and nesting so deep that a
// recursive parser would run out of stack.
func screen(src *source, tokens token.Tokens) Problems {
	s := screening{src: src, met: map[token.Type]bool{}}
	for _, t := range tokens {
		if !s.token(t) {
			break
		}
	}
	return s.problems
}

// screening goes through the tokens of a document.
type screening struct {
	src      *source
	problems Problems
	met      map[token.Type]bool // refused ones: the first of a kind says it
	flow     int                 // open brackets and braces
	line     int
	dashes   int  // list items and complex keys opened on this line
	content  bool // there was something before
	blocks   []block
}

// block is a block mapping that is open: the column of its keys, and how many there were.
type block struct{ column, keys int }

func (s *screening) bad(t *token.Token, got, want string) {
	s.problems = append(s.problems, s.src.at(t.Position.Line, t.Position.Column, "", got, want))
}

// token looks at one token, and reports whether to go on.
func (s *screening) token(t *token.Token) bool {
	if t.Position.Line != s.line {
		s.line, s.dashes = t.Position.Line, 0
	}
	switch t.Type {
	case token.InvalidType:
		s.bad(t, t.Error, "valid YAML")
		return false
	case token.DocumentHeaderType:
		if s.content {
			s.bad(t, "a second document", "one")
			return false
		}
	}
	s.content = s.content || t.Type != token.CommentType
	if what, ok := refused[t.Type]; ok && !s.met[t.Type] {
		s.met[t.Type] = true
		s.bad(t, what+" ("+shorten(t.Value, 20)+")", "plain values: scenarios have no anchors, aliases, tags or directives")
	}
	if s.nest(t) > maxDepth {
		s.bad(t, "values nested deeper than "+strconv.Itoa(maxDepth), "less")
		return false
	}
	if s.key(t) > maxKeys {
		s.bad(t, "a mapping of more than "+strconv.Itoa(maxKeys)+" keys", "fewer")
		return false
	}
	return true
}

// key counts the keys of block mappings, on which the parser spends a time that grows with their square, and returns
// how many there are in the one that t belongs to.
func (s *screening) key(t *token.Token) int {
	column := t.Position.Column
	if t.Type == token.MappingValueType && t.Prev != nil && t.Prev.Position.Line == t.Position.Line {
		column = t.Prev.Position.Column
	}
	if s.flow > 0 || t.Type != token.MappingValueType && t.Type != token.MappingKeyType && t.Type != token.SequenceEntryType {
		return 0
	}
	for len(s.blocks) > 0 && s.blocks[len(s.blocks)-1].column > column {
		s.blocks = s.blocks[:len(s.blocks)-1]
	}
	if t.Type == token.SequenceEntryType {
		return 0
	}
	if len(s.blocks) == 0 || s.blocks[len(s.blocks)-1].column < column {
		s.blocks = append(s.blocks, block{column, 0})
	}
	top := &s.blocks[len(s.blocks)-1]
	top.keys++
	return top.keys
}

// nest keeps count of what is open, and returns how deep it is nested at least.
func (s *screening) nest(t *token.Token) int {
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		s.flow++
	case token.MappingEndType, token.SequenceEndType:
		s.flow--
	case token.SequenceEntryType, token.MappingKeyType:
		s.dashes++
	}
	return max(s.flow, s.dashes)
}

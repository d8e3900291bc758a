package experiments

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// check returns everything about the document that the schema does not allow.
func (s *schema) check(root *value) Problems {
	err := s.checker.Validate(root.plain())
	if err == nil {
		return nil
	}
	e, ok := err.(*validator.ValidationError)
	if !ok {
		return Problems{root.problem("$", err.Error(), "a document that can be checked")}
	}
	c := &schemaCheck{root: root, parts: s.parts}
	c.collect(e)
	return c.problems
}

// schemaCheck turns a tree of validation errors into problems: its leaves say what is wrong, and where.
type schemaCheck struct {
	root     *value
	parts    map[string]*validator.Schema
	problems Problems
}

func (c *schemaCheck) collect(e *validator.ValidationError) {
	for _, cause := range e.Causes {
		c.collect(cause)
	}
	if len(e.Causes) > 0 {
		return
	}
	v, path := locate(c.root, e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		c.unknown(v, path, k.Properties, c.keysOf(e.SchemaURL))
	case *kind.Required:
		for _, name := range k.Missing {
			c.problems = append(c.problems, v.problem(member(path, name), "nothing", c.about(e.SchemaURL, name)))
		}
	default:
		got, want := gotWant(e.ErrorKind, v)
		c.problems = append(c.problems, v.problem(path, got, want))
	}
}

// unknown reports keys that there are not, each with the nearest of those that there are.
func (c *schemaCheck) unknown(v *value, path string, names, keys []string) {
	unknown := make(map[string]bool, len(names))
	for _, name := range names {
		unknown[name] = true
	}
	for _, k := range v.keys {
		if unknown[k.name] {
			c.problems = append(c.problems, k.problem(member(path, k.name), "the unknown key "+shorten(k.name, 60), oneOf(k.name, keys)))
		}
	}
}

// keysOf returns the keys that a mapping may have, in alphabetical order.
func (c *schemaCheck) keysOf(location string) []string {
	part := c.parts[location]
	if part == nil {
		return nil
	}
	keys := make([]string, 0, len(part.Properties))
	for name := range part.Properties {
		keys = append(keys, name)
	}
	slices.Sort(keys)
	return keys
}

// about says what a missing key would have been.
func (c *schemaCheck) about(location, name string) string {
	if part := c.parts[location]; part != nil && part.Properties[name] != nil && part.Properties[name].Description != "" {
		return name + ": " + part.Properties[name].Description
	}
	return "the key " + name
}

// parts indexes a schema by location.
func parts(s *validator.Schema, into map[string]*validator.Schema) map[string]*validator.Schema {
	if s == nil || into[s.Location] != nil {
		return into
	}
	into[s.Location] = s
	for _, p := range s.Properties {
		parts(p, into)
	}
	for _, p := range s.AllOf {
		parts(p, into)
	}
	for _, p := range []*validator.Schema{s.Ref, s.Items2020, s.Then} {
		parts(p, into)
	}
	return into
}

// locate follows a location to the value there, or to the last one on the way, and returns its path.
func locate(v *value, location []string) (*value, string) {
	path := "$"
	for _, name := range location {
		switch v.shape {
		case mapping:
			child := v.get(name)
			if child == nil {
				return v, path
			}
			v, path = child, member(path, name)
		case sequence:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v.items) {
				return v, path
			}
			v, path = v.items[i], element(path, i)
		}
	}
	return v, path
}

// typeNames are the types of JSON Schema in the words of this package.
var typeNames = map[string]string{"string": "a text", "number": "a number", "integer": "an integer", "boolean": "true or false",
	"array": "a list", "object": "a mapping", "null": "nothing"}

// gotWant says what a value is and what the schema wanted of it.
func gotWant(e validator.ErrorKind, v *value) (got, want string) {
	got = v.String()
	switch k := e.(type) {
	case *kind.Type:
		return gotWantType(k, v)
	case *kind.Enum:
		names := make([]string, len(k.Want))
		for i, w := range k.Want {
			names[i] = fmt.Sprint(w)
		}
		return got, oneOf(v.raw, names)
	case *kind.Minimum:
		return got, "at least " + numeral(k.Want)
	case *kind.Maximum:
		return got, "at most " + numeral(k.Want)
	case *kind.ExclusiveMinimum:
		return got, "more than " + numeral(k.Want)
	case *kind.ExclusiveMaximum:
		return got, "less than " + numeral(k.Want)
	case *kind.MinItems:
		return counted(k.Got), fmt.Sprintf("at least %d", k.Want)
	case *kind.MaxItems:
		return counted(k.Got), fmt.Sprintf("at most %d", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("%d characters", k.Got), fmt.Sprintf("at most %d", k.Want)
	case *kind.MinLength:
		return fmt.Sprintf("%d characters", k.Got), fmt.Sprintf("at least %d", k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("the same item twice (%d and %d)", k.Duplicates[0], k.Duplicates[1]), "different ones"
	case *kind.Pattern:
		return got, "a text like " + k.Want
	}
	return got, fmt.Sprintf("what the schema asks for (%s)", strings.Join(e.KeywordPath(), "/"))
}

func gotWantType(k *kind.Type, v *value) (got, want string) {
	names := make([]string, len(k.Want))
	for i, w := range k.Want {
		names[i] = typeNames[w]
	}
	got, want = v.String(), strings.Join(names, " or ")
	if v.shape != text && want == typeNames["string"] && v.raw != "" {
		want += fmt.Sprintf(": write %q, in quotes", v.raw)
		got += ", which is " + v.shape.String()
	}
	return got, want
}

func counted(n int) string {
	if n == 1 {
		return "1 item"
	}
	return fmt.Sprintf("%d items", n)
}

func numeral(r *big.Rat) string {
	f, _ := r.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}

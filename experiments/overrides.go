package experiments

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Overrides are values of a scenario, each by its key as for --set: {seeds: 10000, network.loss: 0.1}.
type Overrides []Override

// Override is one value.
type Override struct {
	Path  string
	steps []step
	value *value
}

// String is the override as --set takes it.
func (o Override) String() string { return o.Path + "=" + written(o.value) }

// JSONSchema describes the mapping.
func (Overrides) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", AdditionalProperties: jsonschema.TrueSchema, Examples: []any{map[string]any{"network.loss": 0.1, "seeds": 1000}}}
}

func (o *Overrides) fill(d *decoder, v *value, path string) {
	*o = nil
	if v.shape != mapping {
		d.bad(v, path, "", "a mapping from keys to values, such as {network.loss: 0.1}")
		return
	}
	for _, k := range v.keys {
		if steps := pathOf(d, k, path); steps != nil {
			*o = append(*o, Override{k.name, steps, k.value})
		}
	}
}

// sections are the keys of a scenario that say nothing about a run.
func sections() []string {
	return []string{"name", "about", "vary", "seeds", "measure", "baseline", "plot", "expect", "full"}
}

// pathOf reads a key that is the path of a value, nil if it is none.
func pathOf(d *decoder, k *key, path string) []step {
	steps, bad := splitPath(k.src, k.name)
	if bad != nil {
		d.problems = append(d.problems, k.problem(member(path, k.name), bad.Got, bad.Want))
		return nil
	}
	return steps
}

// overlaps reports whether one of two paths lies within the other.
func overlaps(a, b []step) bool {
	for i := range min(len(a), len(b)) {
		if a[i].name != b[i].name || a[i].index != b[i].index {
			return false
		}
	}
	return true
}

// clone returns an independent copy of a value, which stands where it stood.
func (v *value) clone() *value {
	c := *v
	c.keys, c.items = slices.Clone(v.keys), slices.Clone(v.items)
	for i, k := range c.keys {
		copied := *k
		copied.value = k.value.clone()
		c.keys[i] = &copied
	}
	for i, item := range c.items {
		c.items[i] = item.clone()
	}
	return &c
}

// removal is an override's null, which removes a key.
func (v *value) removal() *value {
	return &value{src: &source{setFile, nil}, line: v.line, column: v.column}
}

// written writes a value as YAML on one line, as an override takes it.
func written(v *value) string {
	if v.shape == text && !v.quoted {
		if again, problems := parse(setFile, []byte(v.raw)); len(problems) == 0 && again != nil && again.shape == text && again.raw == v.raw {
			return v.raw
		}
	}
	return v.flow()
}

// flow writes a value as YAML in flow style, which is JSON but for numbers that JSON does not have.
func (v *value) flow() string {
	var parts []string
	switch v.shape {
	case null:
		return "null"
	case text:
		return quoted(v.raw)
	case sequence:
		for _, item := range v.items {
			parts = append(parts, item.flow())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case mapping:
		for _, k := range v.keys {
			name := k.name
			if !isWord(name) || strings.Trim(name, "0123456789") == "" {
				name = quoted(name)
			}
			parts = append(parts, name+": "+k.value.flow())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return v.raw
}

// quoted is a text in quotes, as JSON and YAML have them.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}

// label is how a level that is a value is called: as it was written, on one line.
func (v *value) label() string {
	if v.shape == sequence || v.shape == mapping || v.shape == null || strings.TrimSpace(v.raw) != v.raw || v.raw == "" {
		return shorten(v.flow(), 60)
	}
	return shorten(v.raw, 60)
}

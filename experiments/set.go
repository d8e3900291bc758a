package experiments

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// setFile is what problems of an override name instead of a file.
const setFile = "--set"

// override applies "key=value" texts to a document, in their order. A key is a dotted path with indices: faults[1].at;
// what is missing on the way is made. The value is YAML; null removes the key.
func override(root *value, sets []string) (problems Problems) {
	for _, s := range sets {
		src := &source{setFile, []string{s}}
		path, text, ok := strings.Cut(s, "=")
		if !ok {
			problems = append(problems, src.at(1, utf8.RuneCountInString(s)+1, "", "no =", "key=value, such as network.loss=0.1"))
			continue
		}
		steps, bad := splitPath(src, path)
		if bad != nil {
			problems = append(problems, *bad)
			continue
		}
		v, wrong := overriding(src, path, text)
		problems = append(problems, wrong...)
		if v == nil {
			continue
		}
		if bad := graft(root, steps, v); bad != nil {
			problems = append(problems, *bad)
		}
	}
	return problems
}

// overriding reads the value of an override; its positions are those in the whole "key=value".
func overriding(src *source, path, text string) (*value, Problems) {
	shift := utf8.RuneCountInString(path) + 1
	if strings.TrimSpace(text) == "" {
		return nil, Problems{src.at(1, shift+1, "$."+path, "nothing", "a value; null removes the key")}
	}
	v, problems := parse(setFile, []byte(text))
	for i := range problems {
		p := &problems[i]
		p.Text, p.Path = src.lines[0], "$."+path+strings.TrimPrefix(p.Path, "$")
		if p.Line == 1 {
			p.Column += shift
		}
	}
	if v != nil {
		v.move(src, shift)
	}
	return v, problems
}

// move says that v stands in another source, its first line further right.
func (v *value) move(src *source, by int) {
	v.src, v.line, v.column = src, 1, v.column+by
	for _, k := range v.keys {
		k.src, k.line, k.column = src, 1, k.column+by
		k.value.move(src, by)
	}
	for _, item := range v.items {
		item.move(src, by)
	}
}

// step is one part of a path: a key, or an index if name is "".
type step struct {
	name   string
	index  int
	column int
	src    *source
}

// splitPath splits faults[1].at into its steps.
func splitPath(src *source, path string) ([]step, *Problem) {
	var steps []step
	column := 1
	for _, part := range strings.Split(path, ".") {
		if len(steps) == 1 && (steps[0].name == "vary" || steps[0].name == "full") { // whose keys are paths themselves
			return append(steps, step{name: path[len(steps[0].name)+1:], column: column, src: src}), nil
		}
		name, rest, _ := strings.Cut(part, "[")
		if !isWord(name) {
			p := src.at(1, column, "", strconv.Quote(shorten(part, 40)), "a key, such as network.loss or faults[1].at")
			return nil, &p
		}
		steps = append(steps, step{name: name, column: column, src: src})
		at := column + len(name)
		for rest != "" {
			digits, more, closed := strings.Cut(rest, "]")
			i, err := strconv.Atoi(digits)
			if err != nil || !closed || i < 0 || more != "" && more[0] != '[' {
				p := src.at(1, at, "", strconv.Quote(shorten("["+rest, 40)), "an index, such as [1]")
				return nil, &p
			}
			steps = append(steps, step{index: i, column: at, src: src})
			at += len(digits) + 2
			rest = strings.TrimPrefix(more, "[")
		}
		column += utf8.RuneCountInString(part) + 1
	}
	if len(steps) > maxDepth {
		p := src.at(1, 1, "", "a path of "+strconv.Itoa(len(steps))+" steps", "less")
		return nil, &p
	}
	return steps, nil
}

// graft puts v where the steps lead.
func graft(at *value, steps []step, v *value) *Problem {
	path := "$"
	for _, s := range steps {
		want := mapping
		if s.name == "" {
			want = sequence
		}
		if at.shape == null {
			at.shape = want
		}
		if at.shape != want {
			p := s.src.at(1, s.column, path, at.String()+" there", want.String())
			return &p
		}
		var bad *Problem
		if at, bad = at.descend(s, path); bad != nil {
			return bad
		}
		path = s.extend(path)
	}
	*at = *v
	return nil
}

func (s step) extend(path string) string {
	if s.name == "" {
		return element(path, s.index)
	}
	return member(path, s.name)
}

// descend returns the value at a step, which is made if it is not there.
func (v *value) descend(s step, path string) (*value, *Problem) {
	empty := &value{src: s.src, line: 1, column: s.column}
	if s.name != "" {
		k := v.key(s.name)
		if k == nil {
			k = &key{name: s.name, value: empty, src: s.src, line: 1, column: s.column}
			v.keys = append(v.keys, k)
		}
		return k.value, nil
	}
	switch {
	case s.index == len(v.items):
		v.items = append(v.items, empty)
	case s.index > len(v.items):
		p := s.src.at(1, s.column, path, "index "+strconv.Itoa(s.index), "at most "+strconv.Itoa(len(v.items))+", one after the last item")
		return nil, &p
	}
	return v.items[s.index], nil
}

// prune removes the keys whose value is an override's null.
func (v *value) prune() {
	kept := v.keys[:0]
	for _, k := range v.keys {
		if k.value.shape == null && k.value.src.file == setFile {
			continue
		}
		k.value.prune()
		kept = append(kept, k)
	}
	v.keys = kept
	for _, item := range v.items {
		item.prune()
	}
}

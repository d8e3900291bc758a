package experiments

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lightcone/protocols"
)

// Read reads a scenario from YAML or JSON; name is what errors call it. Each of sets is a "key=value" that overrides a
// value (--set): network.loss=0.1. The error is a Problems: everything that is wrong, by position. There are no files
// for the scenario to read.
func Read(name string, data []byte, sets ...string) (*Scenario, error) {
	return read(&attachments{}, name, data, sets)
}

// ReadIn is Read for a scenario that may name files, such as traces of failures, of a directory.
func ReadIn(dir fs.FS, name string, data []byte, sets ...string) (*Scenario, error) {
	return read(&attachments{dir: dir}, name, data, sets)
}

func read(files *attachments, name string, data []byte, sets []string) (*Scenario, error) {
	root, problems := parse(name, data)
	if root == nil {
		return nil, problems.sorted()
	}
	problems = append(problems, override(root, sets)...)
	root.prune()
	s := &Scenario{Name: nameOf(name), source: string(data), set: append([]string(nil), sets...), document: root, files: files}
	problems = append(problems, s.interpret(root)...)
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return s, nil
}

// With returns the scenario with further overrides.
func (s *Scenario) With(sets ...string) (*Scenario, error) {
	return read(s.files.clone(), s.Name+".yaml", []byte(s.source), slices.Concat(s.set, sets))
}

// interpret fills s from a document, and checks it: against the schema, then what a schema cannot say.
func (s *Scenario) interpret(root *value) Problems {
	d := &decoder{}
	d.into(root, s, "$")
	entry, known := s.entry()
	if known {
		s.Params = entry.Params()
		if v := root.get("params"); v != nil {
			d.into(v, s.Params, "$.params")
		}
	}
	problems := merge(d.problems, d.foreign(scenarioSchema().check(root)))
	if root.shape != mapping {
		return problems
	}
	return merge(problems, s.check(problems))
}

// merge adds to problems those of more that say nothing about a value that problems has spoken of: what the decoder
// says of a text is clearer than what the schema does.
func merge(problems, more Problems) Problems {
	spoken := make(map[string]bool, len(problems))
	for _, p := range problems {
		spoken[p.Path] = true
	}
	for _, p := range more {
		if !spoken[p.Path] {
			problems = append(problems, p)
		}
	}
	return problems
}

// catalog is that of the protocols, which a grid of a thousand points asks for as often.
var catalog = sync.OnceValue(protocols.Catalog)

// entry finds the scenario's protocol in the catalog.
func (s *Scenario) entry() (protocols.Entry, bool) {
	for _, e := range catalog() {
		if e.Name == s.Protocol {
			return e, true
		}
	}
	return protocols.Entry{}, false
}

// nameOf makes a scenario's name out of a file's.
func nameOf(file string) string {
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	base = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, base)
	base = strings.TrimLeft(base, "-.")
	if len(base) > 60 {
		base = base[:60]
	}
	if base == "" {
		return "scenario"
	}
	return base
}

package experiments

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// overrides returns what the options come to as overrides of the scenario's source, in the order in which they apply: the
// section full, --set, --vary, --seeds, --measure.
func (o SweepOptions) overrides(s *Scenario) ([]string, error) {
	var sets []string
	var errs []error
	if o.Full {
		if len(s.Full) == 0 {
			errs = append(errs, fmt.Errorf("experiments: the scenario %s has no section full, want one for --full", s.Name))
		}
		for _, f := range s.Full {
			sets = append(sets, f.String())
		}
	}
	sets = append(sets, o.Set...)
	for _, text := range o.Vary {
		set, err := varying(s, text)
		sets, errs = append(sets, set), append(errs, err)
	}
	if o.Seeds != "" {
		sets = append(sets, "seeds="+o.Seeds)
	}
	if len(o.Measure) > 0 {
		list := &value{shape: sequence}
		for _, name := range o.Measure {
			list.items = append(list.items, &value{shape: text, raw: name})
		}
		sets = append(sets, "measure="+list.flow())
	}
	return sets, errors.Join(errs...)
}

// varying turns key=a,b,c into an override of the section vary. Commas within brackets or quotes do not part levels.
func varying(s *Scenario, text string) (string, error) {
	name, levels, ok := strings.Cut(text, "=")
	levels = strings.TrimSpace(levels)
	if !ok || name == "" || levels == "" {
		return "", fmt.Errorf("experiments: --vary is %q, want key=a,b,c, such as network.loss=0,0.1", shorten(text, 80))
	}
	set := "vary." + name + "="
	if levels[0] == '{' || levels[0] == '[' && levels[len(levels)-1] == ']' && len(splitLevels(levels)) == 1 {
		return set + levels, nil
	}
	list := &value{shape: sequence}
	for _, level := range splitLevels(levels) {
		v, problems := parse(setFile, []byte(level))
		if strings.TrimSpace(level) == "" || v == nil || len(problems) > 0 {
			return "", fmt.Errorf("experiments: --vary is %q, of which %q is no value, want key=a,b,c, such as network.loss=0,0.1", shorten(text, 80), shorten(level, 40))
		}
		list.items = append(list.items, v)
	}
	i := slices.IndexFunc(s.Vary, func(f Variable) bool { return f.Name == name && f.cases })
	if i < 0 {
		return set + list.flow(), nil
	}
	cases, err := s.Vary[i].some(list.items)
	return set + cases, err
}

// splitLevels splits at commas that are not within brackets or quotes.
func splitLevels(text string) (levels []string) {
	depth, from := 0, 0
	var quote rune
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			levels = append(levels, text[from:i])
			from = i + 1
		}
	}
	return append(levels, text[from:])
}

// some returns the factor with the cases of those names alone, as YAML.
func (f Variable) some(names []*value) (string, error) {
	var known, cases []string
	for _, s := range f.Levels {
		known = append(known, s.Label)
	}
	for _, n := range names {
		i := slices.Index(known, n.raw)
		if i < 0 {
			return "", fmt.Errorf("experiments: --vary %s is %q, want %s", f.Name, shorten(n.raw, 60), oneOf(n.raw, known))
		}
		var set []string
		for _, o := range f.Levels[i].Overrides {
			set = append(set, quoted(o.Path)+": "+o.value.flow())
		}
		cases = append(cases, quoted(n.raw)+": {"+strings.Join(set, ", ")+"}")
	}
	return "{cases: {" + strings.Join(cases, ", ") + "}}", nil
}

// named says of problems with overrides that an option made which option that is.
func (o SweepOptions) named(err error) error {
	var ps Problems
	if !errors.As(err, &ps) {
		return err
	}
	options := map[string]string{"seeds=": "--seeds " + o.Seeds, "measure=": "--measure " + strings.Join(o.Measure, ",")}
	for _, v := range o.Vary {
		name, _, _ := strings.Cut(v, "=")
		options["vary."+name+"="] = "--vary " + v
	}
	renamed := slices.Clone(ps)
	for i, p := range renamed {
		for prefix, option := range options {
			if p.File == setFile && strings.HasPrefix(p.Text, prefix) && !slices.Contains(o.Set, p.Text) {
				renamed[i].File, renamed[i].Line = option, 0
			}
		}
	}
	slices.SortStableFunc(renamed, func(a, b Problem) int { return strings.Compare(a.File, b.File) })
	return renamed
}

// without returns the scenario as its file has it, to be read anew.
func (s *Scenario) without() *Scenario {
	bare := *s
	bare.set = nil
	return &bare
}

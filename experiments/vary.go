package experiments

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/invopop/jsonschema"
)

// Vary is what a sweep varies, the slowest first.
type Vary []Variable

// Variable is one factor of the grid, with its levels.
type Variable struct {
	Name   string
	Levels []Setting

	cases bool // Name is not the key that is varied, but a name for cases
	key   *key
}

// Setting is a level: what it is called, and what of the scenario it is.
type Setting struct {
	Label     string
	Overrides Overrides

	value *value // nil: a case
	at    *value // where it stands
}

// maxLevels bounds the levels of one factor.
const maxLevels = 10_000

// rangeForm is a factor whose levels are a range.
type rangeForm struct {
	From  any    `yaml:"from" jsonschema:"required" jsonschema_description:"the first level, with its unit"`
	To    any    `yaml:"to" jsonschema:"required" jsonschema_description:"the last level, with its unit"`
	Count int    `yaml:"count" jsonschema:"minimum=2,maximum=10000" jsonschema_description:"how many levels, both ends included"`
	Step  any    `yaml:"step" jsonschema_description:"or by how much they differ"`
	Scale string `yaml:"scale" jsonschema:"enum=linear,enum=log" jsonschema_description:"linear: equal differences; log: equal ratios, rounded to four digits; by default linear"`
	Whole bool   `yaml:"whole" jsonschema_description:"round to whole numbers, each once"`
}

// casesForm is a factor whose levels are cases.
type casesForm struct {
	Cases any `yaml:"cases" jsonschema:"required" jsonschema_description:"from the name of a case to its overrides: {none: {params.jitter: none}, full: {params.jitter: full}}"`
}

var (
	rangeSchema = sync.OnceValue(func() *schema { return compile(reflector().Reflect(&rangeForm{})) })
	casesSchema = sync.OnceValue(func() *schema { return compile(reflector().Reflect(&casesForm{})) })
)

// JSONSchema describes the three forms of a factor.
func (Vary) JSONSchema() *jsonschema.Schema {
	overrides := Overrides{}.JSONSchema()
	cases := inline(&casesForm{})
	if s, ok := cases.Properties.Get("cases"); ok {
		s.Type, s.AdditionalProperties = "object", overrides
	}
	return &jsonschema.Schema{Type: "object", MinProperties: new(uint64(1)), AdditionalProperties: &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "array", MinItems: new(uint64(1)), Description: "levels: values of the key"}, inline(&rangeForm{}), cases,
	}}}
}

const wantFactor = "a list of levels, a range ({from: 10ms, to: 100ms, count: 5}) or cases ({cases: {none: {params.retry: 1s}}})"

func (y *Vary) fill(d *decoder, v *value, path string) {
	*y = nil
	if v.shape != mapping || len(v.keys) == 0 {
		got := ""
		if v.shape == mapping {
			got = "nothing"
		}
		d.bad(v, path, got, "a mapping from what is varied to its levels, such as {network.loss: [0, 0.1]}")
		return
	}
	for _, k := range v.keys {
		f := Variable{Name: k.name, key: k}
		f.fill(d, k.value, member(path, k.name))
		*y = append(*y, f)
	}
	y.disjoint(d, path)
}

// fill reads the levels of a factor in whatever form they are.
func (f *Variable) fill(d *decoder, v *value, path string) {
	before := len(d.problems)
	switch {
	case v.shape == sequence:
		f.list(d, v.items)
	case v.shape == mapping && v.get("cases") != nil:
		f.fillCases(d, v, path)
	case v.shape == mapping:
		f.fillRange(d, v, path)
	default:
		d.bad(v, path, "", wantFactor)
		return
	}
	if len(d.problems) > before {
		return
	}
	switch n := len(f.Levels); {
	case n == 0:
		d.bad(v, path, "no levels", "at least one: a grid without points cannot be run")
	case n > maxLevels:
		d.bad(v, path, fmt.Sprintf("%d levels", n), fmt.Sprintf("at most %d", maxLevels))
	default:
		f.settle(d, path)
	}
}

// list makes a level of each value.
func (f *Variable) list(d *decoder, items []*value) {
	for _, item := range items {
		f.Levels = append(f.Levels, Setting{Label: item.label(), value: item, at: item})
	}
}

// settle turns values into overrides, and refuses a level that is there twice.
func (f *Variable) settle(d *decoder, path string) {
	seen := map[string]bool{}
	for i := range f.Levels {
		s := &f.Levels[i]
		if s.Label == "" || strings.TrimSpace(s.Label) != s.Label || shorten(s.Label, 100) != s.Label {
			d.bad(s.at, path, fmt.Sprintf("a case called %q", shorten(s.Label, 60)), "a name of at most 100 characters, without spaces around it")
		}
		if seen[s.Label] {
			want := "each once"
			if strings.HasSuffix(s.Label, "...") {
				want += "; levels that begin alike need names: cases"
			}
			d.bad(s.at, path, "the level "+s.Label+" a second time", want)
		}
		seen[s.Label] = true
	}
	if f.cases {
		return
	}
	steps, bad := splitPath(f.key.src, f.key.name)
	switch {
	case bad != nil:
		d.problems = append(d.problems, f.key.problem(path, bad.Got, bad.Want))
		return
	case slices.Contains(sections(), steps[0].name):
		d.problems = append(d.problems, f.key.problem(path, f.Name, "a key that a run goes by, such as network.loss"))
		return
	}
	for i := range f.Levels {
		s := &f.Levels[i]
		s.Overrides = Overrides{{f.Name, steps, s.value}}
	}
}

func (f *Variable) fillCases(d *decoder, v *value, path string) {
	f.cases = true
	before := len(d.problems)
	d.form(v, &casesForm{}, casesSchema(), path)
	list := v.get("cases")
	path = member(path, "cases")
	if list.shape != mapping || len(list.keys) == 0 {
		d.bad(list, path, "", "a mapping from names to overrides, such as {none: {params.retry: 1s}}")
	}
	if len(d.problems) > before {
		return
	}
	for _, k := range list.keys {
		s := Setting{Label: k.name, at: k.value}
		at := member(path, k.name)
		s.Overrides.fill(d, k.value, at)
		for _, o := range s.Overrides {
			if slices.Contains(sections(), o.steps[0].name) {
				d.bad(o.value, member(at, o.Path), o.Path, "a key that a run goes by, such as network.loss")
			}
		}
		f.Levels = append(f.Levels, s)
	}
}

func (f *Variable) fillRange(d *decoder, v *value, path string) {
	var form rangeForm
	before := len(d.problems)
	d.form(v, &form, rangeSchema(), path)
	if len(d.problems) > before {
		return
	}
	r := levelRange{count: form.Count, log: form.Scale == "log", whole: form.Whole}
	read := func(name string) (q quantity) {
		at := v.get(name)
		q, ok := quantityOf(at)
		if !ok {
			d.bad(at, member(path, name), "", "a number, or a number with its unit")
		}
		return q
	}
	r.from, r.to = read("from"), read("to")
	if v.get("step") != nil {
		r.step = read("step")
	}
	if len(d.problems) > before {
		return
	}
	if name, got, want := r.wrong(v.get("step") != nil); want != "" {
		at := v.get(name)
		if at == nil {
			at = v
		}
		d.bad(at, member(path, name), got, want)
		return
	}
	for _, level := range r.levels() {
		item := &value{shape: number, raw: level, src: v.src, line: v.line, column: v.column}
		if r.from.unit != "" {
			item.shape = text
		} else if _, err := strconv.ParseInt(level, 10, 64); err == nil {
			item.integer = true
		}
		f.Levels = append(f.Levels, Setting{Label: level, value: item, at: v})
	}
}

// levelRange is a range of quantities.
type levelRange struct {
	from, to, step quantity
	count          int
	log, whole     bool
}

// wrong says what a range cannot be: of which key, what was got (or "", the value itself) and what is wanted.
func (r *levelRange) wrong(stepped bool) (name, got, want string) {
	switch {
	case r.to.unit != r.from.unit:
		return "to", "", "a quantity of the same kind as from"
	case r.to.value <= r.from.value:
		return "to", "", "more than from"
	case stepped == (r.count > 0):
		return "count", "neither count nor step, or both", "one of them"
	case stepped && r.log:
		return "step", "a step in a range by ratios", "count"
	case stepped && (r.step.unit != r.from.unit || r.step.value <= 0):
		return "step", "", "more than 0, and a quantity of the same kind as from"
	case stepped && (r.to.value-r.from.value)/r.step.value >= maxLevels:
		return "step", "", fmt.Sprintf("a step that makes at most %d levels", maxLevels)
	case r.log && r.from.value <= 0:
		return "from", "", "more than 0 in a range by ratios"
	}
	return "", "", ""
}

// levels returns the texts of the levels.
func (r *levelRange) levels() []string {
	n := r.count
	if n == 0 {
		n = int(math.Floor((r.to.value-r.from.value)/r.step.value*(1+1e-12)+1e-9)) + 1
	}
	var texts []string
	for i := range n {
		text := r.from.text(r.at(i, n))
		if !slices.Contains(texts[max(0, len(texts)-1):], text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// at is the i-th of n levels.
func (r *levelRange) at(i, n int) float64 {
	x := r.from.value + r.step.value*float64(i)
	switch share := float64(i) / float64(max(n-1, 1)); {
	case r.log && i > 0 && i < n-1:
		x = rounded(r.from.value*math.Pow(r.to.value/r.from.value, share), 4)
	case r.count > 0 && i == n-1:
		x = r.to.value
	case r.count > 0:
		x = rounded(r.from.value+(r.to.value-r.from.value)*share, 10)
	}
	if r.whole {
		return math.Round(x)
	}
	return rounded(x, 12)
}

// disjoint refuses factors that set the same value.
func (y Vary) disjoint(d *decoder, path string) {
	for i, f := range y {
		for _, g := range y[:i] {
			if o, taken := f.meets(g); taken {
				d.problems = append(d.problems, f.key.problem(member(path, f.Name), o+", which "+g.Name+" sets too", "factors that set different values"))
				break
			}
		}
	}
}

func (f Variable) meets(g Variable) (path string, taken bool) {
	for _, a := range f.paths() {
		for _, b := range g.paths() {
			if overlaps(a.steps, b.steps) {
				return a.Path, true
			}
		}
	}
	return "", false
}

// replaced reports whether the levels are others than those of the file.
func (f Variable) replaced() bool { return f.key.value.src.file == setFile }

// paths returns what the levels set, each once.
func (f Variable) paths() (list Overrides) {
	seen := map[string]bool{}
	for _, s := range f.Levels {
		for _, o := range s.Overrides {
			if !seen[o.Path] {
				seen[o.Path] = true
				list = append(list, o)
			}
		}
	}
	return list
}

package experiments

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/invopop/jsonschema"
)

// Seeds says with which seeds each point of a sweep is run: a number of them, or as many as it takes to know a mean precisely
// enough.
type Seeds struct {
	First uint64
	Count int // 0: by precision

	Precision Percent // half of the 95 % interval over the mean
	Of        string  // the measure whose mean it is
	AtLeast   int     // seeds, before precision is looked at
	AtMost    int
}

// The seeds of a sweep that does not say otherwise.
const (
	defaultSeeds   = 30
	defaultAtLeast = 30
	defaultAtMost  = 10_000
	maxSeeds       = 100_000_000
)

// seedsForm is Seeds as a mapping.
type seedsForm struct {
	First     uint64  `yaml:"first" jsonschema:"minimum=0" jsonschema_description:"the first seed; by default 1"`
	Count     int     `yaml:"count" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"how many seeds"`
	Precision Percent `yaml:"precision" jsonschema_description:"as many seeds as it takes until half of the 95% interval of the mean is at most this share of it"`
	Of        string  `yaml:"of" jsonschema:"minLength=1" jsonschema_description:"the measure whose mean is to be so precise"`
	AtLeast   int     `yaml:"at-least" jsonschema:"minimum=10,maximum=100000000" jsonschema_description:"seeds, before precision is looked at; by default 30"`
	AtMost    int     `yaml:"at-most" jsonschema:"minimum=10,maximum=100000000" jsonschema_description:"seeds, precise or not; by default 10000"`
}

var seedsSchema = sync.OnceValue(func() *schema { return compile(reflector().Reflect(&seedsForm{})) })

// JSONSchema describes all forms.
func (Seeds) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "integer", Minimum: "1", Maximum: "100000000", Description: "how many, from 1 on"},
		{Type: "string", Pattern: `^[0-9]+\.\.[0-9]+$`, Description: "from the first to the last: 1..1000"},
		inline(&seedsForm{}),
	}, Examples: []any{1000, "1..1000"}}
}

// inline is the schema of a struct of scalars, to stand within another.
func inline(form any) *jsonschema.Schema {
	r := reflector()
	r.DoNotReference = true
	s := r.Reflect(form)
	s.Version = ""
	return s
}

const wantSeeds = "how many seeds, such as 100, from the first to the last, such as 1..100, or a mapping: first and count, or precision and of"

func (s *Seeds) fill(d *decoder, v *value, path string) {
	*s = Seeds{First: 1}
	switch v.shape {
	case number:
		n, ok := v.numeral().(int64)
		if !ok || n < 1 || n > maxSeeds {
			d.bad(v, path, "", fmt.Sprintf("a whole number of seeds from 1 to %d", maxSeeds))
			return
		}
		s.Count = int(n)
	case text:
		s.span(d, v, path)
	case mapping:
		s.mapping(d, v, path)
	default:
		d.bad(v, path, "", wantSeeds)
	}
}

// span reads 1..1000.
func (s *Seeds) span(d *decoder, v *value, path string) {
	from, to, ok := strings.Cut(v.raw, "..")
	first, err1 := strconv.ParseUint(from, 10, 64)
	last, err2 := strconv.ParseUint(to, 10, 64)
	switch {
	case !ok || err1 != nil || err2 != nil:
		d.bad(v, path, "", wantSeeds)
	case last < first:
		d.bad(v, path, "", "a first seed that is not after the last")
	case last-first >= maxSeeds:
		d.bad(v, path, "", fmt.Sprintf("at most %d seeds", maxSeeds))
	default:
		s.First, s.Count = first, int(last-first)+1
	}
}

func (s *Seeds) mapping(d *decoder, v *value, path string) {
	f := seedsForm{First: 1}
	before := len(d.problems)
	d.form(v, &f, seedsSchema(), path)
	if len(d.problems) > before {
		for i := before; i < len(d.problems) && v.get("of") != nil; i++ {
			if p := &d.problems[i]; strings.Contains(p.Got, "unknown key") {
				p.Want += " (a name with a comma needs quotes within braces)"
			}
		}
		return
	}
	has := func(name string) bool { return v.get(name) != nil }
	*s = Seeds(f)
	if !has("precision") {
		for _, name := range []string{"of", "at-least", "at-most"} {
			if has(name) {
				d.bad(v.get(name), member(path, name), name+" without a precision", "it beside precision, or count")
			}
		}
		if !has("count") {
			d.bad(v, path, "neither count nor precision", "one of them")
		}
	} else {
		s.sequential(d, v, path, has)
	}
	if _, most := s.bounds(); most > 0 && s.First > math.MaxUint64-uint64(most-1) {
		d.bad(v.get("first"), member(path, "first"), "", fmt.Sprintf("at most %d: there are to be %d seeds", math.MaxUint64-uint64(most-1), most))
	}
}

// sequential checks a precision and what goes with it.
func (s *Seeds) sequential(d *decoder, v *value, path string, has func(string) bool) {
	if has("count") {
		d.bad(v.get("count"), member(path, "count"), "count beside precision", "one of them (at-most bounds the number of seeds)")
	}
	if p := v.get("precision"); s.Precision < 0.0001 || s.Precision >= 1 {
		d.bad(p, member(path, "precision"), "", "from 0.01% to less than 100%")
	}
	if !has("of") {
		d.bad(v, member(path, "of"), "nothing", "the measure whose mean is to be so precise")
	}
	if s.AtLeast == 0 {
		s.AtLeast = defaultAtLeast
	}
	if s.AtMost == 0 {
		s.AtMost = max(s.AtLeast, defaultAtMost)
	}
	if s.AtMost < s.AtLeast {
		d.bad(v.get("at-most"), member(path, "at-most"), "", fmt.Sprintf("at-least or more, %d", s.AtLeast))
	}
}

// bounds returns how many seeds a point has at least and at most.
func (s *Seeds) bounds() (least, most int) {
	if s.Count > 0 {
		return s.Count, s.Count
	}
	return s.AtLeast, s.AtMost
}

// Percent is a share, written with a percent sign: 5%.
type Percent float64

const wantPercent = "a share in percent, such as 5%"

// JSONSchema describes the text.
func (Percent) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+(\.[0-9]+)?%$`, Description: "a share in percent: 5%", Examples: []any{"5%"}}
}

func (p *Percent) set(v *value) *complaint {
	if v.shape == number {
		return wrong(v.String()+", a number without a percent sign", wantPercent)
	}
	figure, ok := strings.CutSuffix(v.raw, "%")
	f, err := strconv.ParseFloat(figure, 64)
	if !ok || v.shape != text || err != nil || strings.Trim(figure, "0123456789.") != "" || math.IsInf(f, 0) {
		return wrong("", wantPercent)
	}
	*p = Percent(f / 100)
	return nil
}

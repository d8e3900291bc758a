package experiments

import (
	"strings"

	"github.com/invopop/jsonschema"
)

// PlotSpec declares a figure of a sweep: one statistic of a measure against the factors, or its distribution.
type PlotSpec struct {
	Name      string   `yaml:"name" jsonschema:"pattern=^[a-z0-9][a-z0-9.-]*$,maxLength=60" jsonschema_description:"what to call its files; by default after y, x and by"`
	Title     string   `yaml:"title" jsonschema_description:"the heading; by default what is drawn against what"`
	X         string   `yaml:"x" jsonschema_description:"the factor along the horizontal axis; a distribution (cdf, ccdf, histogram) has none"`
	Y         string   `yaml:"y" jsonschema:"required" jsonschema_description:"the measure"`
	By        NameList `yaml:"by" jsonschema_description:"the factor, or a list of factors, by which series are told apart; of a heat map, its rows"`
	Kind      string   `yaml:"kind" jsonschema:"enum=lines,enum=points,enum=bars,enum=cdf,enum=ccdf,enum=heat,enum=box,enum=violin,enum=histogram" jsonschema_description:"by default lines if x is numeric, else bars"`
	Statistic string   `yaml:"statistic" jsonschema:"enum=mean,enum=median,enum=p90,enum=p99,enum=share" jsonschema_description:"of the measure over the seeds; share: of runs in which it is not 0; by default mean"`
	Log       string   `yaml:"log" jsonschema:"enum=none,enum=x,enum=y,enum=xy" jsonschema_description:"which axes are logarithmic; by default x where its levels grow geometrically, and of a ccdf y"`
	Where     LevelSet `yaml:"where" jsonschema_description:"factors that are held at one level: {policy: none}; factors that are nowhere named get a panel for each level"`
}

// NameList is a list of names, written as one text or a list of texts.
type NameList []string

// JSONSchema describes both forms.
func (NameList) JSONSchema() *jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{text, {Type: "array", Items: text}}}
}

func (l *NameList) set(v *value) *complaint {
	const want = "a name or a list of names"
	items := v.items
	switch v.shape {
	case text:
		items = []*value{v}
	case sequence:
	default:
		return wrong("", want)
	}
	*l = nil
	for _, item := range items {
		if item.shape != text {
			return wrong(item.String(), want)
		}
		*l = append(*l, item.raw)
	}
	return nil
}

// LevelSet holds factors at one level each, written as a mapping from factors to levels.
type LevelSet []FactorLevel

// FactorLevel is a level of a factor, by its label.
type FactorLevel struct{ Factor, Level string }

// String lists the levels as they are written on the command line: policy=none, network.loss=0.
func (s LevelSet) String() string {
	var list []string
	for _, l := range s {
		list = append(list, l.Factor+"="+l.Level)
	}
	return strings.Join(list, ", ")
}

// JSONSchema describes the mapping.
func (LevelSet) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", AdditionalProperties: jsonschema.TrueSchema}
}

func (s *LevelSet) set(v *value) *complaint {
	const want = "a mapping from factors to a level of each, such as {network.loss: 0.1}"
	if v.shape != mapping {
		return wrong("", want)
	}
	*s = nil
	for _, k := range v.keys {
		switch k.value.shape {
		case text, number, boolean:
			*s = append(*s, FactorLevel{k.name, k.value.raw})
		default:
			return wrong(k.name+", "+k.value.String(), want)
		}
	}
	return nil
}

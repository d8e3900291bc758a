package experiments

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/invopop/jsonschema"
)

// Formula is a number, or an expression over the factors of a sweep and the values of its scenario: 1/(1-loss)^2.
//
// A factor is called by the last word of its key, or by all of it: loss, network_loss. Values of the scenario are called by
// their path: network.latency, params.retry, nodes. A dash is an underscore. Durations are in seconds, sizes in bytes, rates
// in bits a second; what is no number is a text, as are the names of cases. There are the operators and functions of
// expr-lang, where ^ is a power, and those of Functions.
type Formula struct {
	Text    string
	names   []string   // that it uses
	members [][]string // paths into the scenario that it uses: params, retry
}

const wantFormula = "a number or a formula over the factors, such as 1/(1-loss)^2"

// JSONSchema describes both forms.
func (Formula) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "number"}, {Type: "string"}}, Description: wantFormula, Examples: []any{"1/(1-loss)^2", 0.5}}
}

func (f *Formula) set(v *value) *complaint {
	switch v.shape {
	case number, text:
	default:
		return wrong("", wantFormula)
	}
	tree, err := parser.Parse(v.raw)
	if err != nil {
		return formulaError(err, v.raw)
	}
	*f = Formula{Text: v.raw}
	ast.Walk(&tree.Node, f)
	return nil
}

// Visit notes the names that a formula uses.
func (f *Formula) Visit(n *ast.Node) {
	switch node := (*n).(type) {
	case *ast.IdentifierNode:
		if !slices.Contains(f.names, node.Value) {
			f.names = append(f.names, node.Value)
		}
	case *ast.MemberNode:
		if path := memberPath(node); path != nil {
			f.members = append(f.members, path)
		}
	}
}

// memberPath is the path of a value such as params.retry; nil if it is not of names alone.
func memberPath(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return []string{n.Value}
	case *ast.MemberNode:
		last, ok := n.Property.(*ast.StringNode)
		if path := memberPath(n.Node); ok && path != nil {
			return append(path, last.Value)
		}
	}
	return nil
}

// formulaError says where a formula is wrong.
func formulaError(err error, text string) *complaint {
	var e *file.Error
	if !errors.As(err, &e) {
		return wrong("", wantFormula+": "+shorten(err.Error(), 120))
	}
	offset := len(string([]rune(text)[:min(e.From, len([]rune(text)))]))
	return &complaint{offset: offset, want: wantFormula + " (" + shorten(e.Message, 120) + ")"}
}

// is reports whether there is a formula.
func (f Formula) is() bool { return f.Text != "" }

// Functions are the functions of formulas, beside those of expr-lang.
func Functions() []string { return slices.Sorted(maps.Keys(functions())) }

func functions() map[string]any {
	one := func(f func(float64) float64) func(any) (float64, error) {
		return func(x any) (float64, error) {
			v, err := numberOf(x)
			return f(v), err
		}
	}
	two := func(f func(x, y float64) float64) func(any, any) (float64, error) {
		return func(x, y any) (float64, error) {
			a, err1 := numberOf(x)
			b, err2 := numberOf(y)
			return f(a, b), errors.Join(err1, err2)
		}
	}
	return map[string]any{
		"exp": one(math.Exp), "log": one(math.Log), "log2": one(math.Log2), "log10": one(math.Log10), "log1p": one(math.Log1p), "expm1": one(math.Expm1),
		"sqrt": one(math.Sqrt), "gamma": one(math.Gamma), "erf": one(math.Erf), "sin": one(math.Sin), "cos": one(math.Cos),
		"factorial": one(func(n float64) float64 { return math.Gamma(n + 1) }), "harmonic": one(harmonic),
		"pow": two(math.Pow), "binomial": two(binomial),
		"pi": math.Pi, "inf": math.Inf(1),
	}
}

// harmonic is 1 + 1/2 + ... + 1/n.
func harmonic(n float64) (sum float64) {
	for k := math.Min(n, 1e7); k >= 1; k-- {
		sum += 1 / k
	}
	return sum
}

// binomial is how many ways there are to choose k of n.
func binomial(n, k float64) float64 {
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	if k < 0 || k > n {
		return 0
	}
	return math.Round(math.Exp(a - b - c))
}

func numberOf(x any) (float64, error) {
	switch n := x.(type) {
	case float64:
		return n, nil
	case int:
		return float64(n), nil
	}
	return 0, fmt.Errorf("%v is not a number", x)
}

// evaluate computes a formula where names have values.
func (f Formula) evaluate(names map[string]any) (float64, error) {
	for _, name := range f.names {
		if _, ok := names[name]; !ok && !isBuiltin(name) {
			return 0, fmt.Errorf("the unknown name %s, want %s", name, oneOf(name, slices.Sorted(maps.Keys(names))))
		}
	}
	for _, path := range f.members {
		if err := reachable(names, path); err != nil {
			return 0, err
		}
	}
	env := maps.Clone(names)
	maps.Copy(env, functions())
	program, err := expr.Compile(f.Text, expr.Env(env), expr.DisableBuiltin("now"))
	if err != nil {
		return 0, oneLine(err)
	}
	got, err := expr.Run(program, env)
	if err != nil {
		return 0, oneLine(err)
	}
	n, err := numberOf(got)
	if b, is := got.(bool); is {
		n, err = 0, nil
		if b {
			n = 1
		}
	}
	if err == nil && math.IsNaN(n) {
		err = errors.New("not a number")
	}
	return n, err
}

// reachable reports the first step of a path that leads nowhere.
func reachable(names map[string]any, path []string) error {
	for i, name := range path {
		v, ok := names[name]
		if !ok {
			return fmt.Errorf("the unknown value %s, want %s", strings.Join(path[:i+1], "."), oneOf(name, slices.Sorted(maps.Keys(names))))
		}
		if names, ok = v.(map[string]any); !ok {
			return nil
		}
	}
	return nil
}

func isBuiltin(name string) bool { return functions()[name] != nil }

func oneLine(err error) error {
	var e *file.Error
	if errors.As(err, &e) {
		return errors.New(shorten(e.Message, 120))
	}
	return errors.New(shorten(err.Error(), 120))
}

// names returns the values that a formula can use at a point: the scenario's by path, its factors' by name.
func (s *Scenario) names() map[string]any {
	all := map[string]any{"nodes": s.NodeCount()}
	if s.document != nil {
		for _, k := range s.document.keys {
			if !slices.Contains(sections(), k.name) {
				all[identifier(k.name)] = k.value.formulaic()
			}
		}
	}
	if s.Params != nil {
		all["params"] = paramsFormulaic(s.Params)
	}
	return all
}

// formulaic is a value as formulas see it.
func (v *value) formulaic() any {
	switch v.shape {
	case boolean:
		return v.raw == "true"
	case number, text:
		if q, ok := quantityOf(v); ok {
			return plainNumber(q.value)
		}
		return v.raw
	case sequence:
		list := make([]any, len(v.items))
		for i, item := range v.items {
			list[i] = item.formulaic()
		}
		return list
	case mapping:
		m := make(map[string]any, len(v.keys))
		for _, k := range v.keys {
			m[identifier(k.name)] = k.value.formulaic()
		}
		return m
	}
	return nil
}

// plainNumber is an int where it can be one, which indices and ranges need.
func plainNumber(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int(f)
	}
	return f
}

// paramsFormulaic are a protocol's parameters, with their defaults, as formulas see them.
func paramsFormulaic(params any) map[string]any {
	m := map[string]any{}
	v := reflect.Indirect(reflect.ValueOf(params))
	if v.Kind() != reflect.Struct {
		return m
	}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" {
			continue
		}
		switch f := v.Field(i); {
		case f.Type() == durationType:
			m[identifier(name)] = time.Duration(f.Int()).Seconds()
		case f.CanInt():
			m[identifier(name)] = int(f.Int())
		case f.CanUint():
			m[identifier(name)] = int(f.Uint())
		case f.CanFloat():
			m[identifier(name)] = f.Float()
		case f.Kind() == reflect.Bool:
			m[identifier(name)] = f.Bool()
		case f.Kind() == reflect.String:
			m[identifier(name)] = f.String()
		}
	}
	return m
}

// identifier is a name as formulas write it.
func identifier(name string) string {
	id := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
	if id != "" && id[0] >= '0' && id[0] <= '9' {
		return "_" + id
	}
	return id
}

// shortName is the last word of a factor's name, as formulas write it.
func shortName(factor string) string {
	last := factor[strings.LastIndexByte(factor, '.')+1:]
	last, _, _ = strings.Cut(last, "[")
	return identifier(last)
}

// levelValue is a level as formulas see it.
func levelValue(label string, value float64) any {
	switch {
	case !math.IsNaN(value):
		return plainNumber(value)
	case label == "true" || label == "false":
		b, _ := strconv.ParseBool(label)
		return b
	}
	return label
}

package experiments

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"lightcone/protocols"
)

// Schema returns the JSON Schema (draft 2020-12) of a Scenario, indented: what editors complete and check from.
func Schema() []byte {
	return slices.Clone(scenarioSchema().text)
}

// schema is a JSON Schema, as text and ready to check with.
type schema struct {
	text    []byte
	checker *validator.Schema
	parts   map[string]*validator.Schema // by location
}

var scenarioSchema = sync.OnceValue(func() *schema { return compile(describeScenario()) })

// reflector describes Go types by their yaml and jsonschema tags; a struct has no keys but its own.
func reflector() *jsonschema.Reflector {
	return &jsonschema.Reflector{
		Anonymous: true, ExpandedStruct: true, RequiredFromJSONSchemaTags: true, FieldNameTag: "yaml",
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if t == durationType {
				return Duration(0).JSONSchema()
			}
			return nil
		},
	}
}

// describeScenario is the schema of a Scenario with the protocols' names and, for each, its own parameters.
func describeScenario() *jsonschema.Schema {
	s := reflector().Reflect(&Scenario{})
	s.Title = "a lightcone scenario"
	protocol, _ := s.Properties.Get("protocol")
	for _, e := range protocols.Catalog() {
		protocol.Enum = append(protocol.Enum, e.Name)
		s.AllOf = append(s.AllOf, paramsOf(e, s.Definitions))
	}
	return s
}

// paramsOf says: if the protocol is this one, then its params are those of its struct.
func paramsOf(e protocols.Entry, defs jsonschema.Definitions) *jsonschema.Schema {
	params := reflector().Reflect(e.Params())
	params.Version = ""
	for name, def := range params.Definitions {
		defs[name] = def
	}
	params.Definitions = nil
	name := "params of " + e.Name
	params.Description = e.About
	defs[name] = params

	when, then := jsonschema.NewProperties(), jsonschema.NewProperties()
	when.Set("protocol", &jsonschema.Schema{Const: e.Name})
	then.Set("params", &jsonschema.Schema{Ref: "#/$defs/" + strings.ReplaceAll(name, " ", "%20")})
	return &jsonschema.Schema{
		If:   &jsonschema.Schema{Properties: when, Required: []string{"protocol"}},
		Then: &jsonschema.Schema{Properties: then},
	}
}

// compile readies a schema. A schema that does not compile is a mistake in this package.
func compile(root *jsonschema.Schema) *schema {
	body, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("experiments: schema does not marshal: %v", err))
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		panic(fmt.Sprintf("experiments: schema does not parse: %v", err))
	}
	c := validator.NewCompiler()
	if err := c.AddResource("mem:///schema.json", doc); err != nil {
		panic(fmt.Sprintf("experiments: schema is refused: %v", err))
	}
	checker := c.MustCompile("mem:///schema.json")
	return &schema{append(body, '\n'), checker, parts(checker, map[string]*validator.Schema{})}
}

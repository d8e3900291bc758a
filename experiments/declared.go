package experiments

import _ "embed"

// yamlStudy is a study wholly in YAML: its scenario says what is varied, measured, expected and drawn.
type yamlStudy struct {
	name, about string
	scenario    []byte
}

func (d yamlStudy) Name() string                   { return d.name }
func (d yamlStudy) About() string                  { return d.about }
func (d yamlStudy) Scenario() []byte               { return d.scenario }
func (yamlStudy) Analyse(*Plan) (*Analysis, error) { return &Analysis{}, nil }

//go:embed pingpong-loss/scenario.yaml
var pingPongLoss []byte

// declaredStudies returns the studies that are wholly in YAML.
func declaredStudies() []Study {
	return []Study{
		yamlStudy{"pingpong-loss", "attempts until an answer when each message is lost with probability p: 1/(1-p)^2", pingPongLoss},
	}
}

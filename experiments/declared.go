package experiments

import _ "embed"

// declared is a study wholly in YAML: its scenario says what is varied, measured, expected and drawn.
type declared struct {
	name, about string
	scenario    []byte
}

func (d declared) Name() string                   { return d.name }
func (d declared) About() string                  { return d.about }
func (d declared) Scenario() []byte               { return d.scenario }
func (declared) Analyse(*Plan) (*Analysis, error) { return &Analysis{}, nil }

//go:embed pingpong-loss/scenario.yaml
var pingPongLoss []byte

// declaredStudies returns the studies that are wholly in YAML.
func declaredStudies() []Study {
	return []Study{
		declared{"pingpong-loss", "attempts until an answer when each message is lost with probability p: 1/(1-p)^2", pingPongLoss},
	}
}

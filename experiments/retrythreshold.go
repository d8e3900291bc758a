package experiments

import _ "embed"

//go:embed retry-threshold/scenario.yaml
var retryThresholdScenario []byte

// retryThreshold asks from which load on retries keep an overload alive, and how long it lasts below.
type retryThreshold struct{ retryStorm }

func (retryThreshold) Name() string { return "retry-threshold" }

func (retryThreshold) About() string {
	return "the load from which on retries keep an overload alive for ever, beside a fluid"
}

func (retryThreshold) Scenario() []byte { return retryThresholdScenario }

// Figures has none beside those declared.
func (retryThreshold) Figures(*Swept) ([]SweptFigure, error) { return nil, nil }

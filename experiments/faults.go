package experiments

import _ "embed"

//go:embed faults/scenario.yaml
var faultsScenario []byte

// faultGallery shows how each fault is drawn. It measures nothing beside what the protocol does.
type faultGallery struct{}

func (faultGallery) Name() string                     { return "faults" }
func (faultGallery) About() string                    { return "what every fault looks like in a picture" }
func (faultGallery) Scenario() []byte                 { return faultsScenario }
func (faultGallery) Analyse(*Plan) (*Analysis, error) { return &Analysis{}, nil }

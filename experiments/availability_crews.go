package experiments

import (
	"fmt"

	"lightcone/models/reliability"
)

// AvailabilityCrews is what a diagram comes to if its parts share repair crews, which take them in the order in which
// they fail: by the Markov chain of who is down and who waits, for exponential times to failure and to repair.
type AvailabilityCrews struct {
	Crews          int      `json:"crews"`
	States         int      `json:"states"` // of the chain
	Unavailability float64  `json:"unavailability"`
	Frequency      *float64 `json:"failures_per_hour"`
	MUT            *float64 `json:"mut_hours"`
	MDT            *float64 `json:"mdt_hours"`
}

func sharedCrews(d *reliability.Diagram, crews int) (*AvailabilityCrews, error) {
	chain, works, err := reliability.SharedCrews(d.Parts(), d.Works, crews)
	if err != nil {
		return nil, fmt.Errorf("%w, for --crews", err)
	}
	r, err := chain.Evaluate(works)
	if err != nil {
		return nil, fmt.Errorf("%w, for --crews", err)
	}
	return &AvailabilityCrews{crews, chain.States(), r.Unavailability, known(r.Frequency), known(r.MUT), known(r.MDT)}, nil
}

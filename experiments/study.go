package experiments

import (
	"fmt"
	"math"
	"slices"

	"lightcone/protocols"
	"lightcone/sim"
	"lightcone/sim/trace"
)

// Measure is a number read off a run, with its closed form beside it where there is one.
type Measure = protocols.Measure

// Agreement says whether a measure and its closed form agree.
type Agreement uint8

const (
	Unknown Agreement = iota // no closed form, or no interval to judge by
	Agrees                   // Expected lies in [Low, High]
	Differs                  // it does not
)

// Agree compares a measure with its expected value, by the interval that the measure gives.
func Agree(m Measure) Agreement {
	switch {
	case math.IsNaN(m.Value) || math.IsNaN(m.Low) || math.IsNaN(m.High) || math.IsNaN(m.Expected):
		return Unknown
	case m.Low <= m.Expected && m.Expected <= m.High:
		return Agrees
	}
	return Differs
}

// Study is a built-in scenario, most with an analysis of its own: what is measured beside what the protocol measures,
// the closed forms, the figures. Its name is the scenario's, so that `lightcone run NAME` runs both.
type Study interface {
	Name() string     // as on the command line
	About() string    // one sentence: the question it answers
	Scenario() []byte // its scenario, in YAML
	// Analyse prepares the analysis of one run of the scenario, which a user may have changed (--set). It is called before
	// the world is made, once for each run. The error says what of the scenario the analysis cannot do with.
	Analyse(p *Plan) (*Analysis, error)
}

// Analysis watches one run and reports on it.
type Analysis struct {
	// Observers see the run's events, beside those of the runner. They may be none.
	Observers []sim.Observer
	// Finish is called when the run is over, with the run's result, its trace (if one is recorded) and the verdicts and
	// measures of the protocol in o. It may run further worlds of its own. It must be as deterministic as a run: the
	// same inputs, the same bytes. A nil Finish adds nothing.
	Finish func(v sim.View, o *Outcome) (*Report, error)
}

// Report is what an analysis found.
type Report struct {
	Measures []Measure // one with the name of a protocol's measure takes its place
	Verdicts []Verdict // checks beside the protocol's properties
	Files    []File    // figures and tables for the output directory
	Picture  trace.Options
}

// Verdict is how one check fared.
type Verdict struct {
	Name    string
	Verdict sim.Verdict // Violation is the verdict of a check that failed
	Detail  string      // why, for people; may be empty
}

// File is a file of results.
type File struct {
	Name string // within the output directory, without slashes
	Data []byte
}

// Studies returns the built-in studies, in the order in which they are listed.
func Studies() []Study {
	return slices.Concat(declaredStudies(), electionStudies(), []Study{
		raftCost{}, raftWAN{}, availabilityRaft{},
		clocksWAN{}, faultGallery{}, traceReplay{}, byzantineThresholds{},
		failoverStudy{}, quorumStaleness{}, capStudy{},
		detectorsStudy{}, detectorRows{}, gossipRoundsStudy{},
		backoffContention{}, retryStorm{}, retryThreshold{},
		seriesParallel{}, replicasZones{}, checkpointInterval{}, thousandMachines{}, durability{},
	}, hunts())
}

// part is a part of a scenario that a study's model may not cover, and whether it is there.
type part struct {
	name  string
	there bool
}

// refuse reports the parts that are there, and why they cannot be.
func refuse(why string, parts []part) (errs []error) {
	for _, p := range parts {
		if p.there {
			errs = append(errs, fmt.Errorf("%s is set, want none: %s", p.name, why))
		}
	}
	return errs
}

package experiments

import (
	"errors"
	"fmt"
	"math"

	"lightcone/models/reliability"
	"lightcone/models/renewal"
	"lightcone/sim"
)

// availabilitySimulation is a diagram simulated.
type availabilitySimulation struct {
	method   string
	unit     string // of what was counted
	measures []Measure
	steps    []simulationStep // how the estimate of the unavailability came to be
}

// simulationStep is the estimate after so many pieces of evidence.
type simulationStep struct {
	n int
	e reliability.Estimate
}

// How much is simulated.
const (
	simulatedOutages = 10_000
	simulatedStates  = 1_000_000
	mostTransitions  = 6e6 // of plain renewals; where outages are rarer than that allows, they are forced
	mostLooks        = 5e8 // at the state of a part; fewestOutages all the same
	forcedCycles     = 50_000
	fewestOutages    = 500
)

// simulateDiagram simulates a diagram: renewals of its parts if they have mean times, states drawn at random if not; in
// both cases forced renewals if outages are too rare.
func simulateDiagram(d *reliability.Diagram, exact reliability.Result, seed uint64) (*availabilitySimulation, error) {
	if u := exact.Unavailability; u == 0 || u == 1 {
		return nil, fmt.Errorf("experiments: --simulate: the system is down with probability %v, want between 0 and 1", u)
	}
	timed, rate := true, 0. // of failures of parts per hour
	for _, p := range d.Parts() {
		f := p.Frequency()
		timed = timed && !math.IsNaN(f)
		rate += f
	}
	if !timed && exact.Unavailability*simulatedStates >= fewestOutages {
		return drawStates(d, exact, seed), nil
	}
	system, err := renewal.Of(d)
	if err != nil {
		return nil, fmt.Errorf("experiments: --simulate: %w", err)
	}
	if !timed {
		return simulateForced(system, exact, timed, seed)
	}
	outages := int(min(simulatedOutages, mostTransitions/2*exact.Frequency/rate))
	if outages < fewestOutages {
		return simulateForced(system, exact, timed, seed)
	}
	looks := float64(len(system.Parts)) // at parts, for each transition
	quick := int(min(simulatedOutages, mostLooks/looks/2*exact.Frequency/rate))
	return simulateRenewals(system, exact, min(outages, max(quick, fewestOutages)), seed)
}

// tooUnlike reports mean times of which the shorter is lost in the rounding of the time that so many of both take.
func tooUnlike(exact reliability.Result, outages int) error {
	const digits = 1e-3 / 0x1p-52
	if all := float64(outages) * (exact.MUT + exact.MDT); all > digits*min(exact.MUT, exact.MDT) {
		return fmt.Errorf("experiments: --simulate: mean times up and down are %.3g and %.3g hours, want them less unlike: the shorter is lost in rounding", exact.MUT, exact.MDT)
	}
	return nil
}

// nextStep is after how much more evidence to look again.
func nextStep(n int) int { return max(n+1, n*5/4) }

// drawStates draws the states of all parts again and again.
func drawStates(d *reliability.Diagram, exact reliability.Result, seed uint64) *availabilitySimulation {
	s := &availabilitySimulation{method: "states of the parts drawn at random", unit: "states"}
	parts := d.Parts()
	up := make([]bool, len(parts))
	r := sim.NewRand(seed, sim.ForStudy)
	down, look := 0, 10
	for n := 1; n <= simulatedStates; n++ {
		for i, p := range parts {
			up[i] = !r.Bool(p.Q)
		}
		if !d.Works(up) {
			down++
		}
		if n == look || n == simulatedStates {
			s.steps = append(s.steps, simulationStep{n, reliability.Wilson(down, n, fourErrors)})
			look = nextStep(n)
		}
	}
	s.measure("unavailability", "of the time", s.last(), exact.Unavailability)
	return s
}

// simulateRenewals simulates times up and down of the parts.
func simulateRenewals(system renewal.System, exact reliability.Result, outages int, seed uint64) (*availabilitySimulation, error) {
	if err := tooUnlike(exact, outages); err != nil {
		return nil, err
	}
	found, err := system.Run(renewal.Run{Seed: seed, Outages: outages, Keep: true})
	if err != nil {
		return nil, fmt.Errorf("experiments: --simulate: %w", err)
	}
	s := &availabilitySimulation{method: "times up and down of the parts", unit: "outages"}
	var tally reliability.CycleTally
	look := 10
	for i, since := 0, found.From; i < len(found.Outages); i++ {
		o := found.Outages[i]
		tally.Add(o.From-since, o.To-o.From)
		since = o.To
		if n := tally.N(); n == look || n == len(found.Outages) {
			s.steps = append(s.steps, simulationStep{n, tally.Unavailability(fourErrors)})
			look = nextStep(n)
		}
	}
	s.measure("unavailability", "of the time", found.Unavailability(fourErrors), exact.Unavailability)
	s.measure("failures", "per hour", found.Frequency(fourErrors), exact.Frequency)
	s.measure("mean up time", "h", found.MUT(fourErrors), exact.MUT)
	s.measure("mean down time", "h", found.MDT(fourErrors), exact.MDT)
	return s, nil
}

// simulateForced hastens failures, with the exact weights of what happened.
func simulateForced(system renewal.System, exact reliability.Result, timed bool, seed uint64) (*availabilitySimulation, error) {
	cycles, err := system.Forced(renewal.Forcing{}, seed)
	if err != nil {
		return nil, fmt.Errorf("experiments: --simulate: %w", err)
	}
	s := &availabilitySimulation{method: "times up and down of the parts, failures hastened and weighted", unit: "cycles"}
	found := &renewal.Rarely{}
	look := 100
	for c := range cycles {
		found.Add(c)
		n := found.Length.N()
		if n == look || n == forcedCycles {
			if e, err := found.Unavailability(fourErrors); err == nil {
				s.steps = append(s.steps, simulationStep{n, e})
			}
			look = nextStep(n)
		}
		if n == forcedCycles {
			break
		}
	}
	e, err := found.Unavailability(fourErrors)
	if err != nil {
		return nil, fmt.Errorf("experiments: --simulate: outages are too rare for forced renewals: %w", err)
	}
	s.measure("unavailability", "of the time", e, exact.Unavailability)
	if e, err := found.Frequency(fourErrors); err == nil && timed {
		s.measure("failures", "per hour", e, exact.Frequency)
	}
	if len(s.steps) == 0 {
		return nil, errors.New("experiments: --simulate: no estimate came of the forced renewals")
	}
	return s, nil
}

func (s *availabilitySimulation) last() reliability.Estimate { return s.steps[len(s.steps)-1].e }

func (s *availabilitySimulation) measure(name, unit string, e reliability.Estimate, exact float64) {
	s.measures = append(s.measures, Measure{Name: name, Unit: unit, Value: e.Value, Low: e.Low, High: e.High, N: e.N, Expected: exact})
}

// addSimulation adds what was simulated, and the verdicts on it, to the report.
func (r *AvailabilityReport) addSimulation() {
	for _, m := range r.simulation.measures {
		r.Measures = append(r.Measures, summaryMeasure(m))
		v := verdict(m.Name+" agrees with the exact value", Agree(m) == Agrees, "%s: %s within %s .. %s by %d %s", r.simulation.method,
			decimals(m.Expected), decimals(m.Low), decimals(m.High), m.N, r.simulation.unit)
		r.Verdicts = append(r.Verdicts, SummaryVerdict{v.Name, v.Verdict.String(), v.Detail})
	}
}

// Simulated returns what was simulated and how, nil if nothing was.
func (r *AvailabilityReport) Simulated() (measures []Measure, method string) {
	if r.simulation == nil {
		return nil, ""
	}
	return r.simulation.measures, r.simulation.method
}

// Agrees reports whether all that was simulated agrees with what was computed.
func (r *AvailabilityReport) Agrees() bool {
	for _, m := range r.Measures {
		if m.Agrees == nil || !*m.Agrees {
			return false
		}
	}
	return true
}

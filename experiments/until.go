package experiments

import (
	"math"
	"slices"

	"lightcone/protocols"
	"lightcone/sim"
)

// timeUntilName is the measure of when a run ended that goes on until a property holds.
func timeUntilName(property string) string { return "time until " + property }

// timeUntil returns when the property held that ends the run, if the scenario names one: not a number if it never did.
func (s *Scenario) timeUntil(r *sim.Result) []Measure {
	if s.Until == "" {
		return nil
	}
	m := plainMeasure(timeUntilName(s.Until), "s", math.NaN(), 1)
	for _, p := range r.Properties {
		if p.Name == s.Until && p.Verdict == sim.Pass {
			m.Value = float64(p.Time) / 1e9
		}
	}
	return []Measure{m}
}

// until checks that the property that ends the run is one that can come true.
func (c *checker) until(in protocols.Instance) {
	if !c.has("until") {
		return
	}
	var names []string
	for _, p := range slices.Concat(in.Properties, in.Moments) {
		if p.Name == c.Until && p.Mode == sim.Always {
			c.bad("$.until", "", "a property that comes true at some time; this one always holds")
			return
		}
		if p.Mode != sim.Always {
			names = append(names, p.Name)
		}
	}
	if !slices.Contains(names, c.Until) {
		c.bad("$.until", "", oneOf(c.Until, names))
	}
}

// inAll is the verdict of the run as one of many: what a run that came to its end early did not show is no verdict on it.
func (o *Outcome) inAll() sim.Verdict {
	v := o.Verdict()
	for _, p := range o.Result.Properties {
		if v == sim.Unseen && p.Name == o.Plan.Scenario.Until && p.Verdict == sim.Pass {
			return sim.Pass
		}
	}
	return v
}

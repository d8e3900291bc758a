package protocols

import "math"

// Measure is a number read off a run.
type Measure struct {
	Name, Unit string
	Value      float64 // NaN if the run has none
	N          int     // how many observations Value is the mean of; 1 for a count
	Low, High  float64 // Value by 4 standard errors either way; NaN if not a mean
	Expected   float64 // the closed form; NaN if there is none, or if it depends on the network or the faults
}

// count is a Measure that is no mean and has no closed form.
func count(name, unit string, value int) Measure {
	return Measure{Name: name, Unit: unit, Value: float64(value), N: 1, Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
}

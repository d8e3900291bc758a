package reliability

// Estimate is a number with an interval that covers the truth in a share Level of all repetitions.
type Estimate struct {
	Value     float64
	Low, High float64 // NaN: no interval can be given
	Level     float64 // such as .95
	N         int     // how many independent pieces of evidence: trials, runs, cycles, batches
	Method    string  // how the interval was made, such as "Wilson"
}

// Covers reports whether x lies in the interval.
func (e Estimate) Covers(x float64) bool { return e.Low <= x && x <= e.High }

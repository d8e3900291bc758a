package table

// Table is what a sweep measured: the grid, and a row for each run in the order of points and seeds.
type Table struct {
	Factors  []Factor
	Points   [][]int // for each point of the grid, the level of each factor
	Measures []Measure
	Rows     []Row
}

// Factor is one thing that is varied. The first factor varies slowest.
type Factor struct {
	Name    string // as it is varied: network.loss
	Unit    string // of Level.Value: s, or "" for plain numbers; "" if it is not numeric
	Numeric bool
	Levels  []Level
}

// Level is one value of a factor.
type Level struct {
	Label string  // as people write it: 150ms
	Value float64 // NaN if the factor is not numeric
}

// Measure is what is read off each run.
type Measure struct{ Name, Unit string }

// Shown is how people read values of a unit: in which unit, and by what they are multiplied. A share of something ("of the
// time") is read in percent.
func Shown(unit string) (shown string, scale float64) {
	if (Measure{Unit: unit}).share() {
		return "% " + unit, 100
	}
	return unit, 1
}

// Row is one run.
type Row struct {
	Point       int
	Seed        uint64
	Verdict     string // pass, violation, ...: the worst of its checks
	Failed      string // the first check that failed; "" if none did
	Digest      string // 16 hexadecimal digits
	Events      uint64
	VirtualTime float64   // seconds
	Values      []float64 // by measure; NaN if the run has none
}

// Estimate is a statistic with its interval.
type Estimate struct {
	Value, Low, High float64 // NaN: not known
	Level            float64 // of confidence: 0.95
	Error            float64 // standard error; NaN if there is none
	N                int     // runs
	Method           string  // how the interval was made
}

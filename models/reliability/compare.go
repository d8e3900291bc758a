package reliability

import (
	"fmt"
	"math"
)

// Paired returns the mean of a[i] - b[i] with Student's interval: the difference of two designs, each pair run under
// the same faults (common random numbers). What the faults do to both cancels, so that the interval is far narrower
// than Unpaired's; the pairs among themselves must be independent.
func Paired(a, b []float64, level float64) Estimate {
	checkPairs("Paired", a, b)
	var t Tally
	for i := range a {
		t.Add(a[i] - b[i])
	}
	e := t.Student(level)
	e.Method = "paired difference"
	return e
}

// Unpaired returns the mean of a minus that of b, which are independent, with the interval of Welch (Biometrika 34,
// 1947).
func Unpaired(a, b []float64, level float64) Estimate {
	checkLevel("Unpaired", level)
	var s, t Tally
	for _, x := range a {
		s.Add(x)
	}
	for _, x := range b {
		t.Add(x)
	}
	n, difference, method := s.n+t.n, s.Mean()-t.Mean(), "unpaired difference"
	if s.n < 2 || t.n < 2 {
		return none(difference, level, n, method)
	}
	u, v := s.Variance()/float64(s.n), t.Variance()/float64(t.n)
	if u+v == 0 {
		return about(difference, 0, level, n, method)
	}
	degrees := (u + v) * (u + v) / (float64(u*u)/float64(s.n-1) + float64(v*v)/float64(t.n-1))
	return about(difference, float64(studentQuantile(level, max(1, int(degrees)))*math.Sqrt(u+v)), level, n, method)
}

// RatioOfMeans returns the mean of a over that of b, of independent pairs of numbers above 0, on the logarithmic scale:
// how many times more one design is down than another, under the same faults.
func RatioOfMeans(a, b []float64, level float64) Estimate {
	checkPairs("RatioOfMeans", a, b)
	var t CycleTally
	for i := range a {
		t.Add(a[i], b[i])
	}
	checkLevel("RatioOfMeans", level)
	value, method := t.up/t.down, "ratio of paired means"
	if t.n < 2 || !(value > 0) || math.IsInf(value, 1) {
		return none(value, level, t.n, method)
	}
	return aboutLog(value, t.half(t.logRatio(), level), level, t.n, method)
}

func checkPairs(where string, a, b []float64) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("reliability: %s: %d and %d numbers, want pairs", where, len(a), len(b)))
	}
}

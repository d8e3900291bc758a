package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"lightcone/models/dist"
	"lightcone/models/reliability"
)

// Confidence is that of intervals that are shown.
const Confidence = 0.95

// FourErrors is the confidence of an interval of 4 standard errors either way, by which agreement with an expected value
// is judged.
const FourErrors = 0.99993665751633376

// Statistic is a number that sums up a sample.
type Statistic struct {
	kind     string  // mean, quantile, share, sd, min, max
	quantile float64 // of kind quantile
}

// Statistics that have names of their own.
var (
	Mean    = Statistic{kind: "mean"}
	Median  = Statistic{"quantile", 0.5}
	Nonzero = Statistic{kind: "share"} // the share of the runs in which it is not 0
	SD      = Statistic{kind: "sd"}    // standard deviation
	Min     = Statistic{kind: "min"}
	Max     = Statistic{kind: "max"}
)

// Quantile returns the p-quantile as a statistic, for p between 0 and 1.
func Quantile(p float64) Statistic {
	if !(p > 0 && p < 1) {
		panic(fmt.Sprintf("table: Quantile: p is %v, want between 0 and 1", p))
	}
	return Statistic{"quantile", p}
}

// ParseStatistic reads a statistic as String writes it: mean, median, p99, p99.9, share, sd, min, max.
func ParseStatistic(s string) (Statistic, error) {
	for _, known := range []Statistic{Mean, Median, Nonzero, SD, Min, Max} {
		if s == known.String() {
			return known, nil
		}
	}
	if digits, ok := strings.CutPrefix(s, "p"); ok {
		percent, ok := parseFloat(digits)
		if ok && percent > 0 && percent < 100 {
			return Quantile(percent / 100), nil
		}
		return Statistic{}, fmt.Errorf("table: statistic is %q, want a percentile between p0 and p100 such as p99", s)
	}
	want := "mean, median, a percentile such as p99, share, sd, min or max"
	if near := dist.Nearest(s, []string{"mean", "median", "share", "sd", "min", "max"}); near != "" {
		want += "; nearest is " + near
	}
	return Statistic{}, fmt.Errorf("table: statistic is %q, want %s", s, want)
}

func (s Statistic) String() string {
	switch {
	case s == Median:
		return "median"
	case s.kind == "quantile":
		return "p" + strconv.FormatFloat(100*s.quantile, 'g', 12, 64)
	}
	return s.kind
}

// Of returns the statistic of a sample with its interval. Missing values (NaN) are left out; N is how many are not.
//
// A mean has Student's interval, and a standard error. Where all numbers are the same, its interval is that number
// alone: Method says so, and it is for the reader to know that no run could have another. A quantile has the interval
// of order statistics, an end of which is infinite where the sample is too small for one. A share has Wilson's. The other
// statistics have none. A sample of one has no interval.
func (s Statistic) Of(values []float64, level float64) Estimate {
	xs := present(values)
	e := Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: level, Error: math.NaN(), N: len(xs), Method: "none"}
	if len(xs) == 0 {
		return e
	}
	switch s.kind {
	case "mean":
		return mean(xs, level)
	case "quantile":
		return quantile(xs, s.quantile, level)
	case "share":
		return nonzero(xs, level)
	case "sd":
		e.Value = deviation(xs)
	case "min":
		e.Value = slices.Min(xs)
	case "max":
		e.Value = slices.Max(xs)
	default:
		panic("table: Of: the statistic is the zero Statistic, want one of ParseStatistic")
	}
	return e
}

// mean is the mean of numbers, of which an infinite one makes it infinite, without an interval.
func mean(xs []float64, level float64) Estimate {
	infinite, sum := false, 0.0
	for _, x := range xs {
		infinite = infinite || math.IsInf(x, 0)
		sum += x
	}
	if infinite {
		return Estimate{Value: sum, Low: math.NaN(), High: math.NaN(), Level: level, Error: math.NaN(), N: len(xs), Method: "none: not all are finite"}
	}
	var t reliability.Tally
	for _, x := range xs {
		t.Add(x)
	}
	e := estimate(t.Student(level))
	e.Error = t.StandardError()
	if len(xs) > 1 && slices.Min(xs) == slices.Max(xs) {
		e.Value, e.Low, e.High, e.Error, e.Method = xs[0], xs[0], xs[0], 0, "all the same"
	}
	return e
}

// deviation is the standard deviation; NaN for fewer than two numbers, or infinite ones.
func deviation(xs []float64) float64 {
	var t reliability.Tally
	for _, x := range xs {
		t.Add(x)
	}
	return math.Sqrt(t.Variance())
}

// quantile has no interval for a sample of one, though order statistics would give one: all numbers.
func quantile(xs []float64, p, level float64) Estimate {
	e := estimate(reliability.OrderStatistics(xs, p, level))
	if len(xs) < 2 {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	return e
}

func nonzero(xs []float64, level float64) Estimate {
	k := 0
	for _, x := range xs {
		if x != 0 {
			k++
		}
	}
	e := Share(k, len(xs), level)
	if len(xs) < 2 {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	return e
}

// Share returns the share of k runs of n with Wilson's interval, and the standard error of the share if it is neither 0
// nor 1.
func Share(k, n int, level float64) Estimate {
	e := estimate(reliability.Wilson(k, n, level))
	if n == 0 {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	if k > 0 && k < n {
		e.Error = math.Sqrt(e.Value * (1 - e.Value) / float64(n))
	}
	return e
}

// Agrees reports whether the statistic of a sample agrees with what is expected of it, itself known up to a standard
// error (0: exactly), and whether that can be told. A mean is judged by 4 standard errors, more for few runs as Student's
// law has it; a quantile by the interval of order statistics that covers as often, to which 4 standard errors of what is
// expected are added.
func (s Statistic) Agrees(values []float64, expected, standardError float64) (agrees, known bool) {
	e := s.Of(values, FourErrors)
	if s == Mean {
		errors := 4.0
		if e.Error > 0 {
			errors = (e.High - e.Value) / e.Error
		}
		half := errors * math.Hypot(e.Error, standardError)
		e.Low, e.High = e.Value-half, e.Value+half
	} else {
		e.Low, e.High = e.Low-4*standardError, e.High+4*standardError
	}
	if math.IsNaN(e.Low) || math.IsNaN(e.High) || math.IsNaN(expected) {
		return false, false
	}
	slack := 1e-12 * math.Abs(expected) // of the arithmetic, where no sampling is left
	return e.Low-slack <= expected && expected <= e.High+slack, true
}

// estimate is an Estimate of package reliability.
func estimate(e reliability.Estimate) Estimate {
	return Estimate{Value: e.Value, Low: e.Low, High: e.High, Level: e.Level, Error: math.NaN(), N: e.N, Method: e.Method}
}

// Known reports whether the estimate has an interval.
func (e Estimate) Known() bool { return !math.IsNaN(e.Low) && !math.IsNaN(e.High) }

// present returns the numbers that are there.
func present(xs []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(xs), math.IsNaN)
}

package reliability

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

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

// Complement returns the estimate of 1 minus the number: of an availability, given that of an unavailability. The
// digits that 1 - A loses are lost.
func (e Estimate) Complement() Estimate {
	e.Value, e.Low, e.High = 1-e.Value, 1-e.High, 1-e.Low
	return e
}

// Nines returns, of an estimated unavailability U, the number of nines -log10(U) with its interval: 3 for .001.
// It is +Inf where U is 0.
func (e Estimate) Nines() Estimate {
	e.Value, e.Low, e.High = nines(e.Value), nines(e.High), nines(e.Low)
	return e
}

func nines(u float64) float64 { return math.Max(0, -log(u)/math.Ln10) }

// RelativeHalfWidth returns half the length of the interval over |Value|, NaN where there is none.
func (e Estimate) RelativeHalfWidth() float64 { return (e.High - e.Low) / 2 / math.Abs(e.Value) }

// scaled multiplies the number and its interval by f > 0.
func (e Estimate) scaled(f float64) Estimate {
	e.Value, e.Low, e.High = float64(e.Value*f), float64(e.Low*f), float64(e.High*f)
	return e
}

// none is an estimate without an interval.
func none(value, level float64, n int, method string) Estimate {
	return Estimate{Value: value, Low: math.NaN(), High: math.NaN(), Level: level, N: n, Method: method}
}

// about is value ± half.
func about(value, half, level float64, n int, method string) Estimate {
	return Estimate{Value: value, Low: value - half, High: value + half, Level: level, N: n, Method: method}
}

// aboutLog is the interval log(value) ± half, on the scale of the value, which is above 0.
func aboutLog(value, half, level float64, n int, method string) Estimate {
	return Estimate{Value: value, Low: float64(value * exp(-half)), High: float64(value * exp(half)), Level: level, N: n, Method: method}
}

// aboutLogit is the interval log(odds) ± half, on the scale of the probability odds/(1+odds).
func aboutLogit(odds, half, level float64, n int, method string) Estimate {
	p := func(odds float64) float64 { return 1 / (1 + 1/odds) }
	return Estimate{Value: p(odds), Low: p(float64(odds * exp(-half))), High: p(float64(odds * exp(half))), Level: level, N: n, Method: method}
}

func checkLevel(where string, level float64) {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("reliability: %s: level is %v, want between 0 and 1", where, level))
	}
}

func checkCount(where string, k, n int) {
	if n < 0 || k < 0 || k > n {
		panic(fmt.Sprintf("reliability: %s: k is %d of n = %d, want 0 to n", where, k, n))
	}
}

// normalQuantile returns z such that a standard normal number is within ±z with probability level.
func normalQuantile(level float64) float64 { return mathext.NormalQuantile((1 + level) / 2) }

// studentQuantile is the same for Student's law: from 20 degrees of freedom on by its expansion (Abramowitz, Stegun,
// Handbook of Mathematical Functions, 26.7.5), whose error is below 2e-6 of it for levels up to .99.
func studentQuantile(level float64, degrees int) float64 {
	if degrees < 20 {
		return distuv.StudentsT{Sigma: 1, Nu: float64(degrees)}.Quantile((1 + level) / 2)
	}
	z, n := normalQuantile(level), float64(degrees)
	z2 := float64(z * z)
	horner := func(c ...float64) float64 {
		sum := 0.0
		for _, x := range c {
			sum = float64(sum*z2) + x
		}
		return float64(sum * z)
	}
	return z + (horner(1, 1)/4+(horner(5, 16, 3)/96+(horner(3, 19, 17, -15)/384+horner(79, 776, 1482, -1920, -945)/92160/n)/n)/n)/n
}

package experiments

import (
	"math"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"
)

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// meanBeside is a mean with the one of the model, and the interval in which they may differ.
func meanBeside(times, model []float64) Measure {
	m := plainMeasure("", "ms", 0, len(times))
	var sd, modelSD float64
	m.Value, sd = stat.MeanStdDev(times, nil)
	m.Expected, modelSD = stat.MeanStdDev(model, nil)
	se := math.Hypot(sd/math.Sqrt(float64(len(times))), modelSD/math.Sqrt(float64(len(model))))
	m.Low, m.High = m.Value-4*se, m.Value+4*se
	return m
}

// shareBeside is a share with its closed form, and four standard errors, of the closed form's own, either way.
func shareBeside(part, whole int, expected float64) Measure {
	m := plainMeasure("", "of elections", ratio(part, whole), whole)
	n := float64(whole)
	se := math.Max(4*math.Sqrt(expected*(1-expected)/n), 1/n)
	m.Low, m.High, m.Expected = math.Max(0, m.Value-se), math.Min(1, m.Value+se), expected
	return m
}

func offList(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; off: " + strings.Join(names, "; ")
}

// decimals is a number to six significant digits: what differs beyond them is rounding. It is empty for NaN.
func decimals(f float64) string {
	if math.IsNaN(f) {
		return ""
	}
	return strconv.FormatFloat(f, 'g', 6, 64)
}

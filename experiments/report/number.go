package report

import (
	"math"
	"strconv"
)

// Number is a value as reports write it: whole numbers in full, others in five significant digits; "" if there is none.
func Number(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "-∞"
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', 5, 64)
}

// Range is an interval: "1.2 .. 3.4"; "" if it has no ends, or if they are the same.
func Range(low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) || low == high {
		return ""
	}
	return Number(low) + " .. " + Number(high)
}

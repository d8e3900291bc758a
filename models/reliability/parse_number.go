package reliability

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// hours are the units of time in the text form, in hours. A year has 365 days.
var hours = map[string]float64{"ms": 1. / 3_600_000, "s": 1. / 3600, "m": 1. / 60, "min": 1. / 60, "h": 1, "d": 24, "y": 8760}

const (
	wantTime        = "a time such as 1000h, in ms, s, min, h, d or y"
	wantProbability = "a probability from 0 to 1"
	maxDigits       = 400 // of a number
)

// probability reads a number as a probability p, and returns it and 1 - p, each correctly rounded: 0.99999999999 keeps
// its eleven nines.
func probability(t token, negative bool) (p, rest float64, ok bool) {
	if t.unit != "" && t.unit != "%" || len(t.digits) > maxDigits {
		return 0, 0, false
	}
	near, err := strconv.ParseFloat(t.digits, 64)
	if err != nil || negative && near != 0 || near > 100 {
		return 0, 0, false
	}
	if near < 1e-300 {
		return near, 1, true
	}
	x, ok := new(big.Rat).SetString(t.digits)
	if !ok {
		return 0, 0, false
	}
	if t.unit == "%" {
		x.Quo(x, big.NewRat(100, 1))
	}
	y := new(big.Rat).Sub(big.NewRat(1, 1), x)
	p, _ = x.Float64()
	rest, _ = y.Float64()
	return p, rest, y.Sign() >= 0
}

// duration reads a time in hours.
func duration(t token) (float64, bool) {
	per, known := hours[t.unit]
	x, err := strconv.ParseFloat(t.digits, 64)
	if x == 0 && t.unit == "" {
		return 0, err == nil
	}
	if v := float64(x * per); known && err == nil && v <= math.MaxFloat64/4 && v > 0 == (x > 0) {
		return v, true
	}
	return 0, false
}

// count reads a whole number.
func count(t token) (int, bool) {
	if t.kind != numberToken || t.text != t.digits {
		return 0, false
	}
	n, err := strconv.Atoi(t.digits)
	return n, err == nil
}

// formatAvailability writes an unavailability as the availability, if that takes few digits, so that it is read back as
// the same number; false if it does not.
func formatAvailability(q float64) (string, bool) {
	text := strconv.FormatFloat(q, 'g', -1, 64)
	x, ok := new(big.Rat).SetString(text)
	if !ok || q != 0 && q < 1e-15 {
		return "", false
	}
	x.Sub(big.NewRat(1, 1), x)
	digits, exact := x.FloatPrec()
	if !exact || digits > 17 {
		return "", false
	}
	return x.FloatString(digits), true
}

// formatHours writes a time so that it is read back as the same number.
func formatHours(h float64) string { return fmt.Sprintf("%vh", h) }

// ParseHours reads a time such as 720h, 30d, 90min or 1y, more than 0, in hours.
func ParseHours(text string) (float64, error) {
	list := tokens(text)
	if len(list) == 2 && list[0].kind == numberToken {
		if h, ok := duration(list[0]); ok && h > 0 {
			return h, nil
		}
	}
	return 0, fmt.Errorf("reliability: time is %q, want more than 0, in ms, s, min, h, d or y, such as 720h", short(text))
}

// ParseUnavailability reads an availability such as 99.9% or 0.999, and returns 1 minus it, with all digits.
func ParseUnavailability(text string) (float64, error) {
	list := tokens(text)
	if len(list) == 2 && list[0].kind == numberToken {
		if _, q, ok := probability(list[0], false); ok {
			return q, nil
		}
	}
	return 0, fmt.Errorf("reliability: availability is %q, want %s, such as 99.9%%", short(text), wantProbability)
}

package experiments

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// quantity is a number with its unit, in the unit that it is compared in: seconds, bits a second.
type quantity struct {
	value   float64
	unit    string // s, bit/s, 1/s, B, ppm; "" for plain numbers
	written string // the unit that it was written with
	places  int    // decimal places as written
}

// quantityOf reads a level as a number; ok is false if it is none.
func quantityOf(v *value) (q quantity, ok bool) {
	switch {
	case v.shape == number:
		return quantity{value: v.float(), places: placesOf(v.raw)}, true
	case v.shape != text || v.raw == "":
		return quantity{}, false
	}
	if d, err := time.ParseDuration(v.raw); err == nil {
		figure := strings.TrimRight(v.raw, "nuµmsh")
		return quantity{d.Seconds(), "s", v.raw[len(figure):], placesOf(figure)}, true
	}
	figure := strings.TrimRight(v.raw, "kMGBbitpms/")
	unit := v.raw[len(figure):]
	f, err := strconv.ParseFloat(figure, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return quantity{}, false
	}
	for _, u := range units() {
		if u.name == unit {
			return quantity{f * u.factor, u.base, unit, placesOf(figure)}, true
		}
	}
	return quantity{}, false
}

// namedUnit is a unit beside those of time: what it is of its base.
type namedUnit struct {
	name, base string
	factor     float64
}

func units() []namedUnit {
	list := []namedUnit{{"ppm", "ppm", 1}, {"/s", "1/s", 1}, {"B", "B", 1}, {"kB", "B", 1e3}, {"MB", "B", 1e6}, {"GB", "B", 1e9}}
	for _, u := range rateUnits {
		list = append(list, namedUnit{u.name, "bit/s", u.bits})
	}
	return list
}

// placesOf counts the digits after the point; an exponent counts as many.
func placesOf(figure string) int {
	if strings.ContainsAny(figure, "eE") {
		return 12
	}
	_, after, _ := strings.Cut(figure, ".")
	return len(after)
}

// text writes another value in the unit of q.
func (q quantity) text(value float64) string {
	if q.unit == "s" {
		return time.Duration(math.Round(value * 1e9)).String()
	}
	for _, u := range units() {
		if u.name == q.written {
			value /= u.factor
		}
	}
	return strconv.FormatFloat(rounded(value, 12), 'f', -1, 64) + q.written
}

// rounded is a number with so many significant digits.
func rounded(x float64, digits int) float64 {
	f, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		return x
	}
	return f
}

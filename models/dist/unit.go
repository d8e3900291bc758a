package dist

import (
	"math"
	"strconv"
	"strings"
)

// Unit says what the numbers of a law in text form measure.
type Unit uint8

const (
	// Numbers have no unit: 0.5.
	Numbers Unit = iota
	// Durations are in nanoseconds, and written with one of ns, us (or µs), ms, s, m, h: 10ms.
	Durations
	// PPM are parts per million, and written with ppm or ppb: 50ppm.
	PPM
)

// suffix is one way to write a value: times 10^power, times factor where that is not a power of ten.
type suffix struct {
	name   string
	power  int
	factor float64
}

// suffixes of each unit, the ones that Format uses in ascending order.
var suffixes = [...][]suffix{
	Numbers:   nil,
	Durations: {{"ns", 0, 1}, {"us", 3, 1}, {"ms", 6, 1}, {"s", 9, 1}, {"µs", 3, 1}, {"m", 9, 60}, {"h", 9, 3600}},
	PPM:       {{"ppm", 0, 1}, {"ppb", -3, 1}},
}

// formatted is how many of a unit's suffixes Format chooses from.
var formatted = [...]int{Numbers: 0, Durations: 4, PPM: 1}

func (u Unit) String() string {
	switch u {
	case Durations:
		return "durations"
	case PPM:
		return "ppm"
	}
	return "numbers"
}

// want says what a value of the unit looks like.
func (u Unit) want() string {
	switch u {
	case Durations:
		return "a duration such as 10ms"
	case PPM:
		return "a rate such as 50ppm"
	}
	return "a number without a unit"
}

// suffix returns the suffix of that name.
func (u Unit) suffix(name string) (suffix, bool) {
	name = strings.ReplaceAll(name, "μ", "µ") // the Greek letter for the sign
	for _, s := range suffixes[u] {
		if s.name == name {
			return s, true
		}
	}
	return suffix{}, false
}

func (u Unit) suffixNames() []string {
	var names []string
	for _, s := range suffixes[u] {
		names = append(names, s.name)
	}
	return names
}

// value returns digits (a decimal number without sign) in the unit's base, rounded once where the suffix is a power of
// ten, so that what Format writes is read back to the bit.
func (s suffix) value(digits string) float64 {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(digits), "e")
	e, _ := strconv.Atoi(exponent)
	if e > 10000 || e < -10000 || len(exponent) > 6 {
		return math.Inf(1) // out of every range
	}
	x, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+s.power), 64)
	return float64(x * s.factor)
}

// appendValue appends x, a value of unit u, with the largest suffix that leaves at least 1.
func appendValue(b []byte, x float64, u Unit) []byte {
	n := formatted[u]
	if n == 0 {
		return strconv.AppendFloat(b, x, 'g', -1, 64)
	}
	best := suffixes[u][0]
	for _, s := range suffixes[u][1:n] {
		if math.Abs(x) >= pow10(s.power) {
			best = s
		}
	}
	return append(appendShifted(b, x, best.power), best.name...)
}

func pow10(n int) float64 {
	p := 1.0
	for range n {
		p = float64(p * 10)
	}
	return p
}

// appendShifted appends the shortest decimal of x divided by 10^power, exactly.
func appendShifted(b []byte, x float64, power int) []byte {
	text := strconv.FormatFloat(x, 'e', -1, 64)
	mantissa, exponent, found := strings.Cut(text, "e")
	if !found { // NaN or infinite: no law has it, but an error message may
		return append(b, text...)
	}
	sign := strings.HasPrefix(mantissa, "-")
	digits := strings.Replace(strings.TrimPrefix(mantissa, "-"), ".", "", 1)
	e, _ := strconv.Atoi(exponent)
	e -= power
	if sign {
		b = append(b, '-')
	}
	switch point := e + 1; { // digits before the decimal point
	case point > 21 || point < -5:
		b = append(b, digits[0])
		if len(digits) > 1 {
			b = append(append(b, '.'), digits[1:]...)
		}
		return strconv.AppendInt(append(b, 'e'), int64(e), 10)
	case point <= 0:
		b = append(append(b, "0."...), strings.Repeat("0", -point)...)
		return append(b, digits...)
	case point >= len(digits):
		b = append(b, digits...)
		return append(b, strings.Repeat("0", point-len(digits))...)
	default:
		b = append(b, digits[:point]...)
		return append(append(b, '.'), digits[point:]...)
	}
}

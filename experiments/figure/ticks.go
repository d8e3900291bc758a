package figure

import (
	"math"
	"strconv"
)

// ticks returns the marks of an axis, of which about n have room for a label; an empty label is a small mark.
func (s scale) ticks(a Axis, n int) []Tick {
	var list []Tick
	switch {
	case len(a.Ticks) > 0:
		list = a.Ticks
	case s.category:
		for i, name := range a.Categories {
			list = append(list, Tick{float64(i), name})
		}
	case s.log:
		list = logTicks(s.min, s.max, n)
	default:
		list = linearTicks(s.min, s.max, n)
	}
	var shown []Tick
	for _, t := range list {
		if s.within(t.At) {
			shown = append(shown, t)
		}
	}
	return shown
}

// linearTicks are multiples of 1, 2 or 5 times a power of ten, about n of them.
func linearTicks(low, high float64, n int) []Tick {
	rough := (high - low) / float64(max(n, 2))
	power := math.Pow10(int(math.Floor(math.Log10(rough))))
	step := power
	for _, k := range []float64{1, 2, 5, 10} {
		if step = k * power; step >= rough*(1-1e-9) {
			break
		}
	}
	var list []Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high+1e-9*step; k++ {
		at := k * step
		list = append(list, Tick{at, number(at, step)})
	}
	return list
}

// number writes a multiple of step without noise in its last digits.
func number(v, step float64) string {
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if math.Abs(v) >= 1e6 || digits > 5 {
		if v == 0 {
			return "0"
		}
		exact := max(6, 2+int(math.Floor(math.Log10(math.Abs(v)/step)))) // digits that tell neighbours apart
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', exact, 64), 64)
		return brief(v)
	}
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if v == 0 {
		return "0"
	}
	return text
}

// Number writes a number as axes do: 0.001, 1e-5, 2.5e7; without the noise of binary fractions.
func Number(v float64) string { return brief(round(v)) }

// brief writes a number with as few characters as tell it: 0.001, 1e-5, 2.5e7.
func brief(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	mantissa, exponent, found := cut(text)
	if !found {
		return text
	}
	return mantissa + "e" + exponent
}

// cut splits a number in scientific notation; the exponent loses its plus sign and zeros.
func cut(text string) (mantissa, exponent string, found bool) {
	for i := range text {
		if text[i] == 'e' {
			e, _ := strconv.Atoi(text[i+1:])
			return text[:i], strconv.Itoa(e), true
		}
	}
	return text, "", false
}

// power writes a power of ten.
func power(e int) string {
	if e >= -4 && e <= 4 {
		return strconv.FormatFloat(math.Pow10(e), 'f', max(0, -e), 64)
	}
	return "1e" + strconv.Itoa(e)
}

// logTicks are the powers of ten, with their multiples as small marks; where the range is narrow the multiples by 2 and
// 5, or all that linearTicks gives, have labels too.
func logTicks(low, high float64, n int) []Tick {
	first, last := int(math.Floor(math.Log10(low)+1e-9)), int(math.Ceil(math.Log10(high)-1e-9))
	decades := math.Log10(high / low)
	if decades < 0.7 {
		return linearTicks(low, high, n)
	}
	every := int(math.Ceil((decades + 0.1) / float64(max(n, 2))))
	var list []Tick
	for e := first; e <= last; e++ {
		for k := 1; k < 10; k++ {
			t := Tick{At: float64(k) * math.Pow(10, float64(e))}
			switch {
			case k == 1 && mod(e, every) == 0:
				t.Label = power(e)
			case decades*3 <= float64(n) && (k == 2 || k == 5):
				t.Label = Number(t.At)
			case every > 2 && k > 1:
				continue
			}
			list = append(list, t)
		}
	}
	return list
}

func mod(a, n int) int { return ((a % n) + n) % n }

// round drops the noise of binary fractions.
func round(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	return r
}

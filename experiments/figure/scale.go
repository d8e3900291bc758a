package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// extents is what the layers of a panel want to be seen.
type extents struct {
	x, y         span
	wishX, wishY wish
	logX, logY   bool
}

// span is a range of values; empty at first.
type span struct {
	min, max float64
	any      bool
}

// add extends the range to a value; what is no finite number does not.
func (s *span) add(v float64) {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
	case !s.any:
		s.min, s.max, s.any = v, v, true
	default:
		s.min, s.max = min(s.min, v), max(s.max, v)
	}
}

// addPositive is add for a value that a logarithmic axis can show.
func (s *span) addPositive(v float64, log bool) {
	if !log || v > 0 {
		s.add(v)
	}
}

func (s *span) join(o span) {
	if o.any {
		s.add(o.min)
		s.add(o.max)
	}
}

// scale takes values to places on the canvas.
type scale struct {
	min, max float64
	log      bool
	from, to vg.Length
	category bool
}

// wish is what a scale should be like.
type wish uint8

const (
	toZero wish = 1 << iota // zero is to be seen
	flush                   // the data begin and end with the axis
	rooted                  // zero is to be seen if it is not far
)

// newScale returns the scale of an axis that is to show a range.
func newScale(a Axis, s span, w wish) scale {
	if n := len(a.Categories); n > 0 {
		return scale{min: -0.5, max: float64(n) - 0.5, category: true}
	}
	if a.Min != 0 || a.Max != 0 {
		return scale{min: a.Min, max: a.Max, log: a.Log}
	}
	if !s.any { // nothing to be seen on this axis
		s = span{1, 10, true}
	}
	if a.Log {
		return logScale(s, w&flush != 0)
	}
	low, high := s.min, s.max
	if w&toZero != 0 || w&rooted != 0 && low > 0 && low <= 0.4*high {
		low, high = min(low, 0), max(high, 0)
	}
	if high-low <= 1e-9*max(math.Abs(low), math.Abs(high)) { // all the same, but for the arithmetic
		half := max(math.Abs(low)/10, 0.5)
		return scale{min: low - half, max: high + half}
	}
	pad := 0.05 * (high - low)
	out := scale{min: low - pad, max: high + pad}
	if w&flush != 0 || low == 0 && (s.min > 0 || w&toZero != 0) {
		out.min = low
	}
	if w&flush != 0 {
		out.max = high
	}
	return out
}

func logScale(s span, flush bool) scale {
	low, high := math.Log10(s.min), math.Log10(s.max)
	pad := 0.05 * (high - low)
	same := high-low <= 1e-9*math.Abs(high)
	switch {
	case same:
		pad = 0.3
	case flush:
		pad = 0
	}
	return scale{min: math.Pow(10, low-pad), max: math.Pow(10, high+pad), log: true}
}

// share is where a value lies between the ends: 0 to 1, beyond them outside.
func (s scale) share(v float64) float64 {
	if s.log {
		return (math.Log(v) - math.Log(s.min)) / (math.Log(s.max) - math.Log(s.min))
	}
	return (v - s.min) / (s.max - s.min)
}

// at returns the place of a value. What lies far outside is brought near, so that strokes to it stay finite.
func (s scale) at(v float64) vg.Length {
	if s.log && v <= 0 {
		return s.from - (s.to - s.from)
	}
	p := min(max(s.share(v), -4), 5)
	return s.from + vg.Length(p)*(s.to-s.from)
}

// within reports whether a value is shown.
func (s scale) within(v float64) bool {
	p := s.share(v)
	return p >= -1e-9 && p <= 1+1e-9
}

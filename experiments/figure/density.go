package figure

import (
	"image/color"
	"math"
	"slices"
)

// sorted returns a sorted copy.
func sorted(values []float64) []float64 { return slices.Sorted(slices.Values(values)) }

// density is that of sorted values at x, by a normal kernel whose width follows Silverman's rule (1986, eq. 3.31).
func density(sorted []float64, x float64) float64 {
	n := float64(len(sorted))
	mean, square := 0.0, 0.0
	for _, v := range sorted {
		mean += v / n
	}
	for _, v := range sorted {
		square += (v - mean) * (v - mean) / n
	}
	spread := math.Sqrt(square)
	if quarters := (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34; quarters > 0 {
		spread = min(spread, quarters)
	}
	wide := 0.9 * spread * math.Pow(n, -0.2)
	if !(wide > 0) {
		return 1
	}
	sum := 0.0
	for _, v := range sorted {
		z := (x - v) / wide
		sum += math.Exp(-z * z / 2)
	}
	return sum / (n * wide * math.Sqrt(2*math.Pi))
}

// translucent is a colour through which what lies beneath is seen.
func translucent(c color.RGBA) color.RGBA {
	const part = 4
	return color.RGBA{c.R / part, c.G / part, c.B / part, 0xff / part}
}

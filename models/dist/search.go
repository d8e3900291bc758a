package dist

import "math"

// leastFloat returns the least x in [lo, hi] with ok(x), given that ok is false and then true, and true at hi: at most
// 64 halvings of the ordered float64s.
func leastFloat(lo, hi float64, ok func(x float64) bool) float64 {
	l, h := rank(lo), rank(hi)
	for l < h {
		m := l + int64(uint64(h-l)/2)
		if ok(unrank(m)) {
			h = m
		} else {
			l = m + 1
		}
	}
	return unrank(h)
}

// rank numbers the float64s in ascending order; unrank is its inverse.
func rank(x float64) int64 {
	b := int64(math.Float64bits(x))
	return b ^ int64(uint64(b>>63)>>1)
}

func unrank(n int64) float64 { return math.Float64frombits(uint64(n ^ int64(uint64(n>>63)>>1))) }

// leastCount returns the least whole number k in [lo, hi] with ok(k), given that ok is false and then true, and true at
// hi; lo and hi are whole and below 2^53.
func leastCount(lo, hi float64, ok func(k float64) bool) float64 {
	for lo < hi {
		m := lo + math.Floor(float64((hi-lo)*0.5))
		if ok(m) {
			hi = m
		} else {
			lo = m + 1
		}
	}
	return hi
}

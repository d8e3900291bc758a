package dist

import (
	"math"

	"lightcone/sim"
)

// The ziggurat (Marsaglia and Tsang, The Ziggurat Method for Generating Random Variables, J. Stat. Software 5(8), 2000)
// covers a decreasing density f by 256 layers of equal area v: layer i is the rectangle [0, x[i]] x [f(x[i]),
// f(x[i+1])] with x[1] = r > x[2] > ... > x[256] = 0, and layer 0 is the rectangle [0, r] x [0, f(r)] with the tail
// beyond r, as wide as if it were a rectangle. One draw of 64 bits picks layer (8 bits), sign (1 bit) and position (53
// bits).
type ziggurat struct {
	width  [256]float64 // x[i] / 2^53
	inside [256]uint64  // positions below it lie under f for sure: 2^53 x[i+1]/x[i]
	height [257]float64 // f(x[i])
}

// The starts of the tails, from the paper; that 256 layers then close at f(0) = 1 is tested.
const (
	normalTail      = 3.6541528853610088
	exponentialTail = 7.69711747013104972
)

var (
	normalLayers = layers(normalTail, float64(sqrtPi/math.Sqrt2*Erfc(normalTail/math.Sqrt2)),
		func(x float64) float64 { return Exp(float64(-0.5 * float64(x*x))) },
		func(y float64) float64 { return Sqrt(float64(-2 * Log(y))) })
	exponentialLayers = layers(exponentialTail, Exp(-exponentialTail),
		func(x float64) float64 { return Exp(-x) },
		func(y float64) float64 { return -Log(y) })
)

// layers builds the tables for the density f with inverse g, f(0) = 1, and the area of the tail beyond r.
func layers(r, tail float64, f, g func(float64) float64) *ziggurat {
	const positions = 1 << 53
	z := new(ziggurat)
	v := float64(r*f(r)) + tail
	x := v / f(r)
	z.height[0] = 0
	for i := range 256 {
		next := r
		if i > 0 {
			next = g(math.Min(f(x)+v/x, 1))
		}
		if i == 255 {
			next = 0
		}
		z.width[i] = x / positions
		z.inside[i] = uint64(float64(next / x * positions))
		z.height[i+1] = f(next)
		x = next
	}
	return z
}

// standardNormal draws from the normal law of mean 0 and variance 1.
func standardNormal(r *sim.Rand) float64 {
	for {
		u := r.Uint64()
		i, position := u&255, u>>11
		x := float64(float64(position) * normalLayers.width[i])
		if position < normalLayers.inside[i] || normalEdge(r, i, &x) {
			if u&256 != 0 {
				return -x
			}
			return x
		}
	}
}

// normalEdge decides on an x outside the sure part of layer i, and replaces it by a draw of the tail in layer 0.
func normalEdge(r *sim.Rand, i uint64, x *float64) bool {
	if i == 0 {
		*x = normalTail + normalBeyond(r)
		return true
	}
	lo, hi := normalLayers.height[i], normalLayers.height[i+1]
	return lo+float64((hi-lo)*r.Float64()) < Exp(float64(-0.5*float64(*x**x)))
}

// normalBeyond draws how far a normal value beyond normalTail lies beyond it (Marsaglia,
// Generating a Variable from the Tail of the Normal Distribution, Technometrics 6(1), 1964).
func normalBeyond(r *sim.Rand) float64 {
	for {
		x := standardExponential(r) / normalTail
		if y := standardExponential(r); 2*y > float64(x*x) {
			return x
		}
	}
}

// standardExponential draws from the exponential law of mean 1.
func standardExponential(r *sim.Rand) float64 {
	base := 0.0
	for {
		u := r.Uint64()
		i, position := u&255, u>>11
		x := float64(float64(position) * exponentialLayers.width[i])
		if position < exponentialLayers.inside[i] {
			return base + x
		}
		if i == 0 {
			base += exponentialTail // the law has no memory: beyond the start of the tail it begins anew
			continue
		}
		lo, hi := exponentialLayers.height[i], exponentialLayers.height[i+1]
		if lo+float64((hi-lo)*r.Float64()) < Exp(-x) {
			return base + x
		}
	}
}

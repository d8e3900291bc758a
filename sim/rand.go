package sim

import (
	"math/bits"
	"time"
)

// Rand is a keyed stream of random numbers: draw i of the stream named by a key is a hash of (key, i).
//
// Streams with different keys are independent, so a draw depends only on the seed, on what it is for, on whom it
// is for and on how many draws that stream made before: never on what another node, link or fault drew. The hash is
// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), integer arithmetic throughout, hence the same on every platform.
//
// A Rand is a value: copying it forks the stream. It implements math/rand/v2's Source.
type Rand struct{ key, n uint64 }

const golden = 0x9e3779b97f4a7c15

// NewRand returns the stream named by a seed and any number of words (a purpose, an entity, a counter).
func NewRand(seed uint64, name ...uint64) Rand {
	k := mix(seed + golden)
	for _, w := range name {
		k = mix(mix(k) ^ mix(w+golden)) // not symmetric: (1, 2) is another name than (2, 1)
	}
	return Rand{key: k}
}

// Purposes name the families of draws that the engine makes, so that no two share a stream.
const (
	forNetwork uint64 = 1 + iota
	forNode
	forClock
	forFault
	forDisk
	forTie
)

// ForStudy is the purpose for draws outside the engine (workloads, studies): NewRand(seed, ForStudy, ...) collides
// with no stream of the engine.
const ForStudy uint64 = 1 << 32

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Uint64 returns 64 uniform bits.
func (r *Rand) Uint64() uint64 {
	r.n += golden
	return mix(r.key + r.n)
}

// Uint64N returns a uniform integer in [0, n), without bias (Lemire, TOMACS 2019). It panics if n is 0.
func (r *Rand) Uint64N(n uint64) uint64 {
	if n == 0 {
		panic("sim: Rand.Uint64N: n is 0, want at least 1")
	}
	hi, lo := bits.Mul64(r.Uint64(), n)
	if lo < n {
		for t := -n % n; lo < t; {
			hi, lo = bits.Mul64(r.Uint64(), n)
		}
	}
	return hi
}

// IntN returns a uniform integer in [0, n). It panics unless n is at least 1.
func (r *Rand) IntN(n int) int {
	if n < 1 {
		panic("sim: Rand.IntN: n is less than 1")
	}
	return int(r.Uint64N(uint64(n)))
}

// Float64 returns a uniform number in [0, 1), a multiple of 2^-53.
func (r *Rand) Float64() float64 { return float64(float64(int64(r.Uint64()>>11)) * (1.0 / (1 << 53))) }

// Bool returns true with probability p; p at or below 0 is never, at or above 1 always. It always draws once.
func (r *Rand) Bool(p float64) bool { return r.Float64() < p }

// Duration returns a uniform duration in [lo, hi]. It panics if hi is less than lo.
func (r *Rand) Duration(lo, hi time.Duration) time.Duration {
	if hi < lo {
		panic("sim: Rand.Duration: hi is less than lo")
	}
	span := uint64(hi-lo) + 1
	if span == 0 {
		return time.Duration(r.Uint64())
	}
	return lo + time.Duration(r.Uint64N(span))
}

// Shuffle permutes n elements by Fisher and Yates's method.
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, r.IntN(i+1))
	}
}

// Perm returns a uniform permutation of 0..n-1.
func (r *Rand) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	r.Shuffle(n, func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

package gossip

import (
	"math/bits"
	"time"

	"lightcone/sim"
)

// exponential draws an exponential time by comparisons of integers alone: the first of a run of falling uniform numbers
// counts if the run's length is odd; if not, one more mean has passed. (J. von Neumann, Various Techniques Used in
// Connection with Random Digits, National Bureau of Standards AMS 12, 1951.)
func exponential(r *sim.Rand, mean time.Duration) time.Duration {
	for whole := time.Duration(0); ; whole++ {
		first := r.Uint64()
		length := 1
		for last := first; ; length++ {
			next := r.Uint64()
			if next >= last {
				break
			}
			last = next
		}
		if length%2 == 1 {
			fraction, _ := bits.Mul64(first, uint64(mean))
			return whole*mean + time.Duration(fraction)
		}
	}
}

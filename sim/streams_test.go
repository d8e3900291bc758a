package sim

import (
	"math/bits"
	"testing"
)

// TestMessageStreamsKeepApart checks the steps by which message streams are laid along the generator's sequence. Draw
// i of message (from, to, k) is the hash of base + from*fromStep + to*toStep + k*kStep + i*golden; two draws of
// nearby names whose inputs are nearly equal would rest on the hash alone. Of the some 3 million combinations of
// coefficients up to 20, the least should be near 2^64/2^22 = 2^42 by chance; anything below 2^32 is a relation
// between the steps.
func TestMessageStreamsKeepApart(t *testing.T) {
	const reach = 20
	for a := -reach; a <= reach; a++ {
		for b := -reach; b <= reach; b++ {
			for c := -reach; c <= reach; c++ {
				for d := 0; d <= reach; d++ {
					if a == 0 && b == 0 && c == 0 {
						continue
					}
					x := int64(uint64(a)*fromStep + uint64(b)*toStep + uint64(c)*kStep + uint64(d)*golden)
					if n := bits.Len64(uint64(max(x, -x))); n <= 32 {
						t.Fatalf("%d from + %d to + %d k + %d draws = %d, want no relation (at least 2^32)", a, b, c, d, x)
					}
				}
			}
		}
	}
}

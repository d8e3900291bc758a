package check

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A history that is linearizable has no effect twice and loses none, whatever else was done to the key. One that is not
// may or may not have.
func TestLinearizableEffectsAreOnce(t *testing.T) {
	violated := 0
	for n := range trials(t, 2000) {
		r := rand.New(rand.NewPCG(uint64(n), 4))
		h := shape{ops: 2 + r.IntN(40), clients: 1 + r.IntN(5), keys: 1 + r.IntN(2), kinds: mixes[2+n%4], unknown: 4 + r.IntN(8), mutations: r.IntN(3)}.random(r)
		once := EffectsOnce(h, Options{})
		if once.Verdict == Violated {
			violated++
			require.Equal(t, Violated, Linearizable(h, Options{}).Verdict, "history %d: %v\n%s", n, once, show(h))
		}
	}
	require.Positive(t, violated)
}

package check

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a witness shows is wrong with the whole: it has the writes of all that it reads.
func TestCausalWitnessesReadWhatIsThere(t *testing.T) {
	violated := 0
	for n := range trials(t, 1000) {
		r := rand.New(rand.NewPCG(uint64(n), 11))
		h := shape{ops: 4 + r.IntN(20), clients: 2 + r.IntN(3), keys: 1 + r.IntN(3), kinds: mixes[n%2], unknown: 20, mutations: 3 + r.IntN(8)}.random(r)
		if newDataflow(h).thin() != noOp {
			continue
		}
		for _, check := range []func(History, Options) Report{Causal, CausalConvergence, CausalMemory} {
			if v := check(h, Options{}); v.Verdict == Violated {
				violated++
				require.Equal(t, int32(noOp), newDataflow(v.Witness.Ops).thin(), "history %d: %v\n%s\nof\n%s", n, v, show(v.Witness.Ops), show(h))
			}
		}
	}
	require.Positive(t, violated)
}

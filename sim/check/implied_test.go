package check

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// weaker says what each check implies.
var weaker = map[string][]string{
	"linearizable":       {"sequential", "quorum-rule"},
	"sequential":         {"causal-convergence", "causal-memory"},
	"causal-convergence": {"causal"},
	"causal-memory":      {"causal"},
	"causal":             {"read-your-writes", "monotonic-reads"},
	"causal-memory ":     {"monotonic-writes", "writes-follow-reads"},
}

// What holds implies what is weaker: the checks, which share little, do not contradict each other.
func TestStrongerImpliesWeaker(t *testing.T) {
	held, fell := map[string]int{}, map[string]int{}
	for n := range trials(t, 1500) {
		r := rand.New(rand.NewPCG(uint64(n), 6))
		h := shape{ops: 2 + r.IntN(16), clients: 1 + r.IntN(4), keys: 1 + r.IntN(2), kinds: mixes[n%2], unknown: 8, mutations: r.IntN(5), atOnce: n%4 == 0}.random(r)
		verdict := map[string]Report{}
		for _, c := range All() {
			verdict[c.Name] = c.Run(h, Options{})
			switch verdict[c.Name].Verdict {
			case Holds:
				held[c.Name]++
			case Violated:
				fell[c.Name]++
			}
		}
		for _, c := range All() {
			if verdict[c.Name].Verdict != Holds {
				continue
			}
			for _, w := range append(weaker[c.Name], weaker[c.Name+" "]...) {
				require.NotEqual(t, Violated, verdict[w].Verdict, "history %d: %v, but %v\n%s", n, verdict[c.Name], verdict[w], show(h))
			}
		}
	}
	t.Logf("held: %v\nfell: %v", held, fell)
	for _, name := range []string{"linearizable", "sequential", "causal", "causal-convergence", "causal-memory", "read-your-writes", "monotonic-reads", "quorum-rule"} {
		require.Positive(t, held[name], name)
		require.Positive(t, fell[name], name)
	}
}

package gossip_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/gossip"
)

// chainRounds is the mean number of aligned rounds until all of n nodes know, of which one does at first, with one
// partner a round: the hitting time of the Markov chain of the number of nodes that know. With k of n knowing, pull
// informs each of the others with probability k/(n-1), push the different ones that k balls in n-1 boxes hit. The
// distribution is worked out ball by ball, in n^3 steps.
func chainRounds(mode gossip.Mode, n int) float64 {
	others := float64(n - 1)
	rounds := make([]float64, n+1)
	for k := n - 1; k >= 1; k-- {
		p := make([]float64, n-k+1) // of how many hear in this round
		p[0] = 1
		if mode != gossip.Push {
			for range n - k {
				hit := float64(k) / others
				for j := n - k; j >= 0; j-- {
					p[j] *= 1 - hit
					if j > 0 {
						p[j] += p[j-1] * hit
					}
				}
			}
		}
		if mode != gossip.Pull {
			for range k {
				for j := n - k; j >= 0; j-- {
					p[j] *= 1 - float64(n-k-j)/others
					if j > 0 {
						p[j] += p[j-1] * float64(n-k-j+1) / others
					}
				}
			}
		}
		sum := 1.0
		for j := 1; j <= n-k; j++ {
			sum += p[j] * rounds[k+j]
		}
		rounds[k] = sum / (1 - p[0])
	}
	return rounds[1]
}

// The published figures for push are those of this chain, but for what they owe to having been sampled: partners are
// drawn among the others. Drawn among all nodes it would be 12.41 and 18.05.
func TestChain(t *testing.T) {
	require.InEpsilon(t, 12.31, chainRounds(gossip.Push, 100), 0.001)
	require.InEpsilon(t, 18.03, chainRounds(gossip.Push, 1000), 0.001)

	// Three nodes. Push: the first call hits; then both miss the third with probability 1/4. Pull: in the first round
	// nobody, one or both of two find out, each with 1/2.
	require.InDelta(t, 1+4./3, chainRounds(gossip.Push, 3), 1e-12)
	require.InDelta(t, (1+1./2*1)/(1-1./4), chainRounds(gossip.Pull, 3), 1e-12)
}

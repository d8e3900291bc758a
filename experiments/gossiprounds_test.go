package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/gossip"
)

// The chain gives the known rounds of push: 12.31 and 18.03, which were sampled.
func TestGossipChain(t *testing.T) {
	require.InEpsilon(t, 12.31, gossipRounds(gossip.Push, 100), 0.001)
	require.InEpsilon(t, 18.03, gossipRounds(gossip.Push, 1000), 0.001)
	require.InDelta(t, 1+4./3, gossipRounds(gossip.Push, 3), 1e-12)
	require.InDelta(t, 2, gossipRounds(gossip.Pull, 3), 1e-12)
}

// Where not all of the chain is worked out, it is as if it were.
func TestGossipChainByParts(t *testing.T) {
	const n = 300
	for _, m := range []gossip.Mode{gossip.Push, gossip.Pull, gossip.PushPull} {
		t.Run(string(m), func(t *testing.T) {
			all := newGossipChain(m, n, n).mean[n-1]
			require.InDelta(t, all, newGossipChain(m, n, n/2).mean[n-1], 1e-9, "few and many know, by two ways")
			require.InDelta(t, all, newGossipChain(m, n, chainEdge).mean[n-1], 5e-4)
			require.InDelta(t, all, newGossipChain(m, n, chainEdge/2).mean[n-1], 5e-4)
		})
	}
}

// Push takes more than floor(log2 n) + ln n - 1.116 rounds and fewer than ceil(log2 n) + ln n + 2.765 (Doerr and Kuennemann,
// Tight Analysis of Randomized Rumor Spreading in Complete Graphs, ANALCO 2014), also where the chain is not worked out
// state by state. And ten times as many nodes cost log2 10 + ln 10 more: of many, the constant varies by 0.0002 (Daknama,
// Panagiotou, Reisser, Asymptotics for Push on the Complete Graph, Stochastic Processes and their Applications 137, 2021).
func TestGossipChainOfMany(t *testing.T) {
	rounds := map[int]float64{}
	for _, n := range []int{1000, 10_000, 100_000} {
		rounds[n] = gossipRounds(gossip.Push, n)
		require.Greater(t, rounds[n], math.Floor(math.Log2(float64(n)))+math.Log(float64(n))-1.116)
		require.Less(t, rounds[n], math.Ceil(math.Log2(float64(n)))+math.Log(float64(n))+2.765)
	}
	require.InDelta(t, math.Log2(10)+math.Ln10, rounds[100_000]-rounds[10_000], 0.005)
}

// The study is expected to take the chain's rounds, as long as it is the chain's model.
func TestGossipRoundsExpects(t *testing.T) {
	expect := func(sets ...string) []Expectation {
		s, err := NewSweep("gossip-rounds", SweepOptions{Set: sets})
		require.NoError(t, err)
		es, err := gossipRoundsStudy{}.Expect(s, s.Point(0))
		require.NoError(t, err)
		return es
	}
	es := expect("vary.nodes=[100]", "vary.params.mode=[push]")
	require.Len(t, es, 1)
	require.Equal(t, "rounds until all know", es[0].Measure)
	require.InDelta(t, 12.3045, es[0].Expected, 1e-4)
	for _, other := range []string{"params.timing=poisson", "params.fanout=2", "params.sources=2", "params.stop=blind-coin", "network.loss=0.1",
		"clocks.drift=100ppm", "network.latency=constant(600ms)", "network.latency=uniform(100ms, 200ms)", "until=null"} {
		require.Empty(t, expect(other), other)
	}
}

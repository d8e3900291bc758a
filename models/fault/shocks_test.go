package fault

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// common is three nodes that fail alone for a share of the time, and together for another.
func common(alone, together float64) Shocks {
	var s Shocks
	for id := range sim.NodeID(3) {
		up, down := share(alone, 1)
		s.Groups = append(s.Groups, Shock{Nodes: []sim.NodeID{id}, Up: up, Down: down})
	}
	if together > 0 {
		up, down := share(together, 1)
		s.Groups = append(s.Groups, Shock{Nodes: []sim.NodeID{0, 1, 2}, Up: up, Down: down})
	}
	return s
}

// exactCommon is the probability that all three are down.
func exactCommon(alone, together float64) float64 {
	return exactly([]float64{alone, alone, alone, together}, [][]int{{0}, {1}, {2}, {0, 1, 2}}, 3, atLeast(1))
}

// Three in parallel that are down for .05 of the time, of which a tenth is common: E1 and, with none common, E1c of the
// data.
func TestCommonCauseBesideExact(t *testing.T) {
	require.InEpsilon(t, 0.005090669375, exactCommon(.045, .005), 1e-12)
	require.InEpsilon(t, 0.000125, exactCommon(.05, 0), 1e-12)
	m := Model{Laws: []Law{common(.045, .005)}, Until: 4000 * sec}
	repeat(t, m, 3, size(120), atLeast(1)).unavailability.near(t, exactCommon(.045, .005), .05, "E1")
	m.Laws = []Law{common(.2, 0)}
	repeat(t, m, 3, size(40), atLeast(1)).unavailability.near(t, exactCommon(.2, 0), .05, "independent")
}

// The beta-factor model divides rates: the causes are down for d / (u / share + d).
func TestBetaFactorBesideExact(t *testing.T) {
	up, down, ids := seconds(4), seconds(1), []sim.NodeID{0, 1, 2}
	for _, beta := range []float64{0, .1, .5, 1} {
		s := BetaFactor(ids, beta, up, down)
		q := func(share float64) float64 { return share / (4 + share) }
		want := exactCommon(q(1-beta), q(beta))
		repeat(t, Model{Laws: []Law{s}, Until: 1000 * sec}, 3, size(60), atLeast(1)).unavailability.near(t, want, .05, s.label())
	}
	require.Len(t, BetaFactor(ids, 0, up, down).Groups, 3)
	require.Len(t, BetaFactor(ids, 1, up, down).Groups, 1)
}

// The mean time until both of two are down, with rates for each and for both: E6 of the data.
func TestMarshallOlkin(t *testing.T) {
	const l1, l2, l12 = 1. / 1000, 1. / 800, 1. / 20000
	want := 1/(l1+l12) + 1/(l2+l12) - 1/(l1+l2+l12)
	require.InEpsilon(t, 1286.829112916069, want, 1e-12)
	forever := dist.Constant{Value: 1e18}
	m := Model{Until: 100_000 * sec, Laws: []Law{Shocks{Groups: []Shock{
		{Nodes: []sim.NodeID{0}, Up: seconds(1 / l1), Down: forever},
		{Nodes: []sim.NodeID{1}, Up: seconds(1 / l2), Down: forever},
		{Nodes: []sim.NodeID{0, 1}, Up: seconds(1 / l12), Down: forever},
	}}}}
	var s, together tally
	for seed := range uint64(size(4000)) {
		v := draw(t, m, seed, 2).Intervals(2, m.Until)
		s.add(float64(v.Outages(2, m.Until, atLeast(1))[0].From) / 1e9)
		together.add(indicator(v.Of(0)[0].From == v.Of(1)[0].From))
	}
	s.near(t, want, .02, "mean time to failure")
	together.near(t, l12/(l1+l2+l12), .2, "share that fails at once")
}

// A share of the failures of nodes comes in batches, and a node fails as often as the arrivals say.
func TestBatchesBesideTheirShare(t *testing.T) {
	const nodes, runs = 10, 400
	l := Batches{Share: .2, Size: 5, Every: dist.Constant{Value: 1e9}, Down: dist.Constant{Value: 1e8}}
	var inBatch, size tally
	plan := draw(t, Model{Laws: []Law{l}, Until: 20*runs*sec + 1}, 4, nodes)
	at := map[sim.Time]int{}
	for _, v := range plan.Intervals(nodes, sim.Never) {
		at[v.From]++
	}
	require.Len(t, at, 20*runs)
	for k := range sim.Time(runs) {
		batch, all := 0., 0.
		for i := range sim.Time(20) {
			n := float64(at[(20*k+i+1)*sec])
			all += n
			batch += n * indicator(n > 1)
			if n > 1 {
				size.add(n)
			}
		}
		inBatch.add(batch - .2*all) // of a ratio: the mean of it is 0 at the right share
	}
	require.InDelta(t, 0, inBatch.mean(), 4*inBatch.se())
	require.Less(t, inBatch.se(), .2, "of 22 failures a time")
	size.near(t, 3.5, .05, "size of a batch")
}

// Batched failures are correlated; with no share in batches there are none.
func TestNoShareIsNoBatch(t *testing.T) {
	l := Batches{Size: 3, Every: seconds(1), Down: seconds(1)}
	seen := map[sim.Time]bool{}
	for _, e := range draw(t, Model{Laws: []Law{l}, Until: 500 * sec}, 1, 5) {
		if _, crash := e.Action.(sim.Crash); crash {
			require.False(t, seen[e.Time])
			seen[e.Time] = true
		}
	}
	require.Greater(t, len(seen), 300)
}

func TestRolling(t *testing.T) {
	l := Rolling{Nodes: []sim.NodeID{0, 1, 4}, Batch: 2, At: sec, For: time.Second, Gap: time.Second / 2, Every: 4 * time.Second}
	require.Equal(t, `1s crash n0
1s crash n1
2s recover n0
2s recover n1
2.5s crash n4
3.5s recover n4
5s crash n0
5s crash n1
6s recover n0
6s recover n1
6.5s crash n4
7s recover n4
`, draw(t, Model{Laws: []Law{l}, Until: 7 * sec}, 1, 5).String())
	l.Every = 0
	require.Len(t, draw(t, Model{Laws: []Law{l}, From: 2 * sec, Until: 99 * sec}, 1, 5), 2, "one round, of which the first batch is before the window")
	l.Kind, l.Batch = Isolate, 3
	require.Equal(t, "1s cut rolling.1 {n0 n1 n4} | {n2 n3}\n2s heal rolling.1\n", draw(t, Model{Laws: []Law{l}, Until: 99 * sec}, 1, 5).String())
}

func TestCorrelatedLawsValidate(t *testing.T) {
	for want, l := range map[string]Law{
		"fault: Shocks.Groups is empty, want at least 1":                                            Shocks{},
		"fault: Shocks.Groups[0].Nodes is empty, want at least 1":                                   Shocks{Groups: []Shock{{}}},
		"fault: Shocks.Groups[0].Kind is stop":                                                      Shocks{Groups: []Shock{{Kind: Stop}}},
		"fault: Shocks.Groups[0].Hit is -1, want 0 to 1":                                            Shocks{Groups: []Shock{{Hit: -1}}},
		"fault: Batches.Size is 1, want 2 to 3":                                                     Batches{Size: 1},
		"fault: Batches.Size is 3, want 2 to 2":                                                     Batches{Size: 3, Nodes: []sim.NodeID{0, 1}},
		"fault: Batches.Share is 2, want 0 to 1":                                                    Batches{Share: 2},
		"fault: Batches.Every is nil":                                                               Batches{},
		"fault: Rolling.For is 0s, want more than 0":                                                Rolling{},
		"fault: Rolling.Gap is -1ns, want 0 or more":                                                Rolling{Gap: -1},
		"fault: Rolling.Batch is -1":                                                                Rolling{Batch: -1},
		"fault: Rolling.At is -1ns":                                                                 Rolling{At: -1},
		"fault: Rolling.Every is 1ns, want at least the length of a round, 9ns, or 0 for one round": Rolling{For: 2, Gap: 1, Every: 1},
		"fault: Mix.Kinds is empty":                                                                 Mix{},
		"fault: Mix.Kinds[0].Kind is stop":                                                          Mix{Kinds: []Share{{Kind: Stop}}},
		"fault: Mix.Kinds[0].Weight is -1, want 0 to 1e+09":                                         Mix{Kinds: []Share{{Weight: -1}}},
		"fault: Mix.Kinds[0].Effects is 1, want 0 or more, and 0 unless Kind is midway":             Mix{Kinds: []Share{{Effects: 1}}},
		"fault: Mix.Group is 3, want 0 to 2":                                                        Mix{Group: 3},
		"fault: Mix.Nodes is empty, want at least 1, or nil for all":                                Mix{Nodes: []sim.NodeID{}},
		"fault: Mix.Down is nil":                                                                    Mix{},
	} {
		require.ErrorContains(t, l.Validate(3), want)
	}
}

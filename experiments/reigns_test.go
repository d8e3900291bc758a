package experiments

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

func TestReigns(t *testing.T) {
	w := newReignWatch("leader")
	for _, e := range []sim.Event{
		{Time: 1, Kind: sim.BadgeSet, Node: 0, Role: "leader", Text: "term 1"},
		{Time: 2, Kind: sim.BadgeSet, Node: 1, Role: "candidate"},
		{Time: 3, Kind: sim.BadgeSet, Node: 0, Role: "leader", Text: "term 1, busy"},
		{Time: 4, Kind: sim.BadgeSet, Node: 1, Role: "leader"},
		{Time: 6, Kind: sim.BadgeSet, Node: 0, Role: "follower"},
		{Time: 9, Kind: sim.Crashed, Node: 1},
		{Time: 12, Kind: sim.BadgeSet, Node: 2, Role: "leader"},
	} {
		w.Observe(&e)
	}
	reigns := w.settle(20)
	require.Equal(t, []reign{{0, 1, 6}, {1, 4, 9}, {2, 12, 20}}, reigns)
	require.Equal(t, 3, w.begun["leader"])
	none, several := overlap(reigns, 20)
	require.Equal(t, time.Duration(1+3), none)  // 0..1 and 9..12
	require.Equal(t, time.Duration(2), several) // 4..6
	none, several = overlap(nil, 20)
	require.Equal(t, []time.Duration{20, 0}, []time.Duration{none, several})
}

// The bound of raft-wan by hand: one server alone answers its neighbour within one round trip; with three a majority is
// the nearest of the others away.
func TestFastestAnswers(t *testing.T) {
	s := scenario(t, `protocol: raft
regions: [us-east-1, us-east-2, eu-west-1]
duration: 1s
network: {matrix: aws}
clients: {count: 2, timeout: 1s, regions: [us-east-1, eu-west-1]}
`)
	bounds, err := fastestAnswers(s)
	require.NoError(t, err)
	m := func(a, b string) time.Duration {
		p := planned(t, "protocol: pingpong\nregions: ["+a+", "+b+"]\nparams: {rounds: 1, retry: 10s}\nnetwork: {matrix: aws}\n")
		o := executed(t, p)
		for _, e := range o.Trace.Events {
			if e.Kind == sim.Deliver && e.Node == 0 {
				return time.Duration(e.Time)
			}
		}
		t.Fatal("no answer")
		return 0
	}
	inEast, east, atlantic1, atlantic2 := m("us-east-1", "us-east-1"), m("us-east-1", "us-east-2"), m("us-east-1", "eu-west-1"), m("us-east-2", "eu-west-1")
	require.Equal(t, min(inEast+east, east+east, atlantic1+min(atlantic1, atlantic2)), bounds[0])
	inEurope := m("eu-west-1", "eu-west-1")
	require.Equal(t, min(atlantic1+east, atlantic2+east, inEurope+min(atlantic1, atlantic2)), bounds[1])
}

package protocols_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/sim"
)

func TestQuorumBuildReportsEverything(t *testing.T) {
	for _, c := range []struct {
		name   string
		params any
		nodes  int
		want   []string
	}{
		{"quorum", &protocols.QuorumParams{Replicas: 5, Read: 1, Write: 1}, 3, []string{"5 replicas, want at most Servers, which is 3"}},
		{"quorum", &protocols.QuorumParams{Replicas: 3, Read: 6, Write: 1, Sloppy: true, Versions: "newest", Bug: "x"}, 3,
			[]string{"Threshold.R is 6", "HandOff is 0", `Versions is "newest"`, `Bug is "x"`}},
		{"quorum", &protocols.QuorumParams{Votes: []int{1, 1, 1}, Read: 1, Write: 2}, 3, []string{"R + W is 3, want more than the total, which is 3"}},
		{"abd", &protocols.ABDParams{Quorums: "plurality", Writers: "all", Timeout: -1}, 3,
			[]string{`quorums is "plurality"`, `writers is "all"`, "Timeout is -1ns"}},
		{"abd", &protocols.ABDParams{Quorums: "grid", Writers: "multi", Columns: 2}, 3, []string{"columns is 2, want a divisor of the servers"}},
		{"abd", &protocols.ABDParams{Quorums: "weighted", Writers: "multi", Votes: []int{1, 1}, Read: 1, Write: 1}, 2, []string{"R + W is 2", "W is 1"}},
		{"abd", &protocols.QuorumParams{}, 2, []string{"want a *protocols.ABDParams"}},
	} {
		_, err := find(t, c.name).Build(c.params, c.nodes)
		for _, w := range c.want {
			require.ErrorContains(t, err, w)
		}
	}
}

// What is promised depends on the write-back.
func TestABDPromises(t *testing.T) {
	e := find(t, "abd")
	for _, writeBack := range []bool{true, false} {
		p := e.Params().(*protocols.ABDParams)
		p.WriteBack = writeBack
		in, err := e.Build(p, 5)
		require.NoError(t, err)
		if writeBack {
			require.Contains(t, in.Promises, "linearizable")
		} else {
			require.NotContains(t, in.Promises, "linearizable")
		}
	}
	in, err := find(t, "quorum").Build(find(t, "quorum").Params(), 5)
	require.NoError(t, err)
	require.Empty(t, in.Promises)
}

// Every bug that the catalog names can be planted, and nothing else.
func TestQuorumBugsCanBePlanted(t *testing.T) {
	for _, name := range []string{"quorum", "abd"} {
		e := find(t, name)
		require.NotEmpty(t, e.Bugs)
		for _, b := range e.Bugs {
			params := e.Params()
			switch p := params.(type) {
			case *protocols.QuorumParams:
				p.Bug = b.Name
			case *protocols.ABDParams:
				p.Bug = b.Name
			}
			in, err := e.Build(params, 5)
			require.NoError(t, err, b.Name)
			cfg := sim.Config{Nodes: 5, New: in.New, Until: sim.Time(200 * time.Millisecond)}
			serve(&cfg)
			w, err := sim.New(cfg)
			require.NoError(t, err)
			require.NoError(t, w.Run().Err, b.Name)
		}
	}
}

// A lossy network gives read repair something to do, and the measures count it.
func TestQuorumMeasures(t *testing.T) {
	e := find(t, "quorum")
	in, err := e.Build(e.Params(), 5)
	require.NoError(t, err)
	cfg := sim.Config{Nodes: 5, New: in.New, Network: half{}, Until: sim.Time(20 * time.Second)}
	serve(&cfg)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	values := map[string]float64{}
	for _, m := range in.Measures(w.View()) {
		values[m.Name] = m.Value
	}
	require.Positive(t, values["replicas repaired"])
	require.Zero(t, values["hints kept"])
}

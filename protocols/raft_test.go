package protocols_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// raftServes runs five servers of raft and a client that puts, without faults, for ten seconds.
func raftServes(t *testing.T, change func(*protocols.RaftParams)) map[string]protocols.Measure {
	t.Helper()
	const servers = 5
	e := find(t, "raft")
	p := e.Params().(*protocols.RaftParams)
	change(p)
	i, err := e.Build(p, servers)
	require.NoError(t, err)
	client := kv.ClientConfig{Servers: servers, Timeout: time.Second, Tokens: true, Sticky: true, Retry: kv.Fixed{Wait: time.Millisecond},
		Workload: kv.Plain{Ops: 100, Keys: 3, Think: 20 * time.Millisecond, Puts: 1}}
	w, err := sim.New(sim.Config{
		Seed: 2, Nodes: servers + 1, Until: sim.Time(10 * time.Second), Strict: true, Properties: i.Properties,
		New: func(id sim.NodeID) sim.Process {
			if id < servers {
				return i.New(id)
			}
			return kv.NewClient(client)
		},
	})
	require.NoError(t, err)
	defer w.Close()
	require.NoError(t, w.Run().Err)
	ms := map[string]protocols.Measure{}
	for _, m := range i.Measures(w.View()) {
		ms[m.Name] = m
	}
	return ms
}

// An entry costs 2(n-1) messages, and is committed after one round trip: with messages of 1 ms and writes of no time.
func TestRaftMeasures(t *testing.T) {
	ms := raftServes(t, func(p *protocols.RaftParams) { p.MaxBatch = 1 })
	require.Equal(t, 8.0, ms["messages per entry"].Expected)
	require.Equal(t, 8.0, ms["messages per entry"].Value)
	require.Equal(t, 1.0, ms["terms"].Value)
	require.Equal(t, 1.0, ms["elections won"].Value)
	require.Equal(t, 102.0, ms["committed entries"].Value, "the empty one, the registration, and 100")
	require.InDelta(t, 2, ms["commit latency"].Value, 1e-9)
	require.Equal(t, 101, ms["commit latency"].N)

	ms = raftServes(t, func(*protocols.RaftParams) {})
	require.True(t, math.IsNaN(ms["messages per entry"].Expected), "entries may share messages")
}

func TestRaftReportsEverything(t *testing.T) {
	_, err := find(t, "raft").Build(&protocols.RaftParams{Reads: "psychic", Bug: "gnats", MaxBatch: -1}, 0)
	for _, want := range []string{"raft has 0 nodes", "Servers is 0", `Reads is "psychic"`, `Bug is "gnats"`, "MaxBatch is -1"} {
		require.ErrorContains(t, err, want)
	}
}

func TestRaftNamesItsBugs(t *testing.T) {
	var names []raft.Bug
	for _, b := range find(t, "raft").Bugs {
		names = append(names, raft.Bug(b.Name))
		require.NotEmpty(t, b.About)
		require.NotEmpty(t, b.Property)
	}
	require.ElementsMatch(t, raft.Bugs(), names)
}

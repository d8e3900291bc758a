package raft_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/raft"
	"lightcone/sim"
)

func TestConfigReportsEverything(t *testing.T) {
	err := raft.Config{
		Servers: 65, Voters: []sim.NodeID{1, 1, 65}, ElectionMin: 100 * ms, ElectionMax: 50 * ms, Heartbeat: 100 * ms,
		MaxBatch: -1, Window: -1, SnapshotEvery: -1, SnapshotKeep: -1, SnapshotChunk: -1, CatchUpRounds: -1,
		LeaseMargin: -1, SessionExpiry: -1, DriftBound: 1_000_000, Reads: raft.ReadLease, Bug: "gnats",
	}.Validate()
	require.Error(t, err)
	require.Len(t, strings.Split(err.Error(), "\n"), 16, "%v", err)
	for _, want := range []string{"Servers is 65", "ElectionMax is 50ms", "Heartbeat is 100ms", "MaxBatch is -1", "LeaseMargin is -1ns", "SessionExpiry is -1ns", "Voters has n1", "Voters has n65",
		"Reads is \"lease\" without CheckQuorum", `Bug is "gnats"`, "DriftBound is 1000000 ppm"} {
		require.ErrorContains(t, err, "raft: Config."+want)
	}
}

func TestConfigDefaults(t *testing.T) {
	require.NoError(t, raft.Config{Servers: 1}.Validate())
	require.ErrorContains(t, raft.Config{}.Validate(), "raft: Config.Servers is 0, want 1 to 64")
	require.ErrorContains(t, raft.Config{Servers: 3, Reads: raft.ReadLocal, FollowerReads: true}.Validate(), "FollowerReads is on")
	require.ErrorContains(t, raft.Config{Servers: 3, ElectionMin: time.Second, Heartbeat: time.Second}.Validate(), "Heartbeat is 1s")
	_, err := raft.New(raft.Config{})
	require.Error(t, err)
	_, err = raft.Factory(raft.Config{})
	require.Error(t, err)
}

func TestUnknownMessagesPanic(t *testing.T) {
	p, err := raft.New(raft.Config{Servers: 1})
	require.NoError(t, err)
	require.PanicsWithValue(t, "raft: message is a string, want a raft.Message or a kv.Request", func() { p.Receive(nil, 0, "hello") })
	require.PanicsWithValue(t, "raft: timer is a string, want one of its own", func() { p.Timeout(nil, "hello") })
}

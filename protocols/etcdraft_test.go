package protocols_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"lightcone/protocols"
)

// What the two Rafts can both be told has the same name, so that one scenario does for both.
func TestEtcdRaftIsToldAsRaftIs(t *testing.T) {
	ours := map[string]reflect.Type{}
	raft := reflect.TypeOf(protocols.RaftParams{})
	for i := range raft.NumField() {
		ours[raft.Field(i).Tag.Get("yaml")] = raft.Field(i).Type
	}
	same := 0
	etcd := reflect.TypeOf(protocols.EtcdRaftParams{})
	for i := range etcd.NumField() {
		if f := etcd.Field(i); ours[f.Tag.Get("yaml")] == f.Type {
			same++
		}
	}
	require.Equal(t, etcd.NumField()-2, same, "all but tick and max-message")
}

func TestEtcdRaftParams(t *testing.T) {
	e := find(t, "etcdraft")
	p := e.Params().(*protocols.EtcdRaftParams)
	require.NoError(t, yaml.Unmarshal([]byte("election-min: 300ms\nheartbeat: 100ms\ntick: 1ms\nreads: read-index\n"), p))
	require.Equal(t, 300*time.Millisecond, p.ElectionMin)
	in, err := e.Build(p, 3)
	require.NoError(t, err)
	require.Contains(t, in.Promises, "linearizable")

	_, err = e.Build(&protocols.EtcdRaftParams{ElectionMin: 10 * time.Millisecond, Heartbeat: 20 * time.Millisecond, Tick: 30 * time.Millisecond,
		Window: -1, Reads: "guess"}, 0)
	for _, want := range []string{"has 0 nodes", "Servers is 0", "Heartbeat is 20ms, want at least a Tick", "ElectionMin is 10ms", "Window is -1", `Reads is "guess"`} {
		require.ErrorContains(t, err, want)
	}
}

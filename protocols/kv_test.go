package protocols_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/kv"
)

func TestKVBugsAreInTheCatalog(t *testing.T) {
	var names []kv.Bug
	for _, b := range find(t, "kv").Bugs {
		names = append(names, kv.Bug(b.Name))
	}
	require.Equal(t, kv.Bugs(), names)
}

func TestKVReportsEverything(t *testing.T) {
	_, err := find(t, "kv").Build(&protocols.KVParams{Expiry: -1, Snapshot: -1, Bug: "x"}, 0)
	for _, want := range []string{"Expiry is -1ns", "Snapshot is -1", `Bug is "x"`, "kv has 0 nodes, want at least 1"} {
		require.ErrorContains(t, err, want)
	}
}

package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments"
)

func TestBugs(t *testing.T) {
	inEmptyDir(t)
	code, out, errs := lightcone(t, "bugs", "kv", "--runs", "2")
	require.Equal(t, exitPass, code, errs)
	require.Regexp(t, `^kv\n  bug +seeds  fell first +in\n`, out)
	require.Regexp(t, `\n  no-dedup +1 +linearizable +kv-hunt\n`, out)
	require.Regexp(t, `\n  \(none\) +2 +nothing +kv-hunt\n`, out)
	require.NoDirExists(t, "out")

	code, out, _ = lightcone(t, "bugs", "kv", "--runs", "0", "--json")
	require.Equal(t, exitPass, code)
	var doc experiments.BugsSummary
	require.NoError(t, json.Unmarshal([]byte(out), &doc))
	for _, b := range doc.Bugs {
		require.Equal(t, b.Bug != "", b.Caught, b.Bug)
	}
}

func TestListBugs(t *testing.T) {
	code, out, _ := lightcone(t, "list", "bugs")
	require.Equal(t, exitPass, code)
	require.Contains(t, out, "  no-dedup ")
	require.Contains(t, out, "kv: ")
}

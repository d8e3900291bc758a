package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments"
)

// fragile fails at some seeds.
const fragile = `name: fragile
protocol: pingpong
nodes: 2
duration: 1s
params: {rounds: 30, retry: 50ms}
network: {latency: "uniform(1ms, 10ms)", loss: 0.05}
faults:
- {kind: pause, node: 0, up: exponential(mean=300ms), down: exponential(mean=20ms)}
- {kind: partition, up: exponential(mean=2s), down: exponential(mean=500ms)}
`

func TestHunt(t *testing.T) {
	inEmptyDir(t)
	require.NoError(t, os.WriteFile("fragile.yaml", []byte(fragile), 0o644))

	code, out, errs := lightcone(t, "hunt", "small.yaml", "--runs", "5")
	require.Equal(t, exitPass, code, errs)
	require.Empty(t, errs, "no progress off a terminal")
	require.Regexp(t, `^small  seeds 1\.\.5  5 pass\n`, out)
	require.Regexp(t, `\n  all rounds are played +5 pass\n`, out)
	require.NoDirExists(t, "out", "nothing failed, and nothing is written")

	code, out, errs = lightcone(t, "hunt", "fragile.yaml", "--seeds", "1..40")
	require.Equal(t, exitFailed, code, errs)
	require.Regexp(t, `\d+ of \d+ faults are enough \(\d+ runs\)\n(  .*\n)*liveness: all rounds are played`, out)
	replay := regexp.MustCompile(`\nreplay: lightcone (replay) (\S+)\n`).FindStringSubmatch(out)
	require.NotNil(t, replay)
	require.Contains(t, out, "\nfiles in out/fragile-")
	code, replayed, errs := lightcone(t, replay[1], replay[2])
	require.Equal(t, exitFailed, code, errs)
	require.Contains(t, replayed, "the digest is the recorded one")

	code, again, _ := lightcone(t, "hunt", "fragile.yaml", "--seeds", "1..40")
	require.Equal(t, exitFailed, code)
	require.Equal(t, out, again)

	code, out, _ = lightcone(t, "hunt", "fragile.yaml", "--runs", "40", "--keep-going", "--json", "--out", "found")
	require.Equal(t, exitFailed, code)
	var s experiments.HuntSummary
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	require.Equal(t, 40, s.Runs)
	require.Equal(t, s.Verdicts["liveness"], len(s.Failures))
	require.Contains(t, s.Files, "found/story.txt")
	story, err := os.ReadFile("found/story.txt")
	require.NoError(t, err)
	for _, line := range s.Shrunk.Faults {
		require.Contains(t, string(story), "  "+line+"\n")
	}

	code, out, _ = lightcone(t, "hunt", "small.yaml", "--budget", "1ms")
	require.Equal(t, exitPass, code)
	require.True(t, strings.HasPrefix(out, "small  seeds 1.."), "at least one run is made")

	code, out, _ = lightcone(t, "hunt", "small.yaml", "--set", "limits.events=5", "--seeds", "3")
	require.Equal(t, exitUndecided, code)
	require.Contains(t, out, "small  seeds 3..3  1 limit reached\n")
}

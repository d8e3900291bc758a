package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments"
)

// sweptIn makes a sweep of small.yaml in a directory.
func sweptIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	code, _, errs := lightcone(t, append([]string{"sweep", "small.yaml", "--vary", "network.loss=0,0.2", "--seeds", "12", "--out", dir}, args...)...)
	require.NotEqual(t, exitUsage, code, errs)
}

func TestCompareSweeps(t *testing.T) {
	inEmptyDir(t)
	sweptIn(t, "a")
	sweptIn(t, "b", "--set", "params.retry=400ms")
	code, out, errs := lightcone(t, "compare", "a", "b")
	require.Equal(t, exitFailed, code, errs)
	require.Empty(t, errs)
	require.Contains(t, out, "first   a: small, seeds 1..12, digest ")
	require.Regexp(t, `\n  params\.retry +50ms +400ms\n`, out)
	require.NotContains(t, out, "network.latency", "what is set alike is not said")
	require.Contains(t, out, "24 runs of one point and seed in both")
	require.Contains(t, out, "\nthey differ\n")
	require.Regexp(t, `\n  network\.loss=0\.2 +\d+ +.* 12 runs without a value\n`, out, "some rounds are not played in time")

	code, again, _ := lightcone(t, "compare", "a", "a")
	require.Equal(t, exitPass, code)
	require.Contains(t, again, "\nthe same settings\n")
	require.Contains(t, again, "0 with another verdict")
	require.Contains(t, again, "\nno difference beyond chance\n")
	_, short, _ := lightcone(t, "compare", "a", "a", "--only-differences")
	require.NotContains(t, short, "pings per round")
}

// TestCompareIsOfTheMeansInBothSummaries takes the means from the summaries of the sweeps themselves.
func TestCompareIsOfTheMeansInBothSummaries(t *testing.T) {
	inEmptyDir(t)
	sweptIn(t, "a")
	sweptIn(t, "b", "--set", "params.retry=80ms")
	_, out, errs := lightcone(t, "compare", "a", "b", "--json", "--measure", "pings per round")
	require.Empty(t, errs)
	var got experiments.ComparedSummary
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, []experiments.ComparedSetting{{Path: "params.retry", First: "50ms", Second: "80ms"}}, got.Settings)
	require.Len(t, got.Differences, 2)
	first, second := sweepSummary(t, "a"), sweepSummary(t, "b")
	for i, d := range got.Differences {
		require.True(t, d.Paired)
		require.Equal(t, 12, d.Difference.N)
		a, b := meanOf(t, first, i, "pings per round"), meanOf(t, second, i, "pings per round")
		require.InDelta(t, b-a, *d.Difference.Value, 1e-9)
		require.InDelta(t, a, *d.First.Value, 1e-9)
	}
}

func sweepSummary(t *testing.T, dir string) (s experiments.SweepSummary) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &s))
	return s
}

func meanOf(t *testing.T, s experiments.SweepSummary, point int, measure string) float64 {
	t.Helper()
	for _, m := range s.Points[point].Measures {
		if m.Name == measure {
			return *m.Mean.Value
		}
	}
	t.Fatalf("%s is not in the summary", measure)
	return 0
}

func TestCompareSaysWhichRunsCameToAnotherVerdict(t *testing.T) {
	inEmptyDir(t)
	sweptIn(t, "a")
	sweptIn(t, "b", "--set", "duration=150ms") // too short for all rounds
	code, out, errs := lightcone(t, "compare", "a", "b")
	require.Equal(t, exitFailed, code, errs)
	require.Contains(t, out, "\nanother verdict\n")
	require.Regexp(t, `\n  network\.loss=0\.2  seed \d+  pass -> \S.*all rounds are played`, out)
}

func TestCompareRuns(t *testing.T) {
	inEmptyDir(t)
	for _, args := range [][]string{{"a", "1"}, {"b", "2"}} {
		code, _, errs := lightcone(t, "run", "small.yaml", "--out", args[0], "--seed", args[1])
		require.Equal(t, exitPass, code, errs)
	}
	code, out, errs := lightcone(t, "compare", "a", "b")
	require.Contains(t, []int{exitPass, exitFailed}, code, errs)
	require.Regexp(t, `\n  seeds +1 +2\n`, out)
	require.Regexp(t, `\n  rounds +\d+ +20 +20 +0 +the same\n`, out)
	require.Contains(t, out, "\nOne run each: ")
	code, out, _ = lightcone(t, "compare", "a", "a")
	require.Equal(t, exitPass, code)
	require.Contains(t, out, "no difference beyond chance")
}

func TestCompareRefuses(t *testing.T) {
	inEmptyDir(t)
	sweptIn(t, "a")
	sweptIn(t, "other", "--vary", "nodes=3,4")
	code, _, errs := lightcone(t, "run", "small.yaml", "--out", "run")
	require.Equal(t, exitPass, code, errs)
	damaged := func(dir string, damage func(dir string) error) string {
		require.NoError(t, os.CopyFS(dir, os.DirFS("a")))
		require.NoError(t, damage(dir))
		return dir
	}
	edit := func(file, from, to string) func(string) error {
		return func(dir string) error {
			name := filepath.Join(dir, file)
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			require.Contains(t, string(data), from)
			return os.WriteFile(name, []byte(strings.Replace(string(data), from, to, 1)), 0o644)
		}
	}
	for name, test := range map[string]struct {
		second string
		want   []string
	}{
		"nothing there":    {"nowhere", []string{"results nowhere are not there, want a directory of results"}},
		"a file":           {"small.yaml", []string{"results small.yaml are a file"}},
		"no results":       {".", []string{"results . have no manifest.json"}},
		"a run":            {"run", []string{"a is a sweep and run is one run, want two of a kind"}},
		"other factors":    {"other", []string{"factor nodes is varied in the second sweep only"}},
		"changed":          {damaged("changed", edit("runs.csv", "pass", "fail")), []string{"changed/runs.csv is damaged: its SHA-256 begins with"}},
		"cut off":          {damaged("cut", func(d string) error { return os.Truncate(d+"/runs.csv", 100) }), []string{"cut/runs.csv is damaged: it has 100 bytes, want"}},
		"missing":          {damaged("missing", func(d string) error { return os.Remove(d + "/study.yaml") }), []string{"missing/study.yaml is missing"}},
		"manifest":         {damaged("manifest", edit("manifest.json", "{", "")), []string{"manifest/manifest.json is damaged"}},
		"another format":   {damaged("format", edit("manifest.json", "lightcone sweep 1", "lightcone sweep 9")), []string{`has format "lightcone sweep 9", want`}},
		"out of directory": {damaged("out", edit("manifest.json", `"name": "study.yaml"`, `"name": "../small.yaml"`)), []string{`lists "../small.yaml", want a plain name`}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := lightcone(t, "compare", "a", test.second)
			require.Equal(t, exitUsage, code)
			require.Empty(t, out)
			for _, want := range test.want {
				require.Contains(t, errs, want)
			}
		})
	}
	code, _, errs = lightcone(t, "compare", "a", "a", "--measure", "pings per ruond")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "nearest is pings per round")
	code, _, errs = lightcone(t, "compare", "a")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "compare has 1 arguments, want 2")
}

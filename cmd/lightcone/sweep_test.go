package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/experiments"
	"lightcone/experiments/batch"
	tables "lightcone/experiments/table"
)

const swept = `name: swept
about: how many pings a round takes, against loss
protocol: pingpong
nodes: 3
duration: 2s
params: {rounds: 20, retry: 50ms}
network: {latency: "uniform(1ms, 10ms)"}
seeds: 20
vary:
  network.loss: [0, 0.1, 0.2]
  params.retry: [40ms, 60ms]
measure: [pings per round]
expect:
  - {measure: pings per round, value: 1/(1-loss)^2, because: "rounds that the end cuts short took many pings", where: {network.loss: 0.2}}
`

func inSweptDir(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	text := strings.Replace(swept, swept[strings.Index(swept, "expect:"):], "", 1)
	require.NoError(t, os.WriteFile("swept.yaml", []byte(text), 0o644))
}

// contents is the files of a directory, by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range list {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		files[f.Name()] = string(data)
	}
	return files
}

func TestSweep(t *testing.T) {
	inSweptDir(t)
	code, out, errs := lightcone(t, "sweep", "swept.yaml")
	require.Equal(t, exitPass, code, errs)
	require.Empty(t, errs, "silent off a terminal")
	require.NoDirExists(t, "out/swept.partial")
	require.True(t, strings.HasPrefix(out, "swept  6 points x 20 seeds = 120 runs\n\npings per round, messages\n"), out)
	require.Contains(t, out, "\n  network.loss  params.retry  runs  mean")
	require.Contains(t, out, "\n120 runs: 120 pass\ndigest ")
	require.Contains(t, out, "\nfiles in out/swept: study.yaml runs.csv summary.csv ")

	// The means are those of the rows in runs.csv.
	f, err := os.Open("out/swept/runs.csv")
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 121)
	sum, column := 0.0, 0
	for i, name := range rows[0] {
		if strings.HasPrefix(name, "pings per round") {
			column = i
		}
	}
	for _, row := range rows[101:] { // network.loss=0.2, params.retry=60ms
		require.Equal(t, "0.2", row[0])
		v, err := strconv.ParseFloat(row[column], 64)
		require.NoError(t, err)
		sum += v
	}
	require.Regexp(t, `\n  0\.2 +60ms +20 +`+strings.ReplaceAll(number(math.Round(sum/20*1e9)/1e9), ".", `\.`)+" ", out)

	// The same again is not run, but printed.
	code, again, errs := lightcone(t, "sweep", "swept.yaml")
	require.Equal(t, exitPass, code, errs)
	head, rest, _ := strings.Cut(out, "\n")
	require.Equal(t, head+"\nout/swept has it already: nothing is run (--fresh runs it anew)\n"+rest, again)

	// Another one does not take its place, unless it is told to.
	before := contents(t, "out/swept")
	code, out, errs = lightcone(t, "sweep", "swept.yaml", "--seeds", "3")
	require.Equal(t, exitUsage, code)
	require.Empty(t, out)
	require.Contains(t, errs, "out/swept has runs of something else, and is left as it is; what differs:\n")
	require.Contains(t, errs, "\n  there:  seeds 1..20\n  wanted: seeds 1..3\nlightcone: --fresh replaces it, --out takes another directory\n")
	require.Equal(t, before, contents(t, "out/swept"))
	code, out, errs = lightcone(t, "sweep", "swept.yaml", "--seeds", "3", "--fresh")
	require.Equal(t, exitPass, code, errs)
	require.Contains(t, out, "\n18 runs: 18 pass\n")
}

// The document is the summary on disk, but for the directory of the files.
func TestSweepJSON(t *testing.T) {
	inSweptDir(t)
	code, out, errs := lightcone(t, "sweep", "swept.yaml", "--json", "--out", "r")
	require.Equal(t, exitPass, code, errs)
	require.Empty(t, errs)
	var s experiments.SweepSummary
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	require.Equal(t, 120, s.Runs)
	require.Len(t, s.Points, 6)
	require.Contains(t, s.Files, "r/runs.csv")
	require.Equal(t, strings.ReplaceAll(out, `"r/`, `"`), contents(t, "r")["summary.json"])
	code, again, errs := lightcone(t, "sweep", "swept.yaml", "--json", "--out", "r")
	require.Equal(t, exitPass, code)
	require.Equal(t, out, again)
	require.Contains(t, errs, "r has it already: nothing is run")
}

// The bytes of a sweep do not depend on the number of cores, nor on how many parts it is made in.
func TestSweepInParts(t *testing.T) {
	inSweptDir(t)
	args := []string{"swept.yaml", "--vary", "network.latency=uniform(1ms, 9ms),normal(9ms, 1ms)", "--seeds", "11..17"}
	sweep := append([]string{"sweep"}, args...)
	code, _, errs := lightcone(t, append(sweep, "--out", "one", "--workers", "1")...)
	require.Equal(t, exitPass, code, errs)
	want := contents(t, "one")
	require.Contains(t, want, "runs.csv")
	require.Contains(t, want["runs.csv"], "\"normal(9ms, 1ms)\"")
	code, _, errs = lightcone(t, append(sweep, "--out", "five", "--workers", "5")...)
	require.Equal(t, exitPass, code, errs)
	require.Equal(t, want, contents(t, "five"))
	for _, n := range []int{1, 2, 7} {
		count := strconv.Itoa(n)
		dir := "parts" + count
		code, out, errs := lightcone(t, append(append([]string{"plan"}, args...), "--out", dir)...)
		require.Equal(t, exitPass, code, errs)
		require.Contains(t, out, "swept  12 points x 7 seeds = 84 runs, about ")
		require.NoError(t, os.Rename("swept.yaml", "hidden.yaml"), "the plan is all that a part needs")
		runs := 0
		for i := range n {
			code, out, errs := lightcone(t, "run", dir, "--shard", strconv.Itoa(i)+"/"+count)
			require.Equal(t, exitPass, code, errs)
			made, _, _ := strings.Cut(strings.TrimPrefix(out, "swept, part "+strconv.Itoa(i)+" of "+count+": "), " runs, 0 failed\n")
			k, err := strconv.Atoi(made)
			require.NoError(t, err, out)
			runs += k
			code, again, _ := lightcone(t, "run", dir, "--shard", strconv.Itoa(i)+"/"+count)
			require.Equal(t, exitPass, code)
			require.Equal(t, out, again)
		}
		require.Equal(t, 84, runs)
		code, out, errs = lightcone(t, "merge", dir, "--out", "merged"+count)
		require.Equal(t, exitPass, code, errs)
		require.Contains(t, out, "\n84 runs: 84 pass\n")
		require.Equal(t, want, contents(t, "merged"+count))
		require.NoError(t, os.Rename("hidden.yaml", "swept.yaml"))
	}
	require.NoError(t, os.Remove("parts7/part-3-of-7"))
	require.NoError(t, os.Truncate("parts7/part-5-of-7", 100))
	code, out, errs := lightcone(t, "merge", "parts7", "--out", "merged")
	require.Equal(t, exitUsage, code)
	require.Empty(t, out)
	require.Contains(t, errs, "parts7/part-5-of-7 cannot be read: its first line cannot be read")
	require.Contains(t, errs, "parts7 lacks parts 3 of 7")
}

// Where the number of seeds depends on what comes of them, parts are points, and the bytes the same.
func TestSweepInPartsBySequence(t *testing.T) {
	inSweptDir(t)
	set := []string{"swept.yaml", "--set", "seeds={precision: 4%, of: pings per round, at-least: 10, at-most: 200}"}
	code, out, errs := lightcone(t, append([]string{"sweep", "--out", "one"}, set...)...)
	require.Equal(t, exitPass, code, errs)
	require.Contains(t, out, "swept  6 points x 10 to 200 seeds = 60 to 1200 runs\n")
	code, _, errs = lightcone(t, append([]string{"plan", "--out", "p"}, set...)...)
	require.Equal(t, exitPass, code, errs)
	for _, part := range []string{"2/4", "0/4", "3/4", "1/4"} {
		code, _, errs = lightcone(t, "run", "p", "--shard", part)
		require.Equal(t, exitPass, code, errs)
	}
	code, _, errs = lightcone(t, "merge", "p", "--out", "merged")
	require.Equal(t, exitPass, code, errs)
	require.Equal(t, contents(t, "one"), contents(t, "merged"))
}

// Runs that fail are counted and kept, and the sweep goes on.
func TestSweepOfFailingRuns(t *testing.T) {
	inSweptDir(t)
	code, out, errs := lightcone(t, "sweep", "swept.yaml", "--vary", "network.loss=0,1", "--seeds", "5", "--set", "duration=5s")
	require.Equal(t, exitFailed, code, errs)
	require.Contains(t, out, "\n10 runs of 20 failed\n")
	require.Regexp(t, `\n  seed 1  network.loss=1, params.retry=40ms  all rounds are played  `, out)
	require.Contains(t, out, "\n  and 4 more (runs.csv)\nreplay: lightcone replay out/swept/repro-")
	require.Contains(t, out, "\n20 runs: ")
	require.Contains(t, out, "10 pass")
	require.Contains(t, out, " and 6 repros\n")
	repros, err := filepath.Glob("out/swept/repro-*.json")
	require.NoError(t, err)
	require.Len(t, repros, 6)
	code, out, errs = lightcone(t, "replay", repros[0])
	require.Equal(t, exitFailed, code, errs)
	require.Contains(t, out, "the digest is the recorded one")
	code, _, _ = lightcone(t, "sweep", "swept.yaml", "--vary", "network.loss=0,1", "--seeds", "5", "--set", "duration=5s")
	require.Equal(t, exitFailed, code, "what is there already has failed as well")
}

// What is expected stands beside what was measured, and decides the exit code.
func TestSweepWithExpectations(t *testing.T) {
	inSweptDir(t)
	const formula = `expect=[{measure: pings per round, value: "1/(1-loss)^2"`
	for _, c := range []struct {
		name, expect string
		code         int
		says         []string
	}{
		{"agrees", formula + `}]`, exitPass, []string{"expected", "  1.2346    agrees\n", "6 of 6 as expected"}},
		{"differs", formula + `}, {measure: pings per round, value: 7, where: {network.loss: 0.1, params.retry: 40ms}}]`, exitFailed, []string{"  7         differs\n", "6 of 7 as expected"}},
		{"explained", `expect=[{measure: pings per round, value: 7, because: seven is too many}]`, exitPass, []string{"  7         differs as explained  seven is too many\n"}},
		{"declared to differ", formula + `, because: it is said so}]`, exitFailed, []string{"agrees, though declared to differ"}},
		{"a bound", `expect=[{measure: pings per round, statistic: p90, at-most: 3}]`, exitPass, []string{"pings per round, messages: p90\n", "  at most 3  agrees\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := lightcone(t, "sweep", "swept.yaml", "--fresh", "--set", c.expect)
			require.Equal(t, c.code, code, out+errs)
			for _, text := range c.says {
				require.Contains(t, out, text)
			}
		})
	}
}

func TestSweepRefuses(t *testing.T) {
	inSweptDir(t)
	require.NoError(t, os.MkdirAll("mine", 0o755))
	require.NoError(t, os.WriteFile("mine/notes.txt", nil, 0o644))
	require.NoError(t, os.MkdirAll("taken.partial", 0o755))
	require.NoError(t, os.WriteFile("taken.partial/notes.txt", nil, 0o644))
	code, _, errs := lightcone(t, "plan", "swept.yaml", "--out", "p")
	require.Equal(t, exitPass, code, errs)
	for _, c := range []struct {
		name string
		args []string
		says string
	}{
		{"no scenario", []string{"sweep"}, "sweep has 0 arguments, want 1: a scenario"},
		{"no levels", []string{"sweep", "swept.yaml", "--vary", "network.loss="}, `--vary is "network.loss=", want key=a,b,c`},
		{"no key", []string{"sweep", "swept.yaml", "--vary", "0.1,0.2"}, `--vary is "0.1,0.2", want key=a,b,c`},
		{"no such key", []string{"sweep", "swept.yaml", "--vary", "network.los=1"}, "network.los"},
		{"no such value", []string{"sweep", "swept.yaml", "--vary", "network.loss=0,7"}, "got 7, want a probability from 0 to 1"},
		{"no seeds", []string{"sweep", "swept.yaml", "--seeds", "0"}, "--seeds 0"},
		{"seeds backwards", []string{"sweep", "swept.yaml", "--seeds", "9..1"}, "--seeds 9..1"},
		{"no such measure", []string{"sweep", "swept.yaml", "--measure", "pints per round"}, "pints per round"},
		{"no section full", []string{"sweep", "swept.yaml", "--full"}, "no section full"},
		{"fewer workers than none", []string{"sweep", "swept.yaml", "--workers", "-1"}, "--workers is -1, want 0 or more"},
		{"too many runs", []string{"sweep", "swept.yaml", "--seeds", "1000000"}, "lightcone: swept is 6 points x 1000000 seeds = 6000000 runs, estimated at "},
		{"a billion runs", []string{"sweep", "swept.yaml", "--seeds", "100000000", "--yes"}, "lightcone: swept is 6 points x 100000000 seeds = 600000000 runs, want at most 50000000 runs"},
		{"a plan of a billion runs", []string{"plan", "swept.yaml", "--seeds", "100000000", "--yes", "--out", "p9"}, "= 600000000 runs, want at most 50000000 runs"},
		{"a billion points", []string{"sweep", "swept.yaml", "--vary", "params.rounds={from: 1, to: 10000, count: 10000}", "--vary", "params.retry={from: 1ms, to: 10s, count: 10000}",
			"--vary", "network.loss=0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9", "--yes"},
			"the grid of swept has 1000000000 points (network.loss 10 x params.retry 10000 x params.rounds 10000), want at most 1000000"},
		{"into somebody else's", []string{"sweep", "swept.yaml", "--out", "mine"}, "holds another file (notes.txt)"},
		{"beside somebody else's", []string{"sweep", "swept.yaml", "--out", "taken"}, "taken.partial holds something else (notes.txt)"},
		{"anew, beside somebody else's", []string{"sweep", "swept.yaml", "--out", "taken", "--fresh"}, "taken.partial holds something else (notes.txt)"},
		{"plan without a place", []string{"plan", "swept.yaml"}, "--out is not given, want a directory for the plan"},
		{"plan of another sweep", []string{"plan", "swept.yaml", "--seeds", "3", "--out", "p"}, "there:  seeds 1..20\n  wanted: seeds 1..3\nlightcone: --out takes another directory"},
		{"part of nothing", []string{"run", "mine", "--shard", "0/2"}, "mine has no plan.json, want a directory that lightcone plan has written"},
		{"part of a scenario", []string{"run", "swept.yaml", "--shard", "0/2"}, "swept.yaml is no plan of a sweep"},
		{"a plan without a part", []string{"run", "p"}, "p is a directory, want a scenario, or --shard INDEX/COUNT"},
		{"part beyond the last", []string{"run", "p", "--shard", "2/2"}, `--shard is "2/2", want INDEX/COUNT such as 0/4`},
		{"part before the first", []string{"run", "p", "--shard", "-1/2"}, `--shard is "-1/2", want`},
		{"part of no parts", []string{"run", "p", "--shard", "0/0"}, `--shard is "0/0", want`},
		{"part without a count", []string{"run", "p", "--shard", "1"}, `--shard is "1", want`},
		{"part with settings", []string{"run", "p", "--shard", "0/2", "--seed", "7"}, "--seed is given with --shard, want none"},
		{"workers of a run", []string{"run", "swept.yaml", "--workers", "2"}, "--workers is given without --shard"},
		{"merge of nothing", []string{"merge", "nowhere"}, "nowhere has no plan.json"},
		{"merge without parts", []string{"merge", "p"}, "p has no parts, want those of one division"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := lightcone(t, c.args...)
			require.Equal(t, exitUsage, code, out+errs)
			require.Empty(t, out)
			require.Contains(t, errs, c.says)
		})
	}
	require.Equal(t, map[string]string{"notes.txt": ""}, contents(t, "taken.partial"))
	require.NoDirExists(t, "out")
}

// An interrupted sweep of another declaration stays as it is.
func TestSweepBesideAnother(t *testing.T) {
	inSweptDir(t)
	s, err := experiments.NewSweep("swept.yaml", experiments.SweepOptions{})
	require.NoError(t, err)
	task := s.Task()
	task.Need = func(int, [][]byte) int { return 3 }
	_, err = batch.Run(t.Context(), "out/swept.partial", task, batch.Options{})
	require.NoError(t, err)
	before := contents(t, "out/swept.partial")
	code, _, errs := lightcone(t, "sweep", "swept.yaml", "--seeds", "7")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "out/swept.partial/journal has runs of something else, and is left as it is; what differs:\n")
	require.Contains(t, errs, "  there:  seeds 1..20\n  wanted: seeds 1..7\n")
	require.Contains(t, errs, "lightcone: out/swept.partial is an interrupted sweep: finish it, begin anew with --fresh, or take another --out\n")
	require.Equal(t, before, contents(t, "out/swept.partial"))

	// A program that gives a seed another run is found out.
	require.NoError(t, batch.Remove("out/swept.partial"))
	task.Run = func(batch.Job) ([]byte, error) { return []byte("{}"), nil }
	_, err = batch.Run(t.Context(), "out/swept.partial", task, batch.Options{})
	require.NoError(t, err)
	code, _, errs = lightcone(t, "sweep", "swept.yaml")
	require.Equal(t, exitNondeterminism, code)
	require.Contains(t, errs, "replication 0 of point 0 came out differently than in out/swept.partial/journal")
	code, _, errs = lightcone(t, "sweep", "swept.yaml", "--fresh")
	require.Equal(t, exitPass, code, errs)
}

// A sweep that was begun anew over results, and interrupted, goes on by the same command without --fresh; no other removes
// what it has.
func TestSweepBegunAnew(t *testing.T) {
	inSweptDir(t)
	code, _, errs := lightcone(t, "sweep", "swept.yaml")
	require.Equal(t, exitPass, code, errs)
	finished := contents(t, "out/swept")
	interrupted := func(options experiments.SweepOptions) map[string]string {
		require.NoError(t, batch.Remove("out/swept.partial"))
		s, err := experiments.NewSweep("swept.yaml", options)
		require.NoError(t, err)
		task := s.Task()
		task.Need = func(int, [][]byte) int { return 2 }
		_, err = batch.Run(t.Context(), "out/swept.partial", task, batch.Options{})
		require.NoError(t, err)
		return contents(t, "out/swept.partial")
	}

	before := interrupted(experiments.SweepOptions{Seeds: "7"})
	code, _, errs = lightcone(t, "sweep", "swept.yaml")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "lightcone: out/swept.partial is an interrupted sweep: finish it, begin anew with --fresh, or take another --out\n")
	require.Equal(t, before, contents(t, "out/swept.partial"))
	code, out, errs := lightcone(t, "sweep", "swept.yaml", "--seeds", "7")
	require.Equal(t, exitPass, code, errs)
	require.Contains(t, out, "6 points x 7 seeds = 42 runs\n")
	require.NoDirExists(t, "out/swept.partial")

	interrupted(experiments.SweepOptions{})
	for range 2 { // over other results, and over its own
		code, out, errs = lightcone(t, "sweep", "swept.yaml")
		require.Equal(t, exitPass, code, errs)
		require.NotContains(t, out, "has it already")
		require.Equal(t, finished, contents(t, "out/swept"))
		require.NoDirExists(t, "out/swept.partial")
		interrupted(experiments.SweepOptions{})
	}
}

// The exit code is that of the worst that came about.
func TestSweepCode(t *testing.T) {
	yes, no := true, false
	agrees, differs, unknown := experiments.SummaryExpectation{Agrees: &yes}, experiments.SummaryExpectation{Agrees: &no}, experiments.SummaryExpectation{}
	explained, unshown := experiments.SummaryExpectation{Agrees: &no, Because: "why"}, experiments.SummaryExpectation{Agrees: &yes, Because: "why"}
	for _, c := range []struct {
		verdict      string
		expectations []experiments.SummaryExpectation
		code         int
	}{
		{"pass", nil, exitPass},
		{"pass", []experiments.SummaryExpectation{agrees, explained}, exitPass},
		{"pass", []experiments.SummaryExpectation{agrees, unknown}, exitUndecided},
		{"pass", []experiments.SummaryExpectation{unshown}, exitFailed},
		{"pass", []experiments.SummaryExpectation{differs, unknown}, exitFailed},
		{"violation", []experiments.SummaryExpectation{agrees, unknown}, exitFailed},
		{"nondeterminism", []experiments.SummaryExpectation{differs}, exitNondeterminism},
	} {
		sum := &experiments.SweepSummary{Verdicts: []tables.SummaryCount{{Verdict: c.verdict, Runs: 1}}, Expectations: c.expectations}
		require.Equal(t, c.code, sweepCode(sum), "%+v", c)
	}
}

func TestExtentAndCost(t *testing.T) {
	require.Equal(t, "11 points x 1000 seeds = 11000 runs", extent(experiments.Extent{Points: 11, Least: 11000, Most: 11000}))
	require.Equal(t, "1 point x 1 seed = 1 run", extent(experiments.Extent{Points: 1, Least: 1, Most: 1}))
	require.Equal(t, "1 point x 30 to 50 seeds = 30 to 50 runs", extent(experiments.Extent{Points: 1, Least: 30, Most: 50}))
	for want, d := range map[string]time.Duration{
		"1 s": time.Millisecond, "59 s": 59 * time.Second, "1.5 min": 90 * time.Second, "23 h": 23 * time.Hour, "3 days": 72 * time.Hour, "146 years": math.MaxInt64 / 2,
	} {
		require.Equal(t, want, about(d))
	}
	for want, n := range map[string]float64{"1 MB": 10, "120 GB": 120e9, "7 TB": 7e12} {
		require.Equal(t, want, space(n))
	}
	small := experiments.Extent{Points: 1, Least: 10, Most: 10}
	require.NoError(t, allowed("x", small, cost{2 * time.Hour, 0}, 2))
	require.EqualError(t, allowed("x", small, cost{4 * time.Hour, 3e9}, 2),
		"lightcone: x is 1 point x 10 seeds = 10 runs, estimated at 2 h on 2 cores and 3 GB, want at most 1000000 runs and 1 h; --yes runs it all the same")
	require.Error(t, allowed("x", experiments.Extent{Points: 1, Least: 1_000_001, Most: 1_000_001}, cost{}, 2))
	require.Greater(t, saturated(1e30), 100*365*24*time.Hour)
	require.Equal(t, 1500*time.Millisecond, saturated(1.5))
}

// The estimate is of runs all over the grid, without what is read once at each point.
func TestEstimate(t *testing.T) {
	var made []batch.Job
	task := batch.Task{Points: 20, Run: func(j batch.Job) ([]byte, error) {
		made = append(made, j)
		return make([]byte, 76), nil
	}}
	c, err := estimate(task, experiments.Extent{Points: 20, Least: 2000, Most: 2000})
	require.NoError(t, err)
	require.Equal(t, 2000*100., c.bytes)
	require.Len(t, made, 25)
	require.Equal(t, []batch.Job{{}, {Replication: 1}, {Replication: 1}, {Replication: 1}, {Point: 2, Replication: 1}}, made[:5])
	made = nil
	_, err = estimate(task, experiments.Extent{Points: 20, Least: 1000, Most: 1000})
	require.NoError(t, err)
	require.Equal(t, []batch.Job{{}}, made)
	task.Run = func(j batch.Job) ([]byte, error) {
		if j.Point == 5 {
			return nil, errors.New("no such node")
		}
		return nil, nil
	}
	_, err = estimate(task, experiments.Extent{Points: 20, Least: 2000, Most: 2000})
	require.EqualError(t, err, "no such node")
}

func TestPace(t *testing.T) {
	require.Equal(t, "", pace(batch.Progress{Done: 50, Known: 100, Resumed: 50}, time.Second))
	require.Equal(t, "25/s  2 s left  3 failed", pace(batch.Progress{Done: 100, Known: 150, Resumed: 50, Failed: 3}, 2*time.Second))
	require.Equal(t, "1000/s", pace(batch.Progress{Done: 2000, Known: 2000}, 2*time.Second))
	require.Equal(t, "2000/2500", counts(batch.Progress{Done: 2000, Known: 2500}))
}

// start starts the test binary as the command.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, stdout, stderr *strings.Builder) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd = exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "LIGHTCONE_COMMAND=1")
	stdout, stderr = &strings.Builder{}, &strings.Builder{}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

func TestMain(m *testing.M) {
	if os.Getenv("LIGHTCONE_COMMAND") != "" {
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

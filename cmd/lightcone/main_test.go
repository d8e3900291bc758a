package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments"
)

const small = `name: small
protocol: pingpong
nodes: 3
duration: 2s
params: {rounds: 20, retry: 50ms}
network: {latency: "uniform(1ms, 10ms)", loss: 0.2}
faults: [{kind: pause, node: 1, at: 100ms, for: 30ms}]
`

// lightcone runs the command in an empty directory that holds small.yaml.
func lightcone(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Main(args, &out, &err)
	return code, out.String(), err.String()
}

func inEmptyDir(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("small.yaml", []byte(small), 0o644))
}

func TestRun(t *testing.T) {
	inEmptyDir(t)
	code, out, errs := lightcone(t, "run", "small.yaml", "--seed", "7")
	require.Equal(t, exitPass, code, errs)
	require.Empty(t, errs)
	lines := strings.Split(out, "\n")
	require.Equal(t, "small  seed 7  pass", lines[0])
	require.Contains(t, out, "\n  pass  all rounds are played")
	require.Regexp(t, `\n  rounds +20 +rounds\n`, out)
	require.Regexp(t, `\ndigest [0-9a-f]{16}  events \d+  virtual time 2s\n`, out)
	require.Contains(t, out, "\nfiles in out/small-7: scenario.yaml repro.json faults.txt trace.jsonl trace.svg trace.html report.html report.md summary.json manifest.json\n")
	require.NotContains(t, out, "\x1b", "no colour off a terminal")
	for _, name := range []string{"scenario.yaml", "repro.json", "faults.txt", "trace.jsonl", "trace.svg", "trace.html", "report.html", "report.md", "summary.json", "manifest.json"} {
		info, err := os.Stat(filepath.Join("out/small-7", name))
		require.NoError(t, err)
		require.Positive(t, info.Size(), name)
	}
}

// The same inputs give the same bytes, printed and on disk.
func TestRunIsReproducible(t *testing.T) {
	inEmptyDir(t)
	_, first, _ := lightcone(t, "run", "small.yaml", "--json", "--out", "a")
	_, second, _ := lightcone(t, "run", "small.yaml", "--json", "--out", "b", "--strict")
	require.Equal(t, strings.ReplaceAll(first, `"a/`, `"b/`), second)
	files, err := os.ReadDir("a")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		a, err1 := os.ReadFile(filepath.Join("a", f.Name()))
		b, err2 := os.ReadFile(filepath.Join("b", f.Name()))
		require.NoError(t, err1)
		require.NoError(t, err2)
		require.Equal(t, a, b, f.Name())
	}
}

// The document's keys and their order are what other programs rely on.
func TestRunJSON(t *testing.T) {
	inEmptyDir(t)
	code, out, _ := lightcone(t, "run", "clocks-wan", "--json")
	require.Equal(t, exitPass, code)
	d := json.NewDecoder(strings.NewReader(out))
	var keys []string
	for depth := 0; d.More() || depth > 0; {
		token, err := d.Token()
		require.NoError(t, err)
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if depth == 1 {
				keys = append(keys, token)
			}
		}
		if depth == 0 {
			break
		}
	}
	require.Equal(t, "scenario clocks-wan seed version "+experiments.Version+" digest", strings.Join(keys[:6], " "))
	require.Equal(t, "events virtual_time verdicts measures files", strings.Join(keys[7:], " "))

	var s experiments.Summary
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	require.Equal(t, uint64(1), s.Seed)
	require.Equal(t, 600.0, s.VirtualTime)
	require.Len(t, s.Digest, 16)
	found := false
	for _, m := range s.Measures {
		if m.Name == "causal pairs that Lamport clocks invert" { // none: the clock condition (Lamport 1978)
			found = true
			require.Zero(t, *m.Expected)
			require.True(t, *m.Agrees)
			require.True(t, *m.Low <= *m.Expected && *m.Expected <= *m.High)
		}
	}
	require.True(t, found)
	for _, f := range s.Files {
		_, err := os.Stat(f)
		require.NoError(t, err)
	}
	onDisk, err := os.ReadFile("out/clocks-wan-1/summary.json")
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(out, "out/clocks-wan-1/", ""), string(onDisk))
}

func TestExitCodes(t *testing.T) {
	inEmptyDir(t)
	require.NoError(t, os.WriteFile("bad.yaml", []byte("protocol: pingpong\nnodes: 0\n"), 0o644))
	require.NoError(t, os.MkdirAll("mine", 0o755))
	require.NoError(t, os.WriteFile("mine/notes.txt", nil, 0o644))
	for _, c := range []struct {
		name string
		args []string
		code int
		says string // on standard error
	}{
		{"pass", []string{"run", "small.yaml"}, exitPass, ""},
		{"liveness", []string{"run", "small.yaml", "--set", "network.loss=1"}, exitFailed, ""},
		{"limit", []string{"run", "small.yaml", "--set", "limits.events=5"}, exitUndecided, ""},
		{"trace of a failed run", []string{"trace", "small.yaml", "--set", "network.loss=1"}, exitFailed, "lightcone: liveness: all rounds are played: 0 of 20"},
		{"no arguments", nil, exitPass, ""},
		{"help", []string{"help", "run"}, exitPass, ""},
		{"version", []string{"--version"}, exitPass, ""},
		{"completion", []string{"completion", "bash"}, exitPass, ""},
		{"unknown command", []string{"rum"}, exitUsage, `command is "rum", want one of run, sweep, plan, merge, `},
		{"unknown flag", []string{"run", "small.yaml", "--sed", "1"}, exitUsage, "lightcone: unknown flag: --sed"},
		{"bad seed", []string{"run", "small.yaml", "--seed", "-1"}, exitUsage, `lightcone: --seed is "-1", want a whole number from 0`},
		{"bad time", []string{"trace", "small.yaml", "--from", "1"}, exitUsage, `lightcone: --from is "1", want a duration such as 150ms`},
		{"negative node", []string{"trace", "small.yaml", "--as=-2"}, exitUsage, "--as is -2, want a node from 0 to 2, or -1"},
		{"picture is a directory", []string{"trace", "small.yaml", "-o", "mine"}, exitUsage, "output mine is a directory, want a file"},
		{"output without a name", []string{"run", "small.yaml", "-o", "."}, exitUsage, "want one with a name"},
		{"in full, of a file", []string{"run", "small.yaml", "--full"}, exitUsage, "--full is given for small, want a built-in study"},
		{"in full, of a sweep", []string{"run", "pingpong-loss", "--full"}, exitUsage, "want lightcone sweep pingpong-loss --full"},
		{"too much", []string{"schema", "x"}, exitUsage, "schema has 1 arguments, want none"},
		{"no scenario", []string{"run"}, exitUsage, "run has 0 arguments, want 1: a scenario"},
		{"unknown scenario", []string{"run", "pingpong-los"}, exitUsage, "nearest is pingpong-loss"},
		{"bad scenario", []string{"run", "bad.yaml"}, exitUsage, "bad.yaml:2:8: $.nodes: got 0, want at least 1\n    nodes: 0\n           ^"},
		{"bad override", []string{"run", "small.yaml", "--set", "network.loss=7"}, exitUsage, "--set network.loss=7: $.network.loss: got 7, want a probability from 0 to 1"},
		{"output is a file", []string{"run", "small.yaml", "--out", "small.yaml"}, exitUsage, "small.yaml is a file, want a directory"},
		{"output under a file", []string{"run", "small.yaml", "--out", "small.yaml/x"}, exitUsage, "output directory small.yaml/x"},
		{"output is somebody else's", []string{"run", "small.yaml", "--out", "mine"}, exitUsage, "holds another file (notes.txt)"},
		{"output cannot be written", []string{"run", "small.yaml", "--out", "/proc/none/x"}, exitUsage, "output directory /proc/none/x cannot be written"},
		{"unknown format", []string{"trace", "small.yaml", "--format", "pdf"}, exitUsage, `--format is "pdf", want one of text`},
		{"unknown mapping", []string{"trace", "small.yaml", "--time", "x"}, exitUsage, `--time is "x", want true, rank`},
		{"no such node", []string{"trace", "small.yaml", "--as", "3"}, exitUsage, "--as is 3, want a node from 0 to 2"},
		{"hunt for nothing", []string{"hunt", "small.yaml", "--runs", "0"}, exitUsage, "--runs is 0, want at least 1"},
		{"hunt backwards", []string{"hunt", "small.yaml", "--seeds", "9..1"}, exitUsage, `--seeds is "9..1", want a range such as 1..1000`},
		{"hunt of no numbers", []string{"hunt", "small.yaml", "--seeds", "a..b"}, exitUsage, `--seeds is "a..b", want a range`},
		{"hunt in no time", []string{"hunt", "small.yaml", "--budget", "0s"}, exitUsage, "--budget is 0s, want more than 0s"},
		{"hunt by two measures", []string{"hunt", "small.yaml", "--budget", "1s", "--runs", "2"}, exitUsage, "--runs, --seeds and --budget are given together, want one of them"},
		{"hunt of nothing", []string{"hunt"}, exitUsage, "hunt has 0 arguments, want 1: a scenario"},
		{"hunt into somebody else's", []string{"hunt", "small.yaml", "--out", "mine"}, exitUsage, "holds another file (notes.txt)"},
		{"bugs of a protocol without", []string{"bugs", "pingpong"}, exitUsage, `bugs of "pingpong", want a protocol that has some, one of `},
		{"bugs of two", []string{"bugs", "kv", "raft"}, exitUsage, "bugs has 2 arguments, want at most 1: a protocol"},
		{"bugs without tries", []string{"bugs", "kv", "--tries", "0"}, exitUsage, "--tries is 0, want at least 1"},
		{"bugs with fewer runs than none", []string{"bugs", "kv", "--runs", "-1"}, exitUsage, "--runs is -1, want 0 or more"},
		{"no repro", []string{"replay", "none.json"}, exitUsage, "none.json"},
		{"bad repro", []string{"replay", "small.yaml"}, exitUsage, "small.yaml:1:1: $.digest: got nothing"},
		{"unknown list", []string{"list", "protocol"}, exitUsage, `list of "protocol", want one of protocols, models`},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := lightcone(t, c.args...)
			require.Equal(t, c.code, code, "%s%s", out, errs)
			require.Contains(t, errs, c.says)
			if c.code == exitUsage {
				require.Empty(t, out, "nothing is printed but the error")
				require.NotEmpty(t, c.says)
			}
		})
	}
	left, err := filepath.Glob("mine/*")
	require.NoError(t, err)
	require.Equal(t, []string{"mine/notes.txt"}, left)
	hidden, err := filepath.Glob(".lightcone-*")
	require.NoError(t, err)
	require.Empty(t, hidden, "nothing half-written is left")
}

func TestReplay(t *testing.T) {
	inEmptyDir(t)
	code, ran, errs := lightcone(t, "run", "small.yaml", "--out", "r")
	require.Equal(t, exitPass, code, errs)
	code, out, errs := lightcone(t, "replay", "r/repro.json")
	require.Equal(t, exitPass, code, errs)
	require.Contains(t, out, "the digest is the recorded one")
	digest := ran[strings.Index(ran, "digest "):][:len("digest ")+16]
	require.Contains(t, out, digest)

	// A failing run says how to replay it, and is replayed as failing.
	code, out, _ = lightcone(t, "run", "small.yaml", "--out", "f", "--set", "network.loss=1", "--set", "trace.events=20")
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "\nreplay: lightcone replay f/repro.json\n")
	require.Contains(t, out, "the trace holds the first 20 events of the run, and leaves out ")
	code, out, _ = lightcone(t, "replay", "f/repro.json")
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "the digest is the recorded one")
}

// The replay of a study's run comes to the study's verdicts too.
func TestReplayOfAStudy(t *testing.T) {
	inEmptyDir(t)
	code, ran, errs := lightcone(t, "run", "clocks-wan", "--out", "r")
	require.Equal(t, exitPass, code, errs)
	code, replayed, errs := lightcone(t, "replay", "r/repro.json")
	require.Equal(t, exitPass, code, errs)
	line := regexp.MustCompile(`pass  inverted as expected .*`).FindString(ran)
	require.NotEmpty(t, line)
	require.Contains(t, replayed, line)
}

// While results are saved, an interrupt leaves nothing half-written: it comes to nothing.
func TestSavingIsNotInterrupted(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	saved := false
	require.NoError(t, uninterrupted(func() error {
		err := self.Signal(os.Interrupt)
		saved = true
		return err
	}))
	require.True(t, saved)
}

// A replay that comes out differently says at which event, and what happened there.
func TestReplayThatDiffers(t *testing.T) {
	inEmptyDir(t)
	code, _, errs := lightcone(t, "run", "small.yaml", "--out", "r")
	require.Equal(t, exitPass, code, errs)
	data, err := os.ReadFile("r/repro.json")
	require.NoError(t, err)
	// As if the pause of the recorded run came at another time in this version: the first event that differs is that
	// pause.
	changed := bytes.Replace(data, []byte("at: 100ms"), []byte("at: 110ms"), 1)
	require.NotEqual(t, data, changed)
	require.NoError(t, os.WriteFile("r/repro.json", changed, 0o644))
	code, out, _ := lightcone(t, "replay", "r/repro.json")
	require.Equal(t, exitNondeterminism, code)
	require.Regexp(t, `nondeterminism  replay +digest is [0-9a-f]{16}, want [0-9a-f]{16}: the runs part at event \d+\n`, out)
	require.Contains(t, out, "100ms n1 ", "what the recorded run did there")

	code, out, _ = lightcone(t, "replay", "r/repro.json", "--json")
	require.Equal(t, exitNondeterminism, code)
	require.Contains(t, out, `"verdict": "nondeterminism"`)
}

func TestTrace(t *testing.T) {
	inEmptyDir(t)
	for _, format := range []string{"text", "transcript", "svg", "html", "jsonl", "shiviz", "perfetto"} {
		code, out, errs := lightcone(t, "trace", "small.yaml", "--format", format, "--to", "200ms")
		require.Equal(t, exitPass, code, errs)
		require.NotEmpty(t, out, format)
		code, none, errs := lightcone(t, "trace", "small.yaml", "--format", format, "--to", "200ms", "--out", "picture")
		require.Equal(t, exitPass, code, errs)
		require.Empty(t, none)
		data, err := os.ReadFile("picture")
		require.NoError(t, err)
		require.Equal(t, out, string(data), format)
	}
	code, _, errs := lightcone(t, "trace", "small.yaml", "--time", "rank", "--as", "1", "--collapse", "--events", "50")
	require.Equal(t, exitPass, code, errs)
}

func TestListAndSchema(t *testing.T) {
	code, out, _ := lightcone(t, "list")
	require.Equal(t, exitPass, code)
	for _, want := range []string{"protocols\n", "  pingpong ", "\nmodels\n", "  network.loss ", "\nstudies\n", "  clocks-wan ", "  pingpong-loss ", "\nchecks\n", "  timing "} {
		require.Contains(t, out, want)
	}
	code, out, _ = lightcone(t, "list", "studies")
	require.Equal(t, exitPass, code)
	require.NotContains(t, out, "protocols")

	code, out, _ = lightcone(t, "schema")
	require.Equal(t, exitPass, code)
	require.True(t, json.Valid([]byte(out)))
}

// Colour needs a terminal, and NO_COLOR forbids it. The null device stands in for a terminal: both are character
// devices.
func TestColours(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	require.True(t, colours(null))
	require.False(t, colours(&bytes.Buffer{}))
	t.Setenv("NO_COLOR", "1")
	require.False(t, colours(null))
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "dumb")
	require.False(t, colours(null))

	require.Equal(t, "\x1b[32mpass\x1b[0m", painter(true).verdict(0))
	require.Equal(t, "pass", painter(false).verdict(0))
}

// People read shares in percent; the document has them as they are.
func TestSharesAreInPercent(t *testing.T) {
	m := experiments.InPercent(experiments.Measure{Unit: "of messages", Value: 0.0503208, Low: 0.0450565, High: 0.0555852, Expected: math.NaN()})
	require.Equal(t, "% of messages", m.Unit)
	require.Equal(t, "5.0321", number(m.Value))
	require.Equal(t, "4.5057 .. 5.5585", interval(m))
	require.Empty(t, number(m.Expected))
	require.Equal(t, "rounds", experiments.InPercent(experiments.Measure{Unit: "rounds", Value: 3}).Unit)
	require.Equal(t, "20000", number(20000))
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	rows := table{}
	rows.row("a", "", painter(true).paint(red, "bad"), "one\ntwo\n")
	rows.row("long", "", "fine", "µ")
	rows.print(&b)
	require.Equal(t, "  a     \x1b[31mbad\x1b[0m   one\n    two\n  long  fine  µ\n", b.String())
}

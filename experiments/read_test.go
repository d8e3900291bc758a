package experiments

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the expected files of testdata anew")

// TestErrorsGolden pins the whole text of errors: place, path, got, want, source line and caret. Read the difference.
func TestErrorsGolden(t *testing.T) {
	for _, file := range faulty(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			_, err = Read(filepath.Base(file), data)
			require.Error(t, err)
			golden := file + ".want"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(err.Error()+"\n"), 0o644))
			}
			want, err2 := os.ReadFile(golden)
			require.NoError(t, err2)
			require.Equal(t, string(want), err.Error()+"\n")
		})
	}
}

// faulty returns the scenarios of testdata that are wrong.
func faulty(t testing.TB) []string {
	inYAML, err1 := filepath.Glob("testdata/errors/*.yaml")
	inJSON, err2 := filepath.Glob("testdata/errors/*.json")
	files := append(inYAML, inJSON...)
	if len(files) == 0 || err1 != nil || err2 != nil {
		t.Fatal("no testdata")
	}
	return files
}

// A byte order mark is no part of the text.
func TestByteOrderMark(t *testing.T) {
	s, err := Read("a.yaml", []byte("\ufeffprotocol: pingpong\nnodes: 2\n"))
	require.NoError(t, err)
	require.Equal(t, "pingpong", s.Protocol)
}

// TestErrorPlaces has one mistake a case, and finds by itself where the caret must stand: at the first (or, with at
// set, that) occurrence of the faulty text.
func TestErrorPlaces(t *testing.T) {
	const head = "protocol: pingpong\n"
	for _, c := range []struct {
		name, yaml    string
		at            string // the text that the caret points at
		path          string
		got, want     string // substrings
		otherProblems bool
	}{
		{name: "unknown key", yaml: head + "nodes: 2\ndurations: 5s\n", at: "durations", path: "$.durations", got: "unknown key durations", want: "nearest is duration"},
		{name: "unknown key deep", yaml: head + "nodes: 2\nnetwork:\n  lattency: 5ms\n", at: "lattency", path: "$.network.lattency", want: "nearest is latency"},
		{name: "unknown key of params", yaml: head + "nodes: 2\nparams: {rouns: 5}\n", at: "rouns", path: "$.params.rouns", want: "nearest is rounds"},
		{name: "duration without unit", yaml: head + "nodes: 2\nduration: 5\n", at: "5", path: "$.duration", got: "5, a number without a unit", want: "150ms"},
		{name: "duration with wrong unit", yaml: head + "nodes: 2\nduration: 5min\n", at: "min", path: "$.duration", got: `"5min"`, want: "nearest is m"},
		{name: "negative duration", yaml: head + "nodes: 2\nduration: -5s\n", at: "-5s", path: "$.duration", got: `"-5s"`, want: "at least 0s"},
		{name: "negative latency", yaml: head + "nodes: 2\nnetwork: {latency: -5ms}\n", at: "-5ms", path: "$.network.latency", got: `"-5ms"`, want: "at least 0s"},
		{name: "negative duration of params", yaml: head + "nodes: 2\nparams: {retry: -1ms}\n", at: "-1ms", path: "$.params.retry", want: "at least 0s"},
		{name: "probability above 1", yaml: head + "nodes: 2\nnetwork: {loss: 1.01}\n", at: "1.01", path: "$.network.loss", got: "1.01", want: "from 0 to 1"},
		{name: "probability below 0", yaml: head + "nodes: 2\nnetwork: {loss: -0.1}\n", at: "-0.1", path: "$.network.loss", got: "-0.1", want: "from 0 to 1"},
		{name: "percent", yaml: head + "nodes: 2\nnetwork: {loss: 5%}\n", at: "5%", path: "$.network.loss", want: "0.05"},
		{name: "unknown protocol", yaml: "nodes: 2\nprotocol: pingpon\n", at: "pingpon", path: "$.protocol", got: `"pingpon"`, want: "nearest is pingpong"},
		{name: "no protocol", yaml: "nodes: 2\n", at: "nodes", path: "$.protocol", got: "nothing", want: "the protocol"},
		{name: "region not in the matrix", yaml: "protocol: clocks\nregions: [us-east-1, us-east-9]\nnetwork: {matrix: aws}\n", at: "us-east-9", path: "$.regions[1]", want: "nearest is us-east-1"},
		{name: "zero nodes", yaml: head + "nodes: 0\n", at: "0", path: "$.nodes", got: "0", want: "at least 1"},
		{name: "no nodes", yaml: head + "about: x\n", at: "protocol", path: "$.nodes", got: "nothing", want: "how many nodes"},
		{name: "fraction of a node", yaml: head + "nodes: 1.5\n", at: "1.5", path: "$.nodes", got: "1.5", want: "integer"},
		{name: "too few nodes for the protocol", yaml: head + "nodes: 1\n", at: "protocol", path: "$.params", got: "pingpong has 1 nodes", want: "at least 2"},
		{name: "number as text", yaml: head + "nodes: 2\nname: 1.10\n", at: "1.10", path: "$.name", got: "1.10, which is a number", want: `write "1.10", in quotes`},
		{name: "text as number", yaml: head + "nodes: \"2\"\n", at: "\"2\"", path: "$.nodes", got: `"2"`, want: "an integer"},
		{name: "node out of range", yaml: head + "nodes: 2\nfaults: [{kind: crash, node: 2, at: 1s}]\n", at: "2, at", path: "$.faults[0].node", got: "node 2", want: "from 0 to 1"},
		{name: "unknown fault", yaml: head + "nodes: 2\nfaults:\n- kind: crah\n  node: 0\n  at: 1s\n", at: "crah", path: "$.faults[0].kind", want: "nearest is crash"},
		{name: "unknown law", yaml: head + "nodes: 2\nnetwork: {latency: exponental(mean=3ms)}\n", at: "exponental", path: "$.network.latency", want: "exponential"},
		{name: "wrong unit in a law", yaml: head + "nodes: 2\nnetwork:\n  latency: uniform(5ms, 15ppm)\n", at: "15ppm", path: "$.network.latency", got: "15ppm", want: "a unit (ns, us, ms, s"},
		{name: "wrong unit in a quoted law", yaml: head + "nodes: 2\nnetwork:\n  latency: \"uniform(5ms, 15ppm)\"\n", at: "15ppm", path: "$.network.latency", got: "15ppm", want: "a unit (ns, us, ms, s"},
		{name: "drift in ms", yaml: head + "nodes: 2\nclocks: {drift: 5ms}\n", at: "5ms", path: "$.clocks.drift", want: "ppm"},
		{name: "unknown unit of bandwidth", yaml: head + "nodes: 2\nnetwork: {bandwidth: 5Mbps}\n", at: "5Mbps", path: "$.network.bandwidth", want: "Mbit/s"},
		{name: "duplicate key", yaml: head + "nodes: 2\nduration: 1s\nduration: 2s\n", at: "duration: 2s", path: "$.duration", got: "a second time", want: "line 3"},
		{name: "second document", yaml: head + "nodes: 2\n---\na: 1\n", at: "---", got: "a second document", want: "one"},
		{name: "anchor", yaml: head + "nodes: &n 2\n", at: "&n", got: "an anchor", want: "plain values"},
		{name: "tag", yaml: head + "nodes: !!int 2\n", at: "!!int", got: "a tag", want: "plain values"},
		{name: "empty", yaml: "# nothing\n", at: "#", path: "$", got: "an empty document", want: "a mapping"},
		{name: "a list", yaml: "- a\n", at: "- a", path: "$", got: "a list", want: "a mapping"},
		{name: "a text", yaml: "hello\n", at: "hello", path: "$", got: `"hello"`, want: "a mapping"},
		{name: "null value", yaml: head + "nodes:\n", at: "nodes", path: "$.nodes", otherProblems: true},
		{name: "not a number", yaml: head + "nodes: 2\nnetwork: {loss: .nan}\n", at: ".nan", path: "$.network.loss", got: ".nan", want: "a finite number"},
		{name: "fault after the end", yaml: head + "nodes: 2\nduration: 1s\nfaults: [{kind: heal, at: 2s}]\n", at: "2s", path: "$.faults[0].at", want: "1s"},
		{name: "asynchronous with a bound", yaml: head + "nodes: 2\nnetwork: {timing: {model: asynchronous, delta: 1s}}\n", at: "1s", path: "$.network.timing.delta", got: "asynchronous", want: "only in"},
		{name: "synchronous without a bound", yaml: head + "nodes: 2\nnetwork: {timing: {model: synchronous}}\n", at: "{model", path: "$.network.timing.delta", got: "nothing", want: "100ms"},
		{name: "unknown check", yaml: head + "nodes: 2\nchecks: [timng]\n", at: "timng", path: "$.checks[0]", want: "nearest is timing"},
		{name: "no time at all", yaml: head + "nodes: 2\nduration: 0s\n", at: "0s", path: "$.duration", got: `"0s"`, want: "more than 0s"},
		{name: "synchronisation without end", yaml: head + "nodes: 2\nclocks: {sync: {method: ntp, every: 1s}}\n", at: "protocol", path: "$.duration", got: "nothing", want: "how long"},
		{name: "lines that end in CR LF", yaml: "protocol: pingpong\r\nnodes: 2\r\nduration: 5\r\n", at: "5", path: "$.duration", got: "5, a number", want: "150ms"},
		{name: "after a list item", yaml: head + "nodes: 2\nfaults:\n  - kind: heal\n    at: 5\n", at: "5", path: "$.faults[0].at", got: "5, a number", want: "150ms"},
		{name: "letters of many bytes", yaml: "{protocol: pingpong, about: \"äöü€𝄞\", nodes: 0}", at: "0", path: "$.nodes", got: "0", want: "at least 1"},
		{name: "after a comment", yaml: head + "nodes: 2 # two\n# more\nduration: 5 # no unit\n", at: "5 #", path: "$.duration", got: "5, a number", want: "150ms"},
		{name: "tabs before the mistake", yaml: "{\"protocol\": \"pingpong\",\n\t\t\"nodes\": 0}", at: "0", path: "$.nodes", got: "0", want: "at least 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("a.yaml", []byte(c.yaml))
			var ps Problems
			require.ErrorAs(t, err, &ps)
			if c.otherProblems {
				return
			}
			require.Len(t, ps, 1, "%v", err)
			p := ps[0]
			before := c.yaml[:strings.Index(c.yaml, c.at)]
			require.Equal(t, 1+strings.Count(before, "\n"), p.Line, "line: %v", err)
			require.Equal(t, utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:])+1, p.Column, "column: %v", err)
			require.Equal(t, c.path, p.Path)
			require.Contains(t, p.Got, c.got)
			require.Contains(t, p.Want, c.want)
			lines := strings.Split(err.Error(), "\n")
			require.Len(t, lines, 3)
			caret := strings.Index(lines[2], "^")
			require.True(t, strings.HasPrefix(string([]rune(lines[1])[caret:]), c.at[:1]), "the caret is not under %q:\n%v", c.at, err)
		})
	}
}

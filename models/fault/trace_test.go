package fault

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/protocols/idle"
	"lightcone/sim"
)

func TestParseIntervals(t *testing.T) {
	want := Intervals{{1, sec, 2 * sec}, {0, 3600 * sec, 5430250 * sec / 1000}, {1, 5400 * sec, sim.Never}}
	for _, text := range []string{
		"node,from,to\nn1,1s,2s\nn0,1h,5430.25\nn1,1h30m,\n",
		"\ufeff# a log\n\n node , down , up # what came back\r\nn1,1h30m,\r\n0, 3600.0 ,1h30m30.25s\r\n1,1,2.000000000",
	} {
		v, err := ParseIntervals(text, 2)
		require.NoError(t, err)
		require.Equal(t, want, v)
		require.NoError(t, v.Validate(2))
	}
	require.Equal(t, "node,from,to\nn1,1s,2s\nn0,1h0m0s,1h30m30.25s\nn1,1h30m0s,\n", want.CSV())
	none, err := ParseIntervals("node,from,to", 0)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestParseIntervalsSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                                         `line 1, column 1: got the end, want the header node,from,to`,
		"# nothing\n":                              `line 2, column 1: got the end, want the header node,from,to`,
		"node,start,end\n":                         `line 1, column 1: got "node,start,end", want the header node,from,to or node,down,up`,
		"n0,1s,2s\n":                               `line 1, column 1: got "n0,1s,2s", want the header`,
		"node,from,to\nn0,1s\n":                    `line 2, column 1: got "n0,1s", want three fields: node,from,to`,
		"node,from,to\nn0,1s,2s,3s\n":              `line 2, column 1: got "n0,1s,2s,3s", want three fields`,
		"node,from,to\nweb1,1s,2s\n":               `line 2, column 1: got "web1", want a node, n0 to n2`,
		"node,from,to\nn3,1s,2s\n":                 `line 2, column 1: got "n3", want a node, n0 to n2`,
		"node,from,to\n-1,1s,2s\n":                 `line 2, column 1: got "-1", want a node`,
		"node,from,to\nn0,-1s,2s\n":                `line 2, column 4: got "-1s", want a time since the start, such as 1.5s, or 90.5 in seconds`,
		"node,from,to\nn0,soon,2s\n":               `line 2, column 4: got "soon", want a time since`,
		"node,from,to\nn0,,2s\n":                   `line 2, column 4: got "", want a time since`,
		"node,from,to\nn0,1,2009-01-01\n":          `line 2, column 6: got "2009-01-01", want a time or nothing since`,
		"node,from,to\nn0,9999999999,\n":           `line 2, column 4: got "9999999999", want a time`,
		"node,from,to\nn0,2s,1s\n":                 `line 2, column 7: got n0 down from 2s to 1s, want an end that is later than the beginning`,
		"node,from,to\nn0,2s,2s\n":                 `line 2, column 7: got n0 down from 2s to 2s, want an end`,
		"node,from,to\nn0,4,6\nn1,1,9\nn0,1,5\n":   `line 2, column 4: got n0 down from 4s, want no overlap with line 4, n0 down from 1s to 5s`,
		"node,from,to\nn0,1,\nn0,5,6\n":            `line 3, column 4: got n0 down from 5s, want no overlap with line 2, n0 down from 1s`,
		"node,from,to\nn0,1,9\nn0,2,3\nn0,4,5\n":   `line 4, column 4: got n0 down from 4s, want no overlap with line 2`,
		"node,from,to\n\"n0\",1,2\n":               `line 2, column 1: got "\"n0\"", want a node`,
		"node,from,to\n" + strings.Repeat("x", 99): `line 2, column 1: got "` + strings.Repeat("x", 39) + `..., want three fields`,
	} {
		v, err := ParseIntervals(text, 3)
		require.Nil(t, v)
		require.ErrorContains(t, err, "fault: trace "+want, "%q", text)
		var wrong *TraceError
		require.ErrorAs(t, err, &wrong)
	}
	_, err := ParseIntervals("node,from,to\nx,1,2\n", 0)
	require.EqualError(t, err, `fault: trace line 2, column 1: got "x", want a node, such as n0`)
}

func TestParseIntervalsReportsEveryLine(t *testing.T) {
	_, err := ParseIntervals("node,from,to\nn0,5,6\nx,y,z\nn0,5.5,7\n\nn0,2,1", 1)
	require.EqualError(t, err, `fault: trace line 3, column 1: got "x", want a node, n0 to n0
fault: trace line 3, column 3: got "y", want a time since the start, such as 1.5s, or 90.5 in seconds
fault: trace line 3, column 5: got "z", want a time or nothing since the start, such as 1.5s, or 90.5 in seconds
fault: trace line 4, column 4: got n0 down from 5.5s, want no overlap with line 2, n0 down from 5s to 6s
fault: trace line 6, column 6: got n0 down from 2s to 1s, want an end that is later than the beginning`)
	_, err = ParseIntervals("node,from,to\n"+strings.Repeat("x\n", 1000), 1)
	require.Equal(t, maxReported, strings.Count(err.Error(), "\n"))
	require.ErrorContains(t, err, "line 12: more errors")
}

func TestTraceLaw(t *testing.T) {
	l := Trace{Kind: Isolate, Intervals: Intervals{{1, sec, 4 * sec}, {0, 2 * sec, sim.Never}, {1, 5 * sec, 6 * sec}, {1, 9 * sec, 11 * sec}}}
	require.Equal(t, `3s cut trace.n1.1 {n1} | {n0 n2}
3s cut trace.n0.1 {n0} | {n1 n2}
4s heal trace.n1.1
5s cut trace.n1.2 {n1} | {n0 n2}
6s heal trace.n1.2
9s cut trace.n1.3 {n1} | {n0 n2}
10s heal trace.n1.3
`, draw(t, Model{Laws: []Law{l}, From: 3 * sec, Until: 10 * sec}, 1, 3).String())
	err := Trace{Name: "a b", Kind: Stop, Intervals: Intervals{{7, 2, 1}}}.Validate(3)
	for _, want := range []string{`fault: Trace.Name is "a b"`, "fault: Trace.Kind is stop, want one that ends: crash, midway, pause", "fault: Intervals[0].Node is n7", "fault: Intervals[0].To is 1ns"} {
		require.ErrorContains(t, err, want)
	}
}

const lanlFile = "testdata/lanl-like.csv"

const lanlHead = `# Synthetic: a year of 22 nodes drawn from laws like those that Schroeder and Gibson fitted to the failures of Los Alamos
# (DSN 2006; release LA-UR-05-7318). Times up: Weibull, shape 0.6, mean 600 h. Times down: lognormal, median 1 h, mean 5.9 h.
`

var updateTrace = flag.Bool("fault.update", false, "write the synthetic trace anew")

// lanlLike is a year of 22 nodes.
func lanlLike(t testing.TB) Intervals {
	t.Helper()
	text, err := os.ReadFile(lanlFile)
	require.NoError(t, err)
	v, err := ParseIntervals(string(text), 22)
	require.NoError(t, err)
	return v
}

// The synthetic trace is what its head says.
func TestTheTraceIsDrawn(t *testing.T) {
	const hour = 3600e9
	up := dist.Weibull{Scale: 600 * hour / 1.5045754882515, Shape: 0.6} // Gamma(1 + 1/0.6) = 1.50457...
	down := dist.LogNormal{Median: hour, Sigma: 1.884}                  // mean / median = e^(Sigma^2 / 2)
	require.InDelta(t, 600*hour, dist.Mean(up), 1e-6*hour)
	require.InDelta(t, 5.9*hour, dist.Mean(down), 0.01*hour)
	plan := draw(t, Model{Laws: []Law{Renewal{Up: up, Down: down}}, Until: 365 * 24 * 3600 * sec}, 2006, 22)
	text := lanlHead + plan.Intervals(22, 365*24*3600*sec).CSV()
	if *updateTrace {
		require.NoError(t, os.WriteFile(lanlFile, []byte(text), 0o644))
	}
	have, err := os.ReadFile(lanlFile)
	require.NoError(t, err)
	require.True(t, text == string(have), "%s is not what is drawn: write it with -fault.update", lanlFile)
}

// A trace replayed twice is one digest, and each node is down for just as long as in the trace, to the nanosecond.
func TestATraceReplayedIsTheTrace(t *testing.T) {
	const nodes, until = 22, 365 * 24 * 3600 * sec
	v := lanlLike(t)
	require.Greater(t, len(v), 200)
	var digest uint64
	for range 2 {
		plan := draw(t, Model{Laws: []Law{Trace{Intervals: v}}, Until: until + 1}, 1, nodes)
		x := watch(t)
		w, err := sim.New(sim.Config{Seed: 1, Nodes: nodes, New: idle.New, Faults: []sim.Fault{plan.Schedule()}, Until: until, Observers: []sim.Observer{x}})
		require.NoError(t, err)
		r := w.Run()
		require.NoError(t, r.Err)
		require.True(t, digest == 0 || digest == r.Digest)
		digest = r.Digest
		sum := time.Duration(0)
		for node := range sim.NodeID(nodes) {
			if x.down[node] {
				x.total[node] += until.Sub(x.since[node])
			}
			require.Equal(t, v.Down(node, until), x.total[node], "%v", node)
			sum += x.total[node]
		}
		require.Positive(t, sum)
		require.Equal(t, v, plan.Intervals(nodes, until+2))
	}
}

// What parses prints to what parses to the same, and is valid.
func FuzzParseIntervals(f *testing.F) {
	f.Add("node,from,to\nn1,1s,2s\nn0,1h,5430.25\nn1,1h30m,\n", 2)
	f.Add("node,down,up\n0,0,.5#x\n1,1.0000000001,1e3", 0)
	f.Add("\ufeffnode,from,to\r\nn0,1,\nn0,0.9,2562047h", 1)
	f.Fuzz(func(t *testing.T, text string, nodes int) {
		nodes = max(nodes, 0)
		v, err := ParseIntervals(text, nodes)
		if err != nil {
			require.Nil(t, v)
			return
		}
		require.NoError(t, v.Validate(nodes))
		again, err := ParseIntervals(v.CSV(), nodes)
		require.NoError(t, err)
		require.Equal(t, v, again)
	})
}

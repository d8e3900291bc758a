package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/report"
	"lightcone/sim"
)

const reported = `name: reported
about: Does <this> & "that" get through?
protocol: pingpong
nodes: 3
duration: 2s
params: {rounds: 20, retry: 50ms}
network: {latency: "uniform(1ms, 10ms)", loss: 0.2}
faults: [{kind: pause, node: 1, at: 100ms, for: 30ms}]
`

func TestARunReportsWhatItCameTo(t *testing.T) {
	s, err := Read("reported.yaml", []byte(reported), "network.loss=0.1")
	require.NoError(t, err)
	p, err := s.Plan(7)
	require.NoError(t, err)
	o, err := p.Execute(Execution{Record: true})
	require.NoError(t, err)
	files, err := o.ResultFiles()
	require.NoError(t, err)
	texts := map[string]string{}
	for _, f := range files {
		texts[f.Name] = string(f.Data)
	}
	for _, want := range []string{
		"<h1>reported, seed 7: pass</h1>", "Does &lt;this&gt; &amp; &#34;that&#34; get through?", "all rounds are played",
		"pings per round", "pause n1", "With network.loss=0.1.", "loss: 0.2}", Hex(o.Result.Digest), "lightcone replay repro.json", "<svg ",
	} {
		require.Contains(t, texts["report.html"], want)
	}
	for _, want := range []string{"# reported, seed 7: pass", "| all rounds are played | ✓ pass |", "](trace.svg)", "digest | " + Hex(o.Result.Digest)} {
		require.Contains(t, texts["report.md"], want)
	}
	require.Contains(t, texts["summary.json"], `"report.html"`)

	again, err := o.ResultFiles()
	require.NoError(t, err)
	require.Equal(t, files, again)
}

func TestMarksSayHowAMeasureFares(t *testing.T) {
	nan := math.NaN()
	g := measureGrid([]Measure{
		{Name: "agreeing", Unit: "of requests", Value: 0.5, Low: 0.4, High: 0.6, Expected: 0.55, N: 10},
		{Name: "differing", Value: 5, Low: 4, High: 6, Expected: 7, N: 10},
		{Name: "a count", Value: 5, Low: nan, High: nan, Expected: nan, N: 1},
	})
	require.Equal(t, []report.Cell{{Text: "agreeing"}, {Text: "50"}, {Text: "% of requests"}, {Text: "40 .. 60"}, {Text: "10"}, {Text: "55"}, {Text: "agrees", Mark: report.Good}}, g.Rows[0])
	require.Equal(t, report.Cell{Text: "differs", Mark: report.Bad}, g.Rows[1][6])
	require.Equal(t, []report.Cell{{Text: ""}, {Text: "1"}, {Text: ""}, {}}, g.Rows[2][3:])
	for v, want := range map[sim.Verdict]report.Mark{sim.Pass: report.Good, sim.Unseen: report.Doubt, sim.Undecided: report.Doubt, sim.LimitReached: report.Doubt,
		sim.Violation: report.Bad, sim.Liveness: report.Bad, sim.Panicked: report.Bad, sim.Nondeterminism: report.Bad} {
		require.Equal(t, want, verdictMark(v), v)
	}
}

func TestLargePicturesAreNotInTheReport(t *testing.T) {
	figures := runFigures([]File{{"trace.svg", []byte("<svg/>")}, {"a.svg", []byte("<svg/>")}, {"big.svg", make([]byte, largestPicture+1)}, {"a.png", nil}})
	require.Len(t, figures, 2)
	require.Equal(t, "a", figures[0].Name)
	require.Equal(t, "trace", figures[1].Name, "the space-time diagram comes last")
}

package experiments

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/batch"
	"lightcone/sim"
)

// lossy is a sweep whose answer is known: a round takes 1/(1-p)^2 pings on average. Further factors can be written
// behind it.
const lossy = `about: How many attempts does an answer take?
protocol: pingpong
params: {rounds: 400, retry: 100ms}
nodes: 2
duration: 1h
network: {latency: "uniform(5ms, 15ms)"}
seeds: 20
measure: [pings per round]
full: {seeds: 50, params.rounds: 4000}
vary:
  network.loss: [0, 0.1, 0.3]
  policy: {cases: {few: {params.rounds: 200}, many: {params.rounds: 800}}}
`

// declarationFile writes a declaration to a file, for NewSweep.
func declarationFile(t testing.TB, yaml string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "declared.yaml")
	require.NoError(t, os.WriteFile(file, []byte(yaml), 0o644))
	return file
}

func sweepOf(t testing.TB, yaml string, o SweepOptions) *Sweep {
	t.Helper()
	s, err := NewSweep(declarationFile(t, yaml), o)
	require.NoError(t, err)
	return s
}

// swept runs a sweep.
func swept(t testing.TB, yaml string, o SweepOptions) *Swept {
	t.Helper()
	return worked(t, sweepOf(t, yaml, o), 0)
}

func worked(t testing.TB, s *Sweep, workers int) *Swept {
	t.Helper()
	r, err := batch.Run(context.Background(), t.TempDir(), s.Task(), batch.Options{Workers: workers})
	require.NoError(t, err)
	w, err := s.Results(r)
	require.NoError(t, err)
	return w
}

// The grid is the product in the order of the declaration, the first factor the slowest.
func TestGridOrder(t *testing.T) {
	s := sweepOf(t, lossy+"  params.retry: [50ms, 100ms]\n", SweepOptions{})
	require.Equal(t, Extent{12, 240, 240}, s.Extent())
	var labels []string
	for i := range s.Extent().Points {
		p := s.Point(i)
		require.Equal(t, i, p.Index)
		labels = append(labels, p.Label)
	}
	require.Equal(t, []string{
		"network.loss=0, policy=few, params.retry=50ms", "network.loss=0, policy=few, params.retry=100ms",
		"network.loss=0, policy=many, params.retry=50ms", "network.loss=0, policy=many, params.retry=100ms",
		"network.loss=0.1, policy=few, params.retry=50ms",
	}, labels[:5])
	require.Equal(t, "network.loss=0.3, policy=many, params.retry=100ms", labels[11])
	require.Equal(t, []string{"network.loss=0.3", "params.rounds=800", "params.retry=100ms"}, s.Point(11).Set)

	require.True(t, s.Factors[0].Numeric)
	require.Equal(t, 0.3, s.Factors[0].Levels[2].Value)
	require.False(t, s.Factors[1].Numeric, "cases that are no numbers")
	require.Equal(t, "s", s.Factors[2].Unit)
	require.Equal(t, 0.05, s.Factors[2].Levels[0].Value)
}

// A level that is set by its text is what it is in the declaration, whatever its form.
func TestPointsAreOverrides(t *testing.T) {
	s := sweepOf(t, lossy+`  faults: [null, [{kind: crash, node: 1, at: 2s}], [{kind: pause, node: 0, at: 1s, for: 100ms}]]
  network.latency: ["uniform(1ms, 2ms)", 5ms, "12ms"]
  name with words: {cases: {"two, three": {limits: {events: 3000}, checks: [all rounds are played]}, "3": {}}}
`, SweepOptions{})
	require.Equal(t, 6*3*3*2, s.Extent().Points)
	for i := range s.Extent().Points {
		p := s.Point(i)
		at, err := s.At(p)
		require.NoError(t, err)
		again, err := s.Scenario.With(p.Set...)
		require.NoError(t, err)
		bare := again.document.clone()
		bare.keys = slices.DeleteFunc(bare.keys, func(k *key) bool { return k.name != "about" && slices.Contains(sections(), k.name) })
		require.Equal(t, bare.flow(), at.document.flow(), p.Label)
		require.Equal(t, again.set, at.set)
	}
}

func TestRanges(t *testing.T) {
	for text, want := range map[string]string{
		"{from: 10ms, to: 100ms, count: 5, scale: log}":          "10ms 17.78ms 31.62ms 56.23ms 100ms", // 10^(1/4) = 1.7783
		"{from: 0, to: 1, count: 5}":                             "0 0.25 0.5 0.75 1",
		"{from: 0.1, to: 0.5, step: 0.1}":                        "0.1 0.2 0.3 0.4 0.5",
		"{from: 1, to: 8, step: 3}":                              "1 4 7",
		"{from: 1, to: 1000, count: 7, scale: log, whole: true}": "1 3 10 32 100 316 1000",
		"{from: 1, to: 4, count: 7, scale: log, whole: true}":    "1 2 3 4",
		"{from: 1Mbit/s, to: 4Mbit/s, count: 3}":                 "1Mbit/s 2.5Mbit/s 4Mbit/s",
		"{from: 900ms, to: 1100ms, step: 100ms}":                 "900ms 1s 1.1s",
		"{from: 10ppm, to: 1000ppm, count: 3, scale: log}":       "10ppm 100ppm 1000ppm",
	} {
		d := &decoder{}
		v, problems := parse("a.yaml", []byte(text))
		require.Empty(t, problems)
		f := Variable{Name: "nodes", key: &key{name: "nodes", value: v, src: v.src, line: 1, column: 1}}
		f.fill(d, v, "$.vary.nodes")
		require.Empty(t, d.problems, text)
		var labels []string
		for _, s := range f.Levels {
			labels = append(labels, s.Label)
		}
		require.Equal(t, want, strings.Join(labels, " "), text)
	}
}

// A grid is not made before it is known to be small enough.
func TestLargeGrids(t *testing.T) {
	_, err := NewSweep(declarationFile(t, lossy), SweepOptions{Vary: []string{"network.loss={from: 0, to: 0.9, count: 1000}",
		"params.rounds={from: 1, to: 1000, count: 1000}", "policy=few", "duration={from: 1s, to: 1000s, count: 1000}"}})
	require.ErrorContains(t, err, "got params.rounds, which policy sets too")
	_, err = NewSweep(declarationFile(t, lossy), SweepOptions{Vary: []string{"network.loss={from: 0, to: 0.9, count: 1000}",
		"params.retry={from: 1s, to: 1000s, count: 1000}", "duration={from: 1s, to: 1000s, count: 1000}"}})
	require.ErrorContains(t, err, "has 2000000000 points (network.loss 1000 x policy 2 x params.retry 1000 x duration 1000), want at most 1000000")

	s := sweepOf(t, lossy, SweepOptions{Vary: []string{"network.loss={from: 0, to: 0.9, count: 600}"}})
	require.Equal(t, Extent{1200, 24000, 24000}, s.Extent())
	require.NoError(t, s.Check())
	s = sweepOf(t, strings.Replace(lossy, "1h", "3h", 1), SweepOptions{Vary: []string{"network.loss={from: 0, to: 0.9, count: 300}",
		"faults=[null, [{kind: heal, at: 2h}]]", "more={cases: {none: {}, short: {duration: 1h}}}"}})
	require.ErrorContains(t, s.Check(), `$.faults[0].at: got "2h", want at most the scenario's duration, 1h0m0s (at network.loss=0, policy=few, faults=[{kind: "heal", at: "2h"}], more=short and 599 more)`,
		"what no level shows by itself")
}

// Common random numbers: another level, or another factor's, changes nothing of the rows that were there.
func TestCommonRandomNumbers(t *testing.T) {
	rows := func(w *Swept) map[string]string {
		m := map[string]string{}
		for _, r := range w.Table.Rows {
			m[w.Sweep.Point(r.Point).Label+Hex(r.Seed)] = r.Digest
		}
		return m
	}
	few := rows(swept(t, lossy, SweepOptions{Vary: []string{"network.loss=0,0.3"}}))
	many := rows(swept(t, lossy, SweepOptions{Seeds: "1..25"}))
	require.Len(t, few, 2*2*20)
	require.Len(t, many, 3*2*25)
	for run, digest := range few {
		require.Equal(t, digest, many[run], run)
	}
}

// The same bytes, whatever the number of cores; and nothing but those of another sweep may lie where they go.
func TestSweepFiles(t *testing.T) {
	yaml := lossy + "baseline: {policy: few}\nexpect: [{measure: pings per round, value: 1/(1-loss)^2}]\nplot: [{x: network.loss, y: pings per round, by: policy}]\n"
	var first []File
	for _, workers := range []int{1, 2, 8} {
		files, err := worked(t, sweepOf(t, yaml, SweepOptions{}), workers).ResultFiles()
		require.NoError(t, err)
		if first == nil {
			first = files
		}
		require.Equal(t, first, files, "%d workers", workers)
	}
	require.Subset(t, names(first), []string{"study.yaml", "runs.csv", "summary.csv", "summary.json", "runs.parquet", "report.html", "report.md",
		"pings-per-round-loss-policy.svg", "pings-per-round-loss-policy.png"})
	require.Equal(t, manifestFile, first[len(first)-1].Name)

	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, Save(dir, first))
	require.NoError(t, Save(dir, first), "its like is replaced")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644))
	require.ErrorContains(t, CanSave(dir), "notes.txt")
}

// What is declared is read back from its own results.
func TestStudyFileRepeats(t *testing.T) {
	s := sweepOf(t, lossy, SweepOptions{Vary: []string{"policy=many"}, Seeds: "3", Set: []string{"params.retry=70ms"}})
	require.Equal(t, "lightcone sweep study.yaml --set params.retry=70ms --set "+
		`'vary.policy={cases: {"many": {"params.rounds": 800}}}' --set seeds=3`, s.Command())
	again := sweepOf(t, s.Scenario.Source(), SweepOptions{Set: s.Scenario.Set()})
	require.Equal(t, s.Point(1), again.Point(1))
	require.Equal(t, s.Extent(), again.Extent())
}

// A measure that no run has is reported after one run, before the sweep goes on.
func TestMissingMeasure(t *testing.T) {
	s := sweepOf(t, lossy, SweepOptions{Measure: []string{"pings per ruond"}})
	task := s.Task()
	var runs atomic.Int64
	run := task.Run
	task.Run = func(j batch.Job) ([]byte, error) { runs.Add(1); return run(j) }
	_, err := batch.Run(context.Background(), t.TempDir(), task, batch.Options{Workers: 2})
	require.ErrorContains(t, err, `--measure pings per ruond: $.measure[0]: got "pings per ruond", which no run measures, want one of rounds, pings per round; nearest is pings per round`)
	require.LessOrEqual(t, runs.Load(), int64(2), "one for each worker, and all but one of them wait")
}

// A run that fails is counted, and kept as a file that repeats it; what it measured counts.
func TestFailingRuns(t *testing.T) {
	w := swept(t, `protocol: raft
nodes: 3
duration: 2s
seeds: 6
clients: {count: 2, timeout: 100ms, workload: {think: 10ms}}
vary: {params.bug: ["", quorum-off-by-one]}
`, SweepOptions{})
	all, failures := w.Runs()
	require.Equal(t, 12, all)
	require.GreaterOrEqual(t, failures, 4)
	require.Len(t, w.Failures, failuresPerPoint)
	require.Zero(t, w.Table.Failed(0).Value)
	require.InDelta(t, float64(failures)/6, w.Table.Failed(1).Value, 1e-9)
	for i, f := range w.Failures {
		require.Equal(t, 1, f.Point)
		r, err := ReadRepro(f.Repro, w.Repros[i].Data)
		require.NoError(t, err)
		require.Equal(t, f.Check, r.Property)
		p, err := r.Plan()
		require.NoError(t, err)
		o, err := p.Execute(Execution{Record: true})
		require.NoError(t, err)
		require.Nil(t, r.Compare(o))
		require.Equal(t, sim.Violation, o.Verdict())
		s, err := p.Scenario.With("network.latency=2ms")
		require.NoError(t, err)
		p, err = s.Plan(f.Seed)
		require.NoError(t, err)
		o, err = p.Execute(Execution{})
		require.NoError(t, err)
		d := r.Compare(o)
		require.True(t, d.First > 0 && d.Last < r.Records, "its trail tells where another run parts from it: %v", d)
	}
	_, err := w.ResultFiles()
	require.NoError(t, err)
}

func TestFullSweep(t *testing.T) {
	s := sweepOf(t, lossy, SweepOptions{Full: true})
	require.Equal(t, Extent{6, 300, 300}, s.Extent())
	require.Equal(t, []string{"seeds=50", "params.rounds=4000"}, s.Scenario.Set())
	s = sweepOf(t, lossy, SweepOptions{Full: true, Set: []string{"seeds=7"}})
	require.Equal(t, 42, s.Extent().Most, "what the command line sets goes over it")
	s = sweepOf(t, lossy, SweepOptions{Full: true, Set: []string{"full={vary.network.loss: [0.2]}"}})
	require.Equal(t, 2, s.Extent().Points, "a factor by its key")
	_, err := NewSweep(declarationFile(t, served), SweepOptions{Full: true})
	require.ErrorContains(t, err, "has no section full")
}

func TestSweepOptions(t *testing.T) {
	labels := func(vary ...string) (list []string) {
		s := sweepOf(t, lossy, SweepOptions{Vary: vary})
		for i := range s.Extent().Points {
			list = append(list, s.Point(i).Label)
		}
		return list
	}
	require.Equal(t, []string{"network.loss=0.2, policy=many"}, labels("network.loss=0.2", "policy=many"))
	require.Equal(t, []string{"network.loss=0.2, policy=many, network.latency=uniform(1ms, 2ms)", "network.loss=0.2, policy=many, network.latency=5ms"},
		labels("network.loss=0.2", "policy=many", "network.latency=uniform(1ms, 2ms),5ms"))
	require.Len(t, labels("network.loss=[0, 0.5]", "policy=few"), 2)
	require.Len(t, labels("network.loss={from: 0, to: 0.5, count: 6}", "policy=few"), 6)
	yaml := lossy + "baseline: {policy: few}\nexpect: [{measure: pings per round, value: 1, where: {network.loss: 0}}]\n" +
		"plot: [{x: network.loss, y: pings per round, where: {policy: few}}]\n"
	w := swept(t, yaml, SweepOptions{Vary: []string{"network.loss=0.1", "policy=many"}})
	require.Empty(t, w.Expectations, "what was expected where nothing is run now")
	require.Empty(t, w.Differences())
	_, undrawn := w.figures()
	require.Len(t, undrawn, 1)
	_, err := NewSweep(declarationFile(t, strings.Replace(yaml, "policy: few}", "policy: fw}", 1)), SweepOptions{})
	require.ErrorContains(t, err, `$.baseline.policy: got "fw", which is no level of policy, want one of few, many; nearest is few`)
	for option, want := range map[string]string{
		"network.loss":     `--vary is "network.loss", want key=a,b,c`,
		"network.loss=":    `want key=a,b,c`,
		"network.loss=0,2": `--vary network.loss=0,2: $.network.loss: got 2, want a probability from 0 to 1 (at network.loss=2, policy=few and 1 more)`,
		"policy=fwe":       `--vary policy is "fwe", want one of few, many; nearest is few`,
		"los=1":            `--vary los=1: $.los: got the unknown key los`,
		"seeds=1":          `--vary seeds=1: $.vary.seeds: got seeds, want a key that a run goes by`,
	} {
		_, err := NewSweep(declarationFile(t, lossy), SweepOptions{Vary: []string{option}})
		require.ErrorContains(t, err, want)
	}
	_, err = NewSweep(declarationFile(t, lossy), SweepOptions{Seeds: "9..1"})
	require.ErrorContains(t, err, `--seeds 9..1: $.seeds: got "9..1", want a first seed that is not after the last`)
	_, err = NewSweep(declarationFile(t, lossy), SweepOptions{Set: []string{"seeds={first: 18446744073709551610, count: 7}"}})
	require.ErrorContains(t, err, `$.seeds.first: got 18446744073709551610, want at most 18446744073709551609: there are to be 7 seeds`)
	_, err = NewSweep(declarationFile(t, lossy), SweepOptions{Set: []string{"seeds={first: 18446744073709551610, count: 6}"}})
	require.NoError(t, err)
}

// TestPointErrorsGolden pins what is said of points that cannot be run, and of what is expected there.
func TestPointErrorsGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/sweeps/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		_, err := NewSweep(file, SweepOptions{})
		require.Error(t, err)
		text := strings.ReplaceAll(err.Error(), filepath.Dir(file)+string(filepath.Separator), "")
		if *update {
			require.NoError(t, os.WriteFile(file+".want", []byte(text+"\n"), 0o644))
		}
		want, err := os.ReadFile(file + ".want")
		require.NoError(t, err)
		require.Equal(t, string(want), text+"\n")
	}
}

// What a sweep keeps of a run is what running it alone measures.
func TestLeanRuns(t *testing.T) {
	for _, yaml := range []string{lossy, transient, "protocol: raft\n" + electing, served + "availability: {probes: 20/s}\nfaults: [{kind: crash, node: 0, at: 1s, for: 300ms}]\n"} {
		s, err := Read("a.yaml", []byte(yaml))
		require.NoError(t, err)
		run := func(x Execution) *Outcome {
			p, err := s.Plan(7)
			require.NoError(t, err)
			o, err := p.Execute(x)
			require.NoError(t, err)
			return o
		}
		lean, whole := run(Execution{Lean: true}), run(Execution{})
		require.Equal(t, whole.Result.Digest, lean.Result.Digest)
		require.Equal(t, fmt.Sprint(whole.Measures), fmt.Sprint(lean.Measures), "as texts, in which what is not a number equals itself")
		require.Equal(t, whole.Verdicts, lean.Verdicts)
		require.Empty(t, lean.Files)
		require.Empty(t, lean.Trail.Steps)
	}
}

// BenchmarkSweptRun is a run as a sweep makes it, beside one with verdicts alone, and one with its trail.
func BenchmarkSweptRun(b *testing.B) {
	for _, c := range []struct{ name, yaml string }{
		{"pingpong, 400 rounds", lossy},
		{"raft, an election", "protocol: raft\n" + electing},
		{"raft, 2 s of two clients", "protocol: raft\nnodes: 3\nduration: 2s\nclients: {count: 2, timeout: 100ms, workload: {think: 10ms}}\n"},
	} {
		s, err := Read("a.yaml", []byte(c.yaml))
		require.NoError(b, err)
		for _, x := range []struct {
			name string
			Execution
		}{{"quick", Execution{Quick: true}}, {"swept", Execution{Lean: true}}, {"with trail", Execution{}}} {
			b.Run(c.name+"/"+x.name, func(b *testing.B) {
				seed := uint64(0)
				for b.Loop() {
					seed++
					p, err := s.Plan(seed)
					require.NoError(b, err)
					_, err = p.Execute(x.Execution)
					require.NoError(b, err)
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
			})
		}
	}
}

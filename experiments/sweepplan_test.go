package experiments

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/batch"
)

// A plan is the sweep again, with its options and the files it reads, wherever it is read.
func TestSweepPlan(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
		return filepath.Join(dir, name)
	}
	write("outages.csv", "node,from,to\n0,100ms,200ms\n")
	mine := write("mine.yaml", "protocol: pingpong\nnodes: 3\nduration: 1s\nfaults: [{kind: crash, trace: outages.csv}]\nvary: {network.loss: [0, 0.1]}\nfull: {seeds: 9}\n")
	for _, c := range []struct {
		name, arg string
		o         SweepOptions
	}{
		{"a file", mine, SweepOptions{}},
		{"options", mine, SweepOptions{Set: []string{"nodes=4"}, Vary: []string{"params.rounds=3,5"}, Seeds: "7..9", Measure: []string{"rounds"}, Full: true}},
		{"a study", "pingpong-loss", SweepOptions{Seeds: "3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, err := NewSweep(c.arg, c.o)
			require.NoError(t, err)
			data := want.Plan().JSON()
			got, err := ReadSweepPlan("plan.json", data)
			require.NoError(t, err)
			require.Equal(t, want.Key(), got.Key())
			require.Equal(t, want.Task().About, got.Task().About)
			require.Equal(t, want.Study, got.Study)
			require.Equal(t, want.Extent(), got.Extent())
			require.Equal(t, want.Scenario.Files(), got.Scenario.Files())
			require.Equal(t, string(data), string(got.Plan().JSON()))
			a, err := want.runSeed(0, 1)
			require.NoError(t, err)
			b, err := got.runSeed(0, 1)
			require.NoError(t, err)
			require.Equal(t, string(a), string(b))
		})
	}
}

// A file that a scenario reads is of what is run: with another text in it the sweep is another one, and it says so.
func TestSweepOfAnotherFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
		return name
	}
	scenario := write("mine.yaml", "protocol: pingpong\nnodes: 3\nduration: 1s\nfaults: [{kind: crash, trace: outages.csv}]\n")
	var sweeps []*Sweep
	for _, end := range []string{"200ms", "200ms", "300ms"} {
		write("outages.csv", "node,from,to\n0,100ms,"+end+"\n")
		s, err := NewSweep(scenario, SweepOptions{})
		require.NoError(t, err)
		sweeps = append(sweeps, s)
	}
	require.Equal(t, sweeps[0].Key(), sweeps[1].Key())
	require.NotEqual(t, sweeps[0].Key(), sweeps[2].Key())
	differ := batch.Differences(sweeps[0].Task().About, sweeps[2].Task().About)
	require.Len(t, differ, 1)
	require.Regexp(t, `^files outages\.csv [0-9a-f]{16}$`, differ[0].There)
}

func TestSweepPlanRefuses(t *testing.T) {
	s, err := NewSweep("pingpong-loss", SweepOptions{Seeds: "3"})
	require.NoError(t, err)
	good := s.Plan()
	for _, c := range []struct {
		name   string
		change func(p *SweepPlan)
		says   string
	}{
		{"another format", func(p *SweepPlan) { p.Format = "lightcone repro 1" }, "plan.json is no plan of a sweep, want a file that lightcone plan has written"},
		{"another version", func(p *SweepPlan) { p.Version = "0.0.1" }, `plan.json is of version "0.0.1", want ` + Version},
		{"another text", func(p *SweepPlan) { p.Source += "\n# more\n" }, "plan.json has key " + good.Key + ", want "},
		{"other settings", func(p *SweepPlan) { p.Set = []string{"seeds=4"} }, "plan.json has key " + good.Key + ", want "},
		{"another key", func(p *SweepPlan) { p.Key = "00" }, "plan.json has key 00, want " + good.Key},
		{"no key", func(p *SweepPlan) { p.Key = "" }, "$.key"},
		{"a study that is none", func(p *SweepPlan) { p.Study = "pingpong-los" }, `study is "pingpong-los", want one of pingpong-loss, `},
		{"a wrong scenario", func(p *SweepPlan) { p.Source = "protocol: pingpong\nnodes: 0\n" }, "$.nodes: got 0, want at least 1"},
		{"a wrong setting", func(p *SweepPlan) { p.Set = []string{"seeds=none"} }, "seeds=none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := *good
			c.change(&p)
			_, err := ReadSweepPlan("plan.json", p.JSON())
			require.ErrorContains(t, err, c.says)
		})
	}
	unknown := strings.Replace(string(good.JSON()), `"about"`, `"abuot"`, 1)
	_, err = ReadSweepPlan("plan.json", []byte(unknown))
	require.ErrorContains(t, err, "abuot")
	require.ErrorContains(t, err, "$.about: got nothing")
	_, err = ReadSweepPlan("plan.json", []byte("[1"))
	require.ErrorContains(t, err, "plan.json:1")
}

// FuzzSweepPlan: whatever the bytes, a plan is read as a sweep that is planned so, or refused.
func FuzzSweepPlan(f *testing.F) {
	s, err := NewSweep("pingpong-loss", SweepOptions{Seeds: "3", Vary: []string{"nodes=2,3"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Plan().JSON())
	f.Add([]byte(`{"format": "lightcone plan 1", "version": "` + Version + `"}`))
	f.Add([]byte("format: lightcone plan 1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ReadSweepPlan("plan.json", data)
		if err != nil {
			return
		}
		var p SweepPlan
		if err := json.Unmarshal(s.Plan().JSON(), &p); err != nil || p.Key != s.Key() {
			t.Fatalf("planned as %+v, %v", p, err)
		}
	})
}

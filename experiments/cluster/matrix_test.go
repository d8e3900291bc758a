package cluster

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// workflow is what the test reads of matrix.yaml.
type workflow struct {
	Jobs map[string]struct {
		Needs    string
		Strategy struct{ Matrix struct{ Index []int } }
		Steps    []struct {
			Uses, Run string
			With      map[string]any
		}
	}
}

// runner plays the machines that run a workflow: each job in a directory of its own, with artifacts between them.
type runner struct {
	t         *testing.T
	dir       string
	flow      workflow
	artifacts map[string]string // their directories
	values    map[string]string // of expressions
}

func (r *runner) expand(text string) string {
	for name, value := range r.values {
		text = strings.ReplaceAll(text, "${{ "+name+" }}", value)
	}
	require.NotContains(r.t, text, "${{")
	return text
}

// job runs the steps of a job, and returns its directory.
func (r *runner) job(name string) string {
	r.t.Helper()
	dir := r.t.TempDir()
	for _, step := range r.flow.Jobs[name].Steps {
		with := map[string]string{}
		for k, v := range step.With {
			if text, ok := v.(string); ok {
				with[k] = r.expand(text)
			}
		}
		switch use, _, _ := strings.Cut(step.Uses, "@"); use {
		case "actions/checkout":
			require.NoError(r.t, os.CopyFS(dir, os.DirFS(r.dir)))
		case "actions/setup-go":
		case "actions/upload-artifact":
			r.upload(dir, with)
		case "actions/download-artifact":
			r.download(dir, with)
		case "":
			r.run(dir, r.expand(step.Run))
		default:
			require.Fail(r.t, "unknown action "+use)
		}
	}
	return dir
}

func (r *runner) run(dir, line string) {
	r.t.Helper()
	if strings.Contains(line, "go build -o lightcone ./cmd/lightcone") {
		line = "cp " + filepath.Join(bin, "lightcone") + " ."
	}
	shell(r.t, dir, "bash", "-ec", "SWEEP='swept.yaml'\n"+line)
}

// upload keeps files as the action does: a single one by its name, several or a directory as they lie below.
func (r *runner) upload(dir string, with map[string]string) {
	r.t.Helper()
	to := r.t.TempDir()
	r.artifacts[with["name"]] = to
	paths := strings.Fields(with["path"])
	for _, p := range paths {
		info, err := os.Stat(filepath.Join(dir, p))
		require.NoError(r.t, err)
		if info.IsDir() {
			require.Len(r.t, paths, 1)
			require.NoError(r.t, os.CopyFS(to, os.DirFS(filepath.Join(dir, p))))
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		require.NoError(r.t, err)
		if len(paths) == 1 {
			p = filepath.Base(p)
		}
		require.NoError(r.t, os.MkdirAll(filepath.Dir(filepath.Join(to, p)), 0o755))
		require.NoError(r.t, os.WriteFile(filepath.Join(to, p), data, 0o644)) // modes are lost
	}
}

func (r *runner) download(dir string, with map[string]string) {
	r.t.Helper()
	found := false
	for name, from := range r.artifacts {
		match, err := filepath.Match(with["pattern"], name)
		require.NoError(r.t, err)
		if name == with["name"] || match {
			found = true
			require.NoError(r.t, os.CopyFS(filepath.Join(dir, with["path"]), os.DirFS(from)))
		}
	}
	require.True(r.t, found)
}

// The jobs of the matrix make the sweep.
func TestMatrix(t *testing.T) {
	data, err := os.ReadFile("matrix.yaml")
	require.NoError(t, err)
	r := &runner{t: t, dir: swept(t), artifacts: map[string]string{}, values: map[string]string{}}
	require.NoError(t, yaml.Unmarshal(data, &r.flow))
	require.Equal(t, "plan", r.flow.Jobs["part"].Needs)
	require.Equal(t, "part", r.flow.Jobs["merge"].Needs)
	r.job("plan")
	index := r.flow.Jobs["part"].Strategy.Matrix.Index
	r.values["strategy.job-total"] = strconv.Itoa(len(index))
	for _, i := range index {
		r.values["matrix.index"] = strconv.Itoa(i)
		r.job("part")
	}
	dir := r.job("merge")
	same(t, filepath.Join(r.dir, "whole"), filepath.Join(dir, "results"))
	same(t, filepath.Join(r.dir, "whole"), r.artifacts["results"])
}

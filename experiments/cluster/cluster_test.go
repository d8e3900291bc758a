package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

const scenario = `name: swept
protocol: pingpong
nodes: 3
duration: 2s
params: {rounds: 20, retry: 50ms}
network: {latency: "uniform(1ms, 10ms)"}
seeds: 7
vary:
  network.loss: [0, 0.1, 0.2]
`

// bin is the directory in which the command is, built once for all tests.
var bin string

func TestMain(m *testing.M) {
	code, err := withCommand(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func withCommand(m *testing.M) (code int, err error) {
	if bin, err = os.MkdirTemp("", "cluster"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(bin)) }()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "lightcone"), "lightcone/cmd/lightcone").CombinedOutput(); err != nil {
		return 0, errors.Join(err, errors.New(string(out)))
	}
	return m.Run(), nil
}

// shell runs a program in a directory, with the command on its path, and returns what it prints.
func shell(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := program(dir, name, args...).CombinedOutput()
	require.NoError(t, err, "%s %v: %s", name, args, out)
	return string(out)
}

func program(dir, name string, args ...string) *exec.Cmd {
	if name == "lightcone" {
		name = filepath.Join(bin, name)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	return cmd
}

// swept is a directory with the scenario, the results of its sweep in one process (whole) and a plan (plan).
func swept(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "swept.yaml"), []byte(scenario), 0o644))
	shell(t, dir, "lightcone", "sweep", "swept.yaml", "--out", "whole")
	shell(t, dir, "lightcone", "plan", "swept.yaml", "--out", "plan")
	return dir
}

// same requires two directories to have the same files.
func same(t *testing.T, want, got string) {
	t.Helper()
	files, err := os.ReadDir(want)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	others, err := os.ReadDir(got)
	require.NoError(t, err)
	require.Len(t, others, len(files))
	for _, f := range files {
		a, err := os.ReadFile(filepath.Join(want, f.Name()))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(got, f.Name()))
		require.NoError(t, err)
		require.Equal(t, string(a), string(b), f.Name())
	}
}

func script(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	require.NoError(t, err)
	return path
}

func TestParallel(t *testing.T) {
	if _, err := exec.LookPath("parallel"); err != nil {
		t.Skip("no GNU parallel: apt-get install parallel")
	}
	dir := swept(t)
	shell(t, dir, script(t, "parallel.sh"), "plan", "3", "results", "--jobs", "2")
	same(t, filepath.Join(dir, "whole"), filepath.Join(dir, "results"))
}

// Scripts that are called wrongly say so, and start nothing.
func TestScriptsRefuse(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"parallel.sh", "slurm.sh"} {
		for _, c := range []struct {
			args []string
			says string
		}{
			{[]string{dir}, "1 arguments, want a directory with a plan, a number of parts and a directory for results"},
			{[]string{dir, "0", "out"}, "number of parts is 0, want 1 or more"},
			{[]string{dir, "some", "out"}, "number of parts is some, want 1 or more"},
		} {
			out, err := program(dir, script(t, name), c.args...).CombinedOutput()
			require.Error(t, err)
			require.Equal(t, name+": "+c.says+"\n", string(out))
		}
	}
}

// job is what the test reads of a Kubernetes Job.
type job struct {
	Kind string
	Spec struct {
		CompletionMode           string `yaml:"completionMode"`
		Completions, Parallelism int
		Template                 struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Containers    []struct {
					Command, Args []string
					Env           []struct{ Name, Value string }
					VolumeMounts  []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
				Volumes []struct{ Name string }
			}
		}
	}
}

// The commands of the Jobs, with the index that Kubernetes would give each pod, make the sweep.
func TestKubernetes(t *testing.T) {
	dir := swept(t)
	data, err := os.ReadFile("kubernetes.yaml")
	require.NoError(t, err)
	var jobs []job
	for d := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var j job
		err := d.Decode(&j)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if j.Kind == "Job" {
			jobs = append(jobs, j)
		}
	}
	require.Len(t, jobs, 2)
	parts, merge := jobs[0].Spec, jobs[1].Spec
	require.Equal(t, "Indexed", parts.CompletionMode)
	require.Equal(t, parts.Completions, parts.Parallelism)
	run := func(j job, values map[string]string) {
		c := j.Spec.Template.Spec.Containers[0]
		require.Equal(t, "/sweep", c.VolumeMounts[0].MountPath)
		require.Equal(t, "/sweep/plan.json", c.VolumeMounts[1].MountPath)
		for i, v := range j.Spec.Template.Spec.Volumes {
			require.Equal(t, v.Name, c.VolumeMounts[i].Name)
		}
		for _, e := range c.Env {
			if e.Value != "" {
				values[e.Name] = e.Value
			}
		}
		var args []string
		for _, a := range c.Args {
			for name, value := range values {
				a = strings.ReplaceAll(a, "$("+name+")", value)
			}
			args = append(args, strings.Replace(a, "/sweep", filepath.Join(dir, "plan"), 1))
		}
		shell(t, dir, c.Command[0], args...)
	}
	for i := range parts.Completions {
		run(jobs[0], map[string]string{"JOB_COMPLETION_INDEX": strconv.Itoa(i)})
	}
	require.Equal(t, "Never", merge.Template.Spec.RestartPolicy)
	run(jobs[1], map[string]string{})
	same(t, filepath.Join(dir, "whole"), filepath.Join(dir, "plan", "results"))
}

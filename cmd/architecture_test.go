package cmd_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// forbidden says which edges the import graph must not have: no package under From may depend on one under To. The
// shared leaves are what one protocol may have of another.
func forbidden(from, to string) bool {
	in := func(p, dir string) bool { return p == "lightcone/"+dir || strings.HasPrefix(p, "lightcone/"+dir+"/") }
	leaf := to == "lightcone/protocols/kv" || to == "lightcone/protocols/traffic" || to == "lightcone/protocols/consensus"
	switch {
	case from == to:
		return false
	case from == "lightcone/sim":
		return true
	case in(from, "sim"):
		return !in(to, "sim")
	case in(from, "models/reliability"):
		return true // pure mathematics: nothing of ours
	case in(from, "models"):
		return !in(to, "models") && !in(to, "sim")
	case from == "lightcone/protocols":
		return !in(to, "protocols") && !in(to, "sim")
	case in(from, "protocols"):
		return !leaf && to != "lightcone/sim" && !in(to, "sim")
	case in(from, "experiments"):
		return in(to, "cmd")
	}
	return false
}

func TestImportGraph(t *testing.T) {
	for from, deps := range imports(t) {
		for _, to := range deps {
			if strings.HasPrefix(to, "lightcone/") && forbidden(from, to) {
				t.Errorf("%s depends on %s, want no such edge", from, to)
			}
		}
	}
}

// TestEngineIsStandardLibrary keeps sim and what engineers link into their tests free of other modules; only sim/check
// has porcupine, for its picture.
func TestEngineIsStandardLibrary(t *testing.T) {
	for from, deps := range imports(t) {
		if from != "lightcone/sim" && !strings.HasPrefix(from, "lightcone/sim/") {
			continue
		}
		for _, to := range deps {
			if from == "lightcone/sim/check" && to == "github.com/anishathalye/porcupine" {
				continue
			}
			if first, _, _ := strings.Cut(to, "/"); strings.Contains(first, ".") {
				t.Errorf("%s depends on %s, want the standard library only", from, to)
			}
		}
	}
}

func TestTheForbiddenEdgesAreForbidden(t *testing.T) {
	for _, e := range [][2]string{
		{"lightcone/sim", "lightcone/models/dist"},
		{"lightcone/sim", "lightcone/sim/trace"},
		{"lightcone/sim/trace", "lightcone/models/dist"},
		{"lightcone/protocols/lamport", "lightcone/models/clock"},
		{"lightcone/models/clock", "lightcone/protocols/lamport"},
		{"lightcone/models/reliability", "lightcone/sim"},
		{"lightcone/models/reliability", "lightcone/models/dist"},
		{"lightcone/protocols/lamport", "lightcone/protocols/vector"},
		{"lightcone/experiments", "lightcone/cmd/lightcone"},
	} {
		require.True(t, forbidden(e[0], e[1]), "%s -> %s", e[0], e[1])
	}
	require.False(t, forbidden("lightcone/protocols/lamport", "lightcone/protocols/traffic"))
	require.False(t, forbidden("lightcone/experiments", "lightcone/protocols/lamport"))
}

// imports returns, for each package of the module, all that it depends on.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, "lightcone/...").Output()
	require.NoError(t, err)
	graph := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		graph[f[0]] = f[1:]
	}
	require.Contains(t, graph, "lightcone/sim")
	return graph
}

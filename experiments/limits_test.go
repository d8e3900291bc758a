package experiments

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHostile feeds what must be refused without a stack or the memory running out.
func TestHostile(t *testing.T) {
	const mega = MaxSize / 4
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := byte('b'); c <= 'z'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 9) + "*" + string(c-1) + "]\n"
	}
	for _, c := range []struct{ name, yaml, got string }{
		{"too large", strings.Repeat("#", MaxSize+1), "1048577 bytes"},
		{"alias bomb", bomb, "an anchor"},
		{"brackets", strings.Repeat("[", mega), "nested deeper"},
		{"braces", strings.Repeat("{a: ", mega/4), "nested deeper"},
		{"dashes", strings.Repeat("- ", mega/2), "nested deeper"},
		{"question marks", strings.Repeat("? ", mega/2), "nested deeper"},
		{"brackets on lines of their own", strings.Repeat("[ # ]\n", mega/6), "nested deeper"},
		{"brackets behind quotes", `a: ["]", ` + strings.Repeat(`["]", `, 100), "nested deeper"},
		{"colons", strings.Repeat("a: ", mega/3), ""},
		{"indentation", stairs(1000), "nested deeper"},
		{"keys", strings.Repeat("a: 1\n", 2000), "more than 1000 keys"},
		{"keys with a gap", strings.Repeat("a:\n  b: 1\n", 2000), "more than 1000 keys"},
		{"complex keys", strings.Repeat("? a\n", 2000), "more than 1000 keys"},
		{"tags", strings.Repeat("!!a ", mega/4), "a tag"},
		{"zero byte", "protocol: pingpong\nnodes: 2\nabout: \"a\\0b\"\n", "zero byte"},
		{"not UTF-8", "protocol: pingpong\nnodes: 2\nabout: \xff\n", "not UTF-8"},
		{"many documents", strings.Repeat("---\na: 1\n", 1000), "a second document"},
		{"documents that end", "a: 1\n...\nb: 2\n", "a second document"},
		{"endless number", "protocol: pingpong\nnodes: " + strings.Repeat("9", 10000), ""},
		{"large exponent", "protocol: pingpong\nnodes: 1e999999999\n", "1e999999999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("a.yaml", []byte(c.yaml))
			require.Error(t, err)
			require.Contains(t, err.Error(), c.got)
			require.Less(t, len(err.Error()), 100_000)
		})
	}
}

// stairs is a mapping nested by indentation alone.
func stairs(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// A file too large is refused by its size: this one has 100 MB and takes none on disk.
func TestLargeFileIsNotRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.yaml")
	require.NoError(t, os.WriteFile(name, nil, 0o644))
	require.NoError(t, os.Truncate(name, 100<<20))
	_, _, err := Open(name)
	require.ErrorContains(t, err, "large.yaml: got a file of 104857600 bytes, want at most 1048576")
}

func TestOpenUnknown(t *testing.T) {
	_, _, err := Open("clock-wan")
	require.ErrorContains(t, err, `experiments: scenario is "clock-wan", want a file or a built-in name: one of `+strings.Join(studyNames()[:10], ", "))
	require.ErrorContains(t, err, `; nearest is clocks-wan`)
	_, _, err = Open(t.TempDir())
	require.ErrorContains(t, err, "is a directory, want a file")
}

// Nothing takes time that grows with the square of what is wrong.
func TestVeryWrong(t *testing.T) {
	var keys, nodes strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&keys, "k%d: 1, ", i)
		fmt.Fprintf(&nodes, "%d,", i)
	}
	list := "[" + nodes.String() + "0]"
	for name, yaml := range map[string]string{
		"unknown keys":  "{" + keys.String() + "z: 1}",
		"many nodes":    "protocol: clocks\nnodes: 30000\nfaults: [{kind: partition, at: 1s, nodes: " + list + "}]\n",
		"both sides":    "protocol: clocks\nnodes: 30000\nfaults: [{kind: partition, at: 1s, from: " + list + ", to: " + list + "}]\n",
		"wrong nodes":   "protocol: clocks\nnodes: 7\nfaults: [{kind: crash, at: 1s, nodes: " + list + "}]\n",
		"wrong regions": "protocol: clocks\nnetwork: {matrix: aws}\nregions: " + list + "\n",
		"wrong checks":  "protocol: clocks\nnodes: 2\nchecks: " + list + "\n",
	} {
		_, err := Read("a.yaml", []byte(yaml))
		require.Error(t, err, name)
	}
}

// A long list of faults is read in full, and only the first problems of very many are printed.
func TestLongScenario(t *testing.T) {
	long := "protocol: clocks\nnodes: 3\nduration: 1h\nfaults:\n" + strings.Repeat("- {kind: crash, node: 1, at: 1s, for: 1s}\n", 5000)
	s, err := Read("a.yaml", []byte(long))
	require.NoError(t, err)
	require.Len(t, s.Faults, 5000)

	_, err = Read("a.yaml", []byte(strings.ReplaceAll(long, "node: 1", "node: 7")))
	require.ErrorContains(t, err, "and 4950 more problems")
}

package experiments

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// entries lists a directory, hidden files too.
func entries(t testing.TB, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func manifested(text string) []File {
	return []File{{"a.txt", []byte(text)}, {manifestFile, []byte(`{"format": "` + manifestFormat + `", "files": [{"name": "a.txt"}, {"name": "b.txt"}]}`)}}
}

func TestSaveReplacesItsOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "results")
	require.NoError(t, Save(dir, append(manifested("one"), File{"b.txt", nil})))
	require.Equal(t, []string{"a.txt", "b.txt", manifestFile}, entries(t, dir))
	require.NoError(t, Save(dir, manifested("two")))
	require.Equal(t, []string{"a.txt", manifestFile}, entries(t, dir))
	data, err := os.ReadFile(filepath.Join(dir, "a.txt"))
	require.NoError(t, err)
	require.Equal(t, "two", string(data))
	require.Equal(t, []string{"results"}, entries(t, filepath.Dir(dir)), "nothing is left beside it")
}

func TestSaveIsCompleteOrNotAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results")
	broken := append(manifested("two"), File{"no\x00name", nil})
	require.ErrorContains(t, Save(dir, broken), "cannot be written")
	require.Empty(t, entries(t, filepath.Dir(dir)))

	require.NoError(t, Save(dir, manifested("one")))
	require.ErrorContains(t, Save(dir, broken), "cannot be written")
	data, err := os.ReadFile(filepath.Join(dir, "a.txt"))
	require.NoError(t, err)
	require.Equal(t, "one", string(data), "the earlier results stand")
	require.Equal(t, []string{"results"}, entries(t, filepath.Dir(dir)))
}

func TestSaveTouchesNothingElse(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("x"), 0o644))
	require.ErrorContains(t, Save(dir, manifested("one")), "holds another file (thesis.txt)")
	require.Equal(t, []string{"thesis.txt"}, entries(t, dir))

	require.NoError(t, os.WriteFile(filepath.Join(dir, manifestFile), []byte(`{"format": "somebody else's"}`), 0o644))
	require.Error(t, Save(dir, manifested("one")), "a manifest of another program")

	results := filepath.Join(dir, "results")
	require.NoError(t, Save(results, manifested("one")))
	require.NoError(t, os.WriteFile(filepath.Join(results, "notes.txt"), []byte("x"), 0o644))
	require.ErrorContains(t, Save(results, manifested("two")), "holds another file (notes.txt)", "somebody's notes among the results")

	file := filepath.Join(dir, "thesis.txt")
	require.ErrorContains(t, Save(file, manifested("one")), "is a file, want a directory")
	require.ErrorContains(t, Save(filepath.Join(file, "sub"), manifested("one")), "experiments: output directory")
	t.Chdir(dir)
	for _, nameless := range []string{".", "", "..", "results/..", "/"} {
		require.ErrorContains(t, CanSave(nameless), "want one with a name")
	}
	require.ErrorContains(t, CanSave("/proc/a/b"), "cannot be written")
	require.NoError(t, CanSave("a/b/c"))
	require.NoDirExists(t, "a", "trying leaves nothing")
	require.ErrorContains(t, SaveFile("results", nil), "is a directory, want a file")

	require.NoError(t, Save(filepath.Join(dir, "empty"), nil), "an empty one is made")
	require.NoError(t, Save(filepath.Join(dir, "empty"), manifested("one")), "and may be filled")
}

func TestResultFiles(t *testing.T) {
	files := func() []File {
		f, err := executed(t, planned(t, chatter, "duration=300ms")).ResultFiles()
		require.NoError(t, err)
		return f
	}
	a := files()
	require.Equal(t, []string{"scenario.yaml", "repro.json", "trace.jsonl", "trace.svg", "trace.html", "report.html", "report.md", "summary.json", manifestFile}, names(a))
	require.Equal(t, a, files(), "the same inputs give the same bytes")

	var m Manifest
	require.NoError(t, json.Unmarshal(a[len(a)-1].Data, &m))
	require.Equal(t, Version, m.Version)
	require.Len(t, m.Files, len(a)-1)
	for i, f := range m.Files {
		require.Equal(t, a[i].Name, f.Name)
		require.Equal(t, len(a[i].Data), f.Bytes)
		require.Len(t, f.SHA256, 64)
	}
	require.Error(t, unique([]File{{"a/b", nil}}))
	require.Error(t, unique([]File{{"a", nil}, {"a", nil}}))
	require.Error(t, unique([]File{{manifestFile, nil}}))
}

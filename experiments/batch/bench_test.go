package batch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// million is a task whose runs cost nothing: what is left is what a batch adds to each.
func million(runs int) Task {
	record := []byte(`{"verdict":"pass","digest":"0123456789abcdef","values":[1.25,3,17.5]}`)
	return Task{Key: "million", Points: 10, Need: func(int, [][]byte) int { return (runs + 9) / 10 }, Run: func(Job) ([]byte, error) { return record, nil }}
}

func BenchmarkRun(b *testing.B) {
	b.ReportAllocs()
	_, err := Run(b.Context(), b.TempDir(), million(b.N), Options{})
	require.NoError(b, err)
}

func BenchmarkResume(b *testing.B) {
	dir := b.TempDir()
	_, err := Run(b.Context(), dir, million(b.N), Options{})
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	_, err = Run(b.Context(), dir, million(b.N), Options{})
	require.NoError(b, err)
}

// FuzzReadRuns reads anything as a journal: what is read can be written and read again.
func FuzzReadRuns(f *testing.F) {
	header := string(appendHeader(nil, fixed().header(Shard{0, 1})))
	f.Add(header + string(appendRun(nil, entry{Job{1, 2}, []byte("x y")})) + string(appendEnd(nil, 1)))
	f.Add(header + strings.Repeat("00000000 run 1 1 \n", 3))
	f.Add(header + string(appendRun(nil, entry{Job{0, 0}, nil})) + "torn")
	f.Add("")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		name := filepath.Join(dir, "fuzz")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
		first, err := readRuns(name)
		if err != nil {
			require.ErrorIs(t, err, errNoHeader)
			return
		}
		require.LessOrEqual(t, first.good, int64(len(text)))
		require.NoError(t, writeRuns(name, name+".new", first.header, first.entries, true))
		again, err := readRuns(name)
		require.NoError(t, err)
		require.Equal(t, first.entries, again.entries)
		require.True(t, again.ended)
		require.False(t, again.torn)
	})
}

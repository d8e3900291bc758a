package batch

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// parted is a directory with all parts of a task.
func parted(t *testing.T, task Task, n int) string {
	t.Helper()
	dir := workDir(t)
	for i := range n {
		require.NoError(t, RunShard(t.Context(), dir, task, Shard{i, n}, Options{}))
	}
	return dir
}

// rename moves a part, as somebody who copies files by hand may do.
func rename(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, os.Rename(from, to))
}

func replace(t *testing.T, name, old, new string) {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(data), old)
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(string(data), old, new, 1)), 0o644))
}

// forge writes a part with other runs than its own, checksums and all.
func forge(t *testing.T, name string, task Task, s Shard, jobs ...Job) {
	t.Helper()
	var list []entry
	for _, j := range jobs {
		list = append(list, entry{j, []byte(record(j))})
	}
	require.NoError(t, writeRuns(name, name+".new", task.header(s), list, true))
}

// A set of parts that is not whole, or not one set, is refused, and all that is wrong with it is told.
func TestMergeRefuses(t *testing.T) {
	other := fixed()
	other.Key, other.About = "other", []string{"scenario: toy", "seeds: 1..10"}
	for _, c := range []struct {
		name string
		harm func(t *testing.T, dir string) // done to three parts of fixed
		says []string                       // with DIR for the directory
	}{
		{"no parts", func(t *testing.T, dir string) {
			for i := range 3 {
				require.NoError(t, os.Remove(filepath.Join(dir, Shard{i, 3}.file())))
			}
		}, []string{"batch: DIR has no parts, want those of one division"}},
		{"a missing part", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "part-1-of-3")))
		}, []string{"batch: DIR lacks parts 1 of 3"}},
		{"an unfinished part", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "part-1-of-3")))
			require.NoError(t, os.Remove(filepath.Join(dir, "part-2-of-3")))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			require.ErrorIs(t, RunShard(ctx, dir, fixed(), Shard{2, 3}, Options{}), context.Canceled)
		}, []string{"batch: DIR lacks parts 1-2 of 3 (begun and not finished: 2)"}},
		{"parts of two divisions", func(t *testing.T, dir string) {
			require.NoError(t, RunShard(t.Context(), dir, fixed(), Shard{1, 2}, Options{}))
		}, []string{"batch: DIR has parts that overlap, 1 of 2 and 0-2 of 3; want those of one division"}},
		{"the same part twice", func(t *testing.T, dir string) {
			data, err := os.ReadFile(filepath.Join(dir, "part-0-of-3"))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "part-1-of-3"), data, 0o644))
		}, []string{"batch: DIR/part-1-of-3 has runs of something else", "there:  part 0 of 3\n  wanted: part 1 of 3"}},
		{"runs in two parts", func(t *testing.T, dir string) {
			forge(t, filepath.Join(dir, "part-1-of-3"), fixed(), Shard{1, 3}, Job{0, 0}, Job{0, 1})
		}, []string{"batch: DIR/part-1-of-3 has 1 runs that are not its own, the first replication 0 of point 0", "DIR/part-1-of-3 lacks 11 of its runs, the first replication 4 of point 0"}},
		{"a part without one of its runs", func(t *testing.T, dir string) {
			name := filepath.Join(dir, "part-1-of-3")
			part, err := readPart(name, fixed(), Shard{1, 3})
			require.NoError(t, err)
			var jobs []Job
			for _, e := range part[:len(part)-1] {
				jobs = append(jobs, e.Job)
			}
			forge(t, name, fixed(), Shard{1, 3}, jobs...)
		}, []string{"batch: DIR/part-1-of-3 lacks 1 of its runs, the first replication 7 of point 4"}},
		{"runs that nobody asks for", func(t *testing.T, dir string) {
			forge(t, filepath.Join(dir, "part-1-of-3"), fixed(), Shard{1, 3}, Job{5, 0})
		}, []string{"batch: DIR/part-1-of-3 has 1 runs that are not its own, the first replication 0 of point 5"}},
		{"a part of another key, and a missing one", func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "part-0-of-3")))
			require.NoError(t, os.Remove(filepath.Join(dir, "part-2-of-3")))
			require.NoError(t, RunShard(t.Context(), dir, other, Shard{0, 3}, Options{}))
		}, []string{"batch: DIR/part-0-of-3 has runs of something else", "there:  seeds: 1..10\n  wanted: seeds: 1..9", "batch: DIR lacks parts 2 of 3"}},
		{"a damaged part", func(t *testing.T, dir string) {
			replace(t, filepath.Join(dir, "part-2-of-3"), "run 0 2 ", "run 0 3 ")
		}, []string{"batch: DIR/part-2-of-3 is damaged"}},
		{"a part whose end is torn off", func(t *testing.T, dir string) {
			name := filepath.Join(dir, "part-2-of-3")
			info, err := os.Stat(name)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(name, info.Size()-1))
		}, []string{"batch: DIR/part-2-of-3 is damaged"}},
		{"a part with a line too few", func(t *testing.T, dir string) {
			name := filepath.Join(dir, "part-2-of-3")
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			list := strings.SplitAfter(string(data), "\n")
			require.NoError(t, os.WriteFile(name, []byte(strings.Join(append(list[:2:2], list[3:]...), "")), 0o644))
		}, []string{"batch: DIR/part-2-of-3 is damaged"}},
		{"an empty part", func(t *testing.T, dir string) {
			require.NoError(t, os.Truncate(filepath.Join(dir, "part-2-of-3"), 0))
		}, []string{"batch: DIR/part-2-of-3 cannot be read: its first line cannot be read"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := parted(t, fixed(), 3)
			c.harm(t, dir)
			before := names(t, dir)
			_, err := Merge(dir, fixed())
			for _, text := range c.says {
				require.ErrorContains(t, err, strings.ReplaceAll(text, "DIR", dir))
			}
			require.Equal(t, before, names(t, dir))
		})
	}
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range files {
		list = append(list, f.Name())
	}
	return list
}

// No byte of a part can be damaged without Merge seeing it.
func TestMergeSeesEveryDamage(t *testing.T) {
	dir := parted(t, small(fixed()), 2)
	name := filepath.Join(dir, "part-1-of-2")
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	for i := range whole {
		damaged := append([]byte{}, whole...)
		damaged[i] ^= 1 << (i % 8)
		require.NoError(t, os.WriteFile(name, damaged, 0o644))
		_, err := Merge(dir, small(fixed()))
		require.ErrorContains(t, err, name, i)
		require.NoError(t, os.WriteFile(name, whole[:i], 0o644))
		_, err = Merge(dir, small(fixed()))
		require.ErrorContains(t, err, name, i)
	}
}

// A part's journal is not that of another part, though the directory is renamed.
func TestJournalOfAnotherPart(t *testing.T) {
	dir := workDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, RunShard(ctx, dir, fixed(), Shard{0, 2}, Options{}), context.Canceled)
	rename(t, filepath.Join(dir, "part-0-of-2.partial"), filepath.Join(dir, "part-1-of-2.partial"))
	require.ErrorContains(t, RunShard(t.Context(), dir, fixed(), Shard{1, 2}, Options{}), "there:  part 0 of 2\n  wanted: part 1 of 2")
}

// Runs are dealt out evenly, whether there are many points or many replications.
func TestPartsAreEven(t *testing.T) {
	for _, c := range []struct {
		points, replications int
		sequential           bool
	}{{1, 30, false}, {30, 1, false}, {5, 6, false}, {30, 1, true}} {
		task := Task{Key: "even", Points: c.points, Sequential: c.sequential, Need: func(int, [][]byte) int { return c.replications }}
		for i := range 3 {
			require.Equal(t, 10, newGrid(task, Shard{i, 3}, nil).known, c)
		}
	}
}

func TestRanges(t *testing.T) {
	for want, list := range map[string][]int{"": {}, "3": {3}, "0-2, 5": {0, 1, 2, 5}, "1, 3, 5-6": {1, 3, 5, 6}} {
		require.Equal(t, want, ranges(list))
	}
}

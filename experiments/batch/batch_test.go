package batch

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// record is what a run of the tests comes to: a number that its name alone determines, and some text.
func record(j Job) string {
	h := fnv.New32a()
	fmt.Fprintf(h, "%d/%d", j.Point, j.Replication)
	return fmt.Sprintf("%d a run, and \"what\" it measured: %d", h.Sum32()%10, h.Sum32())
}

// fixed is a task of 5 points with 9 replications, the fourth with none.
func fixed() Task {
	return Task{
		Key: "fixed", About: []string{"scenario: toy", "seeds: 1..9"}, Points: 5,
		Need: func(p int, _ [][]byte) int {
			if p == 3 {
				return 0
			}
			return 9
		},
		Run: func(j Job) ([]byte, error) { return []byte(record(j)), nil },
	}
}

// sequential is a task whose points need runs, three more at a time, until their first digits add up to 40.
func sequential() Task {
	t := fixed()
	t.Key, t.Sequential = "sequential", true
	t.Need = func(_ int, records [][]byte) int {
		sum := 0
		for _, r := range records {
			sum += int(r[0] - '0')
		}
		if sum >= 40 {
			return len(records)
		}
		return len(records) + 3
	}
	return t
}

// obvious makes the runs of a task one after the other.
func obvious(t Task) Records {
	all := make(Records, t.Points)
	for p := range all {
		for {
			n := t.Need(p, all[p])
			if n <= len(all[p]) {
				break
			}
			for r := len(all[p]); r < n; r++ {
				record, err := t.Run(Job{p, r})
				if err != nil {
					panic(err)
				}
				all[p] = append(all[p], record)
			}
			if !t.Sequential {
				break
			}
		}
	}
	return all
}

func lines(r Records) string {
	var b strings.Builder
	for p, point := range r {
		for i, record := range point {
			fmt.Fprintf(&b, "%d %d %s\n", p, i, record)
		}
	}
	return b.String()
}

func total(r Records) (n int) {
	for _, point := range r {
		n += len(point)
	}
	return n
}

// small returns a task with its first two points alone, and at most four replications.
func small(t Task) Task {
	need := t.Need
	t.Points, t.Need = 2, func(p int, records [][]byte) int { return min(need(p, records), 4) }
	return t
}

// workDir is a directory of the test's own, in memory if there is such a file system: the tests bring files to the disk
// thousands of times.
func workDir(t *testing.T) string {
	t.Helper()
	const memory = "/dev/shm"
	if _, err := os.Stat(memory); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "batch")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func eachTask(t *testing.T, test func(t *testing.T, task Task)) {
	for _, task := range []Task{fixed(), sequential()} {
		t.Run(task.Key, func(t *testing.T) { test(t, task) })
	}
}

func TestAnyNumberOfWorkers(t *testing.T) {
	eachTask(t, func(t *testing.T, task Task) {
		for workers := range 9 {
			got, err := Run(t.Context(), workDir(t), task, Options{Workers: workers})
			require.NoError(t, err)
			require.Equal(t, lines(obvious(task)), lines(got))
		}
	})
}

func TestAnyNumberOfParts(t *testing.T) {
	eachTask(t, func(t *testing.T, task Task) {
		for _, n := range []int{1, 2, 7, 100} {
			dir := workDir(t)
			runs := atomic.Int64{}
			counted := task
			counted.Run = func(j Job) ([]byte, error) { runs.Add(1); return task.Run(j) }
			for i := n - 1; i >= 0; i-- {
				require.NoError(t, RunShard(t.Context(), dir, counted, Shard{i, n}, Options{}))
			}
			got, err := Merge(dir, task)
			require.NoError(t, err)
			require.Equal(t, lines(obvious(task)), lines(got))
			require.EqualValues(t, total(got), runs.Load(), "no run is made twice")

			// A part that is there is left as it is, and nothing else is there.
			before := snapshot(t, dir)
			require.Len(t, before, n)
			require.NoError(t, RunShard(t.Context(), dir, counted, Shard{0, n}, Options{}))
			require.EqualValues(t, total(got), runs.Load())
			require.Equal(t, before, snapshot(t, dir))
		}
	})
}

// snapshot is the files of a directory, by name.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range list {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		files[f.Name()] = string(data)
	}
	return files
}

// A batch that is interrupted after every few runs makes each run once, but for one that it makes again at each start.
func TestInterrupted(t *testing.T) {
	eachTask(t, func(t *testing.T, task Task) {
		dir, made, starts := workDir(t), atomic.Int64{}, 0
		counted := task
		counted.Run = func(j Job) ([]byte, error) { made.Add(1); return task.Run(j) }
		for {
			ctx, cancel := context.WithCancel(t.Context())
			last := Progress{}
			got, err := Run(ctx, dir, counted, Options{Workers: 2, Progress: func(p Progress) {
				if last = p; p.Done >= p.Resumed+4 {
					cancel()
				}
			}})
			cancel()
			starts++
			if err == nil {
				require.Equal(t, lines(obvious(task)), lines(got))
				require.Equal(t, Progress{Done: total(got), Known: total(got), Resumed: last.Resumed}, last)
				break
			}
			require.ErrorIs(t, err, context.Canceled)
			require.GreaterOrEqual(t, last.Done, last.Resumed+4)
		}
		require.Greater(t, starts, 3)
		require.EqualValues(t, total(obvious(task))+starts-1, made.Load())
	})
}

// A batch that is complete when it is cancelled is complete.
func TestCancelledAtTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	got, err := Run(ctx, workDir(t), fixed(), Options{Progress: func(p Progress) {
		if p.Done == p.Known {
			cancel()
		}
	}})
	require.NoError(t, err)
	require.ErrorIs(t, ctx.Err(), context.Canceled)
	require.Equal(t, lines(obvious(fixed())), lines(got))
}

// Runs in flight when the context is cancelled are brought to their end and kept.
func TestCancelKeepsWhatIsInFlight(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir, task := workDir(t), fixed()
	flying := make(chan struct{}, 2)
	task.Run = func(j Job) ([]byte, error) {
		flying <- struct{}{}
		<-ctx.Done()
		return []byte(record(j)), nil
	}
	go func() { <-flying; <-flying; cancel() }()
	_, err := Run(ctx, dir, task, Options{Workers: 2})
	require.ErrorIs(t, err, context.Canceled)
	kept, err := readRuns(filepath.Join(dir, journalFile))
	require.NoError(t, err)
	require.Len(t, kept.entries, 2)
}

// Where the end of the journal is torn off, whatever the place, the runs are the same in the end.
func TestTornJournal(t *testing.T) {
	eachTask(t, func(t *testing.T, task Task) {
		task = small(task)
		dir := workDir(t)
		want, err := Run(t.Context(), dir, task, Options{})
		require.NoError(t, err)
		name := filepath.Join(dir, journalFile)
		whole, err := os.ReadFile(name)
		require.NoError(t, err)
		begin := strings.IndexByte(string(whole), '\n') + 1
		for n := range len(whole) {
			require.NoError(t, os.WriteFile(name, whole[:n], 0o644))
			got, err := Run(t.Context(), dir, task, Options{Workers: 1})
			if n > 0 && n < begin {
				require.ErrorIs(t, err, errNoHeader)
				require.ErrorContains(t, err, "remove "+dir+" to begin anew")
				continue
			}
			require.NoError(t, err, n)
			require.Equal(t, lines(want), lines(got), n)
			again, err := readRuns(name)
			require.NoError(t, err)
			require.False(t, again.torn, "what was torn is gone")
			require.Zero(t, again.unreadable)
		}
	})
}

// A damaged byte of the journal costs at most the runs whose lines it is in, and nothing that is wrong is believed.
func TestDamagedJournal(t *testing.T) {
	task, dir := small(fixed()), workDir(t)
	want, err := Run(t.Context(), dir, task, Options{})
	require.NoError(t, err)
	name := filepath.Join(dir, journalFile)
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	begin := strings.IndexByte(string(whole), '\n') + 1
	for i := range whole {
		damaged := append([]byte{}, whole...)
		damaged[i] ^= 1 << (i % 8)
		require.NoError(t, os.WriteFile(name, damaged, 0o644))
		var first Progress
		got, err := Run(t.Context(), dir, task, Options{Progress: func(p Progress) {
			if first.Known == 0 {
				first = p
			}
		}})
		if i < begin {
			require.ErrorIs(t, err, errNoHeader)
			continue
		}
		require.NoError(t, err, i)
		require.Equal(t, lines(want), lines(got), i)
		require.GreaterOrEqual(t, first.Done, total(want)-2, i)
		again, err := readRuns(name)
		require.NoError(t, err)
		require.Zero(t, again.unreadable, "what could not be read is gone")
		require.Len(t, again.entries, total(want))
	}
}

func TestDamageInTheMiddleIsCounted(t *testing.T) {
	task, dir := fixed(), workDir(t)
	_, err := Run(t.Context(), dir, task, Options{Workers: 1})
	require.NoError(t, err)
	name := filepath.Join(dir, journalFile)
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, []byte(strings.Replace(string(whole), "run 2 4 ", "run 2 5 ", 1)), 0o644))
	var first *Progress
	_, err = Run(t.Context(), dir, task, Options{Progress: func(p Progress) {
		if first == nil {
			first = &p
		}
	}})
	require.NoError(t, err)
	require.Equal(t, &Progress{Done: 35, Known: 36, Resumed: 35, Unreadable: 1}, first)
}

// A directory of another key is left as it is; the error says what differs, line by line.
func TestOtherKey(t *testing.T) {
	dir, task := workDir(t), fixed()
	_, err := Run(t.Context(), dir, task, Options{})
	require.NoError(t, err)
	before := snapshot(t, dir)
	other := fixed()
	other.Key, other.About = "other", []string{"scenario: toy", "seeds: 1..10"}
	_, err = Run(t.Context(), dir, other, Options{})
	var mismatch *MismatchError
	require.ErrorAs(t, err, &mismatch)
	require.Equal(t, []Difference{{"seeds: 1..9", "seeds: 1..10"}}, mismatch.Differences)
	require.EqualError(t, err, "batch: "+filepath.Join(dir, "journal")+" has runs of something else, and is left as it is; what differs:\n"+
		"  there:  seeds: 1..9\n  wanted: seeds: 1..10")
	require.Equal(t, before, snapshot(t, dir))
}

func TestDifferences(t *testing.T) {
	long := strings.Repeat("x", 500)
	for _, c := range []struct {
		name          string
		there, wanted []string
		want          []Difference
		text          [2]string // how the first is written
	}{
		{"none", []string{"a"}, []string{"a"}, nil, [2]string{}},
		{"a line", []string{"a", "b", "c"}, []string{"a", "B", "c"}, []Difference{{"b", "B"}}, [2]string{"b", "B"}},
		{"a line more", []string{"a", "c"}, []string{"a", "b", "c"}, []Difference{{"", "b"}}, [2]string{"(nothing)", "b"}},
		{"a line less", []string{"a", "b", "c"}, []string{"a", "c"}, []Difference{{"b", ""}}, [2]string{"b", "(nothing)"}},
		{"long lines", []string{long + "1" + long}, []string{long + "2"}, []Difference{{long + "1" + long, long + "2"}},
			[2]string{"..." + long[:40] + "1" + long[:76] + "...", "..." + long[:40] + "2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Differences(c.there, c.wanted)
			require.Equal(t, c.want, got)
			if len(got) > 0 {
				there, wanted := got[0].short()
				require.Equal(t, c.text, [2]string{there, wanted})
			}
		})
	}
}

// A program whose runs come out differently under the same key is found out by one run, before anything is added.
func TestOtherProgram(t *testing.T) {
	dir, task := workDir(t), fixed()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Run(ctx, dir, task, Options{Workers: 1, Progress: func(p Progress) {
		if p.Done == 5 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	before := snapshot(t, dir)
	changed := fixed()
	changed.Run = func(j Job) ([]byte, error) { return []byte(record(j) + "!"), nil }
	_, err = Run(t.Context(), dir, changed, Options{})
	var e *ChangedError
	require.ErrorAs(t, err, &e)
	require.Equal(t, Job{0, 0}, e.Job)
	require.ErrorContains(t, err, "replication 0 of point 0 came out differently than in "+filepath.Join(dir, "journal"))
	require.Equal(t, before, snapshot(t, dir))
}

// A run that is in the journal twice, and came out differently, was made by two programs.
func TestRunTwiceInTheJournal(t *testing.T) {
	dir, task := workDir(t), fixed()
	_, err := Run(t.Context(), dir, task, Options{})
	require.NoError(t, err)
	name := filepath.Join(dir, journalFile)
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	same := appendRun(whole, entry{Job{1, 2}, []byte(record(Job{1, 2}))})
	require.NoError(t, os.WriteFile(name, same, 0o644))
	got, err := Run(t.Context(), dir, task, Options{})
	require.NoError(t, err)
	require.Equal(t, lines(obvious(task)), lines(got))
	require.NoError(t, os.WriteFile(name, appendRun(same, entry{Job{1, 2}, []byte("else")}), 0o644))
	_, err = Run(t.Context(), dir, task, Options{})
	require.ErrorContains(t, err, "replication 2 of point 1 came out differently than in "+name)
}

// A program that asks for fewer runs under the same key is another one too.
func TestFewerRunsWanted(t *testing.T) {
	dir, task := workDir(t), fixed()
	_, err := Run(t.Context(), dir, task, Options{})
	require.NoError(t, err)
	fewer := fixed()
	fewer.Need = func(int, [][]byte) int { return 3 }
	_, err = Run(t.Context(), dir, fewer, Options{})
	require.ErrorContains(t, err, "replication 3 of point 0 is there, want 3 replications of that point")
}

// A run that cannot be made ends the batch. Of several the first by name is told, and the others that were made are kept.
func TestRunThatCannotBeMade(t *testing.T) {
	dir, task := workDir(t), fixed()
	task.Run = func(j Job) ([]byte, error) {
		switch j.Replication {
		case 2:
			return nil, errors.New("no such node")
		case 1:
			if j.Point == 4 {
				return []byte("two\nlines"), nil
			}
		}
		return []byte(record(j)), nil
	}
	_, err := Run(t.Context(), dir, task, Options{Workers: 1})
	require.EqualError(t, err, `batch: replication 1 of point 4: record is "two\nlines", want one line without its end`)
	task.Run = func(j Job) ([]byte, error) {
		if j.Replication == 2 {
			return nil, errors.New("no such node")
		}
		return []byte(record(j)), nil
	}
	_, err = Run(t.Context(), dir, task, Options{Workers: 1})
	require.EqualError(t, err, "batch: replication 2 of point 0: no such node")
	got, err := Run(t.Context(), dir, fixed(), Options{})
	require.NoError(t, err)
	require.Equal(t, lines(obvious(fixed())), lines(got))
}

func TestTaskThatIsNone(t *testing.T) {
	_, err := Run(t.Context(), workDir(t), Task{About: []string{"a\nb"}}, Options{})
	require.EqualError(t, err, `batch: Task.Key is "", want one line of text
batch: Task.About[0] is "a\nb", want one line of text
batch: Task.Points is 0, want at least 1
batch: Task.Need or Task.Run is nil, want both`)
	for _, s := range []Shard{{0, 0}, {0, MaxShards + 1}, {-1, 2}, {2, 2}} {
		require.ErrorContains(t, RunShard(t.Context(), workDir(t), fixed(), s, Options{}), "batch: Shard.")
	}
}

// One process at a time: the second is told who the first is.
func TestLock(t *testing.T) {
	dir, task := workDir(t), fixed()
	inside := make(chan struct{})
	release := make(chan struct{})
	task.Run = func(j Job) ([]byte, error) {
		if j == (Job{}) {
			close(inside)
			<-release
		}
		return []byte(record(j)), nil
	}
	ended := make(chan error)
	go func() {
		_, err := Run(t.Context(), dir, task, Options{})
		ended <- err
	}()
	<-inside
	_, err := Run(t.Context(), dir, fixed(), Options{})
	require.ErrorContains(t, err, fmt.Sprintf("%s is being worked on by another process (process %d on ", dir, os.Getpid()))
	require.ErrorContains(t, Remove(dir), "another process")
	close(release)
	require.NoError(t, <-ended)
	_, err = Run(t.Context(), dir, fixed(), Options{})
	require.NoError(t, err)
	require.NoError(t, Remove(dir))
	require.NoDirExists(t, dir)
	require.NoError(t, Remove(dir))
}

// Of processes that take a directory and remove it, no two have it at once.
func TestLockAndRemove(t *testing.T) {
	dir := filepath.Join(workDir(t), "work")
	var holders, taken atomic.Int64
	var busy sync.WaitGroup
	for range 8 {
		busy.Go(func() {
			for range 2000 {
				h, err := hold(dir)
				if err != nil {
					continue // another has it, or has just removed it
				}
				taken.Add(1)
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d have the directory, want 1", n)
				}
				runtime.Gosched()
				holders.Add(-1)
				h.release()
				_ = Remove(dir)
			}
		})
	}
	busy.Wait()
	require.Greater(t, taken.Load(), int64(8))
}

// What could not be brought to the disk is told at the end, though the system takes what comes after it.
func TestNotBroughtToTheDisk(t *testing.T) {
	j, _, err := openJournal(t.TempDir(), fixed(), Shard{0, 1})
	require.NoError(t, err)
	require.NoError(t, j.append([]entry{{Job{}, []byte(record(Job{}))}}))
	j.lost <- syscall.EIO
	require.ErrorContains(t, j.close(), "journal cannot be brought to the disk: "+syscall.EIO.Error())
}

// A directory with anything else in it is not written to, and not removed.
func TestSomebodyElsesDirectory(t *testing.T) {
	dir := workDir(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644))
	_, err := Run(t.Context(), dir, fixed(), Options{})
	require.ErrorContains(t, err, dir+" holds something else (notes.txt)")
	require.ErrorContains(t, Remove(dir), "holds something else (notes.txt)")
	require.Equal(t, map[string]string{"notes.txt": ""}, snapshot(t, dir))
	_, err = Run(t.Context(), filepath.Join(dir, "notes.txt"), fixed(), Options{})
	require.ErrorContains(t, err, "notes.txt cannot be made")
}

// Failed runs are counted, those of an earlier process too.
func TestProgress(t *testing.T) {
	dir, task := workDir(t), fixed()
	failed := func(r []byte) bool { return r[0] == '3' }
	want := 0
	for _, point := range obvious(task) {
		for _, r := range point {
			if failed(r) {
				want++
			}
		}
	}
	require.Positive(t, want)
	var seen []Progress
	_, err := Run(t.Context(), dir, task, Options{Failed: failed, Progress: func(p Progress) { seen = append(seen, p) }})
	require.NoError(t, err)
	require.Len(t, seen, 37)
	require.Equal(t, Progress{Known: 36}, seen[0])
	for i, p := range seen {
		require.Equal(t, i, p.Done)
	}
	require.Equal(t, want, seen[36].Failed)
	seen = nil
	_, err = Run(t.Context(), dir, task, Options{Failed: failed, Progress: func(p Progress) { seen = append(seen, p) }})
	require.NoError(t, err)
	require.Equal(t, []Progress{{Done: 36, Known: 36, Resumed: 36, Failed: want}}, seen)
}

// First replications come first, so that a point at which nothing can be run shows at once.
func TestOrderOfRuns(t *testing.T) {
	var order []Job
	task := fixed()
	task.Run = func(j Job) ([]byte, error) { order = append(order, j); return []byte(record(j)), nil }
	_, err := Run(t.Context(), workDir(t), task, Options{Workers: 1})
	require.NoError(t, err)
	require.Equal(t, []Job{{0, 0}, {1, 0}, {2, 0}, {4, 0}, {0, 1}}, order[:5])
}

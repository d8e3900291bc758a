package batch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain makes the test binary a program that works off a batch, when a test starts it as that.
func TestMain(m *testing.M) {
	switch os.Getenv("BATCH_CHILD") {
	case "work":
		child(os.Getenv("BATCH_DIR"))
	case "full disk":
		fullDisk(os.Getenv("BATCH_DIR"))
	default:
		os.Exit(m.Run())
	}
}

// start starts the test binary as a program.
func start(t *testing.T, as, dir string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), append(env, "BATCH_CHILD="+as, "BATCH_DIR="+dir)...)
	return cmd
}

// large is a task whose runs take a while, and whose records are of many lengths.
func large() Task {
	t := fixed()
	t.Key = "large"
	t.Need = func(int, [][]byte) int { return 400 }
	t.Run = func(j Job) ([]byte, error) {
		text := record(j)
		for range 200 {
			text = record(Job{j.Point, len(text) + j.Replication})
		}
		return []byte(text + strings.Repeat(" and more", j.Replication%60)), nil
	}
	return t
}

// child works off the large task, and says after each run how many are over; at the end it writes the records. With
// BATCH_LIMIT, files may not grow beyond so many bytes.
func child(dir string) {
	if limit, err := strconv.ParseUint(os.Getenv("BATCH_LIMIT"), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			fatal(err)
		}
	}
	got, err := Run(context.Background(), dir, large(), Options{Workers: 2, Progress: func(p Progress) { fmt.Println(p.Done) }})
	if err != nil {
		fatal(err)
	}
	fmt.Print(lines(got))
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A process that is killed ten times loses the runs in flight alone, and what comes of the batch is the same.
func TestKilled(t *testing.T) {
	dir, moment := workDir(t), rand.New(rand.NewPCG(1, 2))
	had := 0
	for range 10 {
		cmd := start(t, "work", dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		in := bufio.NewScanner(out)
		said := 0
		for n := moment.IntN(25); n >= 0 && in.Scan(); n-- {
			said, err = strconv.Atoi(in.Text())
			require.NoError(t, err)
		}
		require.NoError(t, cmd.Process.Kill())
		for in.Scan() {
		}
		require.Error(t, cmd.Wait())
		kept, err := readRuns(filepath.Join(dir, journalFile))
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(kept.entries), max(had, said), "what was over is kept")
		had = len(kept.entries)
	}
	require.Positive(t, had)
	require.Less(t, had, 2000)
	got, err := Run(t.Context(), dir, large(), Options{})
	require.NoError(t, err)
	require.Equal(t, lines(obvious(large())), lines(got))
}

// When no file may grow further, the error says so, what is there can be read, and the same batch goes on when there is
// room.
func TestNoRoom(t *testing.T) {
	dir := workDir(t)
	for limit := 100; limit <= 60_000; limit += 6_000 {
		cmd := start(t, "work", dir, "BATCH_LIMIT="+strconv.Itoa(limit))
		var said strings.Builder
		cmd.Stderr = &said
		require.Error(t, cmd.Run())
		require.Contains(t, said.String(), "cannot be written: "+syscall.EFBIG.Error())
		if limit > 1000 {
			kept, err := readRuns(filepath.Join(dir, journalFile))
			require.NoError(t, err)
			require.Greater(t, kept.good, int64(limit-1000), "all that there was room for is kept")
			require.False(t, kept.torn)
		}
	}
	got, err := Run(t.Context(), dir, large(), Options{})
	require.NoError(t, err)
	require.Equal(t, lines(obvious(large())), lines(got))
}

// The same with a disk that is full.
func TestFullDisk(t *testing.T) {
	cmd := start(t, "full disk", t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS} // its mounts are its own, and go with it
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || strings.Contains(string(said), "mount: "+syscall.EPERM.Error()) {
		t.Skipf("no file system can be mounted: %v", errors.Join(err, errors.New(string(said))))
	}
	require.NoError(t, err, string(said))
	refused, records, ok := strings.Cut(string(said), "then\n")
	require.True(t, ok, string(said))
	require.Contains(t, refused, "journal cannot be written: no space left on device\n")
	require.Equal(t, lines(obvious(large())), records)
}

// fullDisk works off the large task on a small disk until it is full, and then on a larger one.
func fullDisk(dir string) {
	mount := func(flags uintptr, size string) {
		if err := syscall.Mount("none", dir, "tmpfs", flags, "size="+size); err != nil {
			fatal(fmt.Errorf("mount: %w", err))
		}
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		fatal(fmt.Errorf("mount: %w", err))
	}
	mount(0, "32k")
	work := filepath.Join(dir, "work")
	if _, err := Run(context.Background(), work, large(), Options{}); err != nil {
		fmt.Println(err)
	}
	mount(syscall.MS_REMOUNT, "1m")
	got, err := Run(context.Background(), work, large(), Options{})
	if err != nil {
		fatal(err)
	}
	fmt.Print("then\n", lines(got))
}

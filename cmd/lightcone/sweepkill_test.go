//go:build unix

package main

import (
	"math/rand/v2"
	"os"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// killed is a sweep of enough runs to be killed in.
var killed = []string{"sweep", "swept.yaml", "--seeds", "400", "--out", "r"}

const journal = "r.partial/journal"

// grown waits until the journal has grown by so many bytes, or the process has ended.
func grown(t *testing.T, by int64, ended <-chan error) (err error, over bool) {
	t.Helper()
	size := func() int64 {
		info, err := os.Stat(journal)
		if err != nil {
			return 0
		}
		return info.Size()
	}
	for begin := size(); size() < begin+by; {
		select {
		case err := <-ended:
			return err, true
		default:
			runtime.Gosched()
		}
	}
	return nil, false
}

// begin starts the sweep, and sends it a signal when its journal has grown.
func begin(t *testing.T, by int64, s syscall.Signal) (over bool, code int, stderr string) {
	t.Helper()
	cmd, _, errs := start(t, killed...)
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if _, over = grown(t, by, ended); !over {
		_ = cmd.Process.Signal(s)
		<-ended
	}
	return over, cmd.ProcessState.ExitCode(), errs.String()
}

// A sweep that is killed ten times, whenever it may be, comes to the bytes of one that is not.
func TestSweepKilled(t *testing.T) {
	inSweptDir(t)
	code, _, errs := lightcone(t, "sweep", "swept.yaml", "--seeds", "400", "--out", "whole")
	require.Equal(t, exitPass, code, errs)
	moment := rand.New(rand.NewPCG(5, 0))
	for range 10 {
		over, _, errs := begin(t, moment.Int64N(35_000), syscall.SIGKILL)
		require.False(t, over, errs)
		require.NoDirExists(t, "r")
	}
	// Then it is interrupted: what is in flight is finished, and it says how to go on.
	over, code, errs := begin(t, 1, syscall.SIGINT)
	require.False(t, over)
	require.Equal(t, exitUndecided, code, errs)
	require.Regexp(t, `^swept: interrupted; what is being run is finished, and kept \(interrupt again to end at once\)
swept: \d+ of 2400 runs are done, and kept in r\.partial: the same command goes on from there\n$`, errs)
	code, _, errs = lightcone(t, killed...)
	require.Equal(t, exitPass, code, errs)
	require.Equal(t, contents(t, "whole"), contents(t, "r"))
	require.NoDirExists(t, "r.partial")
}

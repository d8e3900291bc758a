//go:build slurm

package cluster

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// port is a free port of this machine.
func port(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// daemon starts a program in the foreground, and ends it with the test.
func daemon(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			data, _ := os.ReadFile(log.Name())
			t.Logf("%s: %s", name, data)
		}
	})
}

// slurm starts a Slurm of one node on this machine, and returns the environment in which its commands find it.
func slurm(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	host, err := os.Hostname()
	require.NoError(t, err)
	host, _, _ = strings.Cut(host, ".")
	who, err := user.Current()
	require.NoError(t, err)
	file := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(file("key"), []byte(strings.Repeat("not a secret: this Slurm is gone when its test is. ", 4)), 0o400))
	conf := fmt.Sprintf(`ClusterName=lightcone
SlurmctldHost=%[1]s(127.0.0.1)
SlurmctldPort=%[2]d
SlurmdPort=%[3]d
SlurmUser=%[4]s
SlurmdUser=%[4]s
AuthType=auth/munge
AuthInfo=socket=%[5]s/munge
StateSaveLocation=%[5]s/state
SlurmdSpoolDir=%[5]s/spool
SlurmctldPidFile=%[5]s/slurmctld.pid
SlurmdPidFile=%[5]s/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=%[1]s NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=%[1]s Default=YES State=UP
`, host, port(t), port(t), who.Username, dir)
	require.NoError(t, os.WriteFile(file("slurm.conf"), []byte(conf), 0o644))
	for _, name := range []string{"state", "spool"} {
		require.NoError(t, os.Mkdir(file(name), 0o755))
	}
	env := append(os.Environ(), "SLURM_CONF="+file("slurm.conf"), "PATH="+bin+":"+os.Getenv("PATH"))
	daemon(t, env, "munged", "--foreground", "--force", "--key-file="+file("key"), "--socket="+file("munge"), "--seed-file="+file("seed"), "--pid-file="+file("munged.pid"), "--log-file="+file("munged.log"))
	daemon(t, env, "slurmctld", "-D")
	daemon(t, env, "slurmd", "-D", "-N", host)
	return env
}

// A Slurm array of four parts, and the merge that depends on it, come to the bytes of one process. Sent again, the array
// leaves the parts as they are.
func TestSlurm(t *testing.T) {
	dir := swept(t)
	require.NoError(t, os.Chmod(dir, 0o755))
	env := slurm(t)
	submit := func() {
		cmd := program(dir, script(t, "slurm.sh"), "plan", "4", "results", "--time=5", "--cpus-per-task=1")
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		merge := regexp.MustCompile(`(?m)^merge: job (\d+)$`).FindStringSubmatch(string(out))
		require.NotNil(t, merge, string(out))
		wait := exec.Command("srun", "--time=5", "--dependency=afterany:"+merge[1], "true") // returns when the merge is over
		wait.Env = env
		out, err = wait.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	submit()
	same(t, filepath.Join(dir, "whole"), filepath.Join(dir, "results"))
	part := filepath.Join(dir, "plan", "part-2-of-4")
	before, err := os.Stat(part)
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "results")))
	require.NoError(t, os.Remove(filepath.Join(dir, "plan", "part-1-of-4")))
	submit()
	same(t, filepath.Join(dir, "whole"), filepath.Join(dir, "results"))
	after, err := os.Stat(part)
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after))
	require.Equal(t, before.ModTime(), after.ModTime())
}

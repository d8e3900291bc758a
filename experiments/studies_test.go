package experiments

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A study says what of a changed scenario it cannot do with, before anything is run.
func TestStudiesRefuse(t *testing.T) {
	for _, c := range []struct {
		study string
		sets  []string
		want  string
	}{
		{"raft-elections", []string{"network.loss=0.1", "params.pre-vote=true"}, "network.loss is set, want none: the model has only timeouts and delays\nparams.pre-vote is set"},
		{"raft-elections", []string{"network.latency=exponential(mean=30ms)"}, "network.latency is not constant or uniform"},
		{"raft-elections", []string{"params.election-max=340ms"}, "the range of timeouts is 40ms, want more than the slowest message, 40ms"},
		{"raft-elections", []string{"clocks.drift=uniform(0ppm, 50ppm)"}, "clocks.drift is uniform(0ppm, 50ppm), want a law that is uniform around 0"},
		{"raft-elections", []string{"faults=[{kind: crash, node: 4, at: 1s}]"}, "faults are others than crashes of single nodes at 0s for ever"},
		{"raft-elections", []string{"protocol=pingpong", "params=null", "until=null", "checks=null"}, `protocol is "pingpong", want raft or etcdraft`},
		{"raft-cost", []string{"params.max-batch=64", "network.jitter=1ms"}, "network.jitter is set, want none: the closed forms know only the matrix\nparams.max-batch is 64, want 1"},
		{"raft-cost", []string{"clients.workload.mix={get: 1, put: 1}"}, "clients are others than one that writes in an open loop"},
		{"raft-wan", []string{"clients=null", "faults=null"}, "clients or network.matrix is missing, want both"},
		{"failover", []string{"network.latency=uniform(1ms, 2ms)"}, "network.latency or disk.latency varies, want constant ones"},
		{"availability-raft", []string{"network.loss=0.1", "params.pre-vote=true", "faults=[]", "availability=null"}, "network.loss is set, want none: the time of a failover is computed for crashes and constant delays\n" +
			"params.pre-vote, params.check-quorum or params.bug is set, want none of them: the failover is computed without\navailability.window is not set"},
		{"availability-raft", []string{"protocol=etcdraft", "params=null"}, `protocol is "etcdraft", want raft`},
		{"failover", []string{"protocol=kv", "params=null"}, `protocol is "kv", want primary-backup`},
	} {
		requireRefusal(t, c.want, c.study, c.sets...)
	}
}

// requireRefusal requires that a study does not run with these settings, and says why.
func requireRefusal(t *testing.T, why, name string, sets ...string) {
	t.Helper()
	s, study, err := Open(name, sets...)
	require.NoError(t, err, "%s %v", name, sets)
	p, err := s.Plan(1)
	require.NoError(t, err, "%s %v", name, sets)
	_, err = p.Execute(Execution{Study: study})
	require.ErrorContains(t, err, why, "%s %v", name, sets)
}

// The Raft of etcd stands the same trials, and is judged by the same checks.
func TestEtcdStandsTheSame(t *testing.T) {
	ours, _, err := Open("raft-hunt")
	require.NoError(t, err)
	theirs, _, err := Open("raft-hunt", "protocol=etcdraft")
	require.NoError(t, err)
	var checks [2][]string
	for i, s := range []*Scenario{ours, theirs} {
		found, err := (&Hunt{Scenario: s, First: 1, Last: 3}).Run()
		require.NoError(t, err)
		require.Empty(t, found.Failures)
		for _, c := range found.Checks {
			checks[i] = append(checks[i], c.Name)
		}
	}
	require.Equal(t, checks[0], checks[1])
}

// openStudy reads a study's scenario, with the files that it reads.
func openStudy(s Study) (*Scenario, error) {
	opened, _, err := Open(s.Name())
	return opened, err
}

// measureNamed returns a measure of a run.
func measureNamed(t testing.TB, o *Outcome, name string) Measure {
	t.Helper()
	for _, m := range o.Measures {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no measure named %s in %v", name, o.Measures)
	return Measure{}
}

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
		{"raft-elections", []string{"params.election-max=320ms"}, "a fifth of the range of timeouts is more than the slowest message, 40ms"},
		{"raft-elections", []string{"protocol=pingpong", "params=null"}, `protocol is "pingpong", want raft`},
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

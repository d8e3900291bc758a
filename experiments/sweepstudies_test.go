package experiments

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/batch"
	"lightcone/sim"
)

// unexpected runs a study's sweep with settings, and returns the measures that are not as expected.
func unexpected(t *testing.T, name string, o SweepOptions) (measures []string) {
	t.Helper()
	s, err := NewSweep(name, o)
	require.NoError(t, err)
	records, err := batch.Run(t.Context(), t.TempDir(), s.Task(), batch.Options{})
	require.NoError(t, err)
	w, err := s.Results(records)
	require.NoError(t, err)
	require.NotEmpty(t, w.Expectations)
	for _, e := range w.Expectations {
		if !e.Finding().AsExpected() {
			measures = append(measures, e.Measure)
		}
	}
	return measures
}

// What a study expects is no echo of its runs: where its closed form does not hold, it says so.
func TestSweptStudiesCanFail(t *testing.T) {
	for _, c := range []struct {
		name, study string
		set, vary   []string
		want        []string
	}{
		{"losses in bursts", "pingpong-loss", []string{"network.bursts={loss: 0.2, length: 3}"}, []string{"network.loss=0.1"}, []string{"pings per round"}},
		{"twice as many messages", "pingpong-loss", []string{"network.duplicate=1"}, []string{"network.loss=0.3"}, []string{"pings per round"}},
		{"as they are", "raft-cost", nil, []string{"nodes=3,9"}, nil},
		{"as it is", "etcd-elections", nil, []string{"servers=one down"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, unexpected(t, c.study, SweepOptions{Set: c.set, Vary: c.vary}))
		})
	}
}

// A leader that counts too few commits sooner than the closed form has it; the bug is planted behind the study's back,
// which refuses it.
func TestRaftCostNoticesAQuorumTooSmall(t *testing.T) {
	for bug, want := range map[string]Agreement{"": Agrees, "quorum-off-by-one": Differs} {
		s, _, err := Open("raft-cost", "clients.workload.operations=150", "params.bug="+quoted(bug))
		require.NoError(t, err)
		fair, _, err := Open("raft-cost")
		require.NoError(t, err)
		form, err := costOf(fair)
		require.NoError(t, err)
		p, err := s.Plan(1)
		require.NoError(t, err)
		w := &costWatch{from: 5e9, asked: map[question]sim.Time{}}
		p.Config.Observers = append(p.Config.Observers, w)
		_, err = p.Execute(Execution{Lean: true})
		require.NoError(t, err)
		commit := w.report(form).Measures[2]
		require.Equal(t, commitName, commit.Name)
		require.Equal(t, want, Agree(commit), "%q: %+v", bug, commit)
	}
}

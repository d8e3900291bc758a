package raft_test

import (
	"slices"
	"testing"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"

	"github.com/stretchr/testify/require"
)

// TestCourseKillsBugs plants one bug after the other, each of which a case of the course must find: else that case cannot
// fail.
func TestCourseKillsBugs(t *testing.T) {
	for _, b := range []struct {
		bug  raft.Bug
		by   string
		cfg  raft.Config
		says string
	}{
		{bug: raft.VoteWithoutLogCheck, by: "fail agree", says: "leader completeness"},
		{bug: raft.VoteWithoutLogCheck, by: "rejoin", says: "leader completeness"},
		{bug: raft.QuorumOffByOne, by: "follower failure", says: "every quorum holds the committed prefix"},
		{bug: raft.AppendWithoutCheck, by: "rejoin", says: "log matching"},
		{bug: raft.AppendWithoutCheck, by: "backup", says: "state machine safety"},
		{bug: raft.TruncateAlways, by: "unreliable agree", says: "every quorum holds the committed prefix"},
		{bug: raft.TermNotPersisted, by: "persist 1", says: "one vote per term"},
		{bug: raft.AckBeforeDurable, by: "unreliable agree", says: "every quorum holds the committed prefix"},
		{bug: raft.SessionsNotInSnapshot, by: "unreliable churn with snapshots", says: "want them equal"},
		{bug: raft.VoteNotPersisted, by: "a vote outlasts a crash", cfg: bare, says: "one vote per term"},
		{bug: raft.StaleVotesCounted, by: "votes of the last term", cfg: bare, says: "election safety"},
		{bug: raft.CommitOldTerm, by: "figure 8, schedule d", cfg: bare, says: "n0 has committed entry 2: true, want false"},
	} {
		t.Run(string(b.bug)+" by "+b.by, func(t *testing.T) {
			cfg := b.cfg
			cfg.Bug = b.bug
			kill(t, find(t, b.by), system(cfg), b.says)
		})
	}
}

// kill requires that a case finds a bug that is planted in a system, in one of its first seeds, and says so.
func kill(t *testing.T, k consensustest.Case, s consensustest.System, says string) {
	t.Helper()
	const seeds = 20
	for seed := range uint64(seeds) {
		if err := k.Try(s, seed+1); err != nil {
			require.ErrorContains(t, err, says, "seed %d", seed+1)
			t.Logf("seed %d: %v", seed+1, err)
			return
		}
	}
	t.Errorf("%q found nothing in %d seeds, want %q", k.Name, seeds, says)
}

// find returns the case of a name.
func find(t *testing.T, name string) consensustest.Case {
	t.Helper()
	for _, k := range slices.Concat(consensustest.Course(), directed(), reads()) {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("there is no case %q", name)
	return consensustest.Case{}
}

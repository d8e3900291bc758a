package raft_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"
)

// planted are the bugs of raft, and the cases that must find them: else those cases cannot fail.
var planted = []struct {
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
	{bug: raft.CommitNotClamped, by: "backup", cfg: bare, says: "state machine safety"},
	{bug: raft.TruncateAlways, by: "unreliable agree", says: "every quorum holds the committed prefix"},
	{bug: raft.TermNotPersisted, by: "persist 1", says: "one vote per term"},
	{bug: raft.AckBeforeDurable, by: "unreliable agree", says: "every quorum holds the committed prefix"},
	{bug: raft.OldSnapshotInstalled, by: "snapshot install reordered", says: "no going back"},
	{bug: raft.SessionsNotInSnapshot, by: "unreliable churn with snapshots", says: "want them equal"},

	{bug: raft.VoteNotPersisted, by: "a vote outlasts a crash", cfg: bare, says: "one vote per term"},
	{bug: raft.StaleVotesCounted, by: "votes of the last term", cfg: bare, says: "election safety"},
	{bug: raft.CommitOldTerm, by: "figure 8", cfg: bare, says: "leader completeness"},
	{bug: raft.CommitOldTerm, by: "figure 8, schedule d", cfg: bare, says: "n0 has committed entry 2: true, want false"},

	{bug: raft.LocalReads, by: "a leader that was cut off reads nothing stale", cfg: unlogged, says: staleRead},
	{bug: raft.ReadWithoutConfirmation, by: "an old heartbeat confirms no read", cfg: unlogged, says: staleRead},
	{bug: raft.ReadBeforeCommit, by: "a new leader reads what the last one committed", cfg: unlogged, says: staleRead},
	{bug: raft.LeaseWithoutMargin, by: "a lease ends before any other leads", cfg: leased, says: staleRead},

	{bug: raft.ChangeBeforeCommit, by: "the bug of 2015", cfg: raft.Config{Voters: nodes(0, 1, 2, 3), NoEntryAtTermStart: true}, says: "configurations intersect"},
	{bug: raft.ChangeWhileChanging, by: "one change at a time", cfg: raft.Config{Voters: nodes(0, 1, 2)}, says: "leader completeness"},
}

var (
	unlogged = raft.Config{Reads: raft.ReadIndex, NoEntryAtTermStart: true}
	leased   = raft.Config{Reads: raft.ReadLease, CheckQuorum: true, DriftBound: drift, NoEntryAtTermStart: true}
)

const staleRead = "which was written before the read began"

// TestCasesFindBugs plants one bug after the other.
func TestCasesFindBugs(t *testing.T) {
	for _, b := range planted {
		t.Run(string(b.bug)+" by "+b.by, func(t *testing.T) {
			cfg := b.cfg
			cfg.Bug = b.bug
			finds(t, caseOf(t, b.by), system(cfg), b.says)
		})
	}
}

// TestEveryBugIsFound reminds whoever adds a bug of adding it above.
func TestEveryBugIsFound(t *testing.T) {
	for _, bug := range raft.Bugs() {
		by := ""
		for _, b := range planted {
			if b.bug == bug {
				by = b.by
			}
		}
		require.NotEmpty(t, by, "no case finds %s", bug)
	}
}

// finds requires that a case finds a bug that is planted in a system, in one of its first seeds, and says so.
func finds(t *testing.T, k consensustest.Case, s consensustest.System, says string) {
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

// caseOf returns the case of a name.
func caseOf(t *testing.T, name string) consensustest.Case {
	t.Helper()
	all := slices.Concat(consensustest.Course(), directed(), reads())
	for _, k := range memberships() {
		all = append(all, k.Case)
	}
	i := slices.IndexFunc(all, func(k consensustest.Case) bool { return k.Name == name })
	require.GreaterOrEqual(t, i, 0, "there is no case %q", name)
	return all[i]
}

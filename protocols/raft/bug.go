package raft

import (
	"fmt"
	"slices"
)

// Bug is a fault of implementation that Config.Bug plants, for tests, labs and hunts: the empty Bug is none.
type Bug string

// The bugs. Each says what is wrong, and what should catch it.
const (
	// VoteWithoutLogCheck grants a vote whatever the candidate's log is worth, against §3.6.1. A leader without
	// committed entries follows: leader completeness.
	VoteWithoutLogCheck Bug = "vote-without-log-check"
	// VoteNotPersisted forgets in a crash whom it voted for, against §3.8, and votes again: election safety.
	VoteNotPersisted Bug = "vote-not-persisted"
	// TermNotPersisted forgets its term (and with it its vote) in a crash, against §3.8: election safety.
	TermNotPersisted Bug = "term-not-persisted"
	// StaleVotesCounted counts a vote that was granted in an earlier term: election safety.
	StaleVotesCounted Bug = "stale-votes-counted"
	// QuorumOffByOne takes one server less than a majority for a majority: leader completeness, election safety.
	QuorumOffByOne Bug = "quorum-off-by-one"
	// AppendWithoutCheck accepts AppendEntries without the consistency check of §3.5: state machine safety, log matching.
	AppendWithoutCheck Bug = "append-without-check"
	// TruncateAlways cuts the log at every AppendEntries, not only at a conflict (figure 3.1, AppendEntries, 3), so that
	// one that is late undoes what was acknowledged: leader completeness.
	TruncateAlways Bug = "truncate-always"
	// CommitNotClamped takes the leader's commit index without regard to the last new entry (figure 3.1, AppendEntries,
	// 5), and applies what the leader never had: state machine safety.
	CommitNotClamped Bug = "commit-not-clamped"
	// CommitOldTerm commits an entry of an earlier term by counting replicas, against §3.6.2: the schedule of figure 3.7
	// (figure 8 of the paper), leader completeness. Needs NoEntryAtTermStart to show.
	CommitOldTerm Bug = "commit-old-term"
	// AckBeforeDurable acknowledges entries before they are durable, against §3.8: leader completeness.
	AckBeforeDurable Bug = "ack-before-durable"
	// LocalReads answers a Get from the leader's state machine without asking whether it still leads, against §6.4:
	// linearizability.
	LocalReads Bug = "local-reads"
	// ReadBeforeCommit serves ReadIndex before an entry of the leader's own term has committed, against step 1 of §6.4:
	// linearizability.
	ReadBeforeCommit Bug = "read-before-commit"
	// ReadWithoutConfirmation counts every acknowledgement of the term as confirmation of a ReadIndex, also of a
	// heartbeat that was sent before the Get came, against step 3 of §6.4: linearizability.
	ReadWithoutConfirmation Bug = "read-without-confirmation"
	// LeaseWithoutMargin believes in its lease for the whole election timeout, whatever the clocks, against §6.4.1:
	// linearizability, where clocks drift.
	LeaseWithoutMargin Bug = "lease-without-margin"
	// ChangeBeforeCommit changes the membership before an entry of the leader's own term has committed: the bug of the
	// single-server changes as first published, found in 2015. Election safety, leader completeness. Needs
	// NoEntryAtTermStart to show.
	ChangeBeforeCommit Bug = "change-before-commit"
	// ChangeWhileChanging starts a change of membership while the last is not yet committed, against §4.1: election
	// safety, leader completeness.
	ChangeWhileChanging Bug = "change-while-changing"
	// SessionsNotInSnapshot leaves the table of sessions out of snapshots, against §6.3, so that a retry after one takes
	// effect again: linearizability.
	SessionsNotInSnapshot Bug = "sessions-not-in-snapshot"
	// OldSnapshotInstalled installs every snapshot that comes, also one that is late and behind what the server has
	// acknowledged since, against figure 5.3, 6: no going back, leader completeness.
	OldSnapshotInstalled Bug = "old-snapshot-installed"
)

// Bugs returns all bugs.
func Bugs() []Bug {
	return []Bug{VoteWithoutLogCheck, VoteNotPersisted, TermNotPersisted, StaleVotesCounted, QuorumOffByOne,
		AppendWithoutCheck, TruncateAlways, CommitNotClamped, CommitOldTerm, AckBeforeDurable,
		LocalReads, ReadBeforeCommit, ReadWithoutConfirmation, LeaseWithoutMargin,
		ChangeBeforeCommit, ChangeWhileChanging, SessionsNotInSnapshot, OldSnapshotInstalled}
}

func (b Bug) validate() error {
	if b == "" || slices.Contains(Bugs(), b) {
		return nil
	}
	return fmt.Errorf("raft: Config.Bug is %q, want none or one of %v", string(b), Bugs())
}

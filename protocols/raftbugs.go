package protocols

import "lightcone/protocols/raft"

// raftBugs says for each bug of raft what should catch it, and how to bring it out in the scenario raft-hunt.
func raftBugs() []Bug {
	// What is committed and then lost shows first as a quorum that does not hold it, or, when a leader is elected without
	// it, as what the paper calls leader completeness.
	const lost = "leader completeness, every quorum holds the committed prefix"
	const twoVotes = "election safety, one vote per term"
	hasty := []string{"faults[0].up=exponential(mean=200ms)", "faults[0].down=exponential(mean=5ms)", "params.election-max=153ms"}
	restless := []string{"faults[0].up=exponential(mean=1s)", "faults[0].down=exponential(mean=100ms)"}
	bug := func(b raft.Bug, about, property string, set ...string) Bug {
		return Bug{Name: string(b), About: about, Property: property, Scenario: "raft-hunt", Set: set}
	}
	scripted := func(b raft.Bug, about, property string) Bug {
		return Bug{Name: string(b), About: about, Property: property}
	}
	return []Bug{
		bug(raft.VoteWithoutLogCheck, "A vote is granted whatever the candidate's log is worth (section 3.6.1)", lost),
		bug(raft.AppendWithoutCheck, "AppendEntries are accepted without the consistency check (section 3.5)", "state machine safety, log matching, "+lost),
		bug(raft.TruncateAlways, "Every AppendEntries cuts the log, an old one too (figure 3.1)", lost),
		bug(raft.QuorumOffByOne, "One server less than a majority decides (section 3.4)", lost+", election safety"),
		bug(raft.LocalReads, "A leader answers gets from its state machine without asking whether it still leads (section 6.4)", "linearizable"),
		bug(raft.TermNotPersisted, "A crash forgets the term and the vote (section 3.8)", twoVotes, append([]string{"nodes=3"}, restless...)...),
		bug(raft.AckBeforeDurable, "Entries are acknowledged before they are durable (section 3.8)", lost),
		bug(raft.VoteNotPersisted, "A crash forgets whom the server voted for (section 3.8)", twoVotes, hasty...),
		bug(raft.StaleVotesCounted, "A vote that was granted in an earlier term counts in this one (section 3.4)", "election safety, "+lost,
			"nodes=3", "params.election-min=20ms", "params.election-max=25ms", "params.heartbeat=7ms", "network.reorder.share=0.5"),
		bug(raft.CommitNotClamped, "The commit index is taken without regard to the last new entry (figure 3.1)", "state machine safety, "+lost, "params.max-batch=1"),
		bug(raft.OldSnapshotInstalled, "A snapshot is installed even if it is late and behind what the server has (figure 5.3)", "no going back, "+lost, "params.snapshot-every=20"),
		bug(raft.SessionsNotInSnapshot, "Snapshots lack the table of sessions (section 6.3)", "linearizable",
			append([]string{"nodes=3", "params.snapshot-every=3", "clients.timeout=30ms", "network.reorder.share=0.3"}, restless...)...),
		bug(raft.ReadBeforeCommit, "A read index is given before an entry of the term is committed (section 6.4)", "linearizable",
			append([]string{"params.reads=read-index", "params.no-entry-at-term-start=true", "clients.timeout=30ms"}, restless...)...),
		scripted(raft.CommitOldTerm, "An entry of an earlier term is committed by counting replicas (section 3.6.2)", lost),
		scripted(raft.ReadWithoutConfirmation, "A heartbeat from before a query confirms it (section 6.4)", "linearizable"),
		scripted(raft.LeaseWithoutMargin, "A lease lasts a whole election timeout whatever the clocks (section 6.4.1)", "linearizable"),
		scripted(raft.ChangeBeforeCommit, "The membership changes before an entry of the leader's own term is committed (Ongaro, raft-dev, July 2015)", "configurations intersect, election safety, "+lost),
		scripted(raft.ChangeWhileChanging, "The membership changes while the last change is not yet committed (section 4.1)", "configurations intersect, election safety, "+lost),
	}
}

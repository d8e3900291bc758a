package raft_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
)

// The schedules that random runs do not reach, each with the bug that it is about: the claim falls with it, and nothing
// does without.

// schedule plays the same for a bug and for none.
func schedule(t *testing.T, cfg raft.Config, bug raft.Bug, falls []string, story func(*stage)) {
	t.Helper()
	t.Run("sound", func(t *testing.T) {
		s := play(t, cfg)
		story(s)
		require.Empty(t, s.fell())
	})
	t.Run(string(bug), func(t *testing.T) {
		cfg.Bug = bug
		s := play(t, cfg)
		story(s)
		require.Contains(t, falls, s.fell())
	})
}

// Figure 3.7 of the dissertation, figure 8 of the paper: an entry of an earlier term that is on a majority can still be
// overwritten, so that it must not be committed by counting (§3.6.2). S1 to S5 are n0 to n4.
func TestFigure8(t *testing.T) {
	cfg := raft.Config{Servers: 5, NoEntryAtTermStart: true}
	schedule(t, cfg, raft.CommitOldTerm, []string{"leader completeness"}, func(s *stage) {
		s.elect(0, 1, 2)
		s.put(0, "1") // an entry that all know, so that logs differ from index 2 on
		s.together()
		s.run(2 * time.Second)

		s.together(0, 1) // (a) S1 leads, and partially replicates the entry at index 2
		s.put(0, "2")
		s.run(hop)

		s.crash(0) // (b) S1 crashes; S5 leads by the votes of S3, S4 and itself, and accepts another entry at index 2
		s.elect(4, 2, 3)
		s.put(4, "3")

		s.crash(4) // (c) S5 crashes; S1 restarts, leads, and goes on replicating: its entry is now on a majority
		s.recover(0)
		s.elect(0, 1, 2) // it still has to learn of S5's term
		s.run(4 * hop)
		require.Equal(s.t, raft.Index(2), s.server(2).Last(), "S3 has the entry at index 2")

		s.crash(0) // (d) S1 crashes; S5 leads by the votes of S2, S3 and S4, and overwrites the entry
		s.recover(4)
		s.elect(4, 1, 2, 3)
		s.put(4, "5")
		s.run(2 * time.Second)
	})
}

// Figure 3.7 (e): if S1 replicates an entry of its own term to a majority, the earlier one is committed with it, and S5
// cannot win.
func TestFigure8WithAnEntryOfTheTerm(t *testing.T) {
	s := play(t, raft.Config{Servers: 5, NoEntryAtTermStart: true})
	s.elect(0, 1, 2)
	s.put(0, "1")
	s.together()
	s.run(2 * time.Second)
	s.together(0, 1)
	s.put(0, "2")
	s.run(hop)
	s.crash(0)
	s.elect(4, 2, 3)
	s.put(4, "3")
	s.crash(4)
	s.recover(0)
	s.elect(0, 1, 2)
	id := s.put(0, "4")
	s.run(6 * hop)
	r, ok := s.answer(id)
	require.True(t, ok && r.Status == kv.OK, "the entry of the own term commits")
	require.Equal(t, raft.Index(3), s.server(0).Committed())
	s.crash(0)
	s.recover(4)
	s.together(1, 2, 3, 4)
	for range 3 {
		s.stand(4)
		s.run(2 * hop)
	}
	require.False(t, s.server(4).Leader())
	require.Empty(t, s.fell())
}

// A server votes, crashes, and is asked again in the same term (§3.8). It must know both whom it voted for and when.
func TestVoteAcrossRestart(t *testing.T) {
	story := func(s *stage) {
		s.elect(0, 1)
		s.crash(1)
		s.recover(1)
		s.together(1, 2)
		s.stand(2)
		s.run(2 * hop)
	}
	falls := []string{"one vote per term", "election safety"}
	schedule(t, raft.Config{Servers: 3}, raft.VoteNotPersisted, falls, story)
	schedule(t, raft.Config{Servers: 3}, raft.TermNotPersisted, append(falls, "no going back"), story)
}

// A vote of term 1 arrives late, in term 2, in which the voter votes for another (§3.4).
func TestLateVote(t *testing.T) {
	schedule(t, raft.Config{Servers: 3}, raft.StaleVotesCounted, []string{"election safety"}, func(s *stage) {
		s.together(0, 1)
		s.stand(0)
		s.run(hop) // n1 has voted for n0 in term 1; its answer is lost
		s.together(0)
		s.run(hop)
		s.stand(0) // and n0 stands again, in term 2
		s.elect(2, 1)
		require.Equal(s.t, s.server(0).Term(), s.server(2).Term())
		require.Equal(s.t, raft.Candidate, s.server(0).Role())
		s.together()
		s.say(1, 0, raft.RequestVoteReply{Term: 1, Granted: true})
	})
}

// A follower with entries that the leader never had hears of a commit index that is beyond where the logs agree (figure
// 3.1, AppendEntries, 5).
func TestCommitBeyondTheLastNewEntry(t *testing.T) {
	cfg := raft.Config{Servers: 3, MaxBatch: 1, NoEntryAtTermStart: true}
	schedule(t, cfg, raft.CommitNotClamped, []string{"state machine safety", "leader completeness", "every quorum holds the committed prefix"}, func(s *stage) {
		s.elect(0, 1, 2)
		s.together(0)
		for range 3 {
			s.put(0, "never known to others") // at 1, 2, 3
		}
		s.elect(1, 2)
		for range 3 {
			s.put(1, "committed") // at 1, 2, 3
		}
		s.run(2 * time.Second)
		require.Equal(s.t, raft.Index(3), s.server(1).Committed())
		s.together()
		s.run(2 * time.Second)
	})
}

package raft_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/check"
)

// A client's Append is executed, a snapshot is made, all servers restart from it, and the client, which never had its
// answer, asks again. The table of sessions in the snapshot is what knows (§6.3).
func TestSessionsSurviveInTheSnapshot(t *testing.T) {
	executed := func(bug raft.Bug) string {
		s := play(t, raft.Config{Servers: 3, SnapshotEvery: 3, Bug: bug})
		request := kv.Request{ID: 9, Token: kv.Token{Session: 1, Serial: 1}, Op: kv.Op{Kind: check.Append, Key: "x", Value: "a"}}
		s.elect(0, 1, 2)
		s.say(3, 0, kv.Request{ID: 1, Register: true})
		s.run(4 * hop)
		s.say(3, 0, request)
		s.together()
		s.run(2 * time.Second)
		require.Greater(t, s.server(1).First(), raft.Index(1), "a snapshot stands for the first entries")
		s.crash(0, 1, 2)
		s.recover(0, 1, 2)
		s.elect(0, 1, 2)
		s.say(3, 0, request)
		s.run(4 * hop)
		require.Empty(t, s.fell())
		return s.server(0).Store().Get("x").Value
	}
	require.Equal(t, "a", executed(""))
	require.Equal(t, "aa", executed(raft.SessionsNotInSnapshot))
}

// A snapshot that was under way when it was sent again arrives once more, when the follower has acknowledged entries
// after it (figure 5.3, 6).
func TestLateSnapshotUndoesNothing(t *testing.T) {
	falls := []string{"no going back", "leader completeness", "every quorum holds the committed prefix"}
	schedule(t, raft.Config{Servers: 3, SnapshotEvery: 3}, raft.OldSnapshotInstalled, falls, func(s *stage) {
		var old raft.InstallSnapshot
		s.w.Observe(sim.ObserverFunc(func(e *sim.Event) {
			if m, ok := e.Value.(raft.InstallSnapshot); ok && e.Kind == sim.Send {
				old = m
			}
		}))
		s.elect(0, 1)
		for range 4 {
			s.put(0, "1")
		}
		s.together()
		s.run(2 * time.Second)
		require.True(s.t, old.Done, "n2 was sent a snapshot")
		s.together(0, 2)
		s.put(0, "2")
		s.run(4 * hop)
		require.Equal(s.t, s.server(0).Committed(), s.server(2).Last())
		s.say(0, 2, old)
		s.run(4 * hop)
	})
}

// A snapshot goes in chunks, each acknowledged; one that is lost is sent again with the next heartbeat, and a follower
// that crashes in between begins anew (§5.1, figure 5.3).
func TestSnapshotInChunks(t *testing.T) {
	s := play(t, raft.Config{Servers: 3, SnapshotEvery: 3, SnapshotChunk: 100})
	chunks := 0
	s.w.Observe(sim.ObserverFunc(func(e *sim.Event) {
		if m, ok := e.Value.(raft.InstallSnapshot); ok && e.Kind == sim.Send {
			chunks++
			require.LessOrEqual(t, len(m.Data), 100)
		}
	}))
	s.elect(0, 1)
	s.ask(0, kv.Op{Kind: check.Put, Key: "long", Value: strings.Repeat("long ", 100)}) // 500 bytes: six chunks with what is around it
	s.put(0, "1")
	s.put(0, "2")
	s.together()
	s.run(1060 * ms)
	require.Positive(t, chunks)
	s.together(0, 1) // one is lost
	s.run(50 * ms)
	s.together()
	s.run(1030 * ms)
	s.crash(2)
	s.recover(2)
	s.run(3 * time.Second)
	require.Equal(t, s.server(0).Applied(), s.server(2).Applied())
	require.Equal(t, s.server(0).Store().Hash(), s.server(2).Store().Hash())
	require.Empty(t, s.fell())
	require.Greater(t, chunks, 6)
}

// A follower that is to get a snapshot turns out to have more of the log than it seemed, by a late answer, so that the log
// goes on from there. The leader goes by that: the snapshot may be lost, and nothing would ask for it again.
func TestLateAnswerSparesTheSnapshot(t *testing.T) {
	s := start(t, raft.Config{SnapshotEvery: 4, SnapshotKeep: 2})
	s.lead()
	for _, follower := range []sim.NodeID{1, 2} {
		s.settle(follower, raft.AppendEntriesReply{Term: 1, Success: true, Index: 1})
	}
	for id := range uint64(3) {
		s.settle(3, kv.Request{ID: id + 1, Op: kv.Op{Kind: check.Put, Key: "x", Value: "1"}})
	}
	s.settle(1, raft.AppendEntriesReply{Term: 1, Success: true, Index: 4})
	require.Equal(t, raft.Index(3), s.p.First(), "a snapshot of 4 stands for the first two entries")
	did := messages(s.settle(2, raft.AppendEntriesReply{Term: 1, Index: 4, ConflictIndex: 2}))
	require.Len(t, did, 1)
	require.IsType(t, raft.InstallSnapshot{}, did[0], "n2 seems to lack entry 2")
	did = messages(s.settle(2, raft.AppendEntriesReply{Term: 1, Success: true, Index: 3}))
	require.Len(t, did, 1)
	m, ok := did[0].(raft.AppendEntries)
	require.True(t, ok && m.PrevIndex == 3 && len(m.Entries) == 1, "n2 is sent %v, want entry 4", did[0])
}

// The configuration is part of the snapshot (§5.1): a server that joins from one knows who its peers are.
func TestSnapshotHasTheConfiguration(t *testing.T) {
	s := play(t, raft.Config{Servers: 4, Voters: []sim.NodeID{0, 1, 2}, SnapshotEvery: 2})
	s.elect(0, 1, 2)
	s.together(0, 1, 2)
	s.run(2 * time.Second)
	s.change(0, 0, 1)
	s.run(2 * time.Second)
	for range 5 {
		s.put(0, "1")
	}
	s.run(2 * time.Second)
	s.together()
	s.say(4, 0, raft.ChangeRequest{ID: 2, Voters: []sim.NodeID{0, 1}, Learners: []sim.NodeID{3}})
	s.run(4 * time.Second)
	require.Equal(t, []sim.NodeID{0, 1}, s.server(3).Configuration().Voters)
	s.crash(3)
	s.recover(3)
	require.Equal(t, []sim.NodeID{0, 1}, s.server(3).Configuration().Voters)
	require.Empty(t, s.fell())
}

// A follower with entries of its own where the leader has a snapshot takes the snapshot (figure 5.3, 6): an entry at its
// index is not enough, it must be of its term.
func TestSnapshotReplacesOtherEntries(t *testing.T) {
	s := play(t, raft.Config{Servers: 3, SnapshotEvery: 3})
	s.elect(2, 1)
	s.together(2)
	for range 6 {
		s.put(2, "never known to others")
	}
	s.elect(0, 1)
	for range 4 {
		s.put(0, "1")
	}
	s.run(4 * hop)
	require.Greater(t, s.server(0).First(), raft.Index(1))
	s.together()
	s.run(4 * time.Second)
	require.Equal(t, s.server(0).Last(), s.server(2).Last())
	require.Equal(t, s.server(0).Store().Hash(), s.server(2).Store().Hash())
	require.Empty(t, s.fell())
}

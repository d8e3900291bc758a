package raft_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// change asks a server for a configuration.
func (s *stage) change(id sim.NodeID, voters ...sim.NodeID) {
	s.say(sim.NodeID(s.servers), id, raft.ChangeRequest{ID: 1, Voters: voters})
}

// The bug of the single-server changes as first published (Ongaro, raft-dev, 10 July 2015). S1 to S5 are n0 to n4; the
// cluster is S1 to S4. S1 adds S5 and S2 removes S1, each in a term in which it has committed nothing: their majorities
// need not meet.
func TestChangeBeforeCommit(t *testing.T) {
	cfg := raft.Config{Servers: 5, Voters: []sim.NodeID{0, 1, 2, 3}, NoEntryAtTermStart: true}
	falls := []string{"configurations intersect", "leader completeness", "election safety"}
	schedule(t, cfg, raft.ChangeBeforeCommit, falls, func(s *stage) {
		s.elect(0, 1, 2)
		s.put(0, "1")
		s.together()
		s.run(2 * time.Second)

		s.together(0, 4) // S1 adds S5: the entry is on S1 and S5
		s.change(0, 0, 1, 2, 3, 4)
		s.run(6 * hop)
		require.Len(s.t, s.server(4).Configuration().Voters, 5)

		s.elect(1, 2, 3) // S2 leads by S2, S3 and S4, and removes S1: the entry is on S2 and S3
		s.together(1, 2)
		s.change(1, 1, 2, 3)
		s.run(6 * hop)

		s.elect(0, 3, 4) // S1 leads by S1, S4 and S5
		s.put(0, "2")
		s.run(2 * time.Second)
	})
}

// Two changes at a time: n0 goes from five servers to three in steps that others do not hear of, and decides with n1
// what n2, n3 and n4, a majority of the five, know nothing of (§4.1).
func TestChangeWhileChanging(t *testing.T) {
	falls := []string{"configurations intersect", "leader completeness", "election safety"}
	schedule(t, raft.Config{Servers: 5}, raft.ChangeWhileChanging, falls, func(s *stage) {
		s.elect(0, 1, 2, 3, 4)
		s.together()
		s.run(2 * time.Second)
		s.together(0, 1)
		s.change(0, 0, 1, 2, 3)
		s.change(0, 0, 1, 2)
		s.put(0, "1")
		s.run(6 * hop)
		s.elect(2, 3, 4)
		s.put(2, "2")
		s.run(2 * time.Second)
	})
}

// reply returns the last answer to a change or a transfer.
func (s *stage) reply() (status kv.Status, ok bool) {
	for _, m := range s.replies.others {
		switch m := m.(type) {
		case raft.ChangeReply:
			status, ok = m.Status, true
		case raft.TransferReply:
			status, ok = m.Status, true
		}
	}
	return status, ok
}

// A server that is new catches up before it has a vote, so that adding it leaves no gap in which nothing can be committed
// (§4.2.1).
func TestNewServerCatchesUpFirst(t *testing.T) {
	s := play(t, raft.Config{Servers: 4, Voters: []sim.NodeID{0, 1, 2}, MaxBatch: 4})
	s.elect(0, 1)
	for range 40 {
		s.put(0, "1")
	}
	s.together(0, 1) // n3 cannot be reached
	s.change(0, 0, 1, 2, 3)
	s.run(4 * hop)
	require.Len(t, s.server(0).Configuration().Voters, 3, "n3 has nothing yet")
	s.put(0, "2")
	s.run(4 * hop)
	require.Equal(t, s.server(0).Last(), s.server(0).Committed(), "and the cluster goes on")
	s.together(0, 1, 3)
	s.run(2 * time.Second)
	require.Len(t, s.server(3).Configuration().Voters, 4)
	status, ok := s.reply()
	require.True(t, ok)
	require.Equal(t, kv.OK, status)
	require.Empty(t, s.fell())
}

// A new server that never catches up is not added (§4.2.1).
func TestNewServerThatIsDeadIsNotAdded(t *testing.T) {
	cfg := raft.Config{Servers: 4, Voters: []sim.NodeID{0, 1, 2}, CatchUpRounds: 2, ElectionMin: time.Second, ElectionMax: 1100 * ms, Heartbeat: 100 * ms}
	s := play(t, cfg)
	s.elect(0, 1)
	s.together(0, 1, 2)
	s.change(0, 0, 1, 2, 3)
	s.run(3 * time.Second)
	status, ok := s.reply()
	require.True(t, ok)
	require.Equal(t, kv.Unavailable, status)
	require.Len(t, s.server(0).Configuration().Voters, 3)
}

// A leader that removes itself leads, without counting itself, until the change is committed, and then steps down
// (§4.2.2).
func TestLeaderRemovesItself(t *testing.T) {
	s := play(t, raft.Config{Servers: 3})
	s.elect(0, 1, 2)
	s.together()
	s.run(2 * time.Second)
	s.together(0, 1)
	s.change(0, 1, 2)
	s.run(6 * hop)
	require.True(t, s.server(0).Leader(), "n0 and n1 are no majority of n1 and n2")
	require.Equal(t, raft.Index(1), s.server(0).Committed())
	s.together()
	s.run(2 * time.Second)
	require.False(t, s.server(0).Leader())
	require.Equal(t, raft.Index(2), s.server(1).Committed(), "its last heartbeat says that it is over")
	s.elect(1, 2)
	id := s.put(1, "1")
	s.run(4 * hop)
	r, ok := s.answer(id)
	require.True(t, ok && r.Status == kv.OK)
	require.Empty(t, s.fell())
}

// In the joint configuration neither majority decides alone (§4.3).
func TestJointNeedsBothMajorities(t *testing.T) {
	for _, reached := range [][]sim.NodeID{{0, 1, 2}, {0, 3, 4, 5}} {
		s := play(t, raft.Config{Servers: 6, Voters: []sim.NodeID{0, 1, 2}})
		s.elect(0, 1, 2)
		s.together()
		s.run(2 * time.Second)
		s.change(0, 3, 4, 5) // the new servers catch up: one AppendEntries does not fit, the next does
		s.run(4 * hop)
		require.NotEmpty(t, s.server(0).Configuration().Outgoing)
		s.together(reached...)
		before := s.server(0).Committed()
		s.put(0, "1")
		s.run(2 * time.Second)
		require.Equal(t, before, s.server(0).Committed(), "%v do not decide alone", reached)
		s.together()
		s.run(2 * time.Second)
		require.Equal(t, []sim.NodeID{3, 4, 5}, s.server(3).Configuration().Voters)
		require.Empty(t, s.server(3).Configuration().Outgoing)
		require.False(t, s.server(0).Leader())
		require.Empty(t, s.fell())
	}
}

// A configuration that is in the log but not committed is in force, and no longer when the entry is overwritten (§4.1).
func TestOverwrittenConfigurationIsUndone(t *testing.T) {
	s := play(t, raft.Config{Servers: 3})
	s.elect(0, 1, 2)
	s.together()
	s.run(2 * time.Second)
	s.together(0)
	s.change(0, 0, 1)
	require.Len(t, s.server(0).Configuration().Voters, 2)
	s.elect(1, 2)
	s.together()
	s.run(2 * time.Second)
	require.Len(t, s.server(0).Configuration().Voters, 3)
	status, ok := s.reply()
	require.True(t, ok)
	require.Equal(t, kv.Uncertain, status)
	require.Empty(t, s.fell())
}

// Learners get the log but no vote.
func TestLearner(t *testing.T) {
	s := play(t, raft.Config{Servers: 3, Voters: []sim.NodeID{0, 1}})
	s.elect(0, 1)
	s.together()
	s.run(2 * time.Second)
	s.say(3, 0, raft.ChangeRequest{ID: 1, Voters: []sim.NodeID{0, 1}, Learners: []sim.NodeID{2}})
	s.run(2 * time.Second)
	require.Equal(t, s.server(0).Last(), s.server(2).Applied())
	s.together(0, 2)
	before := s.server(0).Committed()
	s.put(0, "1")
	s.run(2 * time.Second)
	require.Equal(t, s.server(0).Last(), s.server(2).Last())
	require.Equal(t, before, s.server(0).Committed(), "a learner does not count")
	s.stand(2)
	require.Equal(t, raft.Follower, s.server(2).Role())
	require.Empty(t, s.fell())
}

// A server that was removed does not know, hears from nobody, and stands for election for ever. With CheckQuorum those
// who hear from the leader pay no attention (§4.2.3); without, it deposes one leader after the other.
func TestRemovedServerDisrupts(t *testing.T) {
	for _, check := range []bool{false, true} {
		cfg := raft.Config{Servers: 4, CheckQuorum: check, ElectionMin: 150 * ms, ElectionMax: 300 * ms, Heartbeat: 50 * ms}
		s := play(t, cfg)
		s.run(time.Second)
		leader := leaderOf(s.w.View(), 4)
		require.NotEqual(t, sim.Nobody, leader)
		removed := (leader + 1) % 4
		var rest []sim.NodeID
		for id := range sim.NodeID(4) {
			if id != removed {
				rest = append(rest, id)
			}
		}
		s.change(leader, rest...)
		s.run(100 * ms)
		term := s.server(leader).Term()
		s.run(5 * time.Second)
		require.Greater(t, s.server(removed).Stats().Campaigns, 3)
		if check {
			require.Equal(t, term, s.server(leader).Term())
			require.True(t, s.server(leader).Leader())
		} else {
			require.Greater(t, s.server(leader).Term(), term+3)
		}
		require.Empty(t, s.fell())
	}
}

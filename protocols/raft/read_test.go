package raft_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/clock"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// answersStale plays a story that ends with a Get, and tells whether it was answered with something that was overwritten before
// it was asked.
func answersStale(t *testing.T, cfg raft.Config, fresh string, story func(*stage) uint64) bool {
	t.Helper()
	s := play(t, cfg)
	r, ok := s.answer(story(s))
	require.NoError(t, s.w.Err())
	return ok && r.Status == kv.OK && r.Result.Value != fresh
}

// A new leader knows the log, but not what of it is committed, before an entry of its own term is (§6.4, step 1).
func TestReadIndexWantsAnEntryOfTheTerm(t *testing.T) {
	story := func(s *stage) uint64 {
		s.elect(0, 1)
		s.put(0, "1")
		s.run(2 * hop) // committed and acknowledged; n1 has the entry, but does not know that it is committed
		s.elect(1, 2)
		id := s.get(1)
		s.run(4 * hop)
		return id
	}
	cfg := raft.Config{Servers: 3, Reads: raft.ReadIndex, NoEntryAtTermStart: true}
	require.False(t, answersStale(t, cfg, "1", story))
	cfg.Bug = raft.ReadBeforeCommit
	require.True(t, answersStale(t, cfg, "1", story))
}

// A heartbeat that was sent before the Get came confirms nothing (§6.4, step 3): when its answer arrives, late, another
// leads.
func TestReadIndexWantsALaterHeartbeat(t *testing.T) {
	story := func(s *stage) uint64 {
		s.elect(0, 1)
		s.put(0, "1")
		s.run(2 * time.Second)
		var old raft.AppendEntries // a heartbeat to n1 whose answer is late
		s.w.Observe(sim.ObserverFunc(func(e *sim.Event) {
			if m, ok := e.Value.(raft.AppendEntries); ok && e.Kind == sim.Send && e.From == 0 && e.To == 1 && old.Term == 0 {
				old = m
			}
		}))
		s.act(sim.Cut{Name: "late", From: []sim.NodeID{1}, To: []sim.NodeID{0}, OneWay: true})
		s.run(1100 * ms)
		s.elect(1, 2)
		s.put(1, "2")
		s.run(2 * hop)
		id := s.get(0)
		s.act(sim.Heal{})
		s.say(1, 0, raft.AppendEntriesReply{Term: old.Term, Success: true, Index: old.PrevIndex, Contact: old.Contact})
		s.run(hop)
		return id
	}
	cfg := raft.Config{Servers: 3, Reads: raft.ReadIndex}
	require.False(t, answersStale(t, cfg, "2", story))
	cfg.Bug = raft.ReadWithoutConfirmation
	require.True(t, answersStale(t, cfg, "2", story))
	cfg.Bug = raft.LocalReads
	require.True(t, answersStale(t, cfg, "2", story))
	cfg.Bug, cfg.Reads = "", raft.ReadLocal
	require.True(t, answersStale(t, cfg, "2", story))
}

// A heartbeat of an earlier term confirms nothing (§6.4, step 3). The server that sent it has restarted since, and counts
// its rounds anew; when it leads again, the heartbeat arrives, and is refused by a server that is in the new term too.
func TestReadIndexWantsAHeartbeatOfTheTerm(t *testing.T) {
	story := func(s *stage) uint64 {
		s.elect(0, 1)
		var late raft.AppendEntries // the latest heartbeat to n1
		s.w.Observe(sim.ObserverFunc(func(e *sim.Event) {
			if m, ok := e.Value.(raft.AppendEntries); ok && e.Kind == sim.Send && e.From == 0 && e.To == 1 {
				late = m
			}
		}))
		s.run(20 * time.Second)
		old := late
		s.crash(0)
		s.recover(0)
		s.elect(0, 1)
		s.put(0, "1")
		s.run(2 * hop)
		require.Greater(s.t, old.Round, late.Round, "n0 counts anew")
		s.say(0, 1, old)
		s.run(hop)
		s.elect(1, 2)
		s.put(1, "2")
		s.run(2 * hop)
		id := s.get(0)
		s.run(hop)
		return id
	}
	require.False(t, answersStale(t, raft.Config{Servers: 3, Reads: raft.ReadIndex}, "2", story))
}

// leaseRace is the worst that clocks can do to a lease: the leader's is slow and the others' fast, by so many parts per
// million, and the leader is cut off as soon as it has renewed its lease. Another is elected as soon as can be, and
// acknowledges a Put. The result says whether a Get that the old leader was asked for after that was answered with the
// old value. Latency and the spread of timeouts are next to nothing: what remains is the clocks.
func leaseRace(t *testing.T, cfg raft.Config, drift clock.PPB) bool {
	t.Helper()
	const tick = 10 * time.Microsecond
	cfg.Servers, cfg.CheckQuorum, cfg.Reads = 3, true, raft.ReadLease
	cfg.ElectionMin, cfg.ElectionMax, cfg.Heartbeat = 30*time.Second, 30*time.Second+20*tick, time.Second
	s := play(t, cfg, func(c *sim.Config) {
		c.Network = sim.ConstantDelay(tick)
		c.Clock = func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			if id == 0 {
				return clock.Drift{By: -drift * clock.PPM}
			}
			return clock.Drift{By: drift * clock.PPM}
		}
	})
	s.hop = tick
	s.stand(0)
	s.run(10 * tick)
	s.put(0, "1")
	s.run(1500 * ms)
	s.together(1, 2)
	leader := sim.Nobody
	for leader == sim.Nobody {
		require.True(t, s.w.Step())
		for _, id := range []sim.NodeID{1, 2} {
			if s.server(id).Leader() {
				leader = id
			}
		}
	}
	put := s.put(leader, "2")
	for {
		if r, ok := s.answer(put); ok {
			require.Equal(t, kv.OK, r.Status)
			break
		}
		require.True(t, s.w.Step())
	}
	get := s.get(0)
	s.run(10 * tick)
	r, ok := s.answer(get)
	require.Empty(t, s.fell())
	return ok && r.Status == kv.OK && r.Result.Value == "1"
}

// At the stated bound of the drift, a lease is safe; a little beyond it is not, nor is one without a margin (§6.4.1).
func TestLeaseHoldsUpToItsBound(t *testing.T) {
	const bound = 100 // ppm
	for _, drift := range []clock.PPB{0, 50, 99, 100} {
		require.False(t, leaseRace(t, raft.Config{DriftBound: bound}, drift), "clocks drift by %d ppm", drift)
	}
	for _, drift := range []clock.PPB{110, 200} {
		require.True(t, leaseRace(t, raft.Config{DriftBound: bound}, drift), "clocks drift by %d ppm", drift)
		require.False(t, leaseRace(t, raft.Config{DriftBound: bound, LeaseMargin: 10 * ms}, drift), "a margin makes up for the clocks")
	}
	require.True(t, leaseRace(t, raft.Config{DriftBound: bound, Bug: raft.LeaseWithoutMargin}, bound))
}

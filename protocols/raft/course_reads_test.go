package raft_test

import (
	"fmt"
	"testing"
	"time"

	"lightcone/models/clock"
	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

const (
	roundTrip = 8 * time.Millisecond // more than a message each way and a write take
	drift     = 100_000              // ppm: clocks are up to a tenth fast or slow
)

// reads are the cases about reads that do not go through the log, for all ways to serve them that are safe.
func reads() []consensustest.Case {
	return []consensustest.Case{
		{
			Name: "a leader that was cut off reads nothing stale", Section: "§6.4", Servers: 5, Run: readAtOldLeader,
			Holds: "a leader that does not know that it was replaced does not answer with what is overwritten since",
		},
		{
			Name: "a new leader reads what the last one committed", Section: "§6.4, step 1", Servers: 3, Run: readAtNewLeader,
			Holds: "a leader that does not know yet what is committed does not answer without it",
		},
		{
			Name: "an old heartbeat confirms no read", Section: "§6.4, step 3", Servers: 3, Run: readAfterOldHeartbeat,
			Holds: "what a follower answered to a heartbeat from before a read does not say that the leader leads at the read",
		},
		{
			Name: "a lease ends before any other leads", Section: "§6.4.1", Servers: 3, Clock: driftingClock, Run: readInLease,
			Holds: "a leader whose clock is slow and whose followers' are fast, within the bound, answers with nothing stale",
		},
		{
			Name: "a lease ends with a transfer", Section: "§3.10, §6.4.1", Servers: 3, Run: readAfterTransfer,
			Holds: "a leader that handed over does not rely on the lease that its followers were told to disregard",
		},
	}
}

// driftingClock makes the clock of n0 slow and those of the others fast, as much as drift allows.
func driftingClock(id sim.NodeID, _ *sim.Rand) sim.Clock {
	if id == 0 {
		return clock.Drift{By: -1000 * drift}
	}
	return clock.Drift{By: 1000 * drift}
}

// readModes are the ways to serve a read that are safe.
var readModes = map[string]raft.Config{
	"log":        {},
	"read index": {Reads: raft.ReadIndex},
	"lease":      leased,
	"follower":   {Reads: raft.ReadIndex, FollowerReads: true},
}

func TestReads(t *testing.T) {
	for _, mode := range []string{"log", "read index", "lease", "follower"} {
		t.Run(mode, func(t *testing.T) {
			cfg := readModes[mode]
			cfg.NoEntryAtTermStart = true
			for _, k := range reads() {
				if mode == "lease" && k.Name == "an old heartbeat confirms no read" {
					continue // n1 is told to stand, as by a leader that has dropped its lease
				}
				t.Run(k.Name, func(t *testing.T) { k.Test(t, system(cfg)) })
			}
		})
	}
}

// TestReadsAreServed shows that the cases above do not hold because nothing is ever answered.
func TestReadsAreServed(t *testing.T) {
	for _, mode := range []string{"log", "read index", "lease", "follower"} {
		k := consensustest.Case{Name: mode, Section: "§6.4", Servers: 3, Run: func(c *consensustest.Cluster) {
			leader := c.Leader()
			x := c.Agree("x", 3)
			for _, id := range c.All() {
				began := c.View().Now()
				r, ok := c.Read(id, "x", roundTrip*2)
				refused := r.Status == kv.NotLeader
				serves := id == leader || mode == "follower"
				c.Require(ok && refused != serves, "%v says %v, want it to serve: %v", id, r, serves)
				c.Require(refused || r.Result.Value == x.Value(), "%v reads %v, want %s", id, r, x.Value())
				free := mode == "lease" || refused
				took := c.View().Now().Sub(began)
				c.Require(!free || took == 0, "%v took %v to answer, want it to ask nobody", id, took)
				c.Require(free || took > 0, "%v answered without asking anybody", id)
			}
		}}
		t.Run(mode, func(t *testing.T) { k.Test(t, system(readModes[mode])) })
	}
}

// notStale reads a key, and requires that there is no answer, or the one value that is not overwritten.
func notStale(c *consensustest.Cluster, id sim.NodeID, latest consensustest.Command, within time.Duration) {
	r, ok := c.Read(id, "x", within)
	c.Require(!ok || r.Status != kv.OK || r.Result.Value == latest.Value(), "%v reads x = %s, want %s, "+staleRead, id, r.Result.Value, latest.Value())
}

func readAtOldLeader(c *consensustest.Cluster) {
	c.Agree("x", 5)
	old := c.Leader()
	c.Disconnect(c.After(old, 2)...)
	latest := c.Agree("x", 3)
	for _, id := range c.All() {
		notStale(c, id, latest, roundTrip)
	}
	c.Connect(c.All()...)
	for _, id := range c.All() {
		notStale(c, id, latest, roundTrip)
	}
	c.Agree("x", 5)
}

// readAtNewLeader crashes the leader as soon as a command is committed, before it can tell the others.
func readAtNewLeader(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("x", 3)
	latest := commit(c, 0, "x")
	c.Crash(0)
	elect(c, 1)
	notStale(c, 1, latest, roundTrip)
	latest = c.Agree("x", 2)
	notStale(c, 1, latest, roundTrip)
	c.Restart(0)
	c.Agree("x", 3)
}

// readAfterOldHeartbeat has a follower's answer to a heartbeat on its way to the leader for so long that meanwhile another
// is elected and commits something. It must not count for a read that began later.
func readAfterOldHeartbeat(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("x", 3)
	const late = 500 * time.Millisecond
	c.Slow(2, 0, late)
	c.Do(sim.Cut{Name: "in", From: []sim.NodeID{1}, To: []sim.NodeID{0}, OneWay: true})
	c.Run(consensustest.Heartbeat + roundTrip)
	c.Do(sim.Cut{Name: "out", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}, OneWay: true})
	c.Slow(2, 0, 0)
	elect(c, 1)
	notStale(c, 0, commit(c, 1, "x"), late)
	c.Do(sim.Heal{})
	c.Agree("x", 3)
}

// commit has a command executed by the leader, and returns at that moment.
func commit(c *consensustest.Cluster, leader sim.NodeID, command string) consensustest.Command {
	cmd, ok := c.Start(leader, command)
	c.Require(ok && c.Until(2*roundTrip, func() bool { return c.Done(cmd) }), "%v does not commit, want it to lead a majority", leader)
	return cmd
}

// readInLease cuts the leader off and asks it again and again, from when another one has committed something.
func readInLease(c *consensustest.Cluster) {
	for i := range 8 {
		elect(c, 0)
		c.Agree("x", 3)
		c.Disconnect(0)
		next := sim.Nobody
		led := func() bool {
			for _, id := range []sim.NodeID{1, 2} {
				if c.Server(id).Leader() {
					next = id
				}
			}
			return next != sim.Nobody
		}
		c.Require(c.Until(8*consensustest.ElectionMax, led), "n1 and n2 have no leader, want one")
		notStale(c, 0, commit(c, next, "x"), 0)
		c.Connect(0)
		c.Agree(fmt.Sprint(i), 3)
	}
}

func readAfterTransfer(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("x", 3)
	c.Tell(0, raft.TransferRequest{To: 1})
	c.Disconnect(0) // what it has sent is on its way, and lost: so n1 stands by itself, as if it had been told
	c.Tell(1, raft.TimeoutNow{Term: c.Server(1).Term()})
	latest := c.Agree("x", 2)
	notStale(c, 0, latest, roundTrip)
	c.Connect(0)
	c.Agree("x", 3)
}

// TestLocalReadsAreStale shows what the mode without any check is worth.
func TestLocalReadsAreStale(t *testing.T) {
	finds(t, caseOf(t, "a leader that was cut off reads nothing stale"), system(raft.Config{Reads: raft.ReadLocal}), staleRead)
}

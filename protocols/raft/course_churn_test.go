package raft_test

import (
	"testing"

	"lightcone/models/clock"
	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// changing is a case in which clients work while servers crash, are cut off, are added and removed, and hand over.
func changing(unreliable bool) consensustest.Case {
	return consensustest.Case{
		Name: "everything changes", Section: "chapters 3 to 6", Servers: 5, Clients: 3, SnapshotEvery: 20, Clock: anyClock,
		Run:   func(c *consensustest.Cluster) { everythingChanges(c, unreliable) },
		Holds: "what clients were told stays true, and all that they asked for is done in the end, once",
	}
}

// anyClock is up to a tenth fast or slow.
func anyClock(_ sim.NodeID, r *sim.Rand) sim.Clock {
	return clock.Drift{By: clock.PPB(1000 * (r.IntN(2*drift+1) - drift))}
}

func TestEverythingChanges(t *testing.T) {
	for _, c := range []struct {
		name       string
		unreliable bool
		cfg        raft.Config
	}{
		{"reliable", false, raft.Config{}},
		{"unreliable", true, raft.Config{}},
		{"calm, read index", true, raft.Config{PreVote: true, CheckQuorum: true, Reads: raft.ReadIndex, FollowerReads: true}},
		{"lease", true, raft.Config{CheckQuorum: true, Reads: raft.ReadLease, DriftBound: drift}},
		{"bare", true, bare},
		{"small pieces", true, raft.Config{MaxBatch: 2, Window: 1, SnapshotChunk: 64, SnapshotKeep: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := c.cfg
			cfg.Voters = nodes(0, 1, 2)
			changing(c.unreliable).Test(t, system(cfg))
		})
	}
}

func everythingChanges(c *consensustest.Cluster, unreliable bool) {
	r := c.Rand()
	c.Unreliable(unreliable)
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	for range rounds {
		c.LongReordering(r.Bool(0.2))
		if r.Bool(0.4) {
			voters, learners := someOf(c)
			tell(c, raft.ChangeRequest{ID: r.Uint64(), Voters: voters, Learners: learners, Joint: r.Bool(0.3)})
		}
		if r.Bool(0.2) {
			tell(c, raft.TransferRequest{ID: r.Uint64(), To: c.Pick()})
		}
		if r.Bool(0.15) {
			c.Disconnect(c.Pick())
		}
		if r.Bool(0.15) {
			c.Crash(c.Pick())
		}
		if id := c.Pick(); r.Bool(0.6) {
			if !c.Up(id) {
				c.Restart(id)
			}
			c.Connect(id)
		}
		c.Run(r.Duration(0, consensustest.ElectionMax))
	}
	c.Unreliable(false)
	for _, id := range c.All() {
		if !c.Up(id) {
			c.Restart(id)
		}
	}
	c.Connect(c.All()...)
	c.Agree("healed", 1)
	changeTo(c, raft.ChangeRequest{Voters: c.All()})
	c.ClientsDone(60 * consensustest.ElectionMax)
	c.Agree("last", c.Servers())
}

// tell sends a message to every server that takes itself for a leader.
func tell(c *consensustest.Cluster, m sim.Message) {
	for _, id := range c.All() {
		if c.Up(id) && c.Server(id).Leader() {
			c.Tell(id, m)
		}
	}
}

// someOf returns two or more voters, and learners among the others.
func someOf(c *consensustest.Cluster) (voters, learners []sim.NodeID) {
	n := 2 + c.Rand().IntN(c.Servers()-1)
	for i, id := range c.Rand().Perm(c.Servers()) {
		switch {
		case i < n:
			voters = append(voters, sim.NodeID(id))
		case c.Rand().Bool(0.5):
			learners = append(learners, sim.NodeID(id))
		}
	}
	return voters, learners
}

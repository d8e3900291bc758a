package raft_test

import (
	"testing"
	"time"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// Cases that no chance would find soon: who stands for election, and when, is up to the case.

// directed are cases that reach into raft.
func directed() []consensustest.Case {
	return []consensustest.Case{
		{
			Name: "figure 8, schedule d", Section: "§3.6.2, figure 3.7; paper §5.4.2, figure 8", Servers: 5, Run: func(c *consensustest.Cluster) { figure8(c, false) },
			Holds: "an entry of an old term that a majority has is not yet committed, and may be overwritten",
		},
		{
			Name: "figure 8, schedule e", Section: "§3.6.2, figure 3.7; paper §5.4.2, figure 8", Servers: 5, Run: func(c *consensustest.Cluster) { figure8(c, true) },
			Holds: "an entry of an old term is committed with one of the leader's own, and stays",
		},
		{
			Name: "a vote outlasts a crash", Section: "§3.8", Servers: 3, Run: voteOutlastsCrash,
			Holds: "a server that has voted and restarted does not vote for another in the same term",
		},
		{
			Name: "votes of the last term", Section: "§3.4", Servers: 5, Run: votesOfLastTerm,
			Holds: "votes that arrive in a later term than they were asked for elect nobody",
		},
	}
}

// bare is raft with nothing that masks the problem of figure 8: no entry at the start of a term, one entry a message.
var bare = raft.Config{NoEntryAtTermStart: true, MaxBatch: 1}

func TestDirected(t *testing.T) {
	for _, k := range directed() {
		t.Run(k.Name, func(t *testing.T) { k.Test(t, system(bare)) })
	}
}

// elect makes a server the leader of a new term. It must be able to win. A candidate that has lost starts again, so as not
// to wait for its timeout.
func elect(c *consensustest.Cluster, id sim.NodeID) {
	won := c.Until(consensustest.ElectionMax, func() bool {
		if c.View().Process(id).(*raft.Process).Role() == raft.Candidate {
			c.Restart(id)
		}
		stand(c, id)
		c.Run(8 * time.Millisecond)
		return c.Server(id).Leader()
	})
	c.Require(won, "%v was not elected, want it to win", id)
}

// stand has a server stand for election now.
func stand(c *consensustest.Cluster, id sim.NodeID) {
	c.Tell(id, raft.TimeoutNow{Term: c.Server(id).Term()})
}

// figure8 is the schedule of the figure, for S1 to S5 being n0 to n4: (a) S1 has replicated entry 2 to S2 only; (b) S5 is
// elected without it and takes entry 3; (c) S1 is elected again and replicates entry 2 to S3, a majority. (d) Now S1
// crashes and S5 overwrites it; or (e) S1 has first replicated an entry of its own term, and S5 cannot win.
func figure8(c *consensustest.Cluster, ownEntry bool) {
	elect(c, 0)
	c.Agree("1", 5)
	c.Disconnect(2, 3, 4)
	c.Start(0, "2")
	c.Run(8 * time.Millisecond)
	c.Crash(0)

	c.Disconnect(1)
	c.Connect(2, 3, 4)
	elect(c, 4)
	c.Disconnect(4)
	c.Start(4, "3")
	c.Run(8 * time.Millisecond)
	c.Crash(4)

	c.Disconnect(3)
	c.Connect(1)
	c.Restart(0)
	elect(c, 0)
	holds := func() bool { return c.Server(2).Stable() >= c.Server(0).Last() }
	c.Require(c.Until(consensustest.ElectionMin, holds), "n2 has not got what n0 has, want entry 2 on a majority")
	if ownEntry {
		c.Agree("4", 3)
	}
	c.Run(8 * time.Millisecond)
	committed := c.Holders("2") > 0
	c.Require(committed == ownEntry, "n0 has committed entry 2: %v, want %v: only with an entry of its own term", committed, ownEntry)
	c.Crash(0)

	c.Disconnect(0)
	c.Connect(3)
	c.Restart(4)
	c.Connect(4)
	if ownEntry {
		stand(c, 4)
		c.Run(8 * time.Millisecond)
		c.Require(!c.Server(4).Leader(), "n4 was elected without entry 4, which is committed")
	} else {
		elect(c, 4)
	}
	c.Restart(0)
	c.Connect(0)
	c.Agree("5", 5)
	two, three := c.Holders("2"), c.Holders("3")
	if ownEntry {
		c.Require(two == 5 && three == 0, "entry 2 is executed by %d servers and entry 3 by %d, want all and none", two, three)
	} else {
		c.Require(two == 0 && three == 5, "entry 2 is executed by %d servers and entry 3 by %d, want none and all", two, three)
	}
}

// voteOutlastsCrash has n0 and n1 stand for the same term, one after the other, with n2's vote to decide, which restarts
// in between.
func voteOutlastsCrash(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("1", 3)
	c.Disconnect(1)
	c.Crash(0)
	c.Restart(0)
	elect(c, 0)
	term := c.Server(0).Term()
	c.Crash(0)

	c.Restart(2)
	c.Connect(1)
	stand(c, 1)
	c.Require(c.Server(1).Term() == term, "n1 stands for term %d, want %d, that of n0", c.Server(1).Term(), term)
	c.Run(8 * time.Millisecond)
	c.Require(!c.Server(1).Leader(), "n1 leads term %d, as n0 did", term)
	c.Restart(0)
	c.Agree("2", 3)
}

// votesOfLastTerm has the voters of n0 answer so late that it stands for the next term already, which they do not hear of:
// they elect n1 in it.
func votesOfLastTerm(c *consensustest.Cluster) {
	elect(c, 4)
	c.Agree("1", 5)
	c.Crash(4)
	voters := []sim.NodeID{1, 2, 3}
	for _, id := range voters {
		c.Do(sim.Pause{Node: id})
	}
	stand(c, 0)
	term := c.Server(0).Term()
	c.Run(8 * time.Millisecond)
	c.Do(sim.Cut{Name: "unheard", From: []sim.NodeID{0}, To: voters, OneWay: true})
	later := func() bool { return c.Server(0).Term() > term }
	c.Require(c.Until(2*consensustest.ElectionMax, later), "n0 does not stand again, want it to after an election timeout")
	for _, id := range voters {
		c.Do(sim.Resume{Node: id})
	}
	c.Run(time.Millisecond)
	stand(c, 1)
	c.Run(12 * time.Millisecond)
	leaders := 0
	for _, id := range c.All() {
		if c.Up(id) && c.Server(id).Leader() {
			leaders++
		}
	}
	c.Require(leaders <= 1, "%d servers lead, want one", leaders)
	c.Do(sim.Heal{Name: "unheard"})
	c.Restart(4)
	c.Agree("2", 5)
}

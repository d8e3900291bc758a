package consensustest

import (
	"fmt"

	"lightcone/sim"
)

// Elections returns the cases about leader election.
func Elections() []Case {
	return []Case{
		{
			Name: "initial election", Section: "§3.4", Servers: 3, Run: initialElection,
			Holds: "a leader is elected, and as long as nothing fails it stays the leader of the same term",
		},
		{
			Name: "re-election", Section: "§3.4", Servers: 3, Run: reElection,
			Holds: "a leader that is cut off is replaced, one that comes back follows, and without a majority nobody leads",
		},
		{
			Name: "many elections", Section: "§3.4", Servers: 7, Run: manyElections,
			Holds: "whichever three of seven servers are cut off, the other four have a leader, who executes commands",
		},
	}
}

func initialElection(c *Cluster) {
	leader := c.Leader()
	c.Run(Heartbeat + ElectionMin/2)
	term := c.Term()
	c.Require(term >= 1, "the term is %d, want at least 1", term)
	c.Run(6 * ElectionMax)
	c.Require(c.Term() == term, "term %d began though nothing failed in term %d", c.Term(), term)
	c.Require(c.Leader() == leader, "%v leads, want %v to go on", c.Leader(), leader)
	c.Agree("done", 3)
}

func reElection(c *Cluster) {
	first := c.Leader()
	c.Disconnect(first)
	second := c.Leader()
	c.Require(c.Server(second).Term() > c.Server(first).Term(), "%v leads the term of %v, want a later one", second, first)

	c.Connect(first)
	c.Run(2 * ElectionMax)
	second = c.Leader()
	for _, id := range c.After(second+1, 2) {
		c.Require(!c.Server(id).Leader(), "%v leads beside %v after the partition", id, second)
	}

	c.Disconnect(c.After(second, 2)...)
	c.Run(8 * ElectionMax)
	c.NoLeader()

	c.Connect(c.After(second+1, 1)...)
	c.Leader()
	c.Connect(second)
	c.Run(2 * ElectionMax)
	c.Term()
	c.Agree("done", 3)
}

func manyElections(c *Cluster) {
	c.Leader()
	for i := range rounds(10, 4) {
		for _, id := range c.rand.Perm(c.servers)[:3] {
			c.Disconnect(sim.NodeID(id))
		}
		c.Leader()
		c.Agree(fmt.Sprint(i), 4)
		c.Connect(c.All()...)
	}
	c.Agree("last", 7)
}

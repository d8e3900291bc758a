package consensustest

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// Persistence returns the cases about servers that crash and restart, and about networks that lose and delay.
func Persistence() []Case {
	return []Case{
		{
			Name: "persist 1", Section: "§3.8", Servers: 3, Run: persist1,
			Holds: "after the restart of all, of the leader, of a follower, what was executed still is, and agreement goes on",
		},
		{
			Name: "persist 2", Section: "§3.8", Servers: 5, Run: persist2,
			Holds: "servers that are cut off and restarted in turns, never a majority at a time that had all, lose nothing",
		},
		{
			Name: "persist 3", Section: "§3.8", Servers: 3, Run: persist3,
			Holds: "a leader and its only follower crash; the leader comes back, meets the third, and nothing is lost",
		},
		{
			Name: "figure 8", Section: "§3.6.2, figure 3.7; paper §5.4.2, figure 8", Servers: 5, Run: figure8,
			Holds: "no command that was executed is undone, however leaders crash soon after they took commands",
		},
		{
			Name: "unreliable agree", Section: "§3.5", Servers: 5, Run: unreliableAgree,
			Holds: "commands are executed though one message in ten is lost",
		},
		{
			Name: "figure 8 unreliable", Section: "§3.6.2, figure 3.7; paper §5.4.2, figure 8", Servers: 5, Run: figure8Unreliable,
			Holds: "no command that was executed is undone, however leaders are cut off and messages overtake each other",
		},
	}
}

func persist1(c *Cluster) {
	c.Agree("11", 3)
	c.Restart(c.All()...)
	c.Require(c.Server(0).Last() > 0 || c.Server(1).Last() > 0, "the logs are empty after a restart")
	c.Agree("12", 3)

	leader := c.Leader()
	c.Restart(leader)
	c.Agree("13", 3)

	leader = c.Leader()
	c.Disconnect(leader)
	c.Agree("14", 2)
	c.Restart(leader)
	c.Connect(leader)
	c.Require(c.Until(6*ElectionMax, func() bool { return c.Holders("14") == 3 }), "%v has not caught up after its restart", leader)

	follower := c.After(c.Leader()+1, 1)[0]
	c.Disconnect(follower)
	c.Agree("15", 2)
	c.Restart(follower)
	c.Connect(follower)
	c.Agree("16", 3)
	for _, command := range []string{"11", "12", "13", "14", "15"} {
		c.Require(c.Holders(command) == 3, "%s is executed by %d servers at the end, want all", command, c.Holders(command))
	}
}

func persist2(c *Cluster) {
	n := rounds(5, 2)
	for i := range n {
		c.Agree(fmt.Sprint(i, ".0"), 5)
		leader := c.Leader()
		next, last := c.After(leader+1, 2), c.After(leader+3, 2)
		c.Disconnect(next...)
		c.Agree(fmt.Sprint(i, ".1"), 3)
		c.Disconnect(leader)
		c.Disconnect(last...)
		c.Restart(next...)
		c.Connect(next...)
		c.Run(3 * ElectionMax)
		c.Require(c.Holders(fmt.Sprint(i, ".1")) <= 3, "%d.1 is executed by servers that were away", i)
		c.Restart(last[0])
		c.Connect(last[0])
		c.Agree(fmt.Sprint(i, ".2"), 3)
		c.Connect(last[1], leader)
	}
	c.Agree("end", 5)
	for i := range n {
		for j := range 3 {
			command := fmt.Sprint(i, ".", j)
			c.Require(c.Holders(command) == 5, "%s is executed by %d servers at the end, want all", command, c.Holders(command))
		}
	}
}

func persist3(c *Cluster) {
	c.Agree("101", 3)
	leader := c.Leader()
	follower, away := c.After(leader+1, 1)[0], c.After(leader+2, 1)[0]
	c.Disconnect(away)
	c.Agree("102", 2)
	c.Crash(leader, follower)
	c.Connect(away)
	c.Restart(leader)
	c.Agree("103", 2)
	c.Restart(follower)
	c.Agree("104", 3)
	c.Require(c.Holders("102") == 3, "102 is executed by %d servers, want all", c.Holders("102"))
}

// figure8 gives every leader a command that only some of the others get, and crashes it soon after, with just a majority
// up: so entries of old terms meet those of new ones in every way.
func figure8(c *Cluster) {
	c.Agree("first", 1)
	n := rounds(100, 15)
	for i := range n {
		leader := c.Leader()
		for _, id := range c.After(leader+1, c.servers-1) {
			if c.rand.Bool(0.5) {
				c.Disconnect(id)
			}
		}
		if c.rand.Bool(0.5) {
			c.Start(leader, fmt.Sprint("x", i))
		}
		c.Run(c.rand.Duration(0, 13*time.Millisecond))
		c.Crash(leader)
		c.Connect(c.All()...)
		for c.up() < c.servers/2+1 {
			if id := c.Pick(); !c.Up(id) {
				c.Restart(id)
			}
		}
	}
	for _, id := range c.All() {
		if !c.Up(id) {
			c.Restart(id)
		}
	}
	c.Agree("last", c.servers)
	c.allOrNone("x", n)
}

// startAtAll starts a command at every server that is up, and returns the last that took it, or Nobody.
func (c *Cluster) startAtAll(command string) sim.NodeID {
	leader := sim.Nobody
	for _, id := range c.All() {
		if c.Up(id) {
			if _, ok := c.Start(id, command); ok {
				leader = id
			}
		}
	}
	return leader
}

func (c *Cluster) up() (n int) {
	for _, id := range c.All() {
		if c.Up(id) {
			n++
		}
	}
	return n
}

func unreliableAgree(c *Cluster) {
	const together = 4
	c.Unreliable(true)
	n := rounds(40, 10)
	for i := range n {
		for j := range together {
			c.offer(fmt.Sprint(i, ".", j))
		}
		c.Agree(fmt.Sprint(i), 1)
	}
	c.Unreliable(false)
	c.Agree("last", 5)
	for i := range n {
		c.Require(c.Holders(fmt.Sprint(i)) == 5, "%d is executed by %d servers at the end, want all", i, c.Holders(fmt.Sprint(i)))
	}
}

func figure8Unreliable(c *Cluster) {
	c.Unreliable(true)
	c.Agree("first", 1)
	n := rounds(400, 50)
	for i := range n {
		c.LongReordering(i > n/5)
		leader := c.startAtAll(fmt.Sprint("x", i))
		if c.rand.Bool(0.1) {
			c.Run(c.rand.Duration(0, ElectionMin))
		} else {
			c.Run(c.rand.Duration(0, 13*time.Millisecond))
		}
		if leader != sim.Nobody && c.rand.Bool(0.5) {
			c.Disconnect(leader)
		}
		if c.connected() < c.servers/2+1 {
			c.Connect(c.Pick())
		}
	}
	c.Connect(c.All()...)
	c.Agree("last", c.servers)
	c.allOrNone("x", n)
}

func (c *Cluster) connected() (n int) {
	for _, id := range c.All() {
		if !c.cut[id] {
			n++
		}
	}
	return n
}

// allOrNone requires that each of n commands was executed by all servers or by none, all of them being equally far.
func (c *Cluster) allOrNone(name string, n int) {
	for i := range n {
		h := c.Holders(fmt.Sprint(name, i))
		c.Require(h == 0 || h == c.servers, "%s%d is executed by %d servers at the end, want all or none", name, i, h)
	}
}

package consensustest

import (
	"fmt"
	"strings"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/sim"
)

// Agreement returns the cases about log replication.
func Agreement() []Case {
	return []Case{
		{
			Name: "basic agreement", Section: "§3.5", Servers: 3, Run: basicAgreement,
			Holds: "commands are executed by all, each at the next index, and by nobody before they are asked for",
		},
		{
			Name: "RPC bytes", Section: "§3.5", Servers: 3, Run: rpcBytes,
			Holds: "each command is sent to each follower once",
		},
		{
			Name: "follower failure", Section: "§3.5", Servers: 3, Run: followerFailure,
			Holds: "without one follower commands are executed, without both they are not",
		},
		{
			Name: "leader failure", Section: "§3.6", Servers: 3, Run: leaderFailure,
			Holds: "without a leader another takes over, without two nothing is executed",
		},
		{
			Name: "fail agree", Section: "§3.5", Servers: 3, Run: failAgree,
			Holds: "a follower that comes back catches up",
		},
		{
			Name: "fail no agree", Section: "§3.5", Servers: 5, Run: failNoAgree,
			Holds: "a leader without a majority executes nothing, and all agree when the followers are back",
		},
		{
			Name: "concurrent starts", Section: "§3.5", Servers: 3, Run: concurrentStarts,
			Holds: "commands that are asked for at the same time are all executed, each at an index of its own",
		},
		{
			Name: "rejoin", Section: "§3.5, §3.6.1", Servers: 3, Run: rejoin,
			Holds: "what only a leader that was cut off has in its log is overwritten, and what the others committed is not",
		},
		{
			Name: "backup", Section: "§3.5", Servers: 5, Run: backup,
			Holds: "a leader finds out quickly where a follower's log departs from its own, however much of it is wrong",
		},
		{
			Name: "count", Section: "§3.4, §3.5", Servers: 3, Run: count,
			Holds: "an election, a command and an idle second take no more messages than they must",
		},
	}
}

func basicAgreement(c *Cluster) {
	last := c.Agree("first", 3).Index
	for i := range 3 {
		command := fmt.Sprint(100 * (i + 1))
		c.Require(c.Holders(command) == 0, "%q was executed before it was asked for", command)
		index := c.Agree(command, 3).Index
		c.Require(index == last+1, "%q is at index %d, want %d", command, index, last+1)
		last = index
	}
}

func rpcBytes(c *Cluster) {
	const commands, size = 10, 5000
	c.Agree("99", 3)
	before := c.Bytes()
	for i := range commands {
		c.Agree(fmt.Sprint(i)+strings.Repeat("x", size), 3)
	}
	sent := c.Bytes() - before
	once := commands * size * (c.servers - 1)
	c.Require(sent >= once && sent < once+2*size, "%d bytes were sent, want %d, each command to each follower, and less than two commands more for all the rest", sent, once)
}

func followerFailure(c *Cluster) {
	c.Agree("101", 3)
	leader := c.Leader()
	c.Disconnect(c.After(leader+1, 1)...)
	c.Agree("102", 2)
	c.Run(ElectionMax)
	c.Agree("103", 2)

	leader = c.Leader()
	c.Disconnect(c.After(leader+1, 2)...)
	_, ok := c.Start(leader, "104")
	c.Require(ok, "%v refused a command, want it to lead until it knows better", leader)
	c.Run(6 * ElectionMax)
	c.Require(c.Holders("104") == 0, "104 was executed without a majority")
}

func leaderFailure(c *Cluster) {
	c.Agree("101", 3)
	c.Disconnect(c.Leader())
	c.Agree("102", 2)
	c.Run(ElectionMax)
	c.Agree("103", 2)
	c.Disconnect(c.Leader())
	for _, id := range c.All() {
		c.Start(id, "104")
	}
	c.Run(6 * ElectionMax)
	c.Require(c.Holders("104") == 0, "104 was executed without a majority")
}

func failAgree(c *Cluster) {
	c.Agree("101", 3)
	follower := c.After(c.Leader()+1, 1)[0]
	c.Disconnect(follower)
	for _, command := range []string{"102", "103"} {
		c.Agree(command, 2)
	}
	c.Run(2 * ElectionMax)
	for _, command := range []string{"104", "105"} {
		c.Agree(command, 2)
	}
	c.Connect(follower)
	c.Agree("106", 3)
	c.Run(2 * ElectionMax)
	c.Agree("107", 3)
	c.Require(c.Holders("104") == 3, "104 is executed by %d servers, want the follower that was away to have it too", c.Holders("104"))
}

func failNoAgree(c *Cluster) {
	c.Agree("10", 5)
	leader := c.Leader()
	away := c.After(leader+1, 3)
	c.Disconnect(away...)
	_, ok := c.Start(leader, "20")
	c.Require(ok, "%v refused a command, want it to lead until it knows better", leader)
	c.Run(6 * ElectionMax)
	c.Require(c.Holders("20") == 0, "20 was executed by %d servers, two of five", c.Holders("20"))

	c.Connect(away...)
	c.Agree("30", 5)
	c.Agree("1000", 5)
	n := c.Holders("20") // one of the three may have been elected, and have overwritten it
	c.Require(n == 0 || n == 5, "20 was executed by %d servers, want none or all", n)
}

func concurrentStarts(c *Cluster) {
	const tries, commands = 5, 5
	for try := range tries {
		leader := c.Leader()
		term := c.Server(leader).Term()
		at := map[consensus.Index]bool{}
		var started []Command
		for i := range commands {
			if cmd, ok := c.Start(leader, fmt.Sprintf("%d.%d", try, i)); ok {
				started = append(started, cmd)
				at[cmd.Index] = true
			}
		}
		done := c.Until(2*ElectionMax, func() bool { return c.allDone(started) })
		if !c.Server(leader).Leader() || c.Server(leader).Term() != term {
			continue // the term ended: nothing is promised
		}
		c.Require(len(started) == commands && done, "%d commands were taken in term %d and not all are executed, want %d", len(started), term, commands)
		c.Require(len(at) == commands, "%d commands are at %d indexes, want each at its own", commands, len(at))
		return
	}
	c.Require(false, "no term outlasted %d commands in %d tries", commands, tries)
}

func (c *Cluster) allDone(commands []Command) bool {
	for _, cmd := range commands {
		if !c.Done(cmd) {
			return false
		}
	}
	return true
}

func rejoin(c *Cluster) {
	c.Agree("101", 3)
	first := c.Leader()
	c.Disconnect(first)
	for _, command := range []string{"102", "103", "104"} {
		c.Start(first, command)
	}
	c.Agree("105", 2)

	second := c.Leader()
	c.Disconnect(second)
	c.Connect(first)
	c.Agree("106", 2)
	c.Connect(second)
	c.Agree("107", 3)
	for _, command := range []string{"102", "103", "104"} {
		c.Require(c.Holders(command) == 0, "%s was executed, want it overwritten: only a leader without a majority had it", command)
	}
	c.Require(c.Holders("105") == 3, "105 is executed by %d servers, want all", c.Holders("105"))
}

// backup makes two logs that are wrong for long, in the terms of two leaders, and has each mended.
func backup(c *Cluster) {
	n := rounds(50, 20)
	c.Agree("0", 5)
	first := c.Leader()
	minority, majority := c.After(first, 2), c.After(first+2, 3)
	c.Disconnect(majority...)
	c.Flood(first, "a", n)
	c.Run(ElectionMin)
	c.Disconnect(minority...)

	c.Connect(majority...)
	c.AgreeAll("b", n, 3)
	second := c.Leader()
	third := majority[0]
	if third == second {
		third = majority[1]
	}
	c.Disconnect(third)
	c.Flood(second, "c", n)
	c.Run(ElectionMin)
	c.Disconnect(c.All()...)

	c.Connect(append(minority, third)...)
	leader := c.Leader()
	c.Require(leader == third, "%v leads, want %v, the only one of three with all that is committed", leader, third)
	before := c.world.Now()
	c.AgreeAll("d", n, 3)
	c.Connect(c.All()...)
	c.Agree("e", 5)
	took := c.world.Now().Sub(before)
	c.Require(took < 4*time.Second, "it took %v until the logs of two followers were mended, want less than 4s", took)
	for i := range n {
		c.Require(c.Holders(fmt.Sprint("a", i))+c.Holders(fmt.Sprint("c", i)) == 0, "command %d of a leader without a majority was executed", i)
		c.Require(c.Holders(fmt.Sprint("b", i)) == 5, "b%d is executed by %d servers, want all", i, c.Holders(fmt.Sprint("b", i)))
	}
}

// Flood starts n commands at a server that leads and cannot commit.
func (c *Cluster) Flood(leader sim.NodeID, name string, n int) {
	for i := range n {
		_, ok := c.Start(leader, fmt.Sprint(name, i))
		c.Require(ok, "%v refused a command, want it to lead until it knows better", leader)
	}
}

// AgreeAll starts n commands at the leader, and waits until so many servers have executed the last.
func (c *Cluster) AgreeAll(name string, n, servers int) {
	leader := c.Leader()
	for i := range n {
		_, ok := c.Start(leader, fmt.Sprint(name, i))
		c.Require(ok, "%v refused a command, want it to lead", leader)
	}
	c.Agree(name, servers)
}

// count knows how many messages each of its steps must take: an RPC and its reply are two.
func count(c *Cluster) {
	peers := c.servers - 1
	c.Leader()
	c.Run(Heartbeat / 2)
	election := c.Messages()
	c.Require(election >= 2*peers && election <= 60, "the first election took %d messages, want %d to 60", election, 2*peers)

	c.Agree("1", 3)
	const commands = 10
	leader, before := c.Leader(), c.Messages()
	term, start := c.Server(leader).Term(), c.world.Now()
	c.AgreeAll("x", commands, 3)
	c.Require(c.Leader() == leader && c.Server(leader).Term() == term, "the leader changed though nothing failed")
	each := 1
	if c.system.EagerCommit {
		each = 2
	}
	most := 2 * peers * (each*(commands+1) + beats(c.world.Now().Sub(start)) + 1) // one round was under way
	n := c.Messages() - before
	c.Require(n <= most, "%d commands took %d messages, want at most %d: one of each kind for each command and follower, and heartbeats", commands+1, n, most)

	before = c.Messages()
	c.Run(time.Second)
	idle, most := c.Messages()-before, 2*peers*(beats(time.Second)+1)
	c.Require(idle <= most, "an idle second took %d messages, want at most %d heartbeats and replies", idle, most)
	c.Require(idle >= most/2, "an idle second took %d messages, want at least half of %d", idle, most)
}

// beats is how many heartbeats can begin in d.
func beats(d time.Duration) int { return int(d/Heartbeat) + 1 }

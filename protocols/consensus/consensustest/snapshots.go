package consensustest

import (
	"fmt"

	"lightcone/protocols/consensus"
	"lightcone/sim"
)

// snapshotEvery is how many entries are applied between snapshots.
const snapshotEvery = 10

// Snapshots returns the cases about log compaction.
func Snapshots() []Case {
	common := func(name, holds string, away func(*Cluster, sim.NodeID), network ...func(*Cluster, bool)) Case {
		return Case{Name: name, Section: "chapter 5", Servers: 3, SnapshotEvery: snapshotEvery, Holds: holds,
			Run: func(c *Cluster) {
				for _, bad := range network {
					bad(c, true)
				}
				snapshots(c, away)
			}}
	}
	stays := func(*Cluster, sim.NodeID) {}
	cut := func(c *Cluster, id sim.NodeID) { c.Disconnect(id) }
	crash := func(c *Cluster, id sim.NodeID) { c.Crash(id) }
	return []Case{
		common("snapshot basic", "logs stay short however many commands are executed", stays),
		common("snapshot install", "a server that was cut off for longer than the log goes back gets a snapshot", cut),
		common("snapshot install unreliable", "as install, though one message in ten is lost", cut, (*Cluster).Unreliable),
		common("snapshot install crash", "a server that was down for longer than the log goes back gets a snapshot", crash),
		common("snapshot install unreliable crash", "as install crash, though one message in ten is lost", crash, (*Cluster).Unreliable),
		common("snapshot install reordered", "as install unreliable, though messages come late, snapshots after others", cut, (*Cluster).Unreliable, (*Cluster).LongReordering),
		{
			Name: "snapshot all crash", Section: "§5.1", Servers: 3, SnapshotEvery: snapshotEvery, Run: snapshotAllCrash,
			Holds: "when all crash, the log goes on after the snapshot where it was",
		},
		{
			Name: "snapshot init", Section: "§5.1", Servers: 3, SnapshotEvery: snapshotEvery, Run: snapshotInit,
			Holds: "a server that starts from a snapshot has the state and the index that it stands for, and does so again",
		},
	}
}

// snapshots has one server away in each round, the leader in every third, for as long as it takes to discard the entries
// that it lacks.
func snapshots(c *Cluster, away func(*Cluster, sim.NodeID)) {
	c.Agree("first", c.servers)
	installed := 0
	for i := range rounds(9, 3) {
		leader := c.Leader()
		victim := c.After(leader+1, 1)[0]
		if i%3 == 1 {
			victim = leader
		}
		last := c.Server(victim).Last()
		away(c, victim)
		if victim == leader && c.cut[victim] {
			c.Flood(victim, fmt.Sprint(i, "x"), 4*snapshotEvery) // in vain: they must give way to the snapshot
		}
		c.work(fmt.Sprint(i, "."), snapshotEvery/2+c.rand.IntN(snapshotEvery))
		c.work(fmt.Sprint(i, "+"), 2*snapshotEvery)
		c.logsShort()

		if !c.Up(victim) {
			c.Restart(victim)
		}
		c.Connect(victim)
		c.Agree(fmt.Sprint(i), c.servers)
		if c.Server(victim).First() > last+1 {
			installed++
		}
	}
	first := c.Server(c.Leader()).First()
	c.Require(first > 1, "%v has its whole log, want it compacted", c.Leader())
	for i := range 4 * snapshotEvery {
		c.Require(c.Holders(fmt.Sprint(1, "x", i)) == 0, "1x%d was executed, want it overwritten: only a leader without a majority had it", i)
	}
	c.Require(installed > 0, "nobody who was away found the log compacted: nothing was tested")
	c.Agree("last", c.servers)
}

// work has n commands executed by a majority.
func (c *Cluster) work(name string, n int) {
	for i := range n {
		c.offer(fmt.Sprint(name, i))
	}
	c.Agree(fmt.Sprint(name, n), c.servers/2+1)
}

// logsShort requires that no reachable server keeps much more of its log than it must.
func (c *Cluster) logsShort() {
	const most = 5 * snapshotEvery
	for _, id := range c.reachable() {
		s := c.Server(id)
		if n := s.Last() - s.First() + 1; s.Applied() == s.Last() {
			c.Require(n <= most, "%v has a log of %d entries, want at most %d", id, n, most)
		}
	}
}

func snapshotAllCrash(c *Cluster) {
	c.Agree("first", c.servers)
	last := consensus.Index(0)
	for i := range rounds(5, 2) {
		c.work(fmt.Sprint(i, "."), snapshotEvery/2+c.rand.IntN(snapshotEvery))
		index := c.Agree(fmt.Sprint(i, "a"), c.servers).Index
		c.Require(index > last, "index %d follows index %d, want the log to go on", index, last)
		c.Restart(c.All()...)
		last = c.Agree(fmt.Sprint(i, "b"), c.servers).Index
		c.Require(last > index, "index %d follows index %d after a crash of all, want the log to go on", last, index)
		c.Require(c.Holders(fmt.Sprint(i, "a")) == c.servers, "what was executed before the crash is not any more")
	}
}

func snapshotInit(c *Cluster) {
	c.Agree("first", c.servers)
	c.work("a", 2*snapshotEvery)
	c.Agree("before", c.servers)
	c.Run(ElectionMin)
	applied := c.Server(c.Leader()).Applied()
	for _, command := range []string{"once", "twice"} {
		c.Restart(c.All()...)
		c.Run(0)
		for _, id := range c.All() {
			s := c.Server(id)
			c.Require(s.Applied() >= snapshotEvery && s.Applied() >= s.First()-1, "%v starts with a state of %d and a log from %d, want the state of its snapshot, and the log to go on from there", id, s.Applied(), s.First())
			c.Require(s.Last() >= applied, "%v starts with a log to %d, want at least %d", id, s.Last(), applied)
		}
		c.Agree(command, c.servers)
		applied = c.Server(c.Leader()).Applied()
	}
	for _, command := range []string{"first", "a0", "before", "once", "twice"} {
		c.Require(c.Holders(command) == c.servers, "%s is executed by %d servers at the end, want all", command, c.Holders(command))
	}
}

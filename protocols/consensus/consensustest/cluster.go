package consensustest

import (
	"fmt"
	"slices"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Cluster is the world of a case, and what its code acts through. A method that finds something wrong, such as no leader
// where there must be one, ends the case.
type Cluster struct {
	system  System
	world   *sim.World
	servers int
	tester  sim.NodeID
	cut     []bool // by server: disconnected from all others
	network *weather
	meter   *meter
	history *kv.Recorder
	rand    sim.Rand
	leader  sim.NodeID // the server that last accepted a command
}

// Servers returns the number of servers.
func (c *Cluster) Servers() int { return c.servers }

// All returns all servers.
func (c *Cluster) All() []sim.NodeID { return c.After(0, c.servers) }

// After returns so many servers, in ring order from one on: After(leader, 3) is the leader and the next two.
func (c *Cluster) After(first sim.NodeID, n int) []sim.NodeID {
	ids := make([]sim.NodeID, n)
	for i := range ids {
		ids[i] = (first + sim.NodeID(i)) % sim.NodeID(c.servers)
	}
	return ids
}

// Rand returns the case's own stream of random numbers.
func (c *Cluster) Rand() *sim.Rand { return &c.rand }

// Pick returns a random server.
func (c *Cluster) Pick() sim.NodeID { return sim.NodeID(c.rand.IntN(c.servers)) }

// View returns a look at the world.
func (c *Cluster) View() sim.View { return c.world.View() }

// Up reports whether a server is up.
func (c *Cluster) Up(id sim.NodeID) bool { return c.View().Up(id) }

// Reachable reports whether a server is up and not disconnected.
func (c *Cluster) Reachable(id sim.NodeID) bool { return c.Up(id) && !c.cut[id] }

// Server returns a server that is up, to look at.
func (c *Cluster) Server(id sim.NodeID) Server {
	s, ok := c.View().Process(id).(Server)
	c.Require(ok, "%v runs a %T, want a Server that is up", id, c.View().Process(id))
	return s
}

// Run lets time pass.
func (c *Cluster) Run(d time.Duration) { c.check(c.world.RunUntil(c.world.Now().Add(d))) }

// Until lets time pass until something holds, and reports whether it came true in time.
func (c *Cluster) Until(within time.Duration, holds func() bool) bool {
	for end := c.world.Now().Add(within); !holds(); c.Run(time.Millisecond) {
		if c.world.Now() >= end {
			return false
		}
	}
	return true
}

// Do applies an action, such as a sim.Crash, now.
func (c *Cluster) Do(a sim.Action) { c.check(c.world.Act(a)) }

// Disconnect cuts servers off from all others, each by itself.
func (c *Cluster) Disconnect(ids ...sim.NodeID) {
	for _, id := range ids {
		if !c.cut[id] {
			c.cut[id] = true
			c.Do(sim.Cut{Name: id.String(), From: []sim.NodeID{id}, To: c.After(id+1, c.servers-1)})
		}
	}
}

// Connect undoes Disconnect. Two servers hear each other when neither is disconnected.
func (c *Cluster) Connect(ids ...sim.NodeID) {
	for _, id := range ids {
		if c.cut[id] {
			c.cut[id] = false
			c.Do(sim.Heal{Name: id.String()})
		}
	}
}

// Crash takes servers down.
func (c *Cluster) Crash(ids ...sim.NodeID) {
	for _, id := range ids {
		c.Do(sim.Crash{Node: id})
	}
}

// Restart starts servers again, those that are up after a crash.
func (c *Cluster) Restart(ids ...sim.NodeID) {
	c.Crash(ids...)
	for _, id := range ids {
		c.Do(sim.Recover{Node: id})
	}
}

// Unreliable makes the network between servers unreliable, or reliable again.
func (c *Cluster) Unreliable(yes bool) { c.network.unreliable = yes }

// LongReordering delays a third of all messages of an unreliable network so long that later ones overtake them.
func (c *Cluster) LongReordering(yes bool) { c.network.longReordering = yes }

// Slow has what one server sends another take so much longer, as long as the network is reliable.
func (c *Cluster) Slow(from, to sim.NodeID, by time.Duration) { c.network.slow[link{from, to}] = by }

// Messages returns how many messages servers have sent each other so far.
func (c *Cluster) Messages() int { return c.meter.messages }

// Bytes returns how many bytes those messages had together.
func (c *Cluster) Bytes() int { return c.meter.bytes }

// Leader waits until a reachable server leads the latest term of its reachable voters, and returns it.
func (c *Cluster) Leader() sim.NodeID {
	leader := sim.Nobody
	c.Require(c.Until(c.patience(), func() bool { leader = c.leads(); return leader != sim.Nobody }),
		"no leader within %v, want one", c.patience())
	return leader
}

// patience is how long a case waits for what must come: many elections. With long reordering, four of ten messages are
// lost or too late to count, and most elections are in vain.
func (c *Cluster) patience() time.Duration {
	if c.network.unreliable && c.network.longReordering {
		return 200 * ElectionMax
	}
	return 40 * ElectionMax
}

// leads returns a reachable server that leads, none of whose voters that are reachable is in a later term; or Nobody.
func (c *Cluster) leads() sim.NodeID {
	for _, id := range c.reachable() {
		if s := c.Server(id); s.Leader() && !c.behind(s) {
			return id
		}
	}
	return sim.Nobody
}

// behind reports whether a reachable voter of a leader is in a later term. Servers that were removed do not matter.
func (c *Cluster) behind(leader Server) bool {
	config := leader.Configuration()
	for _, id := range slices.Concat(config.Voters, config.Outgoing) {
		if c.Reachable(id) && c.Server(id).Term() > leader.Term() {
			return true
		}
	}
	return false
}

// NoLeader requires that no server that is reachable leads now.
func (c *Cluster) NoLeader() {
	for _, id := range c.reachable() {
		c.Require(!c.Server(id).Leader(), "%v leads, want no leader", id)
	}
}

// Term requires that all reachable servers are in the same term, and returns it.
func (c *Cluster) Term() consensus.Term {
	var term consensus.Term
	for _, id := range c.reachable() {
		t := c.Server(id).Term()
		c.Require(term == 0 || t == term, "%v is in term %d and others in %d, want one term", id, t, term)
		term = t
	}
	return term
}

func (c *Cluster) reachable() (ids []sim.NodeID) {
	for _, id := range c.All() {
		if c.Reachable(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Command is one attempt to have a command executed.
type Command struct {
	Index consensus.Index // where the server put it
	id    uint64
}

// Value is what a command writes, under its own name as the key.
func (cmd Command) Value() string { return fmt.Sprint(cmd.id) }

// Start asks a server to execute a command, and reports whether it took it: now, without waiting for what becomes of it.
func (c *Cluster) Start(id sim.NodeID, command string) (Command, bool) {
	op := kv.Op{Kind: kv.Put, Key: command, Value: fmt.Sprint(c.asker().asked + 1)}
	n := c.ask(id, op)
	_, refused := c.asker().replies[n]
	return Command{c.Server(id).Last(), n}, !refused
}

// Read asks a server for the value of a key, and returns its reply, if it comes in time.
func (c *Cluster) Read(id sim.NodeID, key string, within time.Duration) (kv.Reply, bool) {
	n := c.ask(id, kv.Op{Kind: kv.Get, Key: key})
	ok := c.Until(within, func() bool { _, came := c.asker().replies[n]; return came })
	return c.asker().replies[n], ok
}

// ask sends a request, and returns its number.
func (c *Cluster) ask(id sim.NodeID, op kv.Op) uint64 {
	c.Tell(id, kv.Request{Op: op})
	return c.asker().asked
}

// Tell sends a message from the tester to a server, and lets it be handled. A kv.Request gets its ID.
func (c *Cluster) Tell(id sim.NodeID, m sim.Message) {
	c.check(c.world.Inject(c.tester, c.tester, ask{id, m}))
	c.Run(0)
}

// Answers returns what servers sent to the tester beside kv.Replies.
func (c *Cluster) Answers() []sim.Message { return c.asker().answers }

func (c *Cluster) asker() *tester { return c.View().Process(c.tester).(*tester) }

// Done reports whether a command was executed, as the reply said.
func (c *Cluster) Done(cmd Command) bool {
	r, ok := c.asker().replies[cmd.id]
	return ok && r.Status == kv.OK
}

// Holders counts the servers that are up whose state machine has executed a command.
func (c *Cluster) Holders(command string) (n int) {
	for _, id := range c.All() {
		if c.Up(id) && c.Server(id).Store().Get(command).Found {
			n++
		}
	}
	return n
}

// Agree has a command executed by at least so many servers, by whichever reachable one leads. It asks again if nothing
// comes of it, as the leader may change, and returns the attempt that came through.
func (c *Cluster) Agree(command string, servers int) Command {
	within := c.patience()
	for end := c.world.Now().Add(within); c.world.Now() < end; c.Run(10 * time.Millisecond) {
		cmd, ok := c.offer(command)
		if ok && c.Until(4*ElectionMax, func() bool { return c.Done(cmd) && c.Holders(command) >= servers }) {
			return cmd
		}
	}
	c.fail(fmt.Errorf("%q is executed by %d servers after %v, want %d", command, c.Holders(command), within, servers))
	return Command{}
}

// offer gives a command to the first reachable server that takes it, beginning with the one that took the last.
func (c *Cluster) offer(command string) (Command, bool) {
	for _, id := range c.After(c.leader, c.servers) {
		if !c.Reachable(id) {
			continue
		}
		if cmd, ok := c.Start(id, command); ok {
			c.leader = id
			return cmd, true
		}
	}
	return Command{}, false
}

// sameStates requires that state machines which have applied equally much are equal.
func (c *Cluster) sameStates() {
	for _, a := range c.All() {
		for _, b := range c.All() {
			if c.Up(a) && c.Up(b) && c.Server(a).Applied() == c.Server(b).Applied() {
				x, y := c.Server(a).Store(), c.Server(b).Store()
				c.Require(x.Hash() == y.Hash(), "after %d entries %v is %v and %v is %v, want them equal", c.Server(a).Applied(), a, x, b, y)
			}
		}
	}
}

package raft_test

import (
	"fmt"
	"testing"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
)

// transfers are the cases about leadership transfer.
func transfers() []consensustest.Case {
	return []consensustest.Case{
		{
			Name: "transfer", Section: "§3.10", Servers: 3, Run: transfer,
			Holds: "the leader hands over to whom it is asked to, within two round trips, and nothing is lost",
		},
		{
			Name: "transfer to one that is behind", Section: "§3.10", Servers: 3, Run: transferToLaggard,
			Holds: "the target gets what it lacks first, and the leader takes no commands meanwhile",
		},
		{
			Name: "transfer aborted", Section: "§3.10", Servers: 3, Run: transferAborted,
			Holds: "if the target does not take over within an election timeout, the leader goes on",
		},
		{
			Name: "transfer refused", Section: "§3.10", Servers: 3, Run: transferRefused,
			Holds: "who does not lead hands nothing over, and a leader not to itself",
		},
	}
}

func TestTransfer(t *testing.T) {
	for _, cfg := range []raft.Config{{}, {PreVote: true, CheckQuorum: true}} {
		t.Run(fmt.Sprintf("check quorum %v", cfg.CheckQuorum), func(t *testing.T) {
			for _, k := range transfers() {
				t.Run(k.Name, func(t *testing.T) { k.Test(t, system(cfg)) })
			}
		})
	}
}

// reply returns the only answer that has come, within an election timeout and some.
func reply(c *consensustest.Cluster) raft.TransferReply {
	came := c.Until(2*consensustest.ElectionMax, func() bool { return len(c.Answers()) > 0 })
	c.Require(came && len(c.Answers()) == 1, "%d answers, want one", len(c.Answers()))
	return c.Answers()[0].(raft.TransferReply)
}

func transfer(c *consensustest.Cluster) {
	c.Agree("1", 3)
	old := c.Leader()
	term := c.Server(old).Term()
	next := c.After(old+1, 1)[0]
	last := commit(c, old, "2")
	c.Tell(old, raft.TransferRequest{ID: 7, To: next})
	c.Require(c.Until(3*roundTrip, func() bool { return c.Server(next).Leader() }), "%v does not lead, want it to within three round trips", next)
	c.Require(c.Server(next).Term() == term+1, "%v leads term %d, want %d", next, c.Server(next).Term(), term+1)
	r := reply(c)
	c.Require(r.ID == 7 && r.Status == kv.OK, "the answer is %v, want ok to request 7", r)
	c.Agree("3", 3)
	c.Require(c.Leader() == next, "%v leads, want %v to go on", c.Leader(), next)
	c.Require(c.Holders("2") == 3, "2 is executed by %d servers, want all: it was committed at %d before the transfer", c.Holders("2"), last.Index)
}

func transferToLaggard(c *consensustest.Cluster) {
	c.Agree("0", 3)
	old := c.Leader()
	next := c.After(old+1, 1)[0]
	c.Disconnect(next)
	for i := range 30 {
		commit(c, old, fmt.Sprint("x", i))
	}
	c.Connect(next)
	c.Tell(old, raft.TransferRequest{ID: 1, To: next})
	_, taken := c.Start(old, "meanwhile")
	c.Require(!taken, "%v took a command while it hands over", old)
	r := reply(c)
	if r.Status == kv.OK {
		c.Require(c.Leader() == next, "%v leads, want %v", c.Leader(), next)
	}
	c.Agree("1", 3)
	c.Require(c.Holders("x29") == 3 && c.Holders("meanwhile") == 0, "x29 is executed by %d servers and the command that was refused by %d, want all and none", c.Holders("x29"), c.Holders("meanwhile"))
}

func transferAborted(c *consensustest.Cluster) {
	c.Agree("1", 3)
	old := c.Leader()
	term := c.Server(old).Term()
	next := c.After(old+1, 1)[0]
	c.Crash(next)
	c.Tell(old, raft.TransferRequest{ID: 1, To: next})
	c.Run(consensustest.ElectionMin / 2)
	_, taken := c.Start(old, "meanwhile")
	c.Require(!taken, "%v took a command while it hands over", old)
	r := reply(c)
	c.Require(r.Status == kv.Unavailable, "the answer is %v, want unavailable", r)
	commit(c, old, "2")
	c.Require(c.Server(old).Leader() && c.Server(old).Term() == term, "%v no longer leads term %d, want it to go on", old, term)
	c.Restart(next)
	c.Agree("3", 3)
}

func transferRefused(c *consensustest.Cluster) {
	c.Agree("1", 3)
	leader := c.Leader()
	follower := c.After(leader+1, 1)[0]
	c.Tell(follower, raft.TransferRequest{ID: 1, To: follower})
	r := reply(c)
	c.Require(r.Status == kv.NotLeader && r.Leader == leader, "a follower says %v, want it to name %v", r, leader)
	c.Tell(leader, raft.TransferRequest{ID: 2, To: leader})
	c.Run(consensustest.ElectionMax)
	for _, id := range c.All() {
		c.Require(c.Server(id).Leader() == (id == leader), "%v leads: %v, want %v to go on", id, c.Server(id).Leader(), leader)
	}
	c.Agree("2", 3)
}

package raft_test

import (
	"fmt"
	"testing"
	"time"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// configured is a case with the configuration of raft that it is about.
type configured struct {
	consensustest.Case
	cfg raft.Config
}

func nodes(ids ...sim.NodeID) []sim.NodeID { return ids }

// memberships are the cases about membership changes.
func memberships() []configured {
	three := raft.Config{Voters: nodes(0, 1, 2)}
	calm := raft.Config{PreVote: true, CheckQuorum: true}
	return []configured{
		{consensustest.Case{
			Name: "one server at a time", Section: "§4.1, §4.2.1, §4.2.2", Servers: 5, Run: oneAtATime,
			Holds: "a cluster grows from three to five and shrinks to two others, the leader included, and goes on executing commands",
		}, three},
		{consensustest.Case{
			Name: "joint consensus", Section: "§4.3", Servers: 6, Run: jointConsensus,
			Holds: "three servers are replaced by three others in one change",
		}, three},
		{consensustest.Case{
			Name: "joint consensus needs both majorities", Section: "§4.3", Servers: 6, Run: bothMajorities,
			Holds: "during a joint change neither the old servers nor the new ones decide without the others",
		}, three},
		{consensustest.Case{
			Name: "a change outlasts its leader", Section: "§4.3", Servers: 6, Run: changeOutlastsLeader,
			Holds: "a joint change whose leader is lost is ended by the next one, one way or the other",
		}, three},
		{consensustest.Case{
			Name: "one that is leaving may be needed", Section: "§4.2.2, figure 4.6", Servers: 2, Run: leavingIsNeeded,
			Holds: "a server that is not in its own latest configuration stands for election until that is committed",
		}, raft.Config{}},
		{consensustest.Case{
			Name: "the bug of 2015", Section: "§4.1; raft-dev, 10 July 2015", Servers: 5, Run: bugOf2015,
			Holds: "a leader changes nothing before it has committed something, so that changes of two leaders do not miss each other",
		}, raft.Config{Voters: nodes(0, 1, 2, 3), NoEntryAtTermStart: true}},
		{consensustest.Case{
			Name: "one change at a time", Section: "§4.1", Servers: 5, Run: oneChangeAtATime,
			Holds: "a leader does not begin a change while the last is not committed",
		}, three},
		{consensustest.Case{
			Name: "learners", Section: "§4.2.1", Servers: 4, Run: learners,
			Holds: "a learner gets the log, counts for no majority, and can be made a voter",
		}, three},
		{consensustest.Case{
			Name: "a new server that never catches up", Section: "§4.2.1", Servers: 4, Run: neverCatchesUp,
			Holds: "a server that is down is not added, and nobody waits for it",
		}, three},
		{consensustest.Case{
			Name: "a removed server does not disrupt", Section: "§4.2.3, §9.6", Servers: 4, Run: removedIsQuiet,
			Holds: "a server that does not know that it was removed cannot depose the leader",
		}, calm},
	}
}

func TestMembership(t *testing.T) {
	for _, k := range memberships() {
		t.Run(k.Name, func(t *testing.T) { k.Test(t, system(k.cfg)) })
	}
}

// askForChange asks a server for a change, and returns the answer, if it comes in time.
func askForChange(c *consensustest.Cluster, id sim.NodeID, m raft.ChangeRequest, within time.Duration) (raft.ChangeReply, bool) {
	m.ID = uint64(len(c.Answers())) + 1
	c.Tell(id, m)
	var reply raft.ChangeReply
	came := c.Until(within, func() bool {
		for _, a := range c.Answers() {
			if r, ok := a.(raft.ChangeReply); ok && r.ID == m.ID {
				reply = r
				return true
			}
		}
		return false
	})
	return reply, came
}

// changeTo makes voters and learners the members, by whoever leads.
func changeTo(c *consensustest.Cluster, m raft.ChangeRequest) {
	for i := range 20 {
		if r, ok := askForChange(c, c.Leader(), m, 20*consensustest.ElectionMax); ok && r.Status == kv.OK {
			return
		}
		c.Run(consensustest.Heartbeat)
		c.Agree(fmt.Sprint("try ", i), 1) // a leader changes nothing before it has committed something
	}
	c.Require(false, "the members are not %v after 20 tries", m.Voters)
}

// process returns a server as raft's.
func process(c *consensustest.Cluster, id sim.NodeID) *raft.Process {
	return c.Server(id).(*raft.Process)
}

func oneAtATime(c *consensustest.Cluster) {
	c.Agree("three", 3)
	for i, voters := range [][]sim.NodeID{nodes(0, 1, 2, 3), nodes(0, 1, 2, 3, 4), nodes(1, 2, 3, 4), nodes(2, 3, 4), nodes(3, 4)} {
		changeTo(c, raft.ChangeRequest{Voters: voters})
		command := fmt.Sprint("change ", i)
		c.Agree(command, len(voters))
		for _, id := range voters {
			c.Require(c.Server(id).Store().Get("three").Found, "%v has not caught up after change %d", id, i)
		}
	}
	for _, id := range nodes(0, 1, 2) {
		c.Crash(id)
	}
	c.Agree("without those removed", 2)
	leader := c.Leader()
	c.Require(leader == 3 || leader == 4, "%v leads, want one of those that are left", leader)
}

func jointConsensus(c *consensustest.Cluster) {
	c.Agree("old", 3)
	changeTo(c, raft.ChangeRequest{Voters: nodes(3, 4, 5)})
	c.Require(c.Until(8*consensustest.ElectionMax, func() bool { return c.Leader() >= 3 }), "%v leads, want one of the new ones", c.Leader())
	c.Crash(0, 1, 2)
	c.Agree("new", 3)
	c.Require(c.Holders("old") == 3, "the new servers lack what the old ones executed")
}

// enterJoint has n0 begin to replace n1 and n2 by n3, n4 and n5, and returns when its log has the joint configuration.
func enterJoint(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("old", 3)
	c.Tell(0, raft.ChangeRequest{ID: 1, Voters: nodes(0, 3, 4, 5)})
	joint := func() bool { return len(c.Server(0).Configuration().Outgoing) > 0 }
	c.Require(c.Until(consensustest.ElectionMax, joint), "n0 has no joint configuration, want one when the new servers have caught up")
}

func bothMajorities(c *consensustest.Cluster) {
	enterJoint(c)
	c.Disconnect(1, 2) // n0, n3, n4, n5 have a majority of the new ones only
	c.Start(0, "new only")
	c.Run(2 * consensustest.ElectionMax)
	c.Require(c.Holders("new only") == 0, "the new servers decided without the old ones")
	c.Disconnect(3, 4, 5)
	c.Connect(1, 2) // n0, n1, n2 have a majority of the old ones only
	for _, id := range nodes(0, 1, 2) {
		c.Start(id, "old only")
	}
	c.Run(2 * consensustest.ElectionMax)
	if len(c.Server(0).Configuration().Outgoing) > 0 && c.Server(0).Leader() {
		c.Require(c.Holders("old only") == 0, "the old servers decided without the new ones")
	}
	c.Connect(c.All()...)
	c.Agree("both", 3) // n1 may have been elected by n2, and have undone the change
}

func changeOutlastsLeader(c *consensustest.Cluster) {
	enterJoint(c)
	c.Run(c.Rand().Duration(0, 8*time.Millisecond))
	c.Crash(0)
	c.Agree("after", 2)
	c.Restart(0)
	settled := func() bool { return len(c.Server(c.Leader()).Configuration().Outgoing) == 0 }
	c.Require(c.Until(8*consensustest.ElectionMax, settled), "the joint configuration is still in force, want it left")
	changeTo(c, raft.ChangeRequest{Voters: nodes(3, 4, 5)})
	c.Agree("last", 3)
}

// leavingIsNeeded has a leader of two remove itself, and restart before the other has heard of it. Its log is longer, so
// that the other needs its vote and does not get it.
func leavingIsNeeded(c *consensustest.Cluster) {
	elect(c, 1)
	c.Agree("1", 2)
	c.Disconnect(0)
	c.Tell(1, raft.ChangeRequest{ID: 1, Voters: nodes(0)})
	c.Run(roundTrip)
	c.Require(len(c.Server(1).Configuration().Voters) == 1, "n1 has not begun to remove itself, want it to")
	c.Restart(1)
	c.Connect(0)
	c.Agree("2", 1)
	left := func() bool { return c.Leader() == 0 && len(c.Server(0).Configuration().Voters) == 1 }
	c.Require(c.Until(8*consensustest.ElectionMax, left), "n0 does not lead alone, want the change to be finished")
	c.Crash(1)
	c.Agree("3", 1)
}

// bugOf2015 is the schedule of the mail, for S1 to S5 being n0 to n4, of which n4 is not a member at first: S1 adds S5,
// which nobody but those two hears of; S2 is elected and removes S1; S1 is elected again. Adding and removing have
// majorities that do not meet, if S2 may begin before it has committed something of its own.
func bugOf2015(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("1", 4)
	c.Disconnect(1, 2, 3)
	c.Tell(0, raft.ChangeRequest{ID: 1, Voters: nodes(0, 1, 2, 3, 4)})
	added := func() bool { return len(c.Server(4).Configuration().Voters) == 5 }
	c.Require(c.Until(consensustest.ElectionMax, added), "n4 is not being added, want it to catch up and to be")
	c.Crash(0)
	c.Disconnect(4)

	c.Connect(1, 2, 3)
	elect(c, 1)
	c.Disconnect(3)
	r, ok := askForChange(c, 1, raft.ChangeRequest{Voters: nodes(1, 2, 3)}, 2*roundTrip)
	c.Require(!ok || r.Status != kv.OK || c.Server(1).Committed() > 2, "n1 says that a change is done of which it committed nothing")
	c.Disconnect(1, 2)

	c.Restart(0)
	c.Connect(3, 4)
	elect(c, 0)
	c.Connect(1, 2)
	c.Agree("2", 5)
}

// oneChangeAtATime has n0 add n3 and then n4 without those that it cannot reach, n1 and n2, who are a majority of the old
// members as n0, n3 and n4 would be of the new ones.
func oneChangeAtATime(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("1", 3)
	c.Disconnect(1, 2)
	c.Tell(0, raft.ChangeRequest{ID: 1, Voters: nodes(0, 1, 2, 3)})
	added := func() bool { return len(c.Server(3).Configuration().Voters) == 4 }
	c.Require(c.Until(consensustest.ElectionMax, added), "n3 is not being added, want it to catch up and to be")
	c.Tell(0, raft.ChangeRequest{ID: 2, Voters: nodes(0, 1, 2, 3, 4)})
	c.Run(4 * roundTrip)
	c.Disconnect(0, 3, 4)

	c.Connect(1, 2)
	elect(c, 1)
	c.Agree("2", 2)
	c.Connect(c.All()...)
	changeTo(c, raft.ChangeRequest{Voters: nodes(0, 1, 2, 3)})
	changeTo(c, raft.ChangeRequest{Voters: nodes(0, 1, 2, 3, 4)})
	c.Agree("3", 5)
}

func learners(c *consensustest.Cluster) {
	elect(c, 0)
	c.Agree("1", 3)
	changeTo(c, raft.ChangeRequest{Voters: nodes(0, 1, 2), Learners: nodes(3)})
	c.Agree("2", 4)
	c.Require(c.Server(3).Store().Get("1").Found, "the learner lacks what was executed before it came")

	elect(c, 0)
	c.Disconnect(1, 2)
	c.Start(0, "3")
	c.Run(4 * consensustest.ElectionMax)
	c.Require(c.Holders("3") == 0, "a voter of three and a learner decided")
	c.Require(!c.Server(3).Leader(), "the learner leads")
	c.Connect(1, 2)

	changeTo(c, raft.ChangeRequest{Voters: nodes(0, 1, 2, 3)})
	changeTo(c, raft.ChangeRequest{Voters: nodes(2, 3)})
	c.Crash(0, 1)
	c.Agree("4", 2)
}

func neverCatchesUp(c *consensustest.Cluster) {
	c.Agree("1", 3)
	c.Crash(3)
	leader := c.Leader()
	n := len(c.Answers())
	c.Tell(leader, raft.ChangeRequest{ID: 1, Voters: nodes(0, 1, 2, 3)})
	c.Agree("meanwhile", 3)
	c.Require(c.Until(20*consensustest.ElectionMax, func() bool { return len(c.Answers()) > n }), "nobody gives up on n3, want an answer within ten rounds")
	r := c.Answers()[n].(raft.ChangeReply)
	c.Require(r.Status == kv.Unavailable, "the change is said to be %v, want it refused", r.Status)
	c.Require(len(c.Server(leader).Configuration().Voters) == 3, "the members are %v, want them unchanged", c.Server(leader).Configuration().Voters)
	c.Restart(3)
	changeTo(c, raft.ChangeRequest{Voters: nodes(0, 1, 2, 3)})
	c.Agree("2", 4)
}

func removedIsQuiet(c *consensustest.Cluster) {
	c.Agree("1", 4)
	leader := c.Leader()
	gone := c.After(leader+1, 1)[0]
	rest := c.After(gone+1, 3)
	c.Disconnect(gone)
	changeTo(c, raft.ChangeRequest{Voters: rest})
	leader = c.Leader()
	term := c.Server(leader).Term()
	c.Run(4 * consensustest.ElectionMax)
	c.Connect(gone)
	c.Run(10 * consensustest.ElectionMax)
	c.Require(c.Server(leader).Leader() && c.Server(leader).Term() == term, "%v no longer leads term %d, want the server that was removed not to matter", leader, term)
	c.Require(len(process(c, gone).Configuration().Voters) == 4, "%v knows that it was removed: nothing was tested", gone)
	c.Agree("2", 3)
}

package fault_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// caution is what a voter does lest it vote twice.
type caution int

const (
	forgetful caution = iota // keeps its vote in memory
	durable                  // writes it down
	newcomer                 // does not vote, either, if it finds nothing of its own on its disk when it restarts
	abstainer                // does not vote in a term that it did not see begin: not after any restart
)

// voter is n2, which has one vote in the term, of two candidates, n0 and later n1, who are elected by Votes of three.
type voter struct {
	Caution caution
	Votes   int
	votes   int
	voted   bool
}

func (p *voter) Clone() sim.Process { c := *p; return &c }
func (p *voter) Init(env *sim.Env) {
	if env.ID() < 2 {
		env.After(tick+9*tick*time.Duration(env.ID()), "stand")
		return
	}
	_, member := env.Recall("member")
	_, voted := env.Recall("voted")
	again := env.Incarnation() > 0
	env.Note(recalled{member, voted})
	switch p.Caution {
	case durable:
		p.voted = voted
	case newcomer:
		p.voted = voted || again && !member
	case abstainer:
		p.voted = again
	}
	env.Persist("member", true)
}
func (p *voter) Timeout(env *sim.Env, _ any) {
	if env.Incarnation() == 0 {
		p.win(env)
		env.Broadcast("vote for me")
	}
}
func (p *voter) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch {
	case m == "vote":
		p.win(env)
	case env.ID() == 2 && !p.voted:
		p.voted = true
		env.Persist("voted", true)
		env.Send(from, "vote")
	}
}
func (p *voter) win(env *sim.Env) {
	p.votes++
	if p.votes == p.Votes {
		env.Note("elected")
	}
}

// recalled is what a voter found on its disk when it started.
type recalled struct{ Member, Voted bool }

func oneLeader(s *story) bool { return s.count("elected", 0, sim.Never) == 1 }

// restarts is a trial in which n2 restarts between the two candidacies.
func restarts(faults ...sim.At) trial {
	return trial{nodes: 3, until: 2000, faults: append(sim.Schedule(faults), when(600, sim.Recover{Node: 2})), claim: oneLeader}
}

// Fail-restart: what was in memory is gone, what was durable is there. A vote in memory is given twice. A lost disk is empty,
// an old one is a state of before: on these a vote that was written down is given twice too.
func TestFailRestart(t *testing.T) {
	found := func(s *story) any { return s.notes[len(s.notes)-1].What }
	crash := restarts(when(500, sim.Crash{Node: 2}))
	crash.breaks(t, &voter{Votes: 2, Caution: forgetful})
	s := crash.survives(t, &voter{Votes: 2, Caution: durable})
	require.Equal(t, recalled{true, true}, found(s))

	lost := restarts(when(500, sim.LoseDisk{Node: 2}))
	lost.breaks(t, &voter{Votes: 2, Caution: durable})
	s = lost.survives(t, &voter{Votes: 2, Caution: newcomer})
	require.Equal(t, recalled{false, false}, found(s))

	old := restarts(when(50, sim.Backup{Node: 2}), when(500, sim.OldDisk{Node: 2}))
	old.breaks(t, &voter{Votes: 2, Caution: durable})
	old.breaks(t, &voter{Votes: 2, Caution: newcomer})
	s = old.survives(t, &voter{Votes: 2, Caution: abstainer})
	require.Equal(t, recalled{true, false}, found(s))
}

// Partitions, of every kind, let both sides act. Who acts without a majority has two leaders.
func TestPartitions(t *testing.T) {
	for name, cuts := range map[string][]sim.Cut{
		"halves": {{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}},
		"bridge": {{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1}}},
		"shards": {{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}, {Name: "y", From: []sim.NodeID{1}, To: []sim.NodeID{2}}},
	} {
		t.Run(name, func(t *testing.T) {
			x := trial{nodes: 3, until: 2000, claim: func(s *story) bool { return s.count("elected", 0, sim.Never) <= 1 }, onlyThen: true}
			for _, c := range cuts {
				x.faults = append(x.faults, when(50, c))
			}
			x.breaks(t, &voter{Votes: 1, Caution: durable})
			s := x.survives(t, &voter{Votes: 2, Caution: durable})
			for _, e := range s.some(sim.Deliver, 0) {
				require.False(t, e.From == 1, "across the cut")
			}
		})
	}
}

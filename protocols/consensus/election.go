package consensus

import (
	"fmt"

	"lightcone/sim"
)

// electionSafety: at most one leader can be elected in a given term (Raft, figure 3). A server that restarts and leads
// the same term again was elected twice.
func electionSafety() func(change) error {
	type leader struct {
		id          sim.NodeID
		incarnation int
	}
	leaders := map[Term]leader{}
	return func(c change) error {
		if c.node == nil || !c.node.Leader() {
			return nil
		}
		t, l := c.node.Term(), leader{c.id, c.view.Incarnation(c.id)}
		switch first, ok := leaders[t]; {
		case !ok:
			leaders[t] = l
		case first.id != l.id:
			return fmt.Errorf("%v and %v both lead term %d", first.id, l.id, t)
		case first != l:
			return fmt.Errorf("%v leads term %d, which it led before it restarted", l.id, t)
		}
		return nil
	}
}

// oneVote: each server votes for at most one candidate in a given term (Raft, section 5.2), whatever happens to it in
// between.
func oneVote(servers int) func(change) error {
	type ballot struct {
		id   sim.NodeID
		term Term
	}
	type cast struct {
		term Term
		vote sim.NodeID
	}
	votes, last := map[ballot]sim.NodeID{}, make([]cast, servers)
	return func(c change) error {
		if c.node == nil {
			return nil
		}
		vote, ok := c.node.Vote()
		if !ok {
			return nil
		}
		b := ballot{c.id, c.node.Term()}
		if last[c.id] == (cast{b.term, vote}) {
			return nil
		}
		last[c.id] = cast{b.term, vote}
		if first, ok := votes[b]; !ok {
			votes[b] = vote
		} else if first != vote {
			return fmt.Errorf("%v voted in term %d for %v and then for %v", c.id, b.term, first, vote)
		}
		return nil
	}
}

// noGoingBack: what a server knows only grows, until it crashes.
func noGoingBack(servers int) func(change) error {
	type knowledge struct {
		term               Term
		committed, applied Index
	}
	last := make([]knowledge, servers)
	return func(c change) error {
		if c.node == nil {
			return nil
		}
		was, now := last[c.id], knowledge{c.node.Term(), c.node.Committed(), c.node.Applied()}
		last[c.id] = now
		switch {
		case c.started:
		case now.term < was.term:
			return fmt.Errorf("%v went from term %d back to %d", c.id, was.term, now.term)
		case now.committed < was.committed:
			return fmt.Errorf("%v knew the log to be committed up to %d, and now only to %d", c.id, was.committed, now.committed)
		case now.applied < was.applied:
			return fmt.Errorf("%v had applied the log up to %d, and now only to %d", c.id, was.applied, now.applied)
		}
		return nil
	}
}

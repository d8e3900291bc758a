package consensus

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// Properties returns what must hold at every step of any run of nodes 0 to servers-1, each a Node, and that an entry was
// committed, without which nothing was tested.
func Properties(servers int) []sim.Property {
	with := func(judge func(int) func(change) error) func() func(change) error {
		return func() func(change) error { return judge(servers) }
	}
	return []sim.Property{
		claim("election safety", servers, electionSafety),
		claim("one vote per term", servers, with(oneVote)),
		claim("no going back", servers, with(noGoingBack)),
		claim("leader append-only", servers, with(leaderAppendOnly)),
		claim("log matching", servers, with(logMatching)),
		claim("leader completeness", servers, with(leaderCompleteness)),
		claim("state machine safety", servers, with(stateMachineSafety)),
		claim("every quorum holds the committed prefix", servers, with(quorumsHold)),
		claim("configurations intersect", servers, with(configurationsIntersect)),
		wish("an entry is committed", sim.Sometimes, servers, func() func(change) bool {
			return func(c change) bool { return commits(c.node) }
		}),
	}
}

// Coverage returns what a swarm of runs with faults should have seen somewhere.
func Coverage(servers int) []sim.Property {
	return []sim.Property{
		wish("a second leader commits", sim.Sometimes, servers, secondCommits),
		wish("two lead at once", sim.Sometimes, servers, func() func(change) bool { return twoLead(servers) }),
		wish("entries are overwritten", sim.Sometimes, servers, func() func(change) bool { return overwritten(servers) }),
		wish("a snapshot is installed", sim.Sometimes, servers, func() func(change) bool { return installed(servers) }),
	}
}

// Moments returns what may be waited for in a run.
func Moments(servers int) []sim.Property {
	return []sim.Property{
		wish("a leader is elected", sim.Sometimes, servers, func() func(change) bool {
			return func(c change) bool { return c.node != nil && c.node.Leader() }
		}),
	}
}

// Recovers is the claim that, between a time after and within later, a leader commits something new. It is for runs whose
// last fault has ended by then, and whose clients go on asking.
func Recovers(servers int, after sim.Time, within time.Duration) sim.Property {
	return wish(fmt.Sprintf("a leader commits within %v of %v", within, after), sim.Eventually, servers, func() func(change) bool {
		var before Index
		return func(c change) bool {
			if c.node == nil {
				return false
			}
			if c.view.Now() < after {
				before = max(before, c.node.Committed())
				return false
			}
			// who is the first to know that something new is committed has committed it
			return c.view.Now() <= after.Add(within) && c.node.Leader() && c.node.Committed() > before
		}
	})
}

// commits reports whether a server leads and knows an entry of its own term to be committed.
func commits(n Node) bool {
	if n == nil || !n.Leader() {
		return false
	}
	i := n.Committed()
	return i >= n.First() && n.Entry(i).Term == n.Term()
}

func secondCommits() func(change) bool {
	var first Term
	return func(c change) bool {
		if !commits(c.node) {
			return false
		}
		if first == 0 {
			first = c.node.Term()
		}
		return c.node.Term() != first
	}
}

func twoLead(servers int) func(change) bool {
	leads := make([]bool, servers)
	return func(c change) bool {
		leads[c.id] = c.node != nil && c.node.Leader()
		n := 0
		for _, l := range leads {
			if l {
				n++
			}
		}
		return n > 1
	}
}

func overwritten(servers int) func(change) bool {
	logs := make([]mirror, servers)
	return func(c change) bool {
		if c.node == nil {
			logs[c.id] = mirror{}
			return false
		}
		_, cut, end := logs[c.id].update(c.node)
		return cut < end
	}
}

func installed(servers int) func(change) bool {
	last := make([]Index, servers)
	return func(c change) bool {
		if c.node == nil || c.started {
			last[c.id] = 0
		}
		if c.node == nil {
			return false
		}
		jumped := !c.started && c.node.First() > last[c.id]+1
		last[c.id] = c.node.Last()
		return jumped
	}
}

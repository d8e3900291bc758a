package consensus

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

func (c Configuration) equal(d Configuration) bool {
	return slices.Equal(c.Voters, d.Voters) && slices.Equal(c.Outgoing, d.Outgoing) && slices.Equal(c.Learners, d.Learners)
}

func (c Configuration) clone() Configuration {
	return Configuration{slices.Clone(c.Voters), slices.Clone(c.Outgoing), slices.Clone(c.Learners)}
}

// majorities are the sets of which a quorum has a majority each.
func (c Configuration) majorities() [][]sim.NodeID {
	if len(c.Outgoing) == 0 {
		return [][]sim.NodeID{c.Voters}
	}
	return [][]sim.NodeID{c.Voters, c.Outgoing}
}

// Intersects reports whether every quorum of c has a server in common with every quorum of d.
func (c Configuration) Intersects(d Configuration) bool {
	left, right := c.majorities(), d.majorities()
	sets := append(slices.Clone(left), right...)
	var need []int // of each set, how many more servers its side wants
	for _, s := range sets {
		need = append(need, len(s)/2+1)
	}
	return !divide(classes(sets), need, len(left))
}

// class is the servers that are in the same sets.
type class struct {
	in []bool
	n  int
}

func classes(sets [][]sim.NodeID) []class {
	var cs []class
	var done []sim.NodeID
	for _, s := range sets {
		for _, id := range s {
			if slices.Contains(done, id) {
				continue
			}
			done = append(done, id)
			in := make([]bool, len(sets))
			for i, t := range sets {
				in[i] = slices.Contains(t, id)
			}
			i := slices.IndexFunc(cs, func(c class) bool { return slices.Equal(c.in, in) })
			if i < 0 {
				i = len(cs)
				cs = append(cs, class{in: in})
			}
			cs[i].n++
		}
	}
	return cs
}

// divide reports whether the servers can be divided between two sides so that each has a majority of each of its sets;
// the first left sets are the left side's.
func divide(cs []class, need []int, left int) bool {
	if len(cs) == 0 {
		return slices.Max(need) <= 0
	}
	c := cs[0]
	for k := range c.n + 1 { // k to the left, the others to the right
		rest := slices.Clone(need)
		for i, in := range c.in {
			switch {
			case in && i < left:
				rest[i] -= k
			case in:
				rest[i] -= c.n - k
			}
		}
		if divide(cs[1:], rest, left) {
			return true
		}
	}
	return false
}

// configurationsIntersect: any two configurations in force intersect, or two leaders of one term could be elected, or
// one that does not know what is committed. In force are those of the servers that have all that is committed in their
// logs; the others cannot be elected, and may be any number of configurations behind. It falls where the bug of
// single-server changes (Ongaro, raft-dev mailing list, 10 July 2015) begins, before anything is lost by it.
func configurationsIntersect(servers int) func(change) error {
	j := &configurations{servers: make([]configured, servers), verified: map[[2]int]bool{}}
	return j.see
}

type configurations struct {
	decided  decided
	servers  []configured
	known    []Configuration // all that were ever seen
	verified map[[2]int]bool // whether two of known intersect
}

type configured struct {
	node  Node // nil: down
	known int  // which configuration it goes by
	held  Index
}

func (j *configurations) see(c change) error {
	s := &j.servers[c.id]
	s.node = c.node
	if c.node == nil {
		return nil
	}
	s.known = j.number(s.known, c.node.Configuration())
	if len(j.known) == 1 { // nothing to compare; before the first change, nothing need be remembered
		return nil
	}
	for _, o := range j.servers {
		if o.node != nil {
			j.decided.extend(o.node, o.node.Committed(), o.node.Term())
		}
	}
	if !j.inForce(s) {
		return nil
	}
	for id := range j.servers {
		if o := &j.servers[id]; o.node != nil && o.known != s.known && !j.intersect(s.known, o.known) && j.inForce(o) {
			return fmt.Errorf("%v goes by %+v and %v by %+v, which have quorums without a server in common",
				c.id, j.known[s.known], sim.NodeID(id), j.known[o.known])
		}
	}
	return nil
}

// number returns which of the known configurations c is, which is likely to be as it was.
func (j *configurations) number(was int, c Configuration) int {
	if was < len(j.known) && j.known[was].equal(c) {
		return was
	}
	i := slices.IndexFunc(j.known, c.equal)
	if i < 0 {
		i = len(j.known)
		j.known = append(j.known, c.clone())
	}
	return i
}

func (j *configurations) intersect(a, b int) bool {
	k := [2]int{min(a, b), max(a, b)}
	ok, done := j.verified[k]
	if !done {
		ok = j.known[a].Intersects(j.known[b])
		j.verified[k] = ok
	}
	return ok
}

// inForce reports whether a server has all that is committed in its log.
func (j *configurations) inForce(s *configured) bool {
	s.held = j.decided.held(s.node, s.held, s.node.Last())
	return s.held == j.decided.last()
}

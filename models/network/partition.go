package network

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"lightcone/sim"
)

// Partitions are data: a sim.Cut says who is separated from whom, and a sim.Schedule when. The world applies them,
// whatever the network. Every cut here is named, so that a sim.Heal ends that very one.

// Nodes returns the nodes 0 to n-1.
func Nodes(n int) []sim.NodeID {
	ids := make([]sim.NodeID, n)
	for i := range ids {
		ids[i] = sim.NodeID(i)
	}
	return ids
}

// Halves separates the first half of the nodes from the rest. If their number is odd the first half is the larger: a
// majority.
func Halves(name string, nodes []sim.NodeID) sim.Cut {
	k := (len(nodes) + 1) / 2
	return sim.Cut{Name: name, From: slices.Clone(nodes[:k]), To: slices.Clone(nodes[k:])}
}

// Isolate separates one node from all the others.
func Isolate(name string, node sim.NodeID, nodes []sim.NodeID) sim.Cut {
	return sim.Cut{Name: name, From: []sim.NodeID{node}, To: without(nodes, node)}
}

// Mute keeps what a node sends from the others; it still hears them.
func Mute(name string, node sim.NodeID, nodes []sim.NodeID) sim.Cut {
	return sim.Cut{Name: name, From: []sim.NodeID{node}, To: without(nodes, node), OneWay: true}
}

// Deafen keeps from a node what the others send; they still hear it.
func Deafen(name string, node sim.NodeID, nodes []sim.NodeID) sim.Cut {
	return sim.Cut{Name: name, From: without(nodes, node), To: []sim.NodeID{node}, OneWay: true}
}

// Bridge separates the nodes into two halves that only the bridge, a node of neither, can reach, and that can reach it.
func Bridge(name string, bridge sim.NodeID, nodes []sim.NodeID) sim.Cut {
	return Halves(name, without(nodes, bridge))
}

// MajorityRing lets every node reach a majority, itself included, and no two neighbours the same one: node i reaches
// those at most ceil((n-1)/4) places away in the ring of the given order. There is one cut for each node that has
// somebody to be cut from.
func MajorityRing(name string, nodes []sim.NodeID) []sim.Cut {
	n := len(nodes)
	reach := (n + 2) / 4
	var cuts []sim.Cut
	for i, id := range nodes {
		var far []sim.NodeID
		for d := reach + 1; i+d < n; d++ {
			if n-d > reach {
				far = append(far, nodes[i+d])
			}
		}
		if far != nil {
			cuts = append(cuts, sim.Cut{Name: fmt.Sprintf("%s/%d", name, id), From: []sim.NodeID{id}, To: far})
		}
	}
	return cuts
}

func without(nodes []sim.NodeID, node sim.NodeID) []sim.NodeID {
	return slices.DeleteFunc(slices.Clone(nodes), func(id sim.NodeID) bool { return id == node })
}

// During makes cuts at one time and heals them at another.
func During(from, until sim.Time, cuts ...sim.Cut) sim.Schedule {
	var s sim.Schedule
	for _, c := range cuts {
		s = append(s, sim.At{Time: from, Action: c})
	}
	for _, c := range cuts {
		s = append(s, sim.At{Time: until, Action: sim.Heal{Name: c.Name}})
	}
	return s
}

// Flapping makes a cut again and again: from the given time it holds for down, then is healed for up, until the end, at
// which it is healed for good. It is empty unless down and up are positive.
func Flapping(c sim.Cut, from, until sim.Time, down, up time.Duration) sim.Schedule {
	var s sim.Schedule
	if down <= 0 || up <= 0 {
		return s
	}
	for t := from; t < until; t = t.Add(down).Add(up) {
		s = append(s, During(t, min(t.Add(down), until), c)...)
	}
	return s
}

// Merge puts schedules together in order of time; actions of one time stay in the order in which they were given.
func Merge(schedules ...sim.Schedule) sim.Schedule {
	all := slices.Concat(schedules...)
	slices.SortStableFunc(all, func(a, b sim.At) int { return cmp.Compare(a.Time, b.Time) })
	return all
}

package quorum

import (
	"fmt"

	"lightcone/sim"
)

// Diverged returns how many entries differ between a replica and the first of their range, over all servers that are up.
func Diverged(v sim.View) int {
	n := 0
	differences(v, func(sim.NodeID, Entry, sim.NodeID, []Version) bool { n++; return true })
	return n
}

// Converged reports whether all servers are up and all replicas of every key have the same versions.
func Converged(v sim.View) (err error) {
	servers := 0
	for id := range sim.NodeID(v.Nodes()) {
		if r := replicaOn(v, id); r != nil {
			servers = r.servers
		}
	}
	for id := range sim.NodeID(servers) {
		if replicaOn(v, id) == nil {
			return fmt.Errorf("%v is down", id)
		}
	}
	differences(v, func(id sim.NodeID, e Entry, other sim.NodeID, have []Version) bool {
		err = fmt.Errorf("%v has %v, and %v has %v", id, e, other, have)
		return false
	})
	return err
}

// ConvergedAfter claims that the replicas have converged at some step after a time, such as that of the last fault.
func ConvergedAfter(t sim.Time) sim.Property {
	return sim.Property{Name: "the replicas converge", Mode: sim.Eventually, Check: func(v sim.View) error {
		if v.Now() <= t {
			return fmt.Errorf("it is not yet %v", t)
		}
		return Converged(v)
	}}
}

// differences yields the entries of replicas that another replica of the key has not, or not like that.
func differences(v sim.View, yield func(id sim.NodeID, e Entry, other sim.NodeID, have []Version) bool) {
	for id := range sim.NodeID(v.Nodes()) {
		r := replicaOn(v, id)
		if r == nil {
			continue
		}
		for page := range r.ranges * r.leaves {
			for i := range r.replicas {
				other := r.server(page/r.leaves, i)
				o := replicaOn(v, other)
				if o == nil || other == id || r.position(page/r.leaves, id) >= r.replicas {
					continue
				}
				for _, e := range r.pages[page].entries {
					have := o.versions(e.Key)
					if !equal(have, e.Versions) && !yield(id, e, other, have) {
						return
					}
				}
			}
		}
	}
}

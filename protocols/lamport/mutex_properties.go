package lamport

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// MutexProperties returns the conditions that the paper sets: (I) one process at a time holds the resource, (II)
// requests are granted in the order in which they are made, (III) every request is granted; and that two processes
// waited at once, without which nothing was tested.
//
// Condition II asks for the order happened-before, which => extends; here it is checked as: nobody holds the resource
// while an earlier request, by =>, is waiting.
func MutexProperties() []sim.Property {
	return []sim.Property{
		{Name: "one holder at a time", Mode: sim.Always, Check: oneHolder},
		{Name: "granted in order", Mode: sim.Always, Check: grantedInOrder},
		{Name: "two wait at once", Mode: sim.Sometimes, Check: twoWait},
		{Name: "every request is granted", Mode: sim.Eventually, Check: allEntered},
	}
}

// mutexes returns the processes of Mutex that are up, with their nodes.
func mutexes(v sim.View) (ids []sim.NodeID, ps []*Mutex) {
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*Mutex); ok {
			ids, ps = append(ids, id), append(ps, p)
		}
	}
	return ids, ps
}

func oneHolder(v sim.View) error {
	holder := sim.Nobody
	ids, ps := mutexes(v)
	for i, p := range ps {
		if p.State != Holding {
			continue
		}
		if holder != sim.Nobody {
			return fmt.Errorf("%v and %v hold the resource", holder, ids[i])
		}
		holder = ids[i]
	}
	return nil
}

func grantedInOrder(v sim.View) error {
	_, ps := mutexes(v)
	for _, p := range ps {
		for _, q := range ps {
			if p.State == Holding && q.State == Waiting && q.mine.Before(p.mine) {
				return fmt.Errorf("%v holds the resource, but %v asked before", p.mine, q.mine)
			}
		}
	}
	return nil
}

func twoWait(v sim.View) error {
	waiting := 0
	_, ps := mutexes(v)
	for _, p := range ps {
		if p.State == Waiting {
			waiting++
		}
	}
	if waiting < 2 {
		return errors.New("no two processes wait at once")
	}
	return nil
}

func allEntered(v sim.View) error {
	ids, ps := mutexes(v)
	if len(ps) < v.Nodes() {
		return errors.New("a process is down")
	}
	for i, p := range ps {
		if p.Entered < p.Entries || p.State != Thinking {
			return fmt.Errorf("%v took the resource %d of %d times", ids[i], p.Entered, p.Entries)
		}
	}
	return nil
}

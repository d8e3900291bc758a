package etcdraft_test

import (
	"fmt"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/etcdraft"
	"lightcone/sim"
)

// Three servers of etcd's Raft elect a leader, it crashes, the others elect another.
func Example() {
	cfg := etcdraft.Config{Servers: 3}
	world, err := sim.New(sim.Config{
		Seed:       1,
		Nodes:      3,
		New:        func(id sim.NodeID) sim.Process { return etcdraft.New(id, cfg) },
		Properties: consensus.Properties(3),
	})
	if err != nil {
		panic(err)
	}
	leader := func() (sim.NodeID, *etcdraft.Process) {
		for id := range sim.NodeID(3) {
			if p, ok := world.View().Process(id).(*etcdraft.Process); ok && p.Leader() {
				return id, p
			}
		}
		return sim.Nobody, nil
	}
	for _, until := range []time.Duration{time.Second, 2 * time.Second} {
		if err := world.RunUntil(sim.Time(until)); err != nil {
			panic(err)
		}
		id, p := leader()
		fmt.Println("after", until, "the leader of term", p.Term(), "has committed", p.Committed(), "entries")
		if err := world.Act(sim.Crash{Node: id}); err != nil {
			panic(err)
		}
	}
	// Output:
	// after 1s the leader of term 1 has committed 1 entries
	// after 2s the leader of term 2 has committed 2 entries
}

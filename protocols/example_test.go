package protocols_test

import (
	"fmt"

	"lightcone/protocols"
	"lightcone/protocols/lamport"
	"lightcone/protocols/vector"
)

// The converse of the Clock Condition fails: L(a) < L(b), and yet a did not happen before b. The vector clock knows.
func Example_converse() {
	var li, lj lamport.Clock
	vi, vj := vector.NewClock(0, 2), vector.NewClock(1, 2)

	la, va := li.Tick(), vi.Tick() // event a, in process i
	lj.Tick()                      // process j, which never hears from i, has an event
	vj.Tick()
	lb, vb := lj.Tick(), vj.Tick() // and event b

	fmt.Println("Lamport:", la < lb)
	fmt.Println("vector:", va.Compare(vb))
	// Output:
	// Lamport: true
	// vector: concurrent
}

func ExampleCatalog() {
	for _, e := range protocols.Catalog() {
		fmt.Println(e.Name)
	}
	// Output:
	// pingpong
	// idle
	// checkpoint
	// contention
	// gossip
	// lamport
	// lamport-mutex
	// vector
	// hlc
	// clocks
	// detector
	// kv
	// overload
	// quorum
	// abd
	// primary-backup
	// raft
	// etcdraft
	// generals
}

package lamport_test

import (
	"fmt"
	"time"

	"lightcone/protocols/lamport"
	"lightcone/sim"
)

func ExampleClock() {
	var i, j lamport.Clock
	tm := i.Send()
	fmt.Println(tm, j.Tick(), j.Receive(tm))
	// Output: 1 1 2
}

// Three processes share a resource, and each takes it once.
func ExampleMutex() {
	params := lamport.MutexParams{Entries: 1, Think: 10 * time.Millisecond, Hold: 50 * time.Millisecond}
	w, err := sim.New(sim.Config{
		Seed:       1,
		Nodes:      3,
		New:        func(sim.NodeID) sim.Process { return lamport.NewMutex(params) },
		Network:    sim.ConstantDelay(5 * time.Millisecond),
		Properties: lamport.MutexProperties(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := w.Run()
	fmt.Println(r.Verdict, r.Stats.Sent, "messages")
	// Output: pass 18 messages
}

package trace_test

import (
	"fmt"
	"os"
	"time"

	"lightcone/sim"
	"lightcone/sim/trace"
)

// greeter says hello once to the other node, which says nothing.
type greeter struct{}

func (greeter) Init(env *sim.Env) {
	if env.ID() == 0 {
		env.After(time.Millisecond, "hello")
	}
}

func (greeter) Receive(*sim.Env, sim.NodeID, sim.Message) {}

func (greeter) Timeout(env *sim.Env, tag any) { env.Send(1, tag) }

// A run is recorded by an observer, and drawn.
func Example() {
	rec := &trace.Recorder{Header: trace.Header{Title: "one hello", Seed: 1, Nodes: 2, Lanes: []string{"Ann", "Bob"}}}
	world, err := sim.New(sim.Config{
		Seed:      1,
		Nodes:     2,
		New:       func(sim.NodeID) sim.Process { return greeter{} },
		Network:   sim.ConstantDelay(5 * time.Millisecond),
		Observers: []sim.Observer{rec},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	world.Run()
	run := rec.Trace()
	if err := trace.Write(os.Stdout, run, "transcript", trace.Options{}); err != nil {
		fmt.Println(err)
	}
	last := len(run.Events) - 1
	fmt.Println("\nWhy the last event?")
	for _, sentence := range trace.NewOrder(run).Why(last) {
		fmt.Println("-", sentence)
	}
	// Output:
	// one hello, seed 1, 2 nodes
	//
	//  0s  n0 starts
	//  0s  n0 sets a timer hello, due in 1ms
	//  0s  n1 starts
	// 1ms  n0's timer hello fires, set 1ms earlier
	// 1ms  n0 sends hello to n1
	// 6ms  n1 receives hello from n0, sent 5ms earlier
	//
	// Why the last event?
	// - n0 starts
	// - n0 sets a timer hello, due in 1ms
	// - n0's timer hello fires, set 1ms earlier
	// - n0 sends hello to n1
	// - n1 receives hello from n0, sent 5ms earlier
}

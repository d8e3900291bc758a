package pingpong_test

import (
	"fmt"
	"time"

	"lightcone/protocols/pingpong"
	"lightcone/sim"
)

// Two rounds, each message under way for 10 ms; the answer to the first Ping is lost.
func Example() {
	w, err := sim.New(sim.Config{
		Seed:    1,
		Nodes:   2,
		New:     func(sim.NodeID) sim.Process { return &pingpong.Process{Rounds: 2, Retry: 50 * time.Millisecond} },
		Network: sim.ConstantDelay(10 * time.Millisecond),
		Drop:    []sim.MessageName{{From: 1, To: 0, K: 1}},
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			switch e.Kind {
			case sim.Send, sim.Deliver, sim.Drop:
				fmt.Printf("%-5v %-7v %v %T%v\n", e.Time, e.Kind, e.Name(), e.Value, e.Value)
			}
		})},
		Properties: pingpong.Properties(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Run().Verdict)
	// Output:
	// 0s    send    n0->n1#1 pingpong.Ping{0}
	// 10ms  deliver n0->n1#1 pingpong.Ping{0}
	// 10ms  send    n1->n0#1 pingpong.Pong{0}
	// 10ms  drop    n1->n0#1 pingpong.Pong{0}
	// 50ms  send    n0->n1#2 pingpong.Ping{0}
	// 60ms  deliver n0->n1#2 pingpong.Ping{0}
	// 60ms  send    n1->n0#2 pingpong.Pong{0}
	// 70ms  deliver n1->n0#2 pingpong.Pong{0}
	// 70ms  send    n0->n1#3 pingpong.Ping{1}
	// 80ms  deliver n0->n1#3 pingpong.Ping{1}
	// 80ms  send    n1->n0#3 pingpong.Pong{1}
	// 90ms  deliver n1->n0#3 pingpong.Pong{1}
	// pass
}

package kv_test

import (
	"fmt"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// A server and a client that asks for two operations. The reply to the second is lost; the client asks again with the
// same token.
func Example() {
	history := kv.NewRecorder()
	w, err := sim.New(sim.Config{
		Seed:  1,
		Nodes: 2,
		New: func(id sim.NodeID) sim.Process {
			if id == 0 {
				return kv.NewServer(kv.ServerConfig{})
			}
			return kv.NewClient(kv.ClientConfig{
				Servers:  1,
				Workload: kv.Plain{Ops: 2, Keys: 1, Think: 100 * time.Millisecond, Appends: 1},
				Timeout:  50 * time.Millisecond,
				Retry:    kv.FullJitter{Base: 5 * time.Millisecond, Cap: time.Second},
				Tokens:   true,
			})
		},
		Drop:      []sim.MessageName{{From: 0, To: 1, K: 3}},
		Observers: []sim.Observer{history},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Run().Verdict)
	for _, o := range history.History(sim.Never) {
		fmt.Println(o.Op.Kind, o.Op.Value, o.Outcome, "after", o.Return.Sub(o.Invoke))
	}
	fmt.Println(w.View().Process(0).(*kv.Server).Store())
	// Output:
	// pass
	// append c1.1 ok after 4ms
	// append c1.3 ok after 58.326819ms
	// k0="c1.1c1.3" after 4 commands, 1 sessions
}

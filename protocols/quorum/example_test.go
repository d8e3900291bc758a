package quorum_test

import (
	"fmt"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
)

// Three replicas, of which one is enough to read and one to write. The write of client n3 is acknowledged when n0 itself
// has it; a client that reads at n2 at that moment gets nothing, and a little later the value.
func Example() {
	c := quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 1, W: 1}}
	w, err := sim.New(sim.Config{
		Seed:  1,
		Nodes: 5,
		New: func(id sim.NodeID) sim.Process {
			switch id {
			case 3:
				return sim.Script(func(l *sim.Line) {
					l.Send(0, kv.Request{ID: 1, Op: kv.Op{Kind: kv.Put, Key: "x", Value: "new"}})
					l.Receive()
					l.Notef("acknowledged")
				})
			case 4:
				return sim.Script(func(l *sim.Line) {
					for i := range uint64(2) {
						l.Send(2, kv.Request{ID: i, Op: kv.Op{Kind: kv.Get, Key: "x"}})
						_, m, _ := l.ReceiveWithin(time.Second)
						l.Notef("found %q", m.(kv.Reply).Result.Value)
						l.Sleep(10 * time.Millisecond)
					}
				})
			}
			return quorum.NewDynamo(c)
		},
		Network:    sim.ConstantDelay(5 * time.Millisecond),
		Properties: c.Properties(),
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			if e.Kind == sim.Note {
				fmt.Println(e.Time, e.Node, e.Value)
			}
		})},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w.Run()
	fmt.Println(quorum.Converged(w.View()) == nil)
	// Output:
	// 10ms n3 acknowledged
	// 10ms n4 found ""
	// 30ms n4 found "new"
	// true
}

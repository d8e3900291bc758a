package raft_test

import (
	"fmt"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/check"
)

// Three servers elect a leader. A client asks one of them to put x, is told who leads, and asks there.
func Example() {
	servers, err := raft.Factory(raft.Config{Servers: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	client := sim.Script(func(s *sim.Line) {
		s.Sleep(400 * ms)
		leader := sim.NodeID(0)
		for {
			s.Send(leader, kv.Request{ID: 1, Op: kv.Op{Kind: check.Put, Key: "x", Value: "1"}})
			_, m, _ := s.ReceiveWithin(100 * ms)
			r, _ := m.(kv.Reply)
			s.Notef("%v says: %v", leader, r.Status)
			if r.Status == kv.OK {
				return
			}
			leader = r.Leader
		}
	})
	w, err := sim.New(sim.Config{
		Seed:  4,
		Nodes: 4,
		New: func(id sim.NodeID) sim.Process {
			if id == 3 {
				return client
			}
			return servers(id)
		},
		Until:      sim.Time(500 * ms),
		Properties: consensus.Properties(3),
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			if e.Kind == sim.Note {
				fmt.Printf("%v: %v\n", e.Node, e.Value)
			}
		})},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Run().Verdict)
	for id := range sim.NodeID(3) {
		fmt.Println(id, w.View().Process(id).(*raft.Process).Store().Get("x").Value)
	}
	// Output:
	// n2: elected in term 1
	// n3: n0 says: not leader
	// n3: n2 says: ok
	// pass
	// n0 1
	// n1 1
	// n2 1
}

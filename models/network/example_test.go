package network_test

import (
	"fmt"
	"time"

	"lightcone/models/network"
	"lightcone/sim"
)

// Three replicas in three measured regions, with bursts of loss on the way: which timing model does the run obey?
func Example() {
	regions := []string{"eu-central-1", "eu-west-1", "us-east-1"}
	wide, err := network.AWS().Network(regions, network.Jitter{Factor: network.Spread(0.9, 2)})
	if err != nil {
		fmt.Println(err)
		return
	}
	lossy := &network.GilbertElliott{Inner: wide, Loss: 0.01, Burst: 3}
	kept := network.Synchronous{Inner: lossy, Delta: time.Second}

	for _, n := range []sim.Network{kept, lossy} {
		certifier := network.NewCertifier(kept.Claim())
		world, err := sim.New(sim.Config{
			Seed: 1, Nodes: len(regions), Network: n, Observers: []sim.Observer{certifier},
			New: func(sim.NodeID) sim.Process { return &chatter{talkers: 3, rounds: 100, gap: time.Millisecond} },
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("synchronous:", certifier.Err(world.Run().Now) == nil)
	}
	// Output:
	// synchronous: true
	// synchronous: false
}

func ExampleMatrix_RTT() {
	m := network.AWS()
	fmt.Println(m.RTT("eu-central-1", "us-east-1"))
	fmt.Println(m.RTT("eu-central-1", "us-esat-1"))
	// Output:
	// 85.6ms <nil>
	// 0s network: region is "us-esat-1", want one of the 19 of the matrix; the nearest is "us-east-1"
}

package network_test

import (
	"testing"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/sim"
)

// layers are networks of one layer each, and the whole stack.
func layers() []struct {
	name string
	net  sim.Network
} {
	wide, err := network.AWS().Network([]string{"eu-west-1", "us-east-1"}, network.Jitter{Factor: network.Spread(0.9, 2)})
	if err != nil {
		panic(err)
	}
	return []struct {
		name string
		net  sim.Network
	}{
		{"constant", sim.ConstantDelay(ms)},
		{"latency", network.Latency{Law: dist.Exponential{Mean: 1e6}}},
		{"aws", wide},
		{"loss", network.Loss{P: 0.01}},
		{"gilbert-elliott", &network.GilbertElliott{Loss: 0.01, Burst: 3, BurstTime: 10 * ms}},
		{"duplicate", network.Duplicate{P: 0.01}},
		{"fifo", &network.FIFO{}},
		{"bandwidth", &network.Bandwidth{Rate: 1 << 40, Buffer: 1 << 20}},
		{"synchronous", network.Synchronous{Delta: ms}},
		{"asynchronous", network.Adversary(nil)},
		{"stack", network.Synchronous{Inner: stack(), Delta: ms}},
	}
}

// sender returns a function that routes the next of the messages between eight nodes.
func sender(net sim.Network) func() {
	var k uint64
	var copies []sim.Copy
	p := &sim.Packet{Message: "m"}
	r := new(sim.Rand)
	return func() {
		k++
		*r = sim.NewRand(k)
		p.Now, p.From, p.To, p.K = sim.Time(k)*sim.Time(ms), sim.NodeID(k%8), sim.NodeID(k/8%8), k
		copies = net.Route(copies[:0], p, r)
	}
}

func TestRouteAllocatesNothing(t *testing.T) {
	for _, l := range layers() {
		send := sender(l.net)
		for range 1000 {
			send()
		}
		equal(t, 0.0, testing.AllocsPerRun(2000, send), l.name)
	}
}

func BenchmarkRoute(b *testing.B) {
	for _, l := range layers() {
		b.Run(l.name, func(b *testing.B) {
			send := sender(l.net)
			for range 1000 {
				send()
			}
			b.ReportAllocs()
			for b.Loop() {
				send()
			}
		})
	}
}

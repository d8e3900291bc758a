package raft_test

import (
	"testing"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// BenchmarkFaultySeconds is what a hunt does: five servers and ten clients under crashes, loss and partitions, all claims
// checked. One iteration is a run of 30 virtual seconds.
func BenchmarkFaultySeconds(b *testing.B) {
	const virtual = 30 * time.Second
	seed, events := uint64(0), uint64(0)
	for b.Loop() {
		seed++
		c := cluster{Config: raft.Config{Servers: 5}, clients: 10,
			workload: kv.Plain{Keys: 5, Think: 500 * time.Millisecond, Gets: 1, Puts: 1}}
		cfg := c.config(b)
		cfg.Seed, cfg.Until = seed, sim.Time(virtual)
		cfg.Network, cfg.Faults = hostile, []sim.Fault{trouble(5, virtual)}
		w, err := sim.New(cfg)
		if err != nil {
			b.Fatal(err)
		}
		if r := w.Run(); r.Err != nil {
			b.Fatal(r.Err)
		}
		events += w.View().Events()
		w.Close()
	}
	b.ReportMetric(float64(b.N)*virtual.Seconds()/b.Elapsed().Seconds(), "virtual-s/s")
	b.ReportMetric(float64(events)/float64(b.N)/virtual.Seconds(), "events/virtual-s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

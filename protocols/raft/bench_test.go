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
		c := cluster{Config: raft.Config{Servers: 5, SnapshotEvery: 100, SnapshotKeep: 16}, clients: 10,
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

// BenchmarkSteady is a leader with four followers and one client that asks again as soon as it has its answer: for each
// operation 8 messages between servers, 5 writes, a request and its reply. One iteration is one handler.
func BenchmarkSteady(b *testing.B) {
	perDelivery(b, cluster{Config: raft.Config{Servers: 5, SnapshotEvery: 1000, SnapshotKeep: 100}, clients: 1, workload: kv.Plain{Keys: 10, Puts: 1}})
}

// BenchmarkHeartbeats is the same without a client.
func BenchmarkHeartbeats(b *testing.B) { perDelivery(b, cluster{Config: raft.Config{Servers: 5}}) }

func perDelivery(b *testing.B, c cluster) {
	w := quiet(b, c)
	start := w.View().Stats().Delivered
	for b.Loop() {
		w.Step()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(w.View().Stats().Delivered-start), "ns/delivery")
}

// quiet is a cluster that has a leader, without faults and without claims.
func quiet(b *testing.B, c cluster) *sim.World {
	cfg := c.config(b)
	cfg.Seed, cfg.Disk, cfg.Properties = 1, nil, nil
	w, err := sim.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(w.Close)
	if err := w.RunUntil(sim.Time(time.Second)); err != nil {
		b.Fatal(err)
	}
	return w
}

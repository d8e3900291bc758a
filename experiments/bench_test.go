package experiments

import (
	"runtime/debug"
	"testing"
	"time"
)

// BenchmarkRaftHunt runs five Raft servers and ten clients under crashes, loss and partitions, all checks on, as a hunt
// does. It reports virtual seconds per second on one core.
func BenchmarkRaftHunt(b *testing.B) {
	s, err := Read("raft-hunt.yaml", raftHunt, "clients.count=10")
	if err != nil {
		b.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	b.ReportAllocs()
	virtual, events, seed := time.Duration(0), uint64(0), uint64(0)
	for b.Loop() {
		seed++
		p, err := s.Plan(seed)
		if err != nil {
			b.Fatal(err)
		}
		o, err := p.Execute(Execution{Quick: true})
		if err != nil {
			b.Fatal(err)
		}
		if failed(o.Verdict()) {
			b.Fatalf("seed %d: %v", seed, o.Verdicts)
		}
		virtual += time.Duration(o.Result.Now)
		events += o.Result.Events
	}
	b.ReportMetric(virtual.Seconds()/b.Elapsed().Seconds(), "virtual-s/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

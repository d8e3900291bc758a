package experiments

import (
	"runtime/debug"
	"testing"
	"time"
)

// BenchmarkHunt runs Rafts of five servers with ten clients under crashes, loss and partitions, all invariants and
// linearizability on, as a hunt does, and reports virtual seconds per second on one core. raft-wan is a load as an engineer
// would give it; raft-hunt is as dense as it can be, with clients that hardly pause, storms of crashes and a partition half
// of the time; "compacting" is raft-hunt with snapshots.
func BenchmarkHunt(b *testing.B) {
	for _, c := range []struct {
		name, scenario string
		text           []byte
		set            []string
	}{
		{"raft-wan", "raft-wan.yaml", raftWANScenario, nil},
		{"raft-hunt", "raft-hunt.yaml", raftHunt, []string{"clients.count=10"}},
		{"compacting", "raft-hunt.yaml", raftHunt, []string{"clients.count=10", "params.snapshot-every=100"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, err := Read(c.scenario, c.text, c.set...)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkHunt(b, s)
		})
	}
}

func benchmarkHunt(b *testing.B, s *Scenario) {
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

package quorum_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// What an event costs, all claims checked, under crashes, partitions and losses: five servers and ten clients.
func BenchmarkQuorum(b *testing.B) {
	for _, c := range []struct {
		name string
		make func() (func() sim.Process, []sim.Property)
	}{
		{"dynamo", func() (func() sim.Process, []sim.Property) { return dynamo(everything) }},
		{"abd", func() (func() sim.Process, []sim.Property) { return abd(registers["majority"]) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			newServer, claims := c.make()
			cfg := world(5, 10, newServer, claims, kv.ClientConfig{Workload: kv.Plain{Keys: 10, Think: 50 * ms, Gets: 1, Puts: 1}})
			cfg.Until = sim.Time(30 * time.Second)
			cfg.Faults = []sim.Fault{trouble(1, 5, 15, 30*time.Second)}
			b.ReportAllocs()
			events := uint64(0)
			for b.Loop() {
				w, err := sim.New(cfg)
				require.NoError(b, err)
				r := w.Run()
				require.NoError(b, r.Err)
				events += r.Events
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
			b.ReportMetric(30*float64(b.N)/b.Elapsed().Seconds(), "virtual-s/s")
		})
	}
}

package primarybackup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// A view service, a primary, two backups and four clients for ten seconds, with all claims checked; without faults, and
// with those of the swarm.
func BenchmarkTenSeconds(b *testing.B) {
	for name, vary := range map[string]func(uint64, *sim.Config){"calm": func(uint64, *sim.Config) {}, "hostile": hostile(4)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var events, seed uint64
			for b.Loop() {
				cfg := world(base(), usual)
				seed = seed%20 + 1
				cfg.Seed = seed
				vary(seed, &cfg)
				w, err := sim.New(cfg)
				require.NoError(b, err)
				r := w.Run()
				require.NoError(b, r.Err)
				events += r.Events
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
			b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "virtual-s/s")
		})
	}
}

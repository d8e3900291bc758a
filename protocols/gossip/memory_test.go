package gossip_test

import (
	"flag"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/gossip"
	"lightcone/sim"
)

var million = flag.Bool("gossip.million", false, "measure the memory of a million nodes, not of fifty thousand")

// A run takes little memory for each node, judged by its properties to the end: live when it is over, and allocated in all,
// which no collector's timing changes.
func TestMemory(t *testing.T) {
	nodes := 50_000
	if *million {
		nodes = 1_000_000
	}
	for _, m := range modes {
		t.Run(string(m), func(t *testing.T) {
			c := gossip.Config{Mode: m, Round: time.Second}
			cfg := sim.Config{Seed: 1, Nodes: nodes, New: gossip.New(c), Properties: c.Properties(), Naming: sim.PerSender,
				Network: sim.ConstantDelay(100 * time.Millisecond), Until: sim.Time(100 * time.Second)}
			for i := range cfg.Properties {
				cfg.Properties[i].Ends = cfg.Properties[i].Name == gossip.EverybodyKnows
			}
			var before, after, live runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			w, err := sim.New(cfg)
			require.NoError(t, err)
			r := w.Run()
			runtime.ReadMemStats(&after)
			runtime.GC()
			runtime.ReadMemStats(&live)
			require.NoError(t, r.Err)
			require.Equal(t, nodes, gossip.Survey(w.View()).Know)

			perNode := func(bytes uint64) float64 { return float64(bytes) / float64(nodes) }
			held, made := perNode(live.HeapAlloc-before.HeapAlloc), perNode(after.TotalAlloc-before.TotalAlloc)
			t.Logf("%d nodes, %d messages, %d events: %.0f bytes a node live, %.0f allocated in all, %.2f allocations",
				nodes, r.Stats.Sent, r.Events, held, made, perNode(after.Mallocs-before.Mallocs))
			require.Less(t, held, 400., "bytes a node that are live")
			require.Less(t, made, 900., "bytes a node allocated in all")
			require.Less(t, perNode(after.Mallocs-before.Mallocs), 1.1, "allocations a node: its process, and no message")
			runtime.KeepAlive(w)
		})
	}
}

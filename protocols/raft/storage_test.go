package raft_test

import (
	"testing"
	"time"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// One server, of which nothing is left at a crash but its disk: it crashes all the time, with several writes in flight of
// which each is lost, kept or torn, checkpoints too. What it has acknowledged must be there ever after (§3.8).
func TestOneServerAndItsDisk(t *testing.T) {
	for _, every := range []int{0, 2, 5} {
		c := cluster{Config: raft.Config{Servers: 1, SnapshotEvery: every, ElectionMin: 20 * ms}, clients: 4,
			workload: kv.Plain{Keys: 2, Think: 2 * ms, Gets: 1, Puts: 1, Appends: 1}}
		cfg := c.config(t)
		cfg.Disk = sim.LatentDisk{Min: ms, Max: 15 * ms, Kept: .5, Torn: .2}
		cfg.Faults = []sim.Fault{fault.Model{
			Laws:  []fault.Law{fault.Renewal{Nodes: []sim.NodeID{0}, Up: dist.Exponential{Mean: 15e7}, Down: dist.Exponential{Mean: 1e7}}},
			Until: sim.Time(3 * time.Second),
		}}
		cfg.Until = sim.Time(3 * time.Second)
		judged(t, cfg, 10)
	}
}

// The same in the middle of a handler: after any number of its effects.
func TestThreeServersThatCrashMidway(t *testing.T) {
	cfg := hunted(t, raft.Config{Servers: 3, SnapshotEvery: 4}, 4*time.Second)
	cfg.Faults = append(cfg.Faults, fault.Model{
		Laws: []fault.Law{fault.Renewal{Kind: fault.Midway, Effects: 5, Nodes: []sim.NodeID{0, 1, 2},
			Up: dist.Exponential{Mean: 3e8}, Down: dist.Exponential{Mean: 5e7}}},
		Until: sim.Time(3 * time.Second),
	})
	judged(t, cfg, 8)
}

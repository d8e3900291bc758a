package raft_test

import (
	"testing"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// settings are the ways to run a cluster that the swarm goes through, a seed each.
var settings = []raft.Config{
	{Servers: 5},
	{Servers: 5, PreVote: true, CheckQuorum: true, Reads: raft.ReadIndex, SnapshotEvery: 30},
	{Servers: 5, Reads: raft.ReadIndex, FollowerReads: true, SnapshotEvery: 20, SnapshotKeep: 5, SnapshotChunk: 64},
	{Servers: 4, NoEntryAtTermStart: true, MaxBatch: 1, Window: 1},
	{Servers: 3, CheckQuorum: true, Reads: raft.ReadLease, DriftBound: 100},
	{Servers: 3, NoEntryAtTermStart: true, MaxBatch: 1, SnapshotEvery: 7, SnapshotChunk: 100},
	{Servers: 5, PreVote: true, CheckQuorum: true, Reads: raft.ReadLease, FollowerReads: true, Window: 2},
}

func TestSwarm(t *testing.T) {
	for _, s := range settings {
		c := cluster{Config: s, clients: 3}
		cfg := c.config(t)
		cfg.Until = sim.Time(10 * time.Second)
		cfg.Network = hostile
		cfg.Faults = []sim.Fault{trouble(s.Servers, 7*time.Second)}
		cfg.Properties = append(cfg.Properties, consensus.Recovers(s.Servers, sim.Time(7*time.Second), 3*time.Second))
		simtest.Run(t, cfg, simtest.Options{})
	}
}

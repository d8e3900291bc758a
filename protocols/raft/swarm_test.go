package raft_test

import (
	"testing"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func TestSwarm(t *testing.T) {
	c := cluster{Config: raft.Config{Servers: 5}, clients: 3}
	cfg := c.config(t)
	cfg.Until = sim.Time(10 * time.Second)
	cfg.Network = hostile
	cfg.Faults = []sim.Fault{trouble(5, 7*time.Second)}
	cfg.Properties = append(cfg.Properties, consensus.Recovers(5, sim.Time(7*time.Second), 3*time.Second))
	simtest.Run(t, cfg, simtest.Options{})
}

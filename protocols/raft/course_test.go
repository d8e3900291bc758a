package raft_test

import (
	"testing"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// system is raft as consensustest wants it.
func system(cfg raft.Config) consensustest.System {
	return consensustest.System{Name: "raft", New: func(s consensustest.Setting) (func(sim.NodeID) sim.Process, error) {
		cfg := cfg
		cfg.Servers, cfg.SnapshotEvery = s.Servers, s.SnapshotEvery
		cfg.ElectionMin, cfg.ElectionMax, cfg.Heartbeat = consensustest.ElectionMin, consensustest.ElectionMax, consensustest.Heartbeat
		return raft.Factory(cfg)
	}}
}

// TestCourse is the tests that courses know by name, for raft as it comes, with all that keeps leaders in office, and with
// nothing that is not in figure 3.1.
func TestCourse(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  raft.Config
	}{
		{"as it comes", raft.Config{}},
		{"calm", raft.Config{PreVote: true, CheckQuorum: true, Reads: raft.ReadIndex, SnapshotKeep: 5}},
		{"bare", bare},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, k := range consensustest.Course() {
				t.Run(k.Name, func(t *testing.T) { k.Test(t, system(c.cfg)) })
			}
		})
	}
}

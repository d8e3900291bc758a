package etcdraft_test

import (
	"testing"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/etcdraft"
	"lightcone/sim"
)

// TestCourse is the tests that courses know by name, as raft passes them.
func TestCourse(t *testing.T) {
	system := consensustest.System{Name: "etcdraft", EagerCommit: true, New: func(s consensustest.Setting) (func(sim.NodeID) sim.Process, error) {
		cfg := etcdraft.Config{Servers: s.Servers, SnapshotEvery: s.SnapshotEvery, ElectionMin: consensustest.ElectionMin, Heartbeat: consensustest.Heartbeat}
		return func(id sim.NodeID) sim.Process { return etcdraft.New(id, cfg) }, cfg.Validate()
	}}
	for _, k := range consensustest.Course() {
		t.Run(k.Name, func(t *testing.T) { k.Test(t, system) })
	}
}

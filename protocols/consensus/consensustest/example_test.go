package consensustest_test

import (
	"fmt"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// system is raft, as this package wants it.
func system(cfg raft.Config) consensustest.System {
	return consensustest.System{Name: "raft", New: func(s consensustest.Setting) (func(sim.NodeID) sim.Process, error) {
		cfg := cfg
		cfg.Servers, cfg.SnapshotEvery = s.Servers, s.SnapshotEvery
		return raft.Factory(cfg)
	}}
}

// A case cuts the leader off and shows that what it alone has is lost; raft with a bug does not pass it.
func Example() {
	rejoin := consensustest.Case{
		Name: "rejoin", Section: "§3.5", Servers: 3,
		Holds: "what only a leader that was cut off has in its log is overwritten",
		Run: func(c *consensustest.Cluster) {
			c.Agree("101", 3)
			old := c.Leader()
			c.Disconnect(old)
			c.Start(old, "102") // neither can commit
			c.Start(old, "103")
			c.Agree("104", 2) // the others go on
			c.Connect(old)
			c.Agree("105", 3) // and the old leader's log is mended
			c.Require(c.Holders("102") == 0, "102 was executed by %d servers, want it overwritten", c.Holders("102"))
		},
	}
	for _, bug := range []raft.Bug{"", raft.QuorumOffByOne} {
		err := rejoin.Try(system(raft.Config{Bug: bug}), 1)
		fmt.Printf("bug %q: passes %v\n", bug, err == nil)
	}
	// Output:
	// bug "": passes true
	// bug "quorum-off-by-one": passes false
}

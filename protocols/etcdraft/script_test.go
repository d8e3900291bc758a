package etcdraft_test

import (
	"fmt"
	"testing"

	"lightcone/protocols/consensus"
	"lightcone/protocols/etcdraft"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func TestScripts(t *testing.T) {
	simtest.Scripts(t, "testdata", func(nodes int, args []string) (sim.Config, error) {
		cfg := etcdraft.Config{Servers: nodes}
		for _, a := range args {
			switch a {
			case "prevote":
				cfg.PreVote = true
			case "checkquorum":
				cfg.CheckQuorum = true
			default:
				return sim.Config{}, fmt.Errorf("argument %q, want prevote or checkquorum", a)
			}
		}
		return sim.Config{Nodes: nodes, New: func(id sim.NodeID) sim.Process { return etcdraft.New(id, cfg) }, Properties: consensus.Properties(nodes)}, cfg.Validate()
	})
}

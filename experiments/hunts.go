package experiments

import _ "embed"

// The scenarios that are made to be run over many seeds.
var (
	//go:embed kv-hunt/scenario.yaml
	kvHunt []byte
	//go:embed raft-hunt/scenario.yaml
	raftHunt []byte
	//go:embed quorum-hunt/scenario.yaml
	quorumHunt []byte
	//go:embed failover-hunt/scenario.yaml
	failoverHunt []byte
	//go:embed gossip-hunt/scenario.yaml
	gossipHunt []byte
)

// huntGround is a built-in scenario in which everything goes wrong and nothing may fall: planted bugs are hunted in it.
// It measures nothing beside what the protocol and the clients do.
type huntGround struct{ yamlStudy }

// hunts returns the scenarios in which bugs are hunted.
func hunts() []Study {
	return []Study{
		huntGround{yamlStudy{"kv-hunt", "one server under crashes, loss and duplication: what takes effect twice, or not at all?", kvHunt}},
		huntGround{yamlStudy{"raft-hunt", "Raft under crashes, partitions, loss, duplication and late messages: what falls?", raftHunt}},
		huntGround{yamlStudy{"quorum-hunt", "quorum stores under the same, with clocks that step: what was acknowledged, and is not there?", quorumHunt}},
		huntGround{yamlStudy{"gossip-hunt", "a rumour under crashes, loss, duplication and late messages: who never hears, or believes what nobody told?", gossipHunt}},
		huntGround{yamlStudy{"failover-hunt", "primary and backups under crashes, pauses, partitions, loss and drifting clocks: what falls?", failoverHunt}},
	}
}

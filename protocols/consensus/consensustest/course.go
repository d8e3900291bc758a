package consensustest

import "slices"

// Course returns the tests that courses know by name: leader election, log replication, persistence, log compaction.
func Course() []Case {
	return slices.Concat(Elections(), Agreement(), Persistence(), Churn(), Snapshots())
}

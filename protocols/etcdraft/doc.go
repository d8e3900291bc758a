// Package etcdraft is go.etcd.io/raft, the Raft of etcd, as a process: the real code, unchanged, under test. It is the
// yardstick for package raft, which has the same scenarios, claims and measures.
//
//	cfg := etcdraft.Config{Servers: 3}
//	world, err := sim.New(sim.Config{
//		Nodes:      3,
//		New:        func(id sim.NodeID) sim.Process { return etcdraft.New(id, cfg) },
//		Properties: consensus.Properties(3),
//	})
//
// [Process] drives a RawNode. A timer of the node's own drifting clock makes it tick; a delivery is a Step. What it has
// Ready goes where it belongs: messages to the network, as values ([Message]); log and hard state to the disk, as numbered
// records, and what waits for them (AsyncStorageWrites) goes out when they are durable; committed entries to the state
// machine, a kv.Store, which answers clients. After a crash it starts from what the disk kept: the latest of two
// checkpoints, and the records after it.
//
// A Get goes through the log, or by raft's ReadIndex, safe or on a lease, at the leader or at any server.
//
// # Determinism
//
// raft draws its election timeouts from crypto/rand.Reader, a variable of the whole program. This package replaces it,
// once, by a reader that hands raft the random stream of the node whose handler runs, and everybody else what they had.
// As raft cannot say for which node it draws, one handler of one world runs at a time: worlds in parallel are the same
// as alone, and wait for each other. raft's log is silent; what it calls an error panics.
//
// # What it found
//
// With AsyncStorageWrites a candidate asks for votes before its term, its own vote and the end of its log are durable. If
// it crashes at that moment, and a vote for it is so late that it stands again in the same term, it counts a vote that it
// was given for a log that it has no more, and may lead without an entry that is committed. The driver does as doc.go of
// raft says; TestAVoteForAFormerLife shows it. A transport whose connections end with the process hides it.
//
// # Assumptions
//
// Crash-recovery failures, messages that are lost, duplicated, late or overtaken. A write in flight at a crash is lost,
// kept or torn; no more than that. Timeouts are whole numbers of ticks, drawn once a term from ElectionMin up to but
// without 2 ElectionMin. The first tick comes one to two ticks after the start, so that the first timeout is uniform in
// [ElectionMin, 2 ElectionMin), whatever the tick; later ones, which begin between two ticks, are shorter by up to one.
//
// # Not modelled
//
// Changes of membership and leadership transfer, which raft has. Snapshots travel in one message; if the follower does
// not answer within two election timeouts, raft is told that it failed, as a transport would. A Process is no
// sim.Cloner, for a RawNode cannot be copied: no Fork, no time travel.
//
// # References
//
//   - D. Ongaro, J. Ousterhout, In Search of an Understandable Consensus Algorithm (extended version), 2014.
//   - go.etcd.io/raft/v3 v3.7.0, doc.go (RawNode, AsyncStorageWrites) and raft.go.
package etcdraft

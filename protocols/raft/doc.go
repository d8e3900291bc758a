// Package raft is the consensus algorithm Raft, whole, as Ongaro's dissertation has it: servers that elect a leader, which
// orders the commands of clients in a log that all keep, and a key-value store that each makes of it.
//
// A server is a Process; a cluster is one factory and a number of nodes. Servers answer kv.Request, whoever asks:
//
//	servers, err := raft.Factory(raft.Config{Servers: 5, PreVote: true, CheckQuorum: true})
//	...
//	config := sim.Config{Nodes: 5, New: servers, Properties: consensus.Properties(5)}
//
// Each chapter of the dissertation is a file:
//
//	3.3-3.4, 3.6.1   elections, terms, the election restriction   raft.go, election.go
//	3.5              log replication, and what a leader knows     replication.go, progress.go, log.go
//	3.6.2            commitment, and applying                     commitment.go
//	3.8              what is durable, and restarts                storage.go
//	3.10             leadership transfer                          transfer.go
//	4                membership: one at a time, joint, learners   membership.go, configuration.go
//	5                snapshots and log compaction                 snapshot.go
//	6.1-6.3          clients and their sessions                   client.go, and the store of package kv
//	6.4              reads without the log, leases                read.go, followerread.go
//	9.6, 6.2         Pre-Vote, and leaders that step down         election.go
//	10.2             pipelining, batching, parallel writes        replication.go, storage.go
//
// The scripts in testdata are its stories: each is a few commands and the transcript of what the servers then do.
//
// # What can be switched off
//
// Some mechanisms hide the faults that others prevent. Each can be off: the empty entry at the start of a term
// (Config.NoEntryAtTermStart), batches (MaxBatch 1), the pipeline (Window 1), Pre-Vote, CheckQuorum. And Config.Bug plants
// one of some twenty faults of implementation, each at one place in the code; see Bug.
//
// # Assumptions
//
// Servers crash and recover with what is durable; what they write becomes durable in order, and a crash may lose, keep or
// tear what is not. Messages may be lost, duplicated, late and reordered: the RPCs are messages each way, and none is
// believed for having been sent. Nothing else is needed for safety, of clocks nothing at all, but for ReadLease: that the
// rate of every clock is within DriftBound of true time. Timeouts run on each server's own clock; a leader emerges and
// stays where messages take much less time than ElectionMin (§3.9).
//
// Commands take effect once if clients send tokens, which name a session and a serial number; without, a request that is
// delivered twice is executed twice.
//
// # Invariants
//
// Those of figure 3.2, and more, are checked from outside: package consensus. A Process implements consensus.Node.
//
// # Not modelled
//
// A RequestVote that is lost is not repeated within its term: the next election comes. Group commit: each handler writes
// at most one record, and writes overlap. A leader answers a client from memory once the entry is committed, and forgets
// those that it cannot answer any more. Witnesses, and transferring a leader's lease.
//
// # References
//
//   - Diego Ongaro, Consensus: Bridging Theory and Practice, PhD dissertation, Stanford 2014. Sections and figures that
//     are cited without a source are its.
//   - Diego Ongaro, John Ousterhout, In Search of an Understandable Consensus Algorithm, USENIX ATC 2014.
//   - Diego Ongaro, Bug in single-server membership changes, raft-dev mailing list, 10 July 2015.
//   - Heidi Howard, Ittai Abraham, Raft does not Guarantee Liveness in the face of Network Faults, 2020: why PreVote and
//     CheckQuorum go together.
//   - go.etcd.io/raft: the states probe, replicate and snapshot.
package raft

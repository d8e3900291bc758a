// Package raft is the consensus algorithm Raft, whole: elections, replication, commitment, durability, snapshots,
// membership changes, leadership transfer, reads without the log, and clients' sessions. Each is in a file named after
// it, and cites its section of Ongaro's dissertation.
package raft

// Package consensus says what must hold of any protocol that replicates a log by elected leaders, as seen from outside
// its nodes: the claims by which raft and etcdraft are judged alike.
//
// A process shows its term, vote, log and configuration as a [Node]. [Properties] are the claims for sim.Config:
//
//		cfg.Properties = consensus.Properties(servers)
//
//	  - election safety, leader append-only, log matching, leader completeness, state machine safety: the five of Raft,
//	    figure 3;
//	  - one vote per term: of each server, also across restarts;
//	  - no going back: term, commit index and applied index of a server grow until it crashes;
//	  - every quorum holds the committed prefix: on disk, at every step;
//	  - configurations intersect: any two that can still elect a leader;
//	  - an entry is committed (Sometimes).
//
// [Coverage] are events that a swarm with faults should reach, and [Recovers] is the claim that a leader commits again
// within a bounded time after the last fault.
//
// # Assumptions
//
// The servers are nodes 0, 1, ... and each is a Node in every incarnation. A Node tells the truth about what it has in
// memory, and what of that is on disk (Stable, Vote). Byzantine servers are not judged.
//
// # How the claims are checked
//
// Each judge has a memory of its own (sim.Property.Fresh): who led which term, what was ever at a place of a log, what
// was decided at each place. After a step it looks at the node that the step touched, and only if its Version changed;
// then at what is new in its log. A judge that begins in the middle of a run, as after a fork, knows nothing of what is
// only in snapshots by then, and takes that as it comes.
//
// # Not modelled
//
// Whether clients see what they should is not judged here but by the histories of sim/check: that reads are fresh, that
// an acknowledged write is not lost, that nothing takes effect twice. Entries that a server applies and compacts away in
// one handler are not seen. A change in the middle of a log whose end stays as it was is seen when the server is next
// elected, or applies it.
//
// # References
//
//   - D. Ongaro, J. Ousterhout, In Search of an Understandable Consensus Algorithm (extended version), 2014: figure 3,
//     sections 5.2 to 5.4.
//   - D. Ongaro, Consensus: Bridging Theory and Practice, 2014: sections 3.6.3 and 4.1, appendix B (immediately committed
//     entries).
//   - D. Ongaro, Bug in single-server membership changes, raft-dev mailing list, 10 July 2015.
package consensus

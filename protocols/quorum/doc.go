// Package quorum models key-value stores that read and write at quorums of replicas, without a leader and without
// consensus: one in the manner of Dynamo, and the atomic registers of Attiya, Bar-Noy and Dolev.
//
// # Two protocols
//
// In both any server coordinates what a client asks for (kv.Request): it sends it to replicas, waits until those that
// have answered are a quorum, and answers. What a quorum is says a [System]: [Threshold] (any R to read, any W to
// write; [Majority] and [ReadOneWriteAll] are two of these), [Weighted], or [Grid].
//
// [Dynamo] keeps each key at N of the servers. A read takes the newest of what R replicas have, a write is acknowledged
// when W have it. R + W > N makes the two meet, so that no read is stale by the quorum rule: it finds every write that
// was acknowledged before it began. That is not linearizability. Of two reads during a write the first may find it and the
// second not; and a write's place is given by a clock, not by when it happened, so that a server whose clock is behind
// acknowledges writes that are lost at once. [Config] has the mechanisms of the paper as switches.
//
// [ABD] makes registers linearizable by asking twice: a write first asks a quorum for the last timestamp, and a read
// brings what it found to a quorum before it returns.
//
//	c := quorum.Config{Servers: 5, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}}
//	sim.Config{Nodes: 5 + clients, New: func(id sim.NodeID) sim.Process {
//		if id < 5 {
//			return quorum.NewDynamo(c)
//		}
//		return kv.NewClient(client)
//	}, Properties: c.Properties()}
//
// The example runs one. The scripts in testdata tell what each mechanism is for, and what it costs to leave it out.
//
// # Versions
//
// Of two versions of a key the one with the greater [Stamp] wins, or with version vectors the one whose writer had read
// the other; then neither may have, and both are kept as siblings. kv has one value for a key, so a client is shown the
// sibling with the greatest wall clock stamp, and counts as having read all of them: its next put through the same
// server replaces them all. The server keeps that context for the client, who has no place for it; a put through a
// server from which the client has not read replaces nothing.
//
// # What is served
//
// Dynamo serves get, put and delete. A delete writes a tombstone, and reads before it to say whether the key was there;
// the two are not one step. ABD serves get and put. The rest is answered Unavailable: an append, a compare-and-swap, and
// a delete whose answer is to be atomic need consensus, which these protocols do not have. Sessions are not served.
//
// A coordinator that gives up on its replicas answers Unavailable to a get, which has no effect; and Uncertain to a
// write, which may have reached some replica, or may be delivered to the coordinator once more.
//
// # What is promised to clients
//
//   - ABD with the write-back: linearizability, and so all weaker checks; also with crashes, losses, duplicates, and
//     clients that stop half way. Quorums of which a majority is down for ever cost liveness alone.
//   - ABD without, of a single writer: no read is stale, and each client finds its own writes. The registers are regular
//     in Lamport's sense. Of several writers: nothing.
//   - Dynamo with R + W > N: no read is stale by the quorum rule (a property of the run, not of its history). No session
//     guarantee, not even to find one's own writes: they may have lost to a clock that is ahead.
//   - Dynamo otherwise: that the replicas converge, given repair, hints or anti-entropy, when the faults are over.
//
// # Crashes
//
// A server writes a change to disk before it tells anybody of it, also when it answers a read. Changes that come while a
// write is in flight are written together after it. A part of the store is written under two names in turn, so that a
// torn write leaves the state before. What a coordinator must not give twice, stamps and dots, is durable before it is
// used. Requests under way die with their coordinator; their writes may stay at any number of replicas.
//
// # Assumptions
//
// Messages may be lost, delayed, repeated and overtaken; servers crash and recover with their disk; they do not lie.
// ABD needs no bound on anything. Grace, the age at which tombstones are collected, is sound only if all that is older
// has arrived or is gone by then, hints and messages under way included.
//
// # Not modelled
//
// Servers that join or leave, and the data that moves then. Virtual nodes: the ring has one token a server, evenly
// spaced. Failure detection and gossip: a replica counts as down if it has not answered in time. Clients that carry
// contexts. Reads that send digests. Sizes of disks.
//
// # References
//
//   - D. Gifford, Weighted Voting for Replicated Data, SOSP 1979.
//   - H. Attiya, A. Bar-Noy, D. Dolev, Sharing Memory Robustly in Message-Passing Systems, JACM 42(1), 1995.
//   - N. Lynch, A. Shvartsman, Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts, FTCS 1997.
//   - S. Cheung, M. Ammar, M. Ahamad, The Grid Protocol, IEEE TKDE 4(6), 1992.
//   - G. DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store, SOSP 2007: 4.2 and 4.3 the ring, 4.4
//     versions, 4.5 quorums, 4.6 sloppy quorums and hints, 4.7 Merkle trees.
//   - N. Preguiça, C. Baquero, P. Almeida, V. Fonte, R. Gonçalves, Dotted Version Vectors, arXiv 1011.5808, 2010.
//   - S. Kulkarni, M. Demirbas, D. Madappa, B. Avva, M. Leone, Logical Physical Clocks, OPODIS 2014.
//   - P. Bailis, S. Venkataraman, M. Franklin, J. Hellerstein, I. Stoica, Probabilistically Bounded Staleness for Practical
//     Partial Quorums, PVLDB 5(8), 2012: how stale R + W <= N is.
//   - L. Lamport, On Interprocess Communication, Distributed Computing 1, 1986: regular and atomic registers.
package quorum

// Package primarybackup models replication with a primary and backups: clients ask the primary, which orders what they
// ask for in a log, sends it to the backups, and answers. When the primary fails, a backup takes its place.
//
// The modes are what the textbooks warn of and what they recommend, so that both can be seen. Replication is synchronous
// (a write is acknowledged when all backups of the view have it on their disks), semi-synchronous (some of them) or
// asynchronous (none). Failover is by a view service, or naive: a backup that does not hear the primary promotes itself.
// Views fence, or do not: a server takes part in no view before the latest that it knows. A primary serves while it
// holds a lease, or as long as nobody tells it otherwise. A get goes through the log, or is answered from the store.
//
//	cfg := primarybackup.Config{Servers: 4} // a view service, a primary, two backups: synchronous, fenced
//	world, err := sim.New(sim.Config{
//		Nodes: 5,
//		New: func(id sim.NodeID) sim.Process {
//			if id < 4 {
//				return primarybackup.New(cfg, id)
//			}
//			return kv.NewClient(client)
//		},
//		Properties: cfg.Properties(),
//	})
//
// # Views
//
// A [View] is a number, a primary, and the backups that have all that was acknowledged. Node 0, the view service, writes
// each view to its disk before it is in force. It makes a new one when the primary asks for other backups, having left
// out those that do not answer or brought up to date those that do; or when the primary is silent, restarts, or gives
// up. Then it asks the servers of the view to seal it: each promises, durably, to take part in nothing before the new
// number, and says where its log ends. When those who answered must include one that has every acknowledged write (the
// old primary, or all but Acks-1 of the backups; with synchronous replication any one), the one with the longest log
// becomes the primary, as soon as its backups have that log and the old lease is over. Until then the old view is in
// force, and whatever fails on the way, the view service begins again with a higher number.
//
// While the view service is down no view changes. It is a single point of failure of failover, not of service: a primary
// goes on as long as its backups answer, or until its lease is over. Replicating the service itself is a matter of
// package raft.
//
// # Leases
//
// A lease runs on the primary's clock from when it sent the ping that was answered; the wait for its end runs on the
// view service's clock from when it answered. If both clocks run within Drift of true time, waiting
// Lease*(1+rho)/(1-rho) is enough ([Config.Grant]), and no two primaries ever serve at once. What the lease protects is
// what needs no backup's consent: local reads, and asynchronous writes. Synchronous writes are safe without: those whom
// the old primary needs have promised to refuse it.
//
// # What holds
//
// [Config.Properties] are claims on every run: a view has one primary; logs that agree on an entry agree up to there; an
// acknowledged write is in the log of every later primary (synchronous and semi-synchronous); views go forward; with
// leases no two primaries serve at once. Clients see one copy (linearizability) if writes are kept and reads are
// replicated or leased. Asynchronous replication promises clients nothing: a lost tail of the log takes back what they
// have seen. A [Watch] measures what that costs. Naive failover and unfenced servers are judged by a Watch too.
//
// # Assumptions
//
// Crash-recovery failures with durable state, lossy links that duplicate and reorder, clocks that drift. No bound on
// message delays is needed for safety; a primary is replaced for nothing when they are long. Reconfiguration is among
// the servers that were there at the start.
//
// # Not modelled
//
// Chains: all backups hear from the primary. Reads from backups. Witnesses beside the view service. A snapshot travels
// in chunks of its size, but as one value, in the last of them.
//
// # References
//
//   - P. Alsberg, J. Day, A Principle for Resilient Sharing of Distributed Resources, ICSE 1976: primary and backups.
//   - N. Budhiraja, K. Marzullo, F. Schneider, S. Toueg, The Primary-Backup Approach, in: S. Mullender (ed.),
//     Distributed Systems, 2nd ed., 1993: the specification (at most one primary; failover time), bounds.
//   - B. Oki, B. Liskov, Viewstamped Replication, PODC 1988: views, and positions in the log that name them.
//   - C. Gray, D. Cheriton, Leases, SOSP 1989: sections 2 and 5, the clocks.
//   - R. van Renesse, F. Schneider, Chain Replication for Supporting High Throughput and Availability, OSDI 2004: the
//     master that reconfigures.
//   - W. Lin, M. Yang, L. Zhang, L. Zhou, PacificA: Replication in Log-Based Distributed Storage Systems, MSR-TR-2008-25:
//     the nearest relative; sections 2.2 to 2.4.
//   - L. Lamport, D. Malkhi, L. Zhou, Vertical Paxos and Primary-Backup Replication, PODC 2009: a new view is not in
//     force before its primary has what it needs.
//   - R. Morris et al., MIT 6.824, lab 2 of 2012 to 2014: the view service, and why it waits for the primary.
//   - M. Kleppmann, How to do distributed locking, 2016: pauses, and fencing tokens.
package primarybackup

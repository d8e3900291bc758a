// Package kv is a replicated key-value store as far as its protocols share it: the state machine with its sessions, the
// messages between clients and servers, and the client itself, whose requests end as ok, failed or unknown.
//
// The example of this package is the smallest run. A world has its servers on nodes 0, 1, ... and its clients after them:
//
//	sim.Config{
//		Nodes: servers + clients,
//		New: func(id sim.NodeID) sim.Process {
//			if int(id) < servers {
//				return raft.New(...) // any protocol that answers a Request with a Reply
//			}
//			return kv.NewClient(kv.ClientConfig{
//				Servers:  servers,
//				Workload: kv.Plain{Keys: 10, Think: 50 * time.Millisecond, Gets: 1, Puts: 1},
//				Timeout:  100 * time.Millisecond,
//				Retry:    kv.FullJitter{Base: 5 * time.Millisecond, Cap: time.Second},
//				Tokens:   true,
//			})
//		},
//		Observers: []sim.Observer{history}, // a Recorder
//	}
//
// # Store
//
// A Store executes Commands: get, put, append, compare-and-swap and delete. A command with a Token takes effect once,
// however often it comes: the session remembers the serial and the result of its last operation. Sessions expire by the
// time that commands carry, which is the clock of whoever ordered them, and so at the same command on every replica.
// What a replica did is in its Hash, which costs nothing to compare.
//
// # Client
//
// A Client asks for one operation at a time (a closed loop) or at given times (an open one). For each it makes attempts,
// each with a timeout on its own clock; between them it waits as its Retrier says, within its Budget; it follows referrals
// to a leader; it may hedge. It tells the truth about the end: OK if a server said so. Failed if no attempt can have had an
// effect, because none was made or each was refused and the network makes no copies. Unknown otherwise, for ever: a
// request without an answer may have had its effect, and may still have it. Every value that is written in a run is
// another one, so that a history tells which write a read saw.
//
// # Server
//
// A Server is the store on one node with a write-ahead log and snapshots: what a lost reply means needs no replication.
// testdata tells six causes of a timeout that a client cannot tell apart, and what tokens make of them.
//
// # Assumptions
//
// Messages may be lost, late, duplicated and reordered; nodes crash and recover with what was durable; nobody lies. The
// network's promise to make no copies (ClientConfig.NoDuplicates) is taken at its word.
//
// # Not modelled
//
// Transactions over several keys, leases and watches of keys, a cap on the number of sessions, the time that executing
// takes (package overload has a server that queues), and clients that remember anything across a crash.
//
// # References
//
//   - A. Birrell, B. Nelson, Implementing Remote Procedure Calls, TOCS 2(1), 1984: at-most-once calls.
//   - D. Ongaro, Consensus: Bridging Theory and Practice, 2014, section 6.3: sessions in the replicated state.
//   - M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015: the policies.
//   - J. Dean, L. Barroso, The Tail at Scale, CACM 56(2), 2013: hedged requests.
//   - B. Beyer et al., Site Reliability Engineering, 2016, chapter 21; gRPC proposal A6: retry budgets.
//   - P. Alvaro, K. Kingsbury, Elle: Inferring Isolation Anomalies from Experimental Observations, VLDB 2020: why values
//     are unique, and why appends tell the most.
package kv

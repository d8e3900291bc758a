// Package overload is a key-value server of finite capacity: requests wait in a queue, and each takes time to serve. With
// the clients of package kv, which time out and ask again, it shows how an overload outlives its cause.
//
//	sim.Config{
//		Nodes: 1 + clients,
//		New: func(id sim.NodeID) sim.Process {
//			if id == 0 {
//				return overload.New(overload.Config{Service: 10 * time.Millisecond, Law: overload.Exponential, Workers: 1})
//			}
//			return kv.NewClient(...) // an open loop, a Timeout, a Retrier
//		},
//	}
//
// Let a requests come in a second, c be served, and each that is not answered in time be asked for r times more. With a <
// c all is well. After an outage the queue is longer than clients wait: everything that is served was given up already,
// and a(1+r) requests come in a second. If that is more than c, the queue grows, although its cause is over: a metastable
// failure. What helps is what makes less work for the server (a budget of retries, fewer of them) or keeps its work useful
// (a short queue, requests that say how long they are waited for, the newest first); waiting longer before asking again
// does not, as long as it is asked again as often.
//
// # Server
//
// Each of Workers workers serves one request at a time, which takes Service, constant or exponential. Others wait: first
// come, first served, or last come, first served. A request that finds a full queue is refused, at once and for nothing. A
// worker throws away a request that has waited longer than its client said it would (kv.Request.Within) or than Patience,
// and takes the next. When it is served it is executed and logged by a kv.Server, which answers.
//
// # Watch
//
// A Watch is an observer that counts by the second what was asked, attempted and answered, and says how long after the
// end of the outage the last second was in which too little of what was asked was served.
//
// # Assumptions
//
// Crash-recovery, as package kv: a crash loses the queue, and what was being served. A paused server loses nothing: what
// comes meanwhile waits in front of it without bound. One server; a client hears of an overload by refusals and by
// timeouts alone.
//
// # Not modelled
//
// The cost of refusing and of throwing away; caches that are cold after an outage, connections that have to be made again,
// and other ways in which an overload lowers the capacity; priorities; servers behind the server; load balancing.
//
// # References
//
//   - N. Bronson, A. Aghayev, A. Charapko, T. Zhu, Metastable Failures in Distributed Systems, HotOS 2021.
//   - L. Huang et al., Metastable Failures in the Wild, OSDI 2022.
//   - B. Beyer et al., Site Reliability Engineering, 2016, chapters 21 and 22: retry budgets, deadline propagation.
//   - L. Kleinrock, Queueing Systems, Volume 1, 1975: M/M/c, M/D/1, Little's law.
package overload

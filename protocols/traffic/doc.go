// Package traffic is random traffic among the nodes of a world, with a clock of any kind to stamp its events: what the
// clocks of protocols/lamport, protocols/vector and protocols/hlc are run and compared on.
//
// Each process waits a random time on its own clock, then either does something by itself (a local event) or sends a
// message to a peer drawn uniformly, and so on for ever; a run ends at its Config.Until. Every event, local, send or
// receive, is stamped by the process's Clock, and each message carries the stamp of its sending. The stamps go to
// observers as notes.
//
//	p := &traffic.Process[lamport.Stamp]{
//		Params: traffic.Params{Interval: 10 * time.Millisecond, LocalShare: 0.2},
//		Clock:  ...,
//	}
//
// # Assumptions
//
// None about the network: messages may be lost, late, duplicated or overtaken. Clocks are volatile unless
// Params.Durable, so a recovered process begins a new one: stamps of different lives of a node are not ordered.
//
// # Not modelled
//
// Load, service times, replies, or correlation between senders. Gaps are uniform, not exponential: nothing measured
// here depends on their law, and protocols import no distributions.
package traffic

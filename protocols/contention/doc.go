// Package contention is optimistic concurrency control on one row that many clients want to write at once: the model by
// which Brooker compares ways to back off.
//
// Node 0 is the row. Every other node is a client that begins at time 0 and writes the row once: it reads the version,
// writes with the version that it read, and is refused if another write came in between. Then it waits as its policy
// says and begins again, with a new read.
//
//	sim.Config{
//		Nodes:   1 + clients,
//		New:     contention.New(contention.Config{Policy: contention.FullJitter, Base: 5 * time.Millisecond, Cap: 2 * time.Second}),
//		Network: hop, // one-way delays of about 10 ms
//	}
//
// Of the writes that are made from one version the first is accepted and the others are in vain, so that n clients in step
// cost n + (n-1) + ... + 1 calls. What they have to be got out of is step: a longer wait alone leaves them in it.
//
// # Assumptions
//
// Nobody fails, and every message arrives, once. A client does not time out: a message that is lost stops it for ever; a
// write that arrives twice may be accepted and then refused, and its client, believing what it hears last, writes again.
// The row decides in no time and without a queue.
//
// # Not modelled
//
// More than one row or more than one write of a client, clients that arrive over time, contention for anything but the
// version: the row's capacity, the network's, locks.
//
// # References
//
//   - M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015, and its simulator,
//     github.com/aws-samples/aws-arch-backoff-simulator.
//   - H. T. Kung, J. T. Robinson, On Optimistic Methods for Concurrency Control, TODS 6(2), 1981.
package contention

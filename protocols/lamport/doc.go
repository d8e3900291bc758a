// Package lamport is "Time, Clocks, and the Ordering of Events in a Distributed System": logical clocks, the total
// order that they give, and the mutual exclusion that the paper builds on it.
//
// A logical clock numbers the events of a process so that a -> b implies C(a) < C(b):
//
//	var i, j lamport.Clock
//	t := i.Send()         // 1: the message carries it
//	j.Tick()              // 1: an event of its own
//	j.Receive(t)          // 2: later than the sending
//
// The converse does not hold: C(a) < C(b) does not say that a could have caused b. Ties are broken by the process's
// name, which makes => a total order (Stamp.Before). Mutex uses it to grant a resource in the order of the requests.
//
// # Assumptions
//
// Clock and NewTraffic ask nothing of the network. Mutex assumes what the paper assumes: processes do not fail, every
// message arrives, once, and messages of one link arrive in the order in which they were sent (FIFO; sim.ConstantDelay
// is). Without FIFO two processes can hold the resource at once, and a test shows it. One crash stops everybody for
// ever.
//
// # Not modelled
//
// The paper's physical clocks (its last section); anomalous behaviour through channels outside the system.
//
// # Reference
//
// Leslie Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, Communications of the ACM 21(7),
// July 1978, 558-565. IR1, IR2, C1, C2 and rules 1 to 5 are the paper's.
package lamport

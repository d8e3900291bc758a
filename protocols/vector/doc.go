// Package vector is vector clocks: stamps from which one reads exactly whether one event happened before another.
//
// A process counts its own events, and keeps for every other process the number of its events that it has heard of,
// directly or through others. A message carries the sender's vector. Then a -> b if and only if V(a) < V(b):
//
//	i, j := vector.NewClock(0, 2), vector.NewClock(1, 2)
//	a := i.Send()        // [1 0]
//	b := j.Tick()        // [0 1]
//	c := j.Receive(a)    // [1 2]
//	a.Compare(b)         // Concurrent
//	a.Compare(c)         // Before
//
// # Assumptions
//
// The number of processes is fixed and known. Nothing is asked of the network. Clocks are volatile
// (traffic.Params.Durable keeps them): a recovered process begins a new one, and stamps of its two lives are not to
// be compared.
//
// # Not modelled
//
// Joining and leaving; the compressed forms (Singhal and Kshemkalyani 1992). A stamp costs one number per process, and
// no clock that is exact can do with fewer (Charron-Bost 1991).
//
// # References
//
// Friedemann Mattern, Virtual Time and Global States of Distributed Systems, in Parallel and Distributed Algorithms,
// 1989. Colin J. Fidge, Timestamps in Message-Passing Systems That Preserve the Partial Ordering, Australian Computer
// Science Conference, 1988.
package vector

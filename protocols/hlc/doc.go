// Package hlc is hybrid logical clocks: stamps that follow happened-before like a logical clock's and stay as near to
// the wall clock as the wall clocks are to each other.
//
// A stamp is a pair: l, the greatest wall reading in the causal past of the event, and c, a counter for events of the
// same l:
//
//	var j hlc.Clock
//	j.Tick(10)                              // 10+0: an event when the wall clock shows 10
//	j.Tick(10)                              // 10+1: it has not moved
//	j.Receive(11, hlc.Timestamp{L: 15})     // 15+1: from a process that is ahead
//	j.Tick(12)                              // 15+2: until the wall clock gets there
//	j.Tick(16)                              // 16+0
//
// The clocks only read Env.Wall. A wall clock that steps back does not take the stamps with it; one that jumps ahead
// takes everybody's that hears from it.
//
// # Assumptions
//
// If all wall clocks are within eps of each other, then 0 <= l - pt <= eps at every event. For correctness of the
// order nothing is assumed. Clocks are volatile (traffic.Params.Durable keeps them): a recovered process begins a new
// one.
//
// # Not modelled
//
// Packing l and c in 64 bits, and refusing messages too far ahead.
//
// # Reference
//
// Sandeep S. Kulkarni, Murat Demirbas, Deepak Madappa, Bharadwaj Avva, Marcelo Leone, Logical Physical Clocks, OPODIS
// 2014, LNCS 8878, 17-32; figure 5 is the algorithm.
package hlc

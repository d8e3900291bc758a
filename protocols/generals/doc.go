// Package generals has the algorithms of Lamport, Shostak and Pease for the Byzantine generals: OM(m), whose messages
// are oral, and SM(m), whose messages are signed.
//
// Node 0 commands; all others are lieutenants. The commander sends an [Order], attack or retreat; some of the generals
// are liars, which send whatever they like, or nothing. What is wanted (section 1 of the paper):
//
//	IC1  All loyal lieutenants obey the same order.
//	IC2  If the commander is loyal, every loyal lieutenant obeys the order that it sends.
//
// With oral messages this takes more than 3m generals for m liars, and OM(m) then achieves it in m+1 rounds of messages
// (theorem 1). With signatures SM(m) achieves it for any number of generals of whom at most m are liars (theorem 2).
//
//	cfg := generals.Config{Generals: 4, M: 1, Order: generals.Attack, Round: 50 * time.Millisecond}
//	w, err := sim.New(sim.Config{
//		Nodes:      4,
//		New:        generals.New(cfg),
//		Properties: cfg.Properties(),
//		Liars:      fault.Liars(),
//		Faults:     []sim.Fault{sim.Schedule{{Action: sim.Lie{Node: 2, How: "corrupt"}}}},
//	})
//
// The algorithms are process.go, oral.go and signed.go; count.go has their numbers of messages, in closed form.
//
// # Assumptions
//
// Those of the paper (section 2): a message that is sent is delivered as it was sent (A1), its receiver knows who sent
// it (A2), and the absence of a message is noticed (A3). Hence the timing model is the synchronous one: all generals
// start at once, and Config.Round, on each general's own clock, is longer than any message takes and than their clocks
// differ. What comes after its round is as good as not sent. A value that did not come counts as retreat, so that
// silence is a lie like any other.
//
// A liar rewrites, holds back or repeats what its node sends, and knows all that its node knows. It cannot speak in the
// name of another (A2): a message whose path does not end with its sender is ignored. Nor, in SM(m), can it make or
// change what another has signed (A4): a [Signed] message is made by a [Key] only, and a liar has the keys of liars.
// Signatures are modelled by that alone, without cryptography.
//
// A general that crashes sends nothing from then on, which is one way of lying: it counts as a liar.
//
// # Not modelled
//
// Generals that not all can reach each other (section 5 of the paper), more than two orders, generals that start at
// different times or recover, and ways to do with fewer messages than OM(m), whose number grows as n to the power m+1.
//
// # References
//
// L. Lamport, R. Shostak, M. Pease, The Byzantine Generals Problem, ACM TOPLAS 4(3), 1982. M. Pease, R. Shostak,
// L. Lamport, Reaching Agreement in the Presence of Faults, JACM 27(2), 1980 (the same with the messages of a tree of
// paths). D. Dolev, H. R. Strong, Authenticated Algorithms for Byzantine Agreement, SIAM J. Comput. 12(4), 1983 (when a
// signed message is too late).
package generals

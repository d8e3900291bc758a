// Package detector is failure detectors: nodes that tell each other that they are alive, and suspect those they do not
// hear from. How soon they notice a crash, and how often they are wrong, can be measured and, for some, calculated.
//
//	c := detector.Config{Algorithm: detector.NFDS, Interval: time.Second, Delta: 500 * time.Millisecond}
//	quality := detector.NewWatch(c, 5)
//	w, err := sim.New(sim.Config{
//		Nodes:     5,
//		New:       func(sim.NodeID) sim.Process { return detector.New(c) },
//		Observers: []sim.Observer{quality},
//		...
//	})
//
// # The algorithms
//
// A node trusts another up to a deadline, and suspects it after that; only a heartbeat moves the deadline. What it moves
// it to is all in which the algorithms differ, and each is a Monitor, a few lines of arithmetic:
//
//	timeout           the arrival + a constant
//	growing           likewise, but each mistake adds to the constant
//	ping              as nfd-s, but the monitoring node asks, so that only its own clock matters
//	nfd-s             i*eta + eta + delta for heartbeat i, on synchronised clocks
//	nfd-e             the expected arrival of heartbeat i+1, estimated from the last n, + alpha
//	phi               the arrival + mu + z*sigma of the last n intervals
//	phi-exponential   the arrival + Threshold*ln(10)*mu
//
// The timeout has a flaw that the freshness points of NFD-S have not: a heartbeat that came fast makes the next one look
// late, and one that came slowly puts off the detection of a crash.
//
// Swim stands beside them: each node asks one other in every period, at random, so that its load does not grow with
// their number.
//
// # Quality
//
// The detection time T_D is from a crash until the node is suspected for good. About a live node a detector makes
// mistakes: T_MR is from the beginning of one to that of the next, T_M how long one lasts, and P_A the probability of
// being right at a random time. A Watch measures them in true time, which no process sees. Link.NFDS is the closed form
// for NFD-S, TimeoutOverLoss one for the plain timeout, and Requirements finds eta and delta for a quality that is asked
// for.
//
// # What is true in which timing model
//
// Completeness, that whoever crashes is suspected, costs nothing: every deadline passes. Accuracy, that nobody else is,
// depends on the network.
//
//   - Synchronous, every message within Delta: a timeout of eta + Delta is never wrong (LeastTimeout, with drifting
//     clocks too), and a crash is detected within timeout + Delta (DetectionBound). With a nanosecond less there is a run
//     in which it is wrong. So it is for NFD-S with delta = Delta, and for ping with timeout = 2 Delta.
//   - Partially synchronous, every message within an unknown Delta after an unknown time GST: a timeout that grows by
//     step with each mistake makes at most (eta + Delta - timeout) / step, rounded up, after GST + eta + Delta, and then
//     is right for ever. This is the eventually perfect detector, with which consensus can be solved. A constant
//     timeout below the bound is wrong for ever.
//   - Asynchronous: every one of the detectors can be made wrong for ever, by the network called Adversary.
//
// StrongAccuracy, StrongCompleteness and EventualAccuracy are these claims as properties.
//
// # Assumptions
//
// Nodes crash and may recover; a heartbeat carries the number of its sender's life, which the node is assumed to know.
// Heartbeats may be lost, late, duplicated and overtaken; one that is older than the newest is not news. NFD-S goes by
// wall clocks, which somebody else synchronises; all others by monotonic clocks, which may be off and drift. Clocks are in
// whole nanoseconds and the bounds of this package are closed: a heartbeat that arrives at its deadline is in time, and
// the suspicion begins one nanosecond after it.
//
// At its start a node trusts everybody, for as long as it would after a heartbeat, where the paper's detectors begin by
// suspecting. What happens later is the same.
//
// # Not modelled
//
// The gossip of SWIM, by which the others hear of a suspicion; NFD-U, for expected arrivals that are known, which is NFD-E with a long memory;
// changing eta while it runs. A paused node and one that is cut off count as alive: to suspect them is a mistake.
//
// # References
//
//   - W. Chen, S. Toueg, M. K. Aguilera, On the Quality of Service of Failure Detectors, IEEE Transactions on Computers
//     51(5), 2002: the measures (2), NFD-S and its analysis (3), the configuration procedures (4, 5), NFD-U and NFD-E (6).
//   - N. Hayashibara, X. Defago, R. Yared, T. Katayama, The phi Accrual Failure Detector, SRDS 2004.
//   - A. Lakshman, P. Malik, Cassandra: A Decentralized Structured Storage System, SIGOPS OSR 44(2), 2010: the
//     exponential law for phi.
//   - A. Das, I. Gupta, A. Motivala, SWIM: Scalable Weakly-consistent Infection-style Process Group Membership Protocol,
//     DSN 2002: Swim (3.1, 4.3).
//   - T. Chandra, S. Toueg, Unreliable Failure Detectors for Reliable Distributed Systems, JACM 43(2), 1996: completeness
//     and accuracy (2), the growing timeout (9).
package detector

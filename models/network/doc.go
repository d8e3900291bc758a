// Package network models what lies between the nodes: how long messages take, which are lost, doubled, damaged or out
// of order, and what a protocol may rely on.
//
// Networks are structs that wrap one another like middleware; the innermost one is nil, which delivers at once, and
// each layer adds one thing. Read from the inside out, as a message travels:
//
//	wide, err := network.AWS().Network([]string{"eu-central-1", "eu-west-1", "us-east-1"},
//		network.Jitter{Factor: network.Spread(0.9, 2)})
//	lossy := &network.GilbertElliott{Inner: wide, Loss: 0.01, Burst: 3}
//	twice := network.Duplicate{Inner: lossy, P: 0.001}
//	world, err := sim.New(sim.Config{Network: twice, ...})
//
// What adds delay: [Latency], [LatencyMatrix], [Bandwidth], [Reorder]. What loses or damages: [Loss], [GilbertElliott],
// [Corrupt]. What doubles: [Duplicate]. What keeps order: [FIFO]. What differs by link or by time: [PerLink], [Phases].
// Round all of them goes at most one timing model: [Synchronous], [PartiallySynchronous] or [Asynchronous], by the
// definitions of the textbooks; a [Certifier] certifies that a run obeyed it. Partitions are not networks but cuts that
// the world makes and heals: see [Halves], [Bridge], [Flapping].
//
// [LAN], [WAN] and [AWS] are ready to use. [Validate] reports all that is wrong with a stack of networks.
//
// # Assumptions
//
// Every ordered pair of nodes has a link of its own. All choices come from the message's own random stream or, for what
// a link does in time, from one that seed and link name: what happens on one link depends on no other, save for an
// uplink they share. Nothing is allocated for a message, once its link has been used; links in use take some tens of
// bytes each.
//
// One-way delays are half the measured round trips: asymmetry between regions is negligible in the measurements used.
// Probabilities and means are those of single copies. A layer that loses a copy lets it die halfway; one that detects
// damage, at its end.
//
// # Not modelled
//
// Routes and routers that links share, congestion control, connections, packets smaller than a message, receive
// buffers, forged messages. The timing models bound messages, not the speed of processes, for which handlers take no
// time and the clocks of models/clock drift.
//
// # References
//
//   - C. Dwork, N. Lynch, L. Stockmeyer, Consensus in the presence of partial synchrony, JACM 35(2), 1988.
//   - M. Fischer, N. Lynch, M. Paterson, Impossibility of distributed consensus with one faulty process, JACM 32(2),
//     1985.
//   - T. Chandra, S. Toueg, Unreliable failure detectors for reliable distributed systems, JACM 43(2), 1996.
//   - E. Gilbert, Capacity of a burst-noise channel, Bell System Technical Journal 39, 1960.
//   - E. Elliott, Estimates of error rates for codes on burst-noise channels, Bell System Technical Journal 42, 1963.
//   - L. Kleinrock, Queueing Systems I, 1975, section 5.6 (Pollaczek and Khinchine's mean value formula).
//   - V. Enes et al., fantoch: latency_aws, measurements of June 2020.
package network

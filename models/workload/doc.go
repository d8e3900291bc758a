// Package workload is what clients ask for and when: open and closed loops, laws of arrivals and of keys, mixes of
// operations.
//
// The smallest use is a workload, a stream of random numbers, and the n-th thing to ask for:
//
//	w := workload.Workload{
//		Arrivals: workload.Poisson(100), // a second
//		Keys:     workload.Uniform{N: 1000},
//		Mix:      workload.Mix{Get: 0.95, Put: 0.05},
//	}
//	r := sim.NewRand(seed, sim.ForStudy, 1)
//	ask, ok := w.Next(0, &r)
//
// An open loop (Arrivals) asks at its times whether or not the last answer is there, as a large population of
// independent users does; load does not slow it down. A closed loop (Think) asks when it has thought about the last
// answer, as a fixed number of users does; a slow server is asked less. The two measure different things, and a closed
// loop hides queueing (Schroeder, Wierman, Harchol-Balter, 2006).
//
// All values are immutable and may be shared between worlds. Arrivals, kinds and keys are drawn from streams of their own,
// so that another law of one leaves the draws of the others as they were. Bursts need no state either: after each arrival
// an interrupted Poisson process forgets what was before.
//
// # Assumptions
//
// Draws are independent from one operation to the next, and between clients.
//
// # Not modelled
//
// Rates that depend on the time of day, sessions of correlated operations, scans, keys that come and go, values of a
// size: a client writes a value that nobody else writes, and it is short.
//
// # References
//
//   - B. Schroeder, A. Wierman, M. Harchol-Balter, Open Versus Closed: A Cautionary Tale, NSDI 2006.
//   - A. Kuczura, The Interrupted Poisson Process As An Overflow Process, Bell System Technical Journal 52(3), 1973.
//   - W. Fischer, K. Meier-Hellstern, The Markov-modulated Poisson process (MMPP) cookbook, Performance Evaluation 18(2),
//     1993.
//   - B. Cooper et al., Benchmarking Cloud Serving Systems with YCSB, SoCC 2010: key laws and mixes.
package workload

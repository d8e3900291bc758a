// Package renewal simulates systems of parts that fail and are repaired: nothing of a system but who is up and down, so
// that ten million transitions take a second or less.
//
//	system := renewal.System{
//		Parts: []renewal.Part{ // in hours
//			{Name: "a", Up: dist.Exponential{Mean: 1000}, Down: dist.LogNormal{Median: 1, Sigma: 1.4}},
//			{Name: "b", Up: dist.Weibull{Scale: 1000, Shape: 0.7}, Down: dist.LogNormal{Median: 1, Sigma: 1.4}},
//		},
//		Works: func(up []bool) bool { return up[0] || up[1] },
//	}
//	result, err := system.Run(renewal.Run{Seed: 7, Stop: &reliability.RelativeStop{Width: .1}})
//	fmt.Println(result.Unavailability(.95))
//
// [Of] makes a System of a reliability.Diagram, so that one text is evaluated exactly and simulated.
//
// # What is independent of what
//
// Every part has streams of random numbers named after it, times up and times down each their own, and so has every
// shock: another part, crew or shock changes no other part's draws. Two designs run with one seed therefore meet the
// same faults (common random numbers; compare with reliability.Paired).
//
// # Rare outages
//
// An unavailability of 1e-8 is not to be had by waiting. [System.Forced] yields cycles, from all parts up to all parts
// up, in which failures are hastened, each with the exact likelihood ratio of what happened; [System.Rare] makes an
// estimate of them, or refuses to where the weights are bad. As in failure biasing, nothing is hastened much until
// something is down, and nothing any more once the system was down. How much is decided anew at every transition, so
// that a given number of further failures is expected before the next repair ends, spread evenly over all that can
// fail. Since the ends of repairs in progress are known, this bounds the weight: by e to the number of failures for each
// stretch between transitions, whatever the laws. The hazard is multiplied by a constant over each stretch, so that the
// likelihood ratio is made of cumulative hazards alone: c^-1 for a failure, e^((c-1) H) for a stretch over which the
// true law has the cumulative hazard H, also for clocks that are censored.
//
// # Assumptions
//
// A repaired part is as good as new. Repair crews are alike, take what waits in the order of failure, and are not
// called off. A part fails whether or not the system is up. A shock hits a member by chance, all at once.
//
// # Not modelled
//
// Travel and spares, priorities among repairs, standby parts that do not age, parts that stop ageing while the system
// is down. For the system as a protocol sees it, run the protocol.
//
// # References
//
// Crane, Iglehart, Simulating stable stochastic systems, JACM 21(1), 1974 (regenerative method). Goyal, Shahabuddin,
// Heidelberger, Nicola, Glynn, A unified framework for simulating Markovian models of highly dependable systems, IEEE
// Transactions on Computers 41(1), 1992 (failure biasing, measure-specific dynamic importance sampling). Nicola,
// Nakayama, Heidelberger, Goyal, Fast simulation of highly dependable systems with general failure and repair
// processes, IEEE Transactions on Computers 42(12), 1993 (cycles of non-Markovian systems). Marshall, Olkin, A
// multivariate exponential distribution, JASA 62, 1967 (shocks).
package renewal

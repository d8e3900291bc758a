// Package clock models the clocks of nodes, and the protocols that keep them synchronised.
//
// A clock maps true time to what it shows. [Perfect] shows true time; [Offset] is ahead or behind by a constant;
// [Drift] runs at a constant rate, some parts per million too fast or too slow; the rate of a [RandomWalk] wanders; the
// wall reading of a [Stepped] clock jumps on a schedule, beside a monotonic reading that does not. A [Spec] draws each
// node's clock from laws:
//
//	spec := clock.Spec{
//		Offset: dist.Normal{SD: 5e6}, // 5 ms
//		Drift:  dist.Uniform{Lo: -50, Hi: 50}, // ppm
//		Walk:   &clock.Walk{Every: time.Second, Step: dist.Normal{SD: 0.1}, Max: 100 * clock.PPM},
//	}
//	config.Clock = spec.Clock
//
// # Reading and inverse
//
// Times are whole nanoseconds, and arithmetic on them is exact: no rounding error ever adds up. Read(t), for t of 0 or
// later, never decreases. A clock that is slow shows some reading for two nanoseconds of true time, so Read has no
// exact inverse: When(l) is the first t with Read(t) >= l. It is 0 if the clock has shown l from the start, and
// sim.Never if it never will. Thus
//
//	Read(When(l)) >= l, and Read(When(l) - 1) < l
//	When(Read(t)) <= t, and Read(When(Read(t))) = Read(t)
//
// At the end of the range of sim.Local, in 292 years, a clock stops.
//
// # Synchronisation
//
// [Sync] wraps a process so that its node's wall clock follows a server's, by messages over the simulated network:
// their delays, losses and asymmetry are the network's. [Cristian] reads the server's clock and adds half the round
// trip. [NTP] is the exchange of four timestamps and the filter of eight samples: it may go for eight polls without one
// that it believes. The clock is stepped, or slewed by small steps.
//
//	sync := clock.Sync{Method: clock.NTP, Server: 0, Every: 16 * time.Second}
//	config.New = func(id sim.NodeID) sim.Process { return sync.Process(newReplica(id)) }
//
// These bounds hold, and are reached:
//
//   - A clock whose drift stays within rho is wrong by at most its offset at the start and rho t, rounded up. For a
//     RandomWalk rho is Max; steps add up on top.
//   - One exchange is wrong by (there - back) / 2, and by nothing else if neither clock drifts meanwhile:
//     [AsymmetryError].
//   - That is at most half the round trip less the least delay: [CristianBound]. A client cannot know better.
//   - Over independent delays it has standard deviation sqrt(Var(there) + Var(back)) / 2: [AsymmetrySD].
//   - Clocks that drift by at most rho, brought within eps of each other every period: they are never further apart
//     than eps + 2 rho period, [SkewBound].
//
// # Assumptions
//
// Handlers take no time, so a server's T2 and T3 are equal. There is one server, and it tells the truth as its own
// clock has it. Not modelled: the frequency discipline of NTP (its clocks are corrected, but go on drifting), selection
// among several servers, authentication, temperature, leap seconds other than as steps, readings coarser than a
// nanosecond. A slew back moves the clock back by one small step at a time, where an operating system would slow it
// down.
//
// # References
//
// F. Cristian, Probabilistic clock synchronization, Distributed Computing 3, 1989. D. Mills, J. Martin, J. Burbank, W.
// Kasch, RFC 5905, Network Time Protocol Version 4, 2010. D. Mills, RFC 1305, Network Time Protocol (Version 3), 1992.
// L. Lamport, Time, clocks, and the ordering of events in a distributed system, CACM 21(7), 1978 (physical clocks, and
// the bound on their skew).
package clock

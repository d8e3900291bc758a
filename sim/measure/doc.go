// Package measure measures how available a service is in a run: when it could serve, when it could not and what was
// wrong then, what its clients saw, and what a visitor at random times would have found.
//
// A [Track] follows a predicate on the world, true while the service can serve. It is a claim that never falls and an
// observer of faults, so that it changes nothing of the run:
//
//	track := &measure.Track{Serving: raft.Serving, Servers: 3, Settled: true}
//	track.Attach(&cfg)
//	w, err := sim.New(cfg)
//	w.Run()
//	report := track.Report(w.Now())
//	fmt.Println(report.Unavailability(), report.Outages)
//
// # Three ways to weigh
//
// Weighted with time, availability is the share of time in which the predicate holds: exact to the nanosecond, since
// the state of a world is constant between events. Weighted with requests ([Requests]) it is the share of operations
// that were answered, of those asked for: fewer ask while nobody answers, and some who ask in an outage are answered
// after it. Weighted with probes ([Report.Probe]) it is the share of the instants of a Poisson process at which the
// predicate holds; Poisson arrivals see time averages (Wolff, 1982), so it must agree with time.
//
// # Outages
//
// An [Outage] is a maximal time in which the predicate does not hold. It carries the faults that were active when it
// began ([Fault]), and whether it lasted until the end of the measurement: then it is censored, not dropped. With a
// majority stated (Track.Majority) every nanosecond of it is accounted to a [Term]: too few servers were up, they could
// not reach each other, or there were enough of them and they had no leader yet.
//
// # Where measuring starts
//
// A world starts with everything up and no leader: its first second is not like the others, and a system that starts
// whole looks better than it is. So a warm-up is left out (Track.From), or the measurement begins when the service
// first serves with all servers up (Track.Settled), which is where an outage cycle begins: a renewal.
//
// # Assumptions
//
// The predicate depends on the processes, on which nodes are up or paused, and on cuts, and on nothing that changes
// between events, such as a clock. A process that is sim.Versioned is asked again only when its version changes.
//
// # Not modelled
//
// Intervals: they are mathematics (models/reliability), made of a report's Cycles. A fork of a world is not followed.
//
// # References
//
// R. W. Wolff, Poisson Arrivals See Time Averages, Operations Research 30(2), 1982. J. von Neumann, Various Techniques
// Used in Connection with Random Digits, NBS Applied Mathematics Series 12, 1951 (exponential draws by comparisons).
package measure

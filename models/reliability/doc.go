// Package reliability is the mathematics of availability: how often a system of parts that fail and are repaired is up,
// how long, and why not.
//
//	d, err := reliability.Parse("series(parallel(0.95, 0.95), kofn(2, 3 * 0.99), db(mttf=1000h, mttr=1h))")
//	r, err := d.Evaluate() // unavailability, and failures an hour, mean up and down time where they are known
//
// It is pure mathematics, simulates nothing and knows no world. Numbers are float64. Probabilities are of being down
// (unavailability) wherever a choice is possible: at eleven nines the availability has no digits left. Times are in
// hours and rates per hour, unless a function says that any one unit will do.
//
//   - Diagrams: Parse, Series, Parallel, KofN, Vote, Network, Grid; their Evaluate, Importance, CutSets, Mission.
//   - Chains: Chain, with steady and transient states, absorption and lumping; Repairable, Leader and others made of them.
//   - Laws of lifetimes and repairs: hazards, residual life, fits with censoring, Kaplan-Meier.
//   - Services: retries, fan-out, error budgets, placement of copies, checkpoints.
//   - Estimates: intervals, stopping rules, importance-sampling weights. Every kind of interval is tested to cover the
//     truth as often as it says, or to say by how much it does not.
//
// # Assumptions
//
// Basic parts are independent: common causes and domains are parts of their own. Structures are monotone. A diagram's
// parts have a repair crew each; a Mission and a Lifetime take exponential laws.
//
// # Not modelled
//
// In diagrams: standby, sequences of failures, shared repair crews; chains do these, as far as their states can be
// counted. Nowhere: ageing across repairs, and people.
//
// # References
//
// Barlow and Proschan, Statistical Theory of Reliability and Life Testing, 1975. Birnbaum 1969 and Fussell 1975
// (importance). Bryant 1986 (decision diagrams), Rauzy 1993 (minimal sets), Minato 1993, Sekine and Imai 1995
// (networks). NUREG/CR-4780 (common causes). Grassmann, Taksar and Heyman 1985 (steady states). Takacs 1957 (downtime in
// an interval). Kaplan and Meier 1958. Clopper and Pearson 1934, Wilson 1927, Efron 1987 (BCa). Daly 2006 (checkpoints).
package reliability

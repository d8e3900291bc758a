// Package check judges histories of operations: what clients asked of a replicated store, what they were told, and when,
// in true time. It says whether a history is what a consistency model allows, and if not, shows the few operations by
// which anybody can see it.
//
//	report := check.Linearizable(history, check.Options{})
//	fmt.Println(report)               // linearizable: violated: key x: c3 read x = "a" at 40ms..50ms, but ...
//	report.Witness.WriteText(os.Stdout)
//
// # What is here
//
//   - [All]: the checks by name, strongest first: [Linearizable]; [Sequential]; [Causal], [CausalConvergence] and
//     [CausalMemory]; the session guarantees [ReadYourWrites], [MonotonicReads], [MonotonicWrites] and
//     [WritesFollowReads]; [QuorumRule]; [EffectsOnce]; [Convergence].
//   - [LinearizableTo]: the same search for an object of one's own, such as a queue or a lock.
//   - [MeasureStaleness]: how old each read was, in versions and in time.
//   - [WriteJSONL], [ReadJSONL], [WriteEDN], [ReadEDN]: histories as files, and those of Jepsen.
//   - [Witness]: the smallest violation found, in words, on a time axis, as SVG, and as porcupine's page.
//
// # Verdicts
//
// A [Verdict] is that it holds, that it is violated, or that it is undecided: deciding linearizability is NP-complete in
// general (Gibbons & Korach 1997), and a check that cannot judge a history, or whose budget ran out, says so. Budgets
// count steps, not time: a verdict is the same on every machine. A check that needs to know who read what (all but
// Linearizable, Sequential and Convergence) needs each value of a key to be written once, and does not follow values
// through appends and deletions, except EffectsOnce; it judges the other keys, and if nothing is wrong there it is
// undecided.
//
// A witness accuses the whole history: only operations are left out of it without which a history that was all right
// still would be.
//
// # Assumptions
//
//   - Times are true times. Operations of different clients that touch at one moment are concurrent; a client that asks at
//     the moment of an answer asks after it. LinearizableTo, QuorumRule and EffectsOnce, which go by times
//     alone, take these for concurrent too.
//   - A client is a session. Its operations are in order if one returned before the other was invoked.
//   - An operation without a reply may take effect at any time after its invocation, or never; one that failed never
//     does. Every operation takes effect at most once.
//   - At the beginning there are no values.
//
// # Not modelled
//
// Transactions, scans, and operations on several keys. Objects are deterministic. Sequential consistency is decided for
// small histories only.
//
// # References
//
// Lamport, "How to make a multiprocessor computer that correctly executes multiprocess programs", 1979; "On interprocess
// communication", 1986. Herlihy & Wing, "Linearizability", 1990. Wing & Gong, "Testing and verifying concurrent objects",
// 1993. Terry et al., "Session guarantees for weakly consistent replicated data", 1994. Ahamad et al., "Causal memory:
// definitions, implementation, and programming", 1995. Gibbons & Korach, "Testing shared memories", 1997. Bailis et al.,
// "Probabilistically bounded staleness", 2012. Lowe, "Testing for linearizability", 2017. Bouajjani et al., "On verifying
// causal consistency", 2017.
package check

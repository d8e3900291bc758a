// Package experiments turns scenarios into runs, and runs into results.
//
// A Scenario says in YAML or JSON what is run: nodes, a protocol, their network, clocks and disks, what goes wrong, and
// what is checked. With a seed it is a Plan, every random choice of which is determined; Execute makes an Outcome of
// it: verdicts, measures, a trace. A Study is a built-in scenario with an analysis of its own, and its closed forms
// beside what is measured. A Repro is a run in one small file.
//
//	s, err := experiments.Read("scenario.yaml", data, "network.loss=0.1")
//	p, err := s.Plan(1)
//	o, err := p.Execute(experiments.Execution{Record: true})
//	files, err := o.ResultFiles()
//	err = experiments.Save("out/scenario-1", files)
//
// # Reading
//
// Reading is strict, and reports everything that is wrong at once: file, line, column, path, what was got, what was
// wanted, the source line and a caret. The syntax tree keeps positions; a JSON Schema generated from the Go structs
// (Schema, also in scenario.schema.json, for editors) checks the shape; a decoder of our own fills the structs, since
// the YAML library's turns 1.10 in a text into "1.1" and 1.5 in an integer into 1; and what no schema can say is
// checked last. Files above 1 MB, anchors, aliases, tags, several documents and deep nesting are refused before they
// reach a parser.
//
// # Running
//
// Layers of the network lie upon each other in this order, the first innermost: latency (a law, or a matrix with
// jitter), reordering, duplication, independent loss, bursts, corruption, bandwidth, the timing model, FIFO. So the
// timing model and FIFO hold whatever the rest does. All faults are drawn up front, and one can be removed without
// changing another (Plan.Without).
//
// # Results
//
// The same inputs give the same bytes. A results directory is complete or not there, and replaces nothing but its like.
//
// # Clients
//
// A scenario may add clients to a protocol that serves them: nodes after its own, by package kv, that ask for what
// package workload says. What they asked for and were told is the Outcome's History, judged by package check for what
// the protocol promises (Instance.Promises) or what the scenario names. Faults mean servers unless they name clients.
//
// # Availability
//
// A scenario may want the availability of its service measured (the section availability): by time, by probes and by
// what clients saw, with the outages and what was wrong when they began. When the service works is said by the protocol
// (Instance.Serving) or by a diagram over the nodes; a diagram whose nodes crash by laws has its exact availability
// beside it. With a window, a run simulates only the time around faults, and measures years. CompareAvailability
// evaluates one description of replicated servers in four ways, and accounts for what they differ by.
//
// # Many runs
//
// A Hunt runs a scenario over seeds on all cores and adds them up in the order of the seeds, so that what it says does
// not depend on the machine; Shrink makes a failing run small. A BugHunt does so for every planted bug of a protocol.
//
// # Sweeps
//
// A scenario with the section vary is a declaration that answers a question over a grid of settings and seeds; run alone, it
// is the scenario without what is varied. The grid is the product of its factors in the order of the mapping, the first the
// slowest. A factor is a key with a list of values or a range, or a name with cases, each of any number of overrides.
//
//	about: How many attempts does an answer take?
//	protocol: pingpong
//	nodes: 2
//	network: {latency: "uniform(5ms, 15ms)"}
//	seeds: 100
//	vary:
//	  network.loss: [0, 0.1, 0.2]
//	  params.retry: {from: 50ms, to: 200ms, count: 3, scale: log}
//	  patience: {cases: {short: {params.rounds: 100}, long: {params.rounds: 1000}}}
//	baseline: {patience: short}
//	plot: [{x: network.loss, y: pings per round, by: params.retry}]
//	expect: [{measure: pings per round, value: 1/(1-loss)^2}]
//	full: {seeds: 10000}
//
// NewSweep reads it with what the command line adds, and checks every point before anything is run; Task is its runs, for
// package batch; Results reads what they came to, and ResultFiles writes it.
//
//	s, err := experiments.NewSweep("attempts.yaml", experiments.SweepOptions{Seeds: "1..1000"})
//	records, err := batch.Run(ctx, "attempts.partial", s.Task(), batch.Options{})
//	w, err := s.Results(records)
//	files, err := w.ResultFiles()
//
// All points have the same seeds (common random numbers), so that two points differ by their settings alone, as far as these
// leave the draws in place: differences to a baseline are taken seed by seed, and have narrower intervals than the points
// themselves. A level more changes no other row.
//
// Seeds are a number, or as many as a relative precision takes (Seeds); the rule looks seldom, and its intervals cover a
// little less than 95 % (Sweep.Task). Until ends a run when a property first holds; a run in which it never does has no time
// until it, which is missing, not 0. A warm-up is a duration that the declaration states. None is found from the run itself,
// as MSER-5 does (White, Simulation 69, 1997): what it cut would depend on what is measured, differ from point to point on one
// seed, and with it what the differences compare.
//
// What is expected is a formula over the factors and the scenario's values, a bound, or a study's closed form
// (SweptStudy). It agrees if it is within 4 standard errors, or the tolerance that is declared. With because, the two are
// declared to differ by a named effect; a difference that then does not show is reported as well.
//
// # Not here
//
// Shrinking of anything but faults.
package experiments

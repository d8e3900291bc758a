// Package trace records what happened in a run, tells what could have caused what, and draws it.
//
// A run is a partially ordered set of events (Lamport, "Time, clocks, and the ordering of events in a distributed
// system", CACM 1978). A [Recorder] collects them while a world runs; the result is plain data, which survives a file:
//
//	rec := &trace.Recorder{Header: trace.Header{Title: "ping-pong", Seed: 1, Nodes: 2}}
//	world, err := sim.New(sim.Config{Seed: 1, Nodes: 2, New: newProcess, Observers: []sim.Observer{rec}})
//	...
//	world.Run()
//	err = trace.Write(os.Stdout, rec.Trace(), "text", trace.Options{})
//
// # What is here
//
//   - [Trace], [Event]: the record. [Recorder] keeps it in memory, up to a limit or the last events only; [Writer]
//     streams it to a file, and [Read] reads it back and refuses what no run can have done. What was left out is always
//     said.
//   - [Order]: happened-before by vector clocks (Fidge 1988, Mattern 1989); an event's causal past and future; the part
//     of the past whose information can have passed crashes ([Order.Informed]); the chain of causes of an event
//     ([Order.Why]).
//   - [Trace.Check], [Trace.Stats]: conservation of messages, and other laws that every run obeys. [Diverge]: where two
//     runs part.
//   - [Write]: a space-time diagram as text, SVG or a page to explore; the minutes of the run; logs for ShiViz and
//     Perfetto. Everything that happened is on a picture, also what did not arrive: a lost message ends in a cross
//     where it died.
//
// # The file
//
// A file has one JSON document a line: a header, the events in order, and a closing line with what is known when the
// run is over. A key that is missing has its most frequent value: no node, a clock that shows true time, a wall clock
// that shows what the monotonic one does.
//
//	{"lightcone":1,"title":"ping-pong","seed":1,"nodes":2,"level":"full"}
//	{"id":1,"t":0,"kind":"init","node":0}
//	{"id":2,"t":0,"kind":"send","node":0,"from":0,"to":1,"k":1,"type":"string","value":"ping"}
//	...
//	{"end":20000000,"digest":"00c1b6ca22bd359a","events":7}
//
// # Assumptions, and what is not modelled
//
// Causes that pass outside messages are not seen: a process that reads a clock, or sees that nothing came, learns
// something that no arrow shows. Faults come from outside and have no cause. Messages, tags, notes and persisted values
// are kept as words, not as Go values. Positions on pictures are drawn to a tenth of a pixel.
package trace

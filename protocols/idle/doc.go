// Package idle is the protocol of nodes that do nothing: they are up or down, and nothing else. What fails and is
// repaired can be watched on it without a protocol between: a diagram over the nodes says whether the whole works.
//
//	cfg := sim.Config{Nodes: 3, New: idle.New, Faults: []sim.Fault{plan.Schedule()}}
//
// A run of it costs one event for each fault and each start.
//
// # Assumptions
//
// None: there are no messages, no timers and no writes.
//
// # Not modelled
//
// Whatever a service needs beside nodes that are up: noticing a failure, choosing a leader, catching up. A real protocol
// under the same faults shows what that costs.
package idle
